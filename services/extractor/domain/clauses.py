"""A sentence as tokens, without what stands in quotation marks or brackets."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from services.extractor.domain.datelines import after_dateline
from services.extractor.domain.quotations import Quotation, around
from services.extractor.domain.reading import Reading

MOST_TOKENS = 400
"""Tokens that are looked at in a sentence, so that one made of nothing else stays linear."""
QUOTE = '"'
"""The token that stands for a quotation."""
_LONGEST_BRACKET = 100
_TOKEN = re.compile(
    r"(?:[A-Z]\.){1,5}(?=[\s,’'])|[^\W_][\w'’&/]{0,40}(?:(?:\.-|[-.‑])[\w'’&/]{1,40}){0,5}|\S"
)
_DOTTED = 12
"""Characters of an abbreviated title: "Brig.-Gen."."""
_BRACKETS = {"(": ")", "[": "]"}
STOPS = frozenset({",", ";", ":", ".", "!", "?", "…", "–", "—", "-", "،", "؛", "։", "՝", QUOTE})
"""Tokens at which a noun phrase ends."""


class Token(NamedTuple):
    """A word or mark; `lower` is the word in lower case."""

    text: str
    start: int
    end: int
    lower: str

    @property
    def is_word(self) -> bool:
        """Whether it is a word."""
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital, or with an article's apostrophe and a capital."""
        return self.text[0].isupper() or _elided(self.text)


def _elided(word: str) -> bool:
    at = max(word.find("'"), word.find("’"))
    return 0 < at <= 2 and word[at + 1 : at + 2].isupper()  # noqa: PLR2004 - "l'", "qu'"


def tokens_of(reading: Reading, quoted: list[Quotation], titles: frozenset[str]) -> list[Token]:
    """Return the tokens of a sentence behind its dateline; a quotation is one token.

    What is in brackets is none.

    Args:
        reading: the sentence.
        quoted: the quotations of the article.
        titles: abbreviated offices keep their dot.
    """
    text, end = reading.text, reading.sentence.end
    tokens: list[Token] = []
    at = after_dateline(reading)
    while at < end and len(tokens) < MOST_TOKENS:
        match = _TOKEN.search(text, at, end)
        if match is None:
            break
        number = around(quoted, match.start())
        if number is not None:
            if not tokens or tokens[-1].text != QUOTE:
                tokens.append(Token(QUOTE, match.start(), min(end, quoted[number].end), QUOTE))
            at = max(match.end(), quoted[number].end)
            continue
        closed = _closed(text, match.start(), end)
        if closed:
            at = closed
            continue
        token = _token(match, end, titles)
        at = token.end
        tokens.append(token)
    return tokens


def words_of(reading: Reading, titles: frozenset[str]) -> tuple[Token, ...]:
    """Return the tokens of a sentence behind its dateline, those in quotations and brackets too.

    Args:
        reading: the sentence.
        titles: abbreviated offices keep their dot.
    """
    return _words(reading.text, after_dateline(reading), reading.sentence.end, titles)


# Actors, quantities and places ask for the same sentence one after the other.
@lru_cache(maxsize=1)
def _words(text: str, start: int, end: int, titles: frozenset[str]) -> tuple[Token, ...]:
    tokens: list[Token] = []
    at = start
    for match in _TOKEN.finditer(text, start, end):
        if match.start() < at:
            continue
        token = _token(match, end, titles)
        at = token.end
        tokens.append(token)
        if len(tokens) == MOST_TOKENS:
            break
    return tuple(tokens)


def _token(match: re.Match[str], end: int, titles: frozenset[str]) -> Token:
    """Return a match as a token, with the dot that an abbreviated office ends with."""
    text, (start, stop), word = match.string, match.span(), match[0]
    lower = word.lower()
    titled = lower.rpartition("-")[2] in titles
    if stop + 1 < end and text[stop] == "." and len(word) < _DOTTED and titled:
        return Token(f"{word}.", start, stop + 1, f"{lower}.")
    return Token(word, start, stop, lower)


def _closed(text: str, at: int, end: int) -> int:
    """Return where brackets that open at a place have closed, 0 where none open."""
    partner = _BRACKETS.get(text[at])
    if partner is None:
        return 0
    return text.find(partner, at, min(end, at + _LONGEST_BRACKET)) + 1


def owner_in(word: str) -> str | None:
    """Return whose something is: "Goren" in "Goren's", "States" in "States'"; None for others."""
    for mark in "'’":
        if word.endswith(f"{mark}s"):
            return word[:-2]
        if word.endswith(f"s{mark}"):
            return word[:-1]
    return None


def index_at(tokens: Sequence[Token], place: int) -> int:
    """Return the number of the first token that ends after a place."""
    low, high = 0, len(tokens)
    while low < high:
        middle = (low + high) // 2
        if tokens[middle].end <= place:
            low = middle + 1
        else:
            high = middle
    return low
