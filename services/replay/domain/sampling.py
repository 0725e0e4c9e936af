"""A few examples out of many: seeded, spread over outlets, in little memory."""

import hashlib
from bisect import insort
from typing import Generic, TypeVar

T = TypeVar("T")


def rank(seed: int, key: str) -> int:
    """Return a key's place in a random order that the seed decides: 64 bits."""
    digest = hashlib.blake2b(f"{seed}\0{key}".encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


class Sample(Generic[T]):
    """Keeps the examples of lowest rank of the outlets of lowest rank.

    What is chosen depends on the seed and on what was offered, not on the order in which it came:
    the same stretch gives the same examples, however it is cut into batches.

    Args:
        size: how many to choose; `size` squared are kept at the most.
        seed: of the choice.
    """

    def __init__(self, size: int, seed: int = 0) -> None:
        self._size = size
        self._seed = seed
        self._outlets: dict[str, list[tuple[int, str, T]]] = {}

    def offer(self, outlet: str, key: str, example: T) -> None:
        """Take an example into consideration; the same key again makes no difference."""
        kept = self._of(outlet)
        place = rank(self._seed, key)
        if kept is None or any(known == key for _, known, _ in kept):
            return
        insort(kept, (place, key, example), key=lambda each: each[:2])
        del kept[self._size :]

    def _of(self, outlet: str) -> list[tuple[int, str, T]] | None:
        """Return what is kept of an outlet, or None where it is not one of those chosen."""
        kept = self._outlets.get(outlet)
        if kept is not None or self._size < 1:
            return kept
        self._outlets[outlet] = kept = []
        if len(self._outlets) > self._size:
            last = max(self._outlets, key=self._order)
            del self._outlets[last]
            return None if last == outlet else kept
        return kept

    def _order(self, outlet: str) -> tuple[int, str]:
        return rank(self._seed, outlet), outlet

    def chosen(self) -> tuple[T, ...]:
        """Return at most `size` examples: one of each outlet in turn, as long as there are any."""
        outlets = [self._outlets[each] for each in sorted(self._outlets, key=self._order)]
        rounds = (kept[turn] for turn in range(self._size) for kept in outlets if turn < len(kept))
        return tuple(example for _, (*_, example) in zip(range(self._size), rounds, strict=False))
