"""What went wrong, statement by statement, as a reader wants to see it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.evaluation.counting import Value, Values, differences, found_values, wanted_values
from services.evaluation.matching import Judged, Pair, Span

MISSED = "missed"
FALSE_ALARM = "false alarm"
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that the extractor and the annotator say differently."""

    kind: str
    """`missed`, `false alarm`, or the measure whose value differs: `stance`, `speaker`, …"""
    article: str
    language: str
    span: Span
    sentence: str
    wanted: str
    """What was annotated."""
    found: str
    """What the extractor says."""


def mistakes(judged: Iterable[Judged]) -> Iterator[Mistake]:
    """Yield what went wrong, article by article, in order of appearance."""
    for each in judged:
        for pair in each.pairs:
            for kind, wanted, found in kinds_of(pair):
                start, end = pair.span
                yield Mistake(
                    kind=kind,
                    article=each.article.id,
                    language=each.article.language,
                    span=pair.span,
                    sentence=each.article.text[start:end],
                    wanted=wanted,
                    found=found,
                )


def kinds_of(pair: Pair) -> list[tuple[str, str, str]]:
    """Return what is wrong with a pair: kind, annotated and found value."""
    if pair.wanted is None:
        found = _summary(found_values(pair.found)) if pair.found else NOTHING
        return [(FALSE_ALARM, NOTHING, found)]
    if pair.found is None:
        return [(MISSED, _summary(wanted_values(pair.wanted)), NOTHING)]
    return [(name, shown(wanted), shown(found)) for name, wanted, found in differences(pair)]


def _summary(values: Values) -> str:
    return f"{shown(values['stance'])}: {shown(values['topics'])}"


def shown(value: Value) -> str:
    """Return a value for people."""
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case frozenset():
            return ", ".join(sorted(value)) or NOTHING
        case _:
            return value
