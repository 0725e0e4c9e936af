"""The words beside a route's noun: which may be its name, and which are not."""

import re
from typing import NamedTuple

from services.extractor.domain.grammar import Grammar
from services.extractor.domain.reading import Reading

_TOKEN = re.compile(r"[^\W_][\w'’]{0,40}(?:[/-][^\W_][\w'’]{0,40}){0,6}|[–—-]|\S")
CODE = re.compile(r"[A-ZА-Я]{1,4}[ -]?\d{1,4}[A-Za-z]?")
"""A road's number: "M4", "NH 37"."""
_ARTICLE = re.compile(r"^(?:al|ad|an|ar|as|ash|at|az|el)-(?=[^\W\d_])")
"""The Arabic article as it is written before a name: "al-Tina"."""
_DEMONYMS = ("ian", "ican", "ish", "ese", "raeli", "raqi")
"""How English adjectives of nationality end."""


PARTICLES = frozenset(
    {"al", "el", "ash", "as", "au", "de", "du", "la", "le", "del", "da", "do", "dos", "das", "of"}
)
"""Small words within a name: "Port-au-Prince"."""


class Token(NamedTuple):
    """A word or mark."""

    start: int
    end: int
    text: str


def tokens_beside(text: str, start: int, end: int) -> list[Token]:
    """Return the words of a stretch, without what stands in brackets."""
    found: list[Token] = []
    inside = False
    for match in _TOKEN.finditer(text, start, end):
        word = match[0]
        if word in "()":
            inside = word == "("
        elif not inside:
            found.append(Token(match.start(), match.end(), word))
    return found


def is_name(token: Token, grammar: Grammar) -> bool:
    """Say whether a word may be part of a route's name: it has a capital, or is a number."""
    word = _ARTICLE.sub("", token.text, count=1)
    if CODE.fullmatch(word):
        return any(char.isdigit() for char in word)
    if not word[0].isupper() or (
        word.lower() in grammar.bodies and word.lower() not in grammar.route_words
    ):
        return False
    parts = re.split(r"[/-]", word)
    if any(part and part[0].islower() and part not in PARTICLES for part in parts[1:]):
        return False
    return word.lower() not in grammar.small


def owner_kind(reading: Reading, token: Token) -> str | None:
    """Return `nationality`, `country` or `capital` where a word may tell whose a route is.

    "Turkish" in "Turkish crossings", "Yemen" in "the Yemen port". A chain of places is a road's
    name: "Juba-Bentiu", though Juba alone means a government.
    """
    if token.text.endswith(_DEMONYMS):
        return "nationality"
    for name in reading.names:
        if name.start != token.start or name.end > token.end:
            continue
        whole = name.end == token.end or reading.text[name.end] not in "-–/"
        if whole:
            if name.entry.use == "nationality":
                return "nationality"
            if name.entry.use == "place":
                written = reading.text[name.start : name.end]
                return "country" if written in name.entry.of.name else "capital"
    return None


def is_caseless(word: str) -> bool:
    """Say whether a word is in a script without capitals, such as Arabic."""
    return word[0].isalpha() and word[0].lower() == word[0].upper()


def is_cue(reading: Reading, token: Token) -> bool:
    """Say whether the lexicon knows a word for something else than a name."""
    return any(cue.start < token.end and token.start < cue.end for cue in reading.cues)
