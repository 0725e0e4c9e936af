"""Splits an article's text into sentences with exact offsets.

`sentencex` knows where sentences end in many languages, but keeps a quotation of several sentences
together, and its time grows with the square of the number of unclosed quotation marks. It is
therefore shown the text with its quotation marks masked, one paragraph at a time; its offsets are
exact then (checked by a property test).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from sentencex import get_sentence_boundaries

MAX_SENTENCE = 2000
"""Characters; what is longer is cut at a space. The annotated set's longest sentence has 491."""

_CLOSING = frozenset("\"'”’»“)].!?")
_MASK = {ord(c): "-" for c in "\"'“”„‟«»‘’‚‹›()[]{}「」『』"} | dict.fromkeys(
    range(55296, 57344), "x"
)
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029\x85\x0b\x0c]+")
_WRAPPED = 50
"""A line of at least this many characters that ends in mid sentence is taken for a wrapped one."""
_TERMINAL = frozenset(".!?…:;。！？؟։॥।")
_TITLES = frozenset(
    {"Mr.", "Ms.", "Mrs.", "Dr.", "Gen.", "Col.", "Maj.", "Lt.", "Sgt.", "Sen.", "Gov.", "Rev."}
)
"""Titles after which a sentence goes on; `sentencex` leaves out some."""
_GAP = 10
"""Characters between two sentences that are looked at; more are no punctuation."""
_PIECE = 8_000
"""Characters of a paragraph that are split at a time."""


class Sentence(NamedTuple):
    """A sentence, `text[start:end]`."""

    start: int
    end: int
    paragraph: int
    """0 for the first paragraph, then 1, 2, …"""


def split(text: str, language: str) -> list[Sentence]:
    """Return the sentences of a text in order, none crossing a paragraph break.

    Args:
        text: plain text, paragraphs separated by blank lines.
        language: ISO 639-1 code.
    """
    sentences: list[Sentence] = []
    for number, (start, end) in enumerate(_paragraphs(text)):
        for piece_start, piece_end in _cut(text, start, end, _PIECE):
            for first, last in _sentences(text, piece_start, piece_end, language):
                sentences.extend(
                    Sentence(a, b, number) for a, b in _cut(text, first, last, MAX_SENTENCE)
                )
    return sentences


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches between line breaks, joining the lines of hard-wrapped text."""
    start = end = -1
    for match in _PARAGRAPH.finditer(text):
        first, last = _strip(text, match.start(), match.end())
        if first == last:
            continue
        if start >= 0 and not _goes_on(text, end, first, match.start()):
            yield start, end
            start = -1
        if start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, end


def _goes_on(text: str, end: int, first: int, line_start: int) -> bool:
    """Say whether the line at `first` continues the one that ended at `end`."""
    gap = text[end:line_start]
    if gap.count("\n") + (gap.count("\r") - gap.count("\r\n")) != 1:
        return False
    long = end >= _WRAPPED and "\n" not in text[end - _WRAPPED : end]
    wrapped = long and text[end - 1] not in _TERMINAL
    return wrapped or text[first].islower()


def _sentences(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    masked = text[start:end].translate(_MASK)
    at = seen = start
    has_word = False
    for boundary in _boundaries(masked, language):
        stop = _with_closing_marks(text, start + boundary, end)
        has_word = has_word or any(c.isalnum() for c in text[seen:stop])
        seen = max(seen, stop)
        if stop <= at or not has_word or _goes_on_at(text, stop, end):
            continue
        yield _strip(text, at, stop)
        at, has_word = stop, False
    first, last = _strip(text, at, end)
    if first < last:
        yield first, last


def _boundaries(masked: str, language: str) -> Iterator[int]:
    """Yield where sentences end, before the space that follows."""
    for found in get_sentence_boundaries(language, masked):
        stop = found["end_index"]
        start = found["start_index"]
        while stop > start and masked[stop - 1].isspace():
            stop -= 1
        yield stop


def _with_closing_marks(text: str, at: int, end: int) -> int:
    """Return where a sentence ends with the quotation marks and brackets that close it."""
    end = min(end, at + _GAP)
    while at < end and text[at] in _CLOSING:
        if at + 1 < len(text) and text[at + 1].isalnum():
            break
        at += 1
    if at + 1 < end and text[at].isspace() and text[at + 1] == "»":
        at += 2
    return at


def _goes_on_at(text: str, at: int, end: int) -> bool:
    """Say whether the sentence goes on: in lower case, in one word, or after a title."""
    if text[at - 1] == "." and at < end and text[at].isalnum():
        return True
    if text[max(0, at - 5) : at].rpartition(" ")[2].lstrip('“"[(-') in _TITLES:
        return True
    for char in text[at : min(end, at + _GAP)]:
        if char.isalnum():
            return char.islower()
    return False


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    """Yield pieces of at most `limit` characters, cut at a space where there is one."""
    while end - start > limit:
        stop = text.rfind(" ", start + limit // 2, start + limit)
        if stop < 0:
            stop = start + limit
            while stop > start + limit // 2 and unicodedata.combining(text[stop]):
                stop -= 1
        first, last = _strip(text, start, stop)
        if first < last:
            yield first, last
        start = stop
    first, last = _strip(text, start, end)
    if first < last:
        yield first, last
