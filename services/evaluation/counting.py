"""Counts what was right and wrong in one article; figures are made of the sums of these."""

from collections import Counter
from collections.abc import Iterator, Mapping

from schemas import Statement
from services.evaluation.goldset import Annotation
from services.evaluation.matching import Judged, Pair

RIGHT, ALARM, MISS = "right", "alarm", "miss"
"""Found and true, found and not true, true and not found."""
TOTAL = "total"
Counts = Counter[str]
"""How often, by `measure.what` or `measure:label.what`: `stance:denial.miss`."""
Value = frozenset[str] | str | bool | None
Values = Mapping[str, Value]
"""What one side says of a statement, by measure."""
BY_LABEL = ("topics", "constraints", "stance", "modality")
"""Measures that are also counted for each label by itself."""


def count(judged: Judged) -> Counts:
    """Return the counts of one article."""
    counts: Counts = Counter()
    for pair in judged.pairs:
        counts[f"detection.{_kind(pair)}"] += 1
        if pair.wanted is not None and pair.found is not None:
            _count_labels(counts, wanted_values(pair.wanted), found_values(pair.found))
    if not judged.article.statements:
        counts[f"quiet.{TOTAL}"] += 1
        counts[f"quiet.{ALARM}"] += bool(judged.outcome.statements)
    return counts


def _kind(pair: Pair) -> str:
    if pair.wanted is None:
        return ALARM
    return MISS if pair.found is None else RIGHT


def _count_labels(counts: Counts, wanted: Values, found: Values) -> None:
    for name, value in wanted.items():
        other = found[name]
        if isinstance(value, bool):
            _count_kinds(counts, name, _only(value or None), _only(other or None))
        elif isinstance(value, frozenset):
            _count_kinds(counts, name, value, _only(other))
        else:
            counts[f"{name}.{TOTAL}"] += 1
            counts[f"{name}.{RIGHT}"] += agree(name, value, other)
        if name in BY_LABEL:
            for label in _only(value) | _only(other):
                _count_kinds(
                    counts, f"{name}:{label}", _only(value) & {label}, _only(other) & {label}
                )


def _only(value: Value) -> frozenset[str]:
    """Return a value as a set: of its labels, or of the one that it is."""
    if isinstance(value, frozenset):
        return value
    return frozenset() if value is None else frozenset({str(value)})


def _count_kinds(counts: Counts, name: str, wanted: frozenset[str], found: frozenset[str]) -> None:
    counts[f"{name}.{RIGHT}"] += len(wanted & found)
    counts[f"{name}.{ALARM}"] += len(found - wanted)
    counts[f"{name}.{MISS}"] += len(wanted - found)


def wanted_values(annotation: Annotation) -> Values:
    """Return what was annotated, measure by measure; what was not annotated is left out."""
    values: dict[str, Value] = {
        "topics": frozenset(annotation.topics),
        "stance": annotation.stance,
        "commitment": annotation.commitment,
        "speaker": annotation.speaker,
        "routes": frozenset(annotation.routes),
        "actors": frozenset(annotation.actors),
    }
    if annotation.modality is not None:
        values["modality"] = annotation.modality
    if annotation.constraints is not None:
        values["constraints"] = frozenset(annotation.constraints)
    return values


def found_values(statement: Statement) -> Values:
    """Return what the extractor says, measure by measure."""
    return {
        "topics": frozenset(topic.value for topic in statement.topics),
        "stance": statement.stance.value,
        "commitment": statement.commitment,
        "speaker": statement.speaker.name if statement.speaker else None,
        "routes": frozenset(route.name for route in statement.routes),
        "actors": frozenset(actor.name for actor in statement.actors),
        "modality": statement.modality.value if statement.modality else None,
        "constraints": frozenset(each.value for each in statement.constraints),
    }


def agree(name: str, wanted: Value, found: Value) -> bool:
    """Tell whether two values of a measure are the same.

    Speakers are, too, where one is written within the other: "Guterres", "António Guterres".
    """
    if name == "speaker" and isinstance(wanted, str) and isinstance(found, str):
        return wanted in found or found in wanted
    return wanted == found


def differences(pair: Pair) -> Iterator[tuple[str, Value, Value]]:
    """Yield measure, annotated and found value of what was found with another label."""
    if pair.wanted is None or pair.found is None:
        return
    found = found_values(pair.found)
    for name, value in wanted_values(pair.wanted).items():
        if not agree(name, value, found[name]):
            yield name, value, found[name]
