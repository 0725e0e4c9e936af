"""How well statements are found on articles that the models had not seen, by language."""

from collections.abc import Iterator, Sequence

from services.extractor.domain.judgement import Judgement
from services.training.calibration import Opinions


def figures(opinions: Sequence[Opinions], judgement: Judgement) -> Iterator[str]:
    """Yield a line for each language: articles, statements, precision, recall, F1, false alarms.

    The thresholds were chosen on these very articles, so the figures flatter a little.
    """
    for language in sorted({each.language for each in opinions}):
        yield _line(language, [each for each in opinions if each.language == language], judgement)


def _line(language: str, opinions: Sequence[Opinions], judgement: Judgement) -> str:
    right = found = wanted = quiet = alarms = 0
    for each in opinions:
        chosen = _chosen(each, judgement)
        true = {number for number, a in enumerate(each.annotations) if a is not None}
        right += len(chosen & true)
        found += len(chosen)
        wanted += len(true)
        quiet += not true
        alarms += not true and bool(chosen)
    precision, recall = right / max(1, found), right / max(1, wanted)
    return (
        f"{language}: {len(opinions)} articles, {wanted} statements, precision {precision:.1%}, "
        f"recall {recall:.1%}, F1 {2 * right / max(1, found + wanted):.1%}, "
        f"{alarms} of {quiet} quiet articles with a statement"
    )


def _chosen(each: Opinions, judgement: Judgement) -> set[int]:
    """Return which sentences of an article the judgement takes for statements."""
    if each.gate < judgement.gate:
        return set()
    reader = None
    if judgement.reads and each.reader is not None:
        reader = each.reader["detection"][:, 0].tolist()
    linear = each.linear["detection"][:, 0].tolist()
    return set(judgement.chosen(judgement.probabilities(reader, linear).tolist()))
