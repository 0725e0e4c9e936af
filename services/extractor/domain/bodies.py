"""Bodies that no gazetteer knows, by the form of their names: "Sumy Regional Administration"."""

from collections.abc import Iterator, Sequence

from services.extractor.domain.clauses import Token
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.persons import Span, is_title

_LONGEST = 12
"""Words of a body's name."""
_MOST_LINKS = 2
"""Small words in a row within it: "for the"."""


def bodies_in(tokens: Sequence[Token], grammar: Grammar, titles: frozenset[str]) -> Iterator[Span]:
    """Yield where a sentence names a body in capitals, one of whose words is a body's.

    Args:
        tokens: the sentence's.
        grammar: whose `organisations` make a body of a name.
        titles: offices, which are no part of a body's name.
    """
    at = 0
    while at < len(tokens):
        if not _is_part(tokens, at, grammar):
            at += 1
            continue
        last = _last(tokens, at, grammar)
        span = _trimmed(tokens[at : last + 1], grammar, titles)
        if span is not None:
            yield span
        at = last + 1


def _is_part(tokens: Sequence[Token], at: int, grammar: Grammar) -> bool:
    token = tokens[at]
    if not token.is_word or not token.text[0].isupper():
        return False
    return token.lower not in grammar.small


def _last(tokens: Sequence[Token], first: int, grammar: Grammar) -> int:
    """Return the last token of the name that begins at a token."""
    last, links = first, 0
    for number in range(first + 1, min(len(tokens), first + _LONGEST)):
        if _is_part(tokens, number, grammar):
            last, links = number, 0
        elif tokens[number].lower in grammar.links and links < _MOST_LINKS:
            links += 1
        else:
            break
    return last


def _trimmed(words: Sequence[Token], grammar: Grammar, titles: frozenset[str]) -> Span | None:
    """Return what of a stretch of capitals is a body's name, None where nothing is."""
    first = 0
    for number, token in enumerate(words):
        possessor = token.lower.endswith(("'s", "’s", "s'", "s’"))
        if possessor and number + 1 < len(words) and not _is_body(words[: number + 1], grammar):
            first = number + 1
    kept = list(words[first:])
    while len(kept) > 1 and is_title(kept[0].text, titles - grammar.modifiers):
        kept.pop(0)
        while kept and kept[0].lower in grammar.links:
            kept.pop(0)
    if len(kept) < 2 or not _is_body(kept, grammar):  # noqa: PLR2004 - a word alone is no name
        return None
    if any(is_title(token.text, titles - grammar.modifiers) for token in kept[1:]):
        return None
    end = kept[-1].end
    return kept[0].start, end - 2 if kept[-1].lower.endswith(("'s", "’s")) else end


def _is_body(words: Sequence[Token], grammar: Grammar) -> bool:
    return any(token.lower.removesuffix("'s") in grammar.organisations for token in words)
