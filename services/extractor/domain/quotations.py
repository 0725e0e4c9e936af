"""Where quotations begin and end, over several sentences and paragraphs."""

import re
from bisect import bisect_right
from typing import NamedTuple

LONGEST = 5000
"""Characters after which a quotation mark without a partner is given up."""

_MARKS = re.compile(r"[“”„«»\"]|\n\s{0,20}\n")
_PARTNERS = {"“": "”", "„": "“”", "«": "»", '"': '"'}


class Quotation(NamedTuple):
    """A quotation with its marks."""

    start: int
    end: int


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of a text in order, none overlapping.

    A quotation may go on over paragraphs, each of which repeats the opening mark; straight marks
    pair up within a paragraph, unless the next one begins with such a mark.
    """
    found: list[Quotation] = []
    opened, mark = -1, ""
    for match in _MARKS.finditer(text):
        at, char = match.start(), match[0]
        if opened >= 0 and at - opened > LONGEST:
            opened = -1
        if opened < 0:
            if char in _PARTNERS:
                opened, mark = at, char
        elif len(char) > 1:
            if mark == '"' and not text.startswith('"', match.end()):
                opened = -1
        elif char in _PARTNERS[mark] and not (mark == '"' and _repeats(text, at)):
            found.append(Quotation(opened, at + 1))
            opened = -1
    return found


def _repeats(text: str, at: int) -> bool:
    """Say whether the straight mark at `at` opens a further paragraph of one quotation."""
    return at > 0 and text[at - 1] == "\n"


def around(found: list[Quotation], at: int) -> int | None:
    """Return the number of the quotation that holds a place, or None."""
    number = bisect_right(found, at, key=lambda quotation: quotation.start) - 1
    return number if number >= 0 and at < found[number].end else None
