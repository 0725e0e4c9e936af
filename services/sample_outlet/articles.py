"""The outlet's articles and subscriptions, read from their files."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class SampleArticle:
    """One article of the sample outlet."""

    slug: str
    language: str
    title: str
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    expected: tuple[dict[str, Any], ...]
    """The statements in it, for tests: sentence, topics, stance, speaker, routes, actors."""

    @property
    def text(self) -> str:
        """The article's text as a poller reads it."""
        return "\n\n".join(self.paragraphs)


@cache
def sample_articles() -> tuple[SampleArticle, ...]:
    """Return the articles in the order in which they are published."""
    return tuple(
        SampleArticle(
            slug=each["slug"],
            language=each["language"],
            title=each["title"],
            authors=tuple(each["authors"]),
            paragraphs=tuple(each["paragraphs"]),
            expected=tuple(each["expected"]),
        )
        for each in _read("articles.yaml")
    )


def sample_subscriptions() -> list[dict[str, Any]]:
    """Return the subscriptions of a first run: `name`, and what they watch."""
    return _read("subscriptions.yaml")


def _read(name: str) -> list[dict[str, Any]]:
    content = files("services.sample_outlet").joinpath(name).read_text(encoding="utf-8")
    loaded: list[dict[str, Any]] = yaml.safe_load(content)
    return loaded
