"""The figures of an evaluation: overall, by language and by context."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas import Constraint, Modality, Stance, Topic
from services.evaluation.bootstrap import Figure, Ratio, figures
from services.evaluation.calibration import Calibration, calibration
from services.evaluation.counting import ALARM, MISS, RIGHT, TOTAL, Counts, count
from services.evaluation.matching import Judged


def _precision(name: str) -> Ratio:
    found = {f"{name}.{RIGHT}": 1, f"{name}.{ALARM}": 1}
    return Ratio({f"{name}.{RIGHT}": 1}, found, found)


def _recall(name: str) -> Ratio:
    wanted = {f"{name}.{RIGHT}": 1, f"{name}.{MISS}": 1}
    return Ratio({f"{name}.{RIGHT}": 1}, wanted, wanted)


def _f1(name: str) -> Ratio:
    both = {f"{name}.{RIGHT}": 2, f"{name}.{ALARM}": 1, f"{name}.{MISS}": 1}
    return Ratio({f"{name}.{RIGHT}": 2}, both, {f"{name}.{RIGHT}": 1, f"{name}.{MISS}": 1})


def _share(name: str, what: str = RIGHT) -> Ratio:
    total = {f"{name}.{TOTAL}": 1}
    return Ratio({f"{name}.{what}": 1}, total, total)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the tables."""

    name: str
    ratio: Ratio
    title: str
    kind: str
    """What the ratio is: F1, accuracy, …"""
    of: str
    """What its cases are."""


MEASURES = (
    Measure("precision", _precision("detection"), "statements", "precision", "found"),
    Measure("recall", _recall("detection"), "statements", "recall", "annotated"),
    Measure("f1", _f1("detection"), "statements", "F1", "annotated"),
    Measure("topics", _f1("topics"), "topics", "micro-F1", "topics"),
    Measure("stance", _share("stance"), "stance", "accuracy", "statements"),
    Measure("commitment", _f1("commitment"), "commitment", "F1", "commitments"),
    Measure("speaker", _share("speaker"), "speaker", "accuracy", "statements"),
    Measure("actors", _f1("actors"), "actors", "micro-F1", "names"),
    Measure("routes", _f1("routes"), "routes", "micro-F1", "names"),
    Measure("modality", _share("modality"), "modality", "accuracy", "statements"),
    Measure("constraints", _f1("constraints"), "constraints", "micro-F1", "constraints"),
    Measure("quiet", _share("quiet", ALARM), "quiet articles", "with a statement", "articles"),
)
"""In the order of the tables. All but the first three and the last are measured on the annotated
statements that were found."""
LABELS: Mapping[str, tuple[str, ...]] = {
    "topics": tuple(Topic),
    "stance": tuple(Stance),
    "modality": tuple(Modality),
    "constraints": tuple(Constraint),
}
"""Measures that are also shown label by label, with their labels."""
PER_LABEL: Mapping[str, Callable[[str], Ratio]] = {
    "precision": _precision,
    "recall": _recall,
    "f1": _f1,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of some articles."""

    articles: int
    statements: int
    """Annotated ones."""
    figures: Mapping[str, Figure]
    """By the names of `MEASURES`."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything there is to say of a file."""

    overall: Group
    labels: Mapping[str, Mapping[str, Mapping[str, Figure]]]
    """Measure, label → precision, recall and F1; labels that nowhere occur are left out."""
    languages: Mapping[str, Group]
    """By language, the one with the most articles first."""
    contexts: Mapping[str, Group]
    """By context, likewise."""
    calibration: Calibration
    skipped: Mapping[str, int]
    """Articles that were left out for their language, by that language."""


def evaluate(judged: Sequence[Judged], *, all_languages: bool = False) -> Evaluation:
    """Return the figures of articles.

    Args:
        judged: the articles with what was found.
        all_languages: count what was skipped for its language as missed, rather than apart.
    """
    read = measured(judged, all_languages=all_languages)
    left_out = [each.article.language for each in judged if each.foreign]
    counts = [count(each) for each in read]
    return Evaluation(
        overall=_group(counts, read),
        labels=_labels(counts),
        languages=_groups(counts, read, lambda each: each.article.language),
        contexts=_groups(counts, read, lambda each: each.article.context),
        calibration=calibration(read),
        skipped={} if all_languages else _most_common(left_out),
    )


def measured(judged: Iterable[Judged], *, all_languages: bool = False) -> list[Judged]:
    """Return the articles that count: without those skipped for their language, unless wanted."""
    return [each for each in judged if all_languages or not each.foreign]


def _group(counts: Sequence[Counts], judged: Sequence[Judged]) -> Group:
    return Group(
        articles=len(judged),
        statements=sum(len(each.article.statements) for each in judged),
        figures=figures(counts, {each.name: each.ratio for each in MEASURES}),
    )


def _groups(
    counts: Sequence[Counts], judged: Sequence[Judged], key: Callable[[Judged], str]
) -> dict[str, Group]:
    keys = [key(each) for each in judged]
    groups = {}
    for name in _most_common(keys):
        members = [number for number, each in enumerate(keys) if each == name]
        groups[name] = _group([counts[i] for i in members], [judged[i] for i in members])
    return groups


def _most_common(keys: Iterable[str]) -> dict[str, int]:
    """Return how often each key occurs, the most frequent first, then by name."""
    return dict(sorted(Counter(keys).items(), key=lambda each: (-each[1], each[0])))


def _labels(counts: Sequence[Counts]) -> dict[str, dict[str, dict[str, Figure]]]:
    occurring = {name.rpartition(".")[0] for each in counts for name in each}
    shown = {
        measure: [label for label in labels if f"{measure}:{label}" in occurring]
        for measure, labels in LABELS.items()
    }
    ratios = {
        (measure, label, name): ratio(f"{measure}:{label}")
        for measure, labels in shown.items()
        for label in labels
        for name, ratio in PER_LABEL.items()
    }
    found = figures(counts, ratios)
    return {
        measure: {
            label: {name: found[measure, label, name] for name in PER_LABEL} for label in labels
        }
        for measure, labels in shown.items()
    }
