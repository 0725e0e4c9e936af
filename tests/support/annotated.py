"""Annotated articles and what was found in them, with sensible defaults."""

from typing import Any

from services.evaluation.goldset import Annotated, Annotation
from services.evaluation.matching import Judged, judge
from services.extractor.domain.outcome import Outcome
from tests.support.builders import statement

OPEN = "The Lachin road is open to convoys, the ICRC said."
SHUT = "Convoys were halted at the bridge."
OTHER = "The weather is fine."
TEXT = f"{OPEN} {SHUT} {OTHER}"


def annotation(text: str = OPEN, **fields: Any) -> Annotation:
    """Return an annotated statement."""
    defaults: dict[str, Any] = {
        "text": text,
        "topics": ("route_status",),
        "stance": "enabling",
        "commitment": False,
        "speaker": None,
        "actors": (),
        "routes": (),
    }
    return Annotation(**(defaults | fields))


def annotated(*statements: Annotation, text: str = TEXT, **fields: Any) -> Annotated:
    """Return an annotated article."""
    defaults: dict[str, Any] = {"id": "a", "language": "en", "context": "sudan", "title": "Title"}
    return Annotated(text=text, statements=statements, **(defaults | fields))


def found(text: str = OPEN, within: str = TEXT, **fields: Any) -> Any:
    """Return a statement that the extractor found."""
    start = within.index(text)
    return statement(text, start=start, end=start + len(text), **fields)


def judged(
    article: Annotated, *statements: Any, language: str = "en", skipped: str | None = None
) -> Judged:
    """Return an article beside what was found."""
    return judge(article, Outcome(tuple(statements), language, skipped))
