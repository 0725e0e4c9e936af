"""What an audit finds, and when it is a gap. Pure."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Gap(StrEnum):
    """A step that something did not reach."""

    NOT_PUBLISHED = "not_published"
    """Archived, but neither waiting nor on the topic nor stored."""
    NOT_SENDABLE = "not_sendable"
    """Refused by Kafka for its size; it waits in the outbox for somebody to look at it."""
    NOT_EXTRACTED = "not_extracted"
    """Published, but neither extracted nor a dead letter."""
    NOT_STORED = "not_stored"
    """Extracted, but neither stored nor a dead letter."""
    NOT_ALERTED = "not_alerted"
    """Stored and matching a subscription that was active, without an alert."""
    NOT_QUEUED = "not_queued"
    """An alert without a delivery for one of its channels."""
    NOT_DELIVERED = "not_delivered"
    """A delivery that was given up."""
    OVERDUE = "overdue"
    """A delivery that should have been tried long ago."""


REPAIRABLE = frozenset(
    {
        Gap.NOT_PUBLISHED,
        Gap.NOT_EXTRACTED,
        Gap.NOT_STORED,
        Gap.NOT_ALERTED,
        Gap.NOT_QUEUED,
        Gap.NOT_DELIVERED,
    }
)
"""What sending through again can mend."""


@dataclass(frozen=True)
class Missing:
    """One gap."""

    gap: Gap
    id: str
    """Of the article's message (`article id.revision`), alert or delivery."""
    detail: str = ""


@dataclass(frozen=True)
class Steps:
    """Ids of article messages (`article id.revision`) by the step that they reached."""

    archived: AbstractSet[str]
    waiting: AbstractSet[str]
    """In the outbox, or on a topic whose consumers have not come to it yet."""
    refused: AbstractSet[str]
    """In the outbox, and Kafka will not take them."""
    published: AbstractSet[str]
    """On the topic of articles, as far back as it reaches."""
    extracted: AbstractSet[str]
    """On the topic of statements, as far back as it reaches."""
    stored: AbstractSet[str]
    dead: AbstractSet[str]
    """Dead letters of either topic that nobody retried."""


def find_missing(steps: Steps) -> list[Missing]:
    """Return the articles that did not get to the end, each at the step that it did not reach.

    A dead letter is accounted for and no gap; so is what still waits for its turn. What was
    stored went through every step before, whether the topics still hold it or not.
    """
    missing: list[Missing] = []
    for identifier in sorted(steps.archived - steps.stored - steps.dead):
        if identifier in steps.refused:
            missing.append(Missing(Gap.NOT_SENDABLE, identifier))
        elif identifier in steps.waiting:
            continue
        elif identifier in steps.extracted:
            missing.append(Missing(Gap.NOT_STORED, identifier))
        elif identifier in steps.published:
            missing.append(Missing(Gap.NOT_EXTRACTED, identifier))
        else:
            missing.append(Missing(Gap.NOT_PUBLISHED, identifier))
    return missing


@dataclass(frozen=True)
class Report:
    """The result of an audit."""

    since: datetime | None
    until: datetime
    counts: dict[str, int]
    """Step → how many, in the order of the path."""
    missing: tuple[Missing, ...]
    repaired: int = 0
    """How many were sent through again."""
