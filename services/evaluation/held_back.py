"""Which crises are dealt where: folds, and the part that nothing is trained on."""

import hashlib

PARTS = 10
PART = 3
"""Crises are dealt into `PARTS`; this one is for the figures of the model's card only."""


def fold_of(group: str, folds: int) -> int:
    """Return the fold that a crisis belongs to: the same on every machine."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") % folds


def is_held_back(group: str) -> bool:
    """Say whether a crisis is held back from training, for the figures of the model's card."""
    return fold_of(group, PARTS) == PART
