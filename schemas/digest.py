"""A digest: what a replay found for a subscription, in one message."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.alert import Alert
from schemas.message import Message

MOST_ALERTS = 100
"""Alerts that a digest shows; all are stored."""
MOST_NAMES = 10
"""Routes, and actors, that a digest counts."""
MOST_DAYS = 366
"""Days that a digest counts."""


class Count(Message):
    """How many alerts share something."""

    name: str
    """As written most often, where sentences name it differently."""

    id: str | None = None
    """Gazetteer id of a route or an actor, where it has one."""

    alerts: int = Field(ge=1)


class Day(Message):
    """How many alerts are from articles of one day."""

    day: date
    """By when the articles were fetched, UTC."""

    alerts: int = Field(ge=1)


class Digest(Message):
    """Sent to a subscription's channels once a replay that shall notify is finished."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    """Hash of subscription and replay: made twice, it is the same digest."""

    backfill: Literal[True] = True
    """What it tells is not news: it was found by sending history through again."""

    subscription_id: str
    subscription_name: str
    replay_id: str
    created_at: AwareDatetime
    """When the replay was finished."""

    since: AwareDatetime
    """When the earliest of the articles was fetched."""

    until: AwareDatetime
    """When the latest was."""

    total: int = Field(ge=1)
    """Alerts altogether."""

    days: tuple[Day, ...] = ()
    """In order; the latest 366 that have alerts."""

    stances: tuple[Count, ...] = ()
    """Most alerts first."""

    routes: tuple[Count, ...] = ()
    """Most alerts first, at most ten."""

    actors: tuple[Count, ...] = ()
    """Most alerts first, at most ten."""

    alerts: tuple[Alert, ...] = Field(min_length=1, max_length=MOST_ALERTS)
    """Of the latest articles, latest first."""
