"""What the extractor needs of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Failure(StrEnum):
    """Why no statements came out of an article."""

    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    """The worker process ended on it, twice."""
    FAILED = "failed"
    """Extraction raised: a defect of ours."""


@dataclass(frozen=True)
class Extracted:
    """The statements of one article."""

    value: bytes
    """A `StatementMessage` as JSON."""
    statements: int


@dataclass(frozen=True)
class NotExtracted:
    """An article that extraction failed on."""

    failure: Failure
    error: str


class Extraction(Protocol):
    """Extracts statements somewhere that is not the event loop."""

    async def extract(self, articles: Sequence[bytes]) -> list[Extracted | NotExtracted]:
        """Extract from articles (each an `Article` as JSON); one answer each, in order."""
        ...
