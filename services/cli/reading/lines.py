"""Articles as lines of JSON, read one at a time."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, Field

from schemas import Article
from services.cli.reading.article import make_article
from services.cli.reading.source import STANDARD_INPUT
from services.runtime.errors import UsageError
from services.runtime.json_lines import read_object


@dataclass(frozen=True, slots=True)
class Line:
    """An article of a file of many."""

    number: int
    """Of the line, from 1."""
    id: str
    """As the file has it."""
    article: Article


class _Values(BaseModel):
    """A line; other keys are ignored."""

    id: str | int
    title: str | None = None
    text: str
    lang: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}(?:[-_]\w+)*$")


@contextmanager
def open_lines(given: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for `-`.

    Raises:
        UsageError: it cannot be read.
    """
    if given == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = Path(given).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise UsageError(
            f"{given} cannot be read ({error.strerror})",
            "Name a file of JSON lines, or - for standard input.",
        ) from error
    with file:
        yield file


def read_lines(
    lines: Iterable[bytes], language: str | None, refuse: Callable[[int, str], None]
) -> Iterator[Line]:
    """Yield the article of each line: `id`, `title`, `text`, and `lang`, which may be missing.

    Args:
        lines: UTF-8.
        language: of articles that state none.
        refuse: called with number and reason for each line that is no article.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _line(number, line, language)
        except ValueError as error:
            refuse(number, str(error))


def _line(number: int, line: bytes, language: str | None) -> Line:
    values = read_object(line, _Values)
    code = (values.lang or "").lower().replace("_", "-").partition("-")[0] or language
    name = str(values.id)
    return Line(number, name, make_article(name, values.title or "", values.text, code))
