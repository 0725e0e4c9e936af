"""How annotations meet what the trainers work with: sentences of ours."""

from collections.abc import Sequence

from services.evaluation.goldset import Annotated, Annotation
from services.extractor.domain.sentences import Sentence


def align(article: Annotated, sentences: Sequence[Sentence]) -> list[Annotation | None]:
    """Return the annotation of each sentence, or None.

    A sentence split otherwise than the annotator's gets the annotation that it shares most with.
    """
    answer: list[Annotation | None] = [None] * len(sentences)
    for statement in article.statements:
        start = article.text.find(statement.text)
        end = start + len(statement.text)
        shared = [min(end, each.end) - max(start, each.start) for each in sentences]
        best = max(range(len(shared)), key=shared.__getitem__, default=None)
        if best is not None and shared[best] > 0 and answer[best] is None:
            answer[best] = statement
    return answer
