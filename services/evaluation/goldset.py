"""The form of the annotated set: one article a line, with its statements (see its CODEBOOK.md)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated as Checked

from pydantic import BaseModel, Field, StrictBool

from schemas import Constraint, Modality, Stance, Topic
from services.runtime.json_lines import read_object

NO_CONTEXT = "none"
"""Context of articles that belong to no crisis; each is a group of its own."""

NonEmpty = Checked[str, Field(min_length=1)]
Report = Callable[[int, str], None]
"""Told the number of a bad line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a careful reader wrote of one sentence."""

    text: str
    topics: tuple[str, ...]
    stance: str
    commitment: bool
    speaker: str | None
    actors: tuple[str, ...]
    routes: tuple[str, ...]
    modality: str | None = None
    """Null where it was not annotated."""
    constraints: tuple[str, ...] | None = None
    """Null where they were not annotated; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article with all of its statements."""

    id: str
    language: str
    context: str
    title: str
    text: str
    statements: tuple[Annotation, ...]
    file: str = field(default="", compare=False)

    @property
    def group(self) -> str:
        """What is held out together: a crisis, or a single article that belongs to none."""
        return self.context if self.context != NO_CONTEXT else f"{NO_CONTEXT}:{self.id}"


class _Statement(BaseModel):
    """A statement as the file has it."""

    text: NonEmpty
    topics: tuple[Topic, ...] = Field(min_length=1)
    stance: Stance
    commitment: StrictBool
    speaker: NonEmpty | None
    actors: tuple[NonEmpty, ...]
    routes: tuple[NonEmpty, ...]
    modality: Modality | None = None
    constraints: tuple[Constraint, ...] | None = None


class _Article(BaseModel):
    """A line of the file; keys besides these are ignored."""

    id: NonEmpty
    lang: str = Field(pattern=r"^[a-z]{2,3}$")
    context: str | None = None
    title: str | None = None
    text: NonEmpty
    statements: tuple[_Statement, ...]


def read_goldset(paths: Iterable[Path]) -> list[Annotated]:
    """Return the annotated articles of files in the goldset's form (JSON Lines).

    Args:
        paths: the files.

    Raises:
        ValueError: a line is no article of that form; names file and line.
    """
    articles: list[Annotated] = []
    for path in paths:

        def refuse(number: int, reason: str, name: str = path.name) -> None:
            raise ValueError(f"{name}, line {number}: {reason}")

        with path.open("rb") as lines:
            articles += read_annotated(lines, refuse, file=path.stem)
    return articles


def read_annotated(
    lines: Iterable[bytes], refuse: Report, *, file: str = ""
) -> Iterator[Annotated]:
    """Yield the annotated articles of lines of JSON, empty lines left out.

    Args:
        lines: UTF-8, each with or without its line end.
        refuse: called for each line that is no article of that form, which is then left out.
        file: where they come from.
    """
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            article = read_line(line, file)
        except ValueError as error:
            refuse(number, str(error))
            continue
        if article.id in seen:
            refuse(number, f"line {seen[article.id]} has an article with id '{article.id}'")
            continue
        seen[article.id] = number
        yield article


def read_line(line: bytes, file: str = "") -> Annotated:
    """Return the annotated article of one line.

    Raises:
        ValueError: it is none; says what is wrong with it.
    """
    values = read_object(line, _Article)
    for number, each in enumerate(values.statements, start=1):
        if each.text not in values.text:
            raise ValueError(
                f"statement {number} is not a part of the article's text, letter by letter: "
                f"'{each.text[:60]}'"
            )
    return Annotated(
        id=values.id,
        language=values.lang,
        context=values.context or NO_CONTEXT,
        title=values.title or "",
        text=values.text,
        statements=tuple(map(_annotation, values.statements)),
        file=file,
    )


def _annotation(each: _Statement) -> Annotation:
    return Annotation(
        text=each.text,
        topics=tuple(topic.value for topic in each.topics),
        stance=each.stance.value,
        commitment=each.commitment,
        speaker=each.speaker,
        actors=each.actors,
        routes=each.routes,
        modality=each.modality.value if each.modality else None,
        constraints=None if each.constraints is None else tuple(c.value for c in each.constraints),
    )
