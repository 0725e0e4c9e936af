"""Articles in the report: their texts with each sentence marked by what became of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from services.evaluation.counting import agree, found_values, wanted_values
from services.evaluation.matching import Judged, Pair, Span
from services.evaluation.mistakes import shown

RIGHT, WRONG, MISSED, ALARM = "right", "wrong", "missed", "alarm"
TITLES = {
    RIGHT: "found, all labels right",
    WRONG: "found, a label is wrong",
    MISSED: "missed",
    ALARM: "false alarm",
}
"""What became of a sentence, by the class that it is marked with."""
CHIPS = {RIGHT: "right", WRONG: "wrong label", MISSED: "missed", ALARM: "false alarm"}
"""The same in a word or two, after a number."""
UNKNOWN = "not annotated"
LEGEND = (
    '<div class="legend">'
    + "".join(f'<span><mark class="{kind}">{title}</mark></span>' for kind, title in TITLES.items())
    + '<span class="quiet">Point at a sentence to see its labels.</span></div>'
)


def kind_of(pair: Pair) -> str:
    """Return the class of a pair."""
    if pair.wanted is None:
        return ALARM
    if pair.found is None:
        return MISSED
    return WRONG if any(differs for *_, differs in _rows(pair)) else RIGHT


def article_html(judged: Judged) -> str:
    """Return an article with its text marked."""
    article = judged.article
    kinds = Counter(map(kind_of, judged.pairs))
    classes = " ".join(["article", *kinds, *["skipped"] * (judged.outcome.skipped is not None)])
    chips = "".join(
        f'<span class="chip {kind}">{kinds[kind]} {word}</span>'
        for kind, word in CHIPS.items()
        if kinds[kind]
    )
    about = " · ".join(
        [article.id, article.language, article.context]
        + ["quiet"] * (not article.statements)
        + [f"not read: {judged.outcome.skipped}"] * (judged.outcome.skipped is not None)
    )
    return (
        f'<details class="{classes}" open><summary><h3 dir="auto">'
        f"{escape(article.title) or 'Without a title'}</h3>{chips}"
        f'<div class="about">{escape(about)}</div></summary>'
        f'<div class="text" dir="auto" lang="{escape(article.language)}">'
        f"{_marked(article.text, judged.pairs)}</div></details>"
    )


def _marked(text: str, pairs: Sequence[Pair]) -> str:
    return "".join(
        _mark(escape(text[start:end]), here) if here else escape(text[start:end])
        for (start, end), here in segments(len(text), pairs)
    )


def segments(length: int, pairs: Sequence[Pair]) -> Iterator[tuple[Span, list[Pair]]]:
    """Yield the stretches of a text with the pairs that are there: none, one, or overlapping."""
    cuts = sorted({0, length, *(end for pair in pairs for end in pair.span)})
    for start, end in pairwise(cuts):
        yield (start, end), [p for p in pairs if p.span[0] < end and p.span[1] > start]


def _mark(content: str, pairs: Sequence[Pair]) -> str:
    tip = "".join(map(_tip, pairs))
    kind = kind_of(pairs[0])
    return f'<mark class="{kind}" tabindex="0">{content}<span class="tip">{tip}</span></mark>'


def _tip(pair: Pair) -> str:
    rows = "".join(
        f"<tr{' class=differs' if differs else ''}><th>{name}</th><td>{escape(wanted)}</td>"
        f"<td>{escape(found)}</td></tr>"
        for name, wanted, found, differs in _rows(pair)
    )
    confidence = f", confidence {pair.found.confidence:.2f}" if pair.found else ""
    return (
        f"<b>{TITLES[kind_of(pair)]}{confidence}</b>"
        f"<table><tr><th></th><th>annotated</th><th>found</th></tr>{rows}</table>"
    )


def _rows(pair: Pair) -> Iterator[tuple[str, str, str, bool]]:
    """Yield each measure with what was annotated, what was found, and whether they differ."""
    wanted = wanted_values(pair.wanted) if pair.wanted else {}
    found = found_values(pair.found) if pair.found else {}
    for name in {**wanted, **found}:
        both = name in wanted and name in found
        yield (
            name,
            shown(wanted[name]) if name in wanted else UNKNOWN if wanted else "",
            shown(found[name]) if name in found else "",
            both and not agree(name, wanted[name], found[name]),
        )
