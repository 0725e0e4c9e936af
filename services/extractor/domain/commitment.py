"""Who makes a promise."""

from collections.abc import Sequence

from schemas import ActorMention, Speaker
from schemas.statement import ActorRole

_PROMISING = (ActorRole.CONTROLLING_AUTHORITY, ActorRole.ARMED_ACTOR)
"""Roles of those who can commit themselves, an aid agency cannot (codebook, decision 9)."""


def promisor_of(speaker: Speaker | None, actors: Sequence[ActorMention]) -> str | None:
    """Return who commits itself in a statement, as written, None where it names nobody.

    The first authority or armed actor that the sentence names; else whoever speaks.
    """
    for role in _PROMISING:
        for actor in actors:
            if actor.role is role:
                return actor.name
    return speaker.name if speaker else None
