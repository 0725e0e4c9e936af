"""Hashed n-grams of a text, all positions at once.

The gate looks at every article, so that its features are computed with a few array operations
over the whole text instead of a step for each word. Characters are reduced to lower-case base
letters, digits to `0`, and whatever stands between words to one space. N-grams of 3, 4 and 5
characters and words alone and in pairs each fall into one of `BUCKETS` buckets (feature hashing,
Weinberger et al. 2009).
"""

import sys
import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
"""Buckets of the hash: a megabyte and a half of model."""
WIDTHS = (3, 4, 5)
"""Characters of an n-gram."""
PIECE = 1 << 16
"""Characters that are looked at together, so that memory stays flat for long texts."""

Array = NDArray[np.uint32]

_NOTHING = np.zeros(0, dtype=np.int64)
_SPACE = 32
_DIGIT = ord("0")
_TABLE_SIZE = 0x10000
"""Code points with an entry of their own; rarer ones stay as they are."""
_MULTIPLIER = np.uint32(0x9E3779B1)
_MIXER = np.uint32(0x85EBCA6B)
_SEEDS = tuple(
    np.uint32(seed) for seed in (0x2545F491, 0x68E31DA4, 0xB5297A4D, 0x1B56C4E9, 0x7FEB352D)
)
_NATIVE = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


class Ngrams(NamedTuple):
    """The n-grams of a text, in no particular order."""

    positions: NDArray[np.int64]
    """Where each starts, in characters of the text."""
    buckets: NDArray[np.int64]
    """The bucket that each falls into."""


@cache
def _table() -> Array:
    """Return what each code point becomes; 0 for what is dropped."""
    table = np.zeros(_TABLE_SIZE, dtype=np.uint32)
    for code in range(_TABLE_SIZE):
        table[code] = _reduced(chr(code))
    return table


def _reduced(char: str) -> int:
    category = unicodedata.category(char)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    if category[0] == "N":
        return _DIGIT
    if category[0] != "L":
        return _SPACE
    base = next((c for c in unicodedata.normalize("NFKD", char.lower()) if c.isalpha()), char)
    return ord(base)


def ngrams(text: str) -> Ngrams:
    """Return the n-grams of a text, in time proportional to its length."""
    pieces = [_piece(text[at : at + PIECE], at) for at in range(0, len(text), PIECE)]
    if len(pieces) == 1:
        return pieces[0]
    return Ngrams(
        np.concatenate([_NOTHING, *(piece.positions for piece in pieces)]),
        np.concatenate([_NOTHING, *(piece.buckets for piece in pieces)]),
    )


def _piece(text: str, offset: int) -> Ngrams:
    codes = np.frombuffer(text.encode(_NATIVE, "surrogatepass"), dtype=np.uint32)
    small = np.minimum(codes, _TABLE_SIZE - 1)
    letters = np.where(codes < _TABLE_SIZE, _table()[small], codes)
    space = letters == _SPACE
    repeated = np.zeros(len(letters), dtype=bool)
    repeated[1:] = space[1:] & space[:-1]
    places = np.flatnonzero((letters != 0) & ~repeated)
    kept = letters[places]
    found = [(places[: len(each)], each) for each in _character_hashes(kept)]
    found += [(places[starts], each) for starts, each in _word_hashes(kept)]
    positions = np.concatenate([_NOTHING, *(where for where, _ in found)])
    buckets = np.concatenate([_NOTHING, *(_bucket(each) for _, each in found)])
    return Ngrams(positions + offset, buckets)


def _character_hashes(letters: Array) -> list[Array]:
    """Return a hash for each n-gram of characters, one array for each width."""
    hashes = []
    rolling = letters * _MULTIPLIER
    for width in range(2, max(WIDTHS) + 1):
        if len(letters) < width:
            break
        rolling = (rolling[: len(letters) - width + 1] + letters[width - 1 :]) * _MULTIPLIER
        if width in WIDTHS:
            hashes.append(rolling + _SEEDS[width - WIDTHS[0]])
    return hashes


def _word_hashes(letters: Array) -> list[tuple[NDArray[np.int64], Array]]:
    """Return where words and pairs of words start, and a hash for each."""
    inside = letters != _SPACE
    edges = np.diff(np.concatenate(([False], inside, [False])).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(starts):
        return []
    # The hash of a word is its letters weighted by falling powers, from one running sum.
    mixed = (letters ^ (letters >> np.uint32(7))) * _MIXER
    depth = _depth(len(letters), starts)
    powers = _powers()[np.minimum(depth, len(_powers()) - 1)]
    sums = np.concatenate((np.zeros(1, np.uint32), np.cumsum(mixed * powers, dtype=np.uint32)))
    words = sums[ends] - sums[starts]
    pairs = words[:-1] * _MULTIPLIER + words[1:]
    return [(starts, words + _SEEDS[3]), (starts[:-1], pairs + _SEEDS[4])]


def _depth(length: int, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each place's distance from the start of its word, 0 before the first."""
    first = np.zeros(length, dtype=np.int64)
    first[starts] = starts
    np.maximum.accumulate(first, out=first)
    depth: NDArray[np.int64] = np.arange(length, dtype=np.int64) - first
    return depth


@cache
def _powers() -> Array:
    """Return the powers of the multiplier that letters of a word are weighted with."""
    return np.cumprod(np.full(64, _MULTIPLIER, dtype=np.uint32), dtype=np.uint32)


def _bucket(hashes: Array) -> NDArray[np.int64]:
    mixed = (hashes ^ (hashes >> np.uint32(15))) * _MIXER
    mixed ^= mixed >> np.uint32(13)
    buckets: NDArray[np.int64] = (mixed & np.uint32(BUCKETS - 1)).astype(np.int64)
    return buckets
