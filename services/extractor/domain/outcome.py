"""What comes out of an article."""

from dataclasses import dataclass

from schemas import Statement


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a sentence is a statement, or is none."""

    start: int
    """First character, counted into the article's text."""
    end: int
    """One past the last one."""
    probability: float
    """How likely it is a humanitarian-access statement, 0 to 1."""
    threshold: float
    """From which probability on it is taken for one."""
    opinions: tuple[tuple[str, float], ...]
    """What each model makes of it by itself, 0 to 1: `reader`, `linear`."""
    evidence: tuple[str, ...]
    """Cues and names in it that spoke for or against it, strongest first."""

    @property
    def is_statement(self) -> bool:
        """Whether it is taken for a statement."""
        return self.probability >= self.threshold


@dataclass(frozen=True, slots=True)
class Outcome:
    """The statements of an article, or why it was not read."""

    statements: tuple[Statement, ...]
    """In order of appearance."""
    language: str
    """ISO 639-1 code of the language that it was read in, or that was recognised."""
    skipped: str | None = None
    """Why no statements were looked for, a language that is not read; null where they were."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An outcome with what decided."""

    outcome: Outcome
    gate: float
    """The gate's score of the article, in logits."""
    gate_threshold: float
    """From which score on an article is read."""
    verdicts: tuple[Verdict, ...]
    """Of every sentence, in order; empty where the gate dropped the article."""
