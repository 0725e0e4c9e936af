"""Datelines: where and when an article was written, before its first sentence begins.

"GENEVA, March 24 (AFP) – " says nothing of who acts or speaks.
"""

import re

from services.extractor.domain.reading import Reading

_LONGEST = 80
"""Characters of a dateline."""
_MOST_WORDS = 8
_DATELINE = re.compile(
    r"(?P<head>[^.!?:;“”\"«»—–]{2,60}?)(?P<agency>\s?\([^()]{2,30}\))?"
    r"(?P<mark>\s?(?::|—|–|_|--)|\s-)\s"
)
_WORD = re.compile(r"[^\s,/()]+")
_MONTH = 12
"""Letters of no month."""
_COLON_WORDS = 2
"""Words that a place before a colon has at the most."""


def after_dateline(reading: Reading) -> int:
    """Return where a sentence begins behind its dateline, its own start where it has none."""
    start, end, paragraph = reading.sentence
    if paragraph:
        return start
    match = _DATELINE.match(reading.text, start, min(end, start + _LONGEST))
    if match is None or not _is_place(match):
        return start
    head_end = match.end("head")
    shouted = match["head"].isupper()
    named = any(
        name.entry.use == "exact" or (name.entry.use == "always" and not shouted)
        for name in reading.names
        if name.start < head_end
    )
    return start if named else match.end()


def _is_place(match: re.Match[str]) -> bool:
    """Say whether words are places and dates: capitals, digits, months beside them."""
    words = _WORD.findall(match["head"])
    if not words or len(words) > _MOST_WORDS:
        return False
    dated = any(word[0].isdigit() for word in words)
    plain = not dated and not match["agency"] and not match["head"].isupper()
    if match["mark"].endswith(":") and plain and len(words) > _COLON_WORDS:
        return False
    return all(
        word[0].isupper() or word[0].isdigit() or (dated and len(word) < _MONTH) for word in words
    )
