"""Finds thousands of phrases in one pass over a folded text (Aho-Corasick)."""

from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from services.extractor.domain.folding import fold

_LONGEST_ENDING = 40
"""Characters that a `*` may stand for; keeps a text without spaces linear."""


class Hit(NamedTuple):
    """A phrase found in a folded text."""

    start: int
    end: int
    """One past the last character of the last word."""
    key: int
    """What the phrase was entered under."""


class PhraseIndex:
    """An index of phrases, matched as whole words.

    Args:
        phrases: pairs of a phrase and a key. A `*` at either end stands for any letters there.
    """

    def __init__(self, phrases: Iterable[tuple[str, int]]) -> None:
        entries: dict[str, list[tuple[int, bool, bool]]] = {}
        for phrase, key in phrases:
            text = fold(phrase.strip("*")).strip()
            if text:
                entry = (key, phrase.startswith("*"), phrase.endswith("*"))
                variants = entries.setdefault(text, [])
                if entry not in variants:
                    variants.append(entry)
        self._variants = list(entries.values())
        self._wild = frozenset(
            number
            for number, variants in enumerate(self._variants)
            if any(open_start or open_end for _, open_start, open_end in variants)
        )
        self._automaton = AhoCorasick(list(entries)) if entries else None

    def hits(self, text: str) -> list[Hit]:
        """Return every phrase in a folded text, by start, then by key; phrases may overlap."""
        if self._automaton is None:
            return []
        found: list[Hit] = []
        framed = f" {text} "
        variants, wild = self._variants, self._wild
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            inside = framed[start].isalnum() and text[start].isalnum()
            goes_on = framed[end + 1].isalnum() and text[end - 1].isalnum()
            if (inside or goes_on) and pattern not in wild:
                continue
            for key, open_start, open_end in variants[pattern]:
                if (goes_on and not open_end) or (inside and not open_start):
                    continue
                found.append(Hit(start, _word_end(text, end) if goes_on else end, key))
        found.sort()
        return found


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep of overlapping hits the one that starts first, and of those the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, h.key)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _word_end(text: str, at: int) -> int:
    limit = min(len(text), at + _LONGEST_ENDING)
    while at < limit and text[at].isalnum():
        at += 1
    return at
