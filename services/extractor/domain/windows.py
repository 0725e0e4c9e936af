"""Cuts an article into windows that the reader takes: the title, then whole sentences.

A sentence is read with its neighbours, since what a sentence says of access often hangs on the one
before ("They were turned back") and on what the article is about.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LONGEST = 176
"""Tokens of a window, marks included; attention costs the square of it."""
TITLE = 32
"""Tokens of the title that each window begins with."""
SENTENCE = 120
"""Tokens of a sentence that are read; the annotated set's longest has 123 in English."""
NEIGHBOUR = 70
"""Tokens that a sentence may have to be shown as a neighbour of those that are read."""
MARKS = 3
"""Tokens that frame a window: one before the title, one after it, one at the end."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, in order."""

    ids: Sequence[int]
    starts: Sequence[int]
    """First character of each, counted into the text."""
    ends: Sequence[int]
    """One past the last character of each."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The tokens of one sentence."""

    sentence: int
    """Number of the sentence in the article."""
    first: int
    """First token, counted into the article's tokens."""
    last: int
    """One past the last one."""

    @property
    def length(self) -> int:
        """How many tokens it has."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences that are read together."""

    shown: tuple[Stretch, ...]
    """All sentences of the window, in order."""
    read: range
    """Which of them are read; the others are neighbours."""

    @property
    def own(self) -> tuple[Stretch, ...]:
        """Those that are read."""
        return self.shown[self.read.start : self.read.stop]


def stretches(tokens: Tokens, sentences: Sequence[tuple[int, int]]) -> list[Stretch]:
    """Return the tokens of each sentence, at most `SENTENCE` of them.

    Args:
        tokens: of the article's text.
        sentences: first character and one past the last of each, in order, none overlapping.
    """
    found = []
    at = 0
    for number, (start, end) in enumerate(sentences):
        while at < len(tokens.ids) and tokens.starts[at] < start:
            at += 1
        first = at
        while at < len(tokens.ids) and tokens.starts[at] < end:
            at += 1
        found.append(Stretch(number, first, min(at, first + SENTENCE)))
    return found


def cut(
    parts: Sequence[Stretch],
    title: int,
    wanted: Callable[[int], bool] = lambda _: True,
    first_share: float = 1.0,
) -> Iterator[Window]:
    """Yield windows that together read every wanted sentence once, in order.

    Args:
        parts: the sentences of the article.
        title: tokens of the title.
        wanted: says of a sentence's number whether it has to be read; a window begins and ends
            with such a sentence, neighbours aside.
        first_share: part of a window's room that the first one uses, so that training sees other
            windows in each epoch.
    """
    room = LONGEST - MARKS - min(title, TITLE)
    at = 0
    limit = int(room * first_share)
    while at < len(parts):
        if not wanted(parts[at].sentence) or not parts[at].length:
            at += 1
            continue
        before = [parts[at - 1]] if at and parts[at - 1].length <= NEIGHBOUR else []
        used = sum(part.length for part in before)
        stop = at
        while stop < len(parts) and (stop == at or used + parts[stop].length <= limit):
            used += parts[stop].length
            stop += 1
        following = stop
        while not wanted(parts[stop - 1].sentence):
            stop -= 1
            used -= parts[stop].length
        after = [parts[stop]] if stop < len(parts) and used + parts[stop].length <= room else []
        shown = (*before, *parts[at:stop], *after)
        yield Window(shown, range(len(before), len(before) + stop - at))
        at, limit = following, room
