"""The report."""

import re

from services.evaluation.figures import evaluate
from services.evaluation.matching import Judged
from services.evaluation.report_articles import segments
from services.evaluation.report_html import report
from tests.support.annotated import OPEN, OTHER, SHUT, TEXT, annotated, annotation, found, judged
from tests.support.pages import check_page


def page(*several: Judged) -> str:
    """Return a report."""
    return report("some.jsonl", "1.0", evaluate(several), several)


def test_every_sentence_is_marked_by_what_became_of_it() -> None:
    article = annotated(annotation(OPEN), annotation(SHUT))
    html = page(judged(article, found(OPEN), found(OTHER)))
    marks = re.findall(r'<mark class="(\w+)" tabindex="0">([^<]+)', html)
    assert marks == [("right", OPEN), ("missed", SHUT), ("alarm", OTHER)]
    wrong = page(judged(annotated(annotation(OPEN, speaker="ICRC")), found(OPEN)))
    assert f'<mark class="wrong" tabindex="0">{OPEN}' in wrong
    assert "<tr class=differs><th>speaker</th><td>ICRC</td><td>–</td></tr>" in wrong


def test_the_page_is_well_formed_and_needs_nothing_else() -> None:
    html = page(judged(annotated(annotation()), found()), judged(annotated(id="b")))
    check_page(html)
    assert not re.search(r"https?://", html)


def test_what_articles_say_is_escaped() -> None:
    bad = "<script>alert('x')</script>&"
    text = f"{bad}. {OPEN}"
    article = annotated(
        annotation(OPEN, speaker=bad), text=text, title=bad, id=bad, context=bad, language="en"
    )
    html = page(judged(article, found(OPEN, text), skipped=bad))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 5


def test_articles_that_were_not_read_say_why() -> None:
    html = page(judged(annotated(annotation()), skipped="The language is not read (hu)."))
    assert "not read: The language is not read (hu)." in html


def test_overlapping_sentences_are_cut_where_they_meet() -> None:
    inner = OPEN[:20]
    article = annotated(annotation(OPEN))
    pairs = judged(article, found(inner)).pairs
    cut = [(TEXT[slice(*span)], len(here)) for span, here in segments(len(TEXT), pairs)]
    assert cut == [(inner, 2), (OPEN[20:], 1), (TEXT[len(OPEN) :], 0)]


def test_many_contexts_are_behind_a_fold() -> None:
    several = [judged(annotated(id=str(n), context=f"context {n}")) for n in range(25)]
    assert "<summary>5 more</summary>" in page(*several)
