"""A subscription: what somebody watches, and where to tell them."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas import Stance, Topic
from services.alerting.domain.channel import Channel


@dataclass(frozen=True)
class Watch:
    """What a subscription asks for.

    Actors, routes and texts are *watched subjects*: one hit among them is enough, and where none
    is given everything is watched. Topics, stances and languages are *filters*: each that is given
    must hold.
    """

    actors: tuple[str, ...] = ()
    """Gazetteer ids, or names as written in sentences."""
    routes: tuple[str, ...] = ()
    """Gazetteer ids, or names as written in sentences."""
    texts: tuple[str, ...] = ()
    """Words or phrases in the sentence."""
    topics: tuple[Topic, ...] = ()
    stances: tuple[Stance, ...] = ()
    languages: tuple[str, ...] = ()
    """ISO 639 codes."""


@dataclass(frozen=True)
class Subscription:
    """A subscription as it is stored."""

    id: str
    name: str
    watch: Watch
    channels: tuple[Channel, ...]
    created_at: datetime
    watching_since: datetime
    """When it was made, or last resumed."""
    active: bool = True
    """False while it is paused: nothing is matched."""
    origin: str = field(default="user")
    """`user`, or `sample` where `accesswatch run` made it."""
