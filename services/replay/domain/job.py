"""A replay as a job: its state, its parts, how far they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.replay.domain.request import Choice, Kind, Request


class State(StrEnum):
    """Where a replay stands."""

    RUNNING = "running"
    """Any worker may take its parts."""
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"
    FAILED = "failed"


UNFINISHED = (State.RUNNING, State.PAUSED)


class Source(StrEnum):
    """Where a part reads."""

    TOPIC = "topic"
    ARCHIVE = "archive"
    IMPORTS = "imports"
    """The archive, of imported feeds only: no topic ever held them."""


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a row in the archive's order."""

    fetched_at: datetime
    id: str
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker reads at a time.

    Of a topic `topic`, `partition`, offsets `first` up to but not including `last`, and `next`;
    of the archive what was fetched from `since` until before `until`, and the key `after` which
    to go on.
    """

    number: int
    source: Source
    expected: int
    """Messages, as counted when the replay was made; of a topic, offsets."""
    topic: str = ""
    partition: int = 0
    first: int = 0
    last: int = 0
    next: int = 0
    since: datetime | None = None
    until: datetime | None = None
    after: Key | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of messages."""

    read: int = 0
    left_out: int = 0
    """By the filters, and what lies outside the stretch."""
    failed: int = 0
    """Not readable, or extraction failed on them."""
    statements: int = 0
    """Stored for the first time."""
    alerts: int = 0
    """Stored for the first time."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A message that could not be replayed."""

    where: str
    """`topic 3:1200`, or the article's id."""
    why: str


def is_dead(owner: str, host: str, own_pid: int, alive: Callable[[int], bool]) -> bool:
    """Tell whether a worker is surely gone.

    Args:
        owner: `host:pid:…`, who holds a part.
        host: this machine, or this pod.
        own_pid: this process, which has a name of its own: who held a part under its id before, in
            a container that was started again, is gone.
        alive: tells whether there is a process of an id here.
    """
    its_host, its_pid = owner.split(":")[:2]
    return its_host == host and (int(its_pid) == own_pid or not alive(int(its_pid)))


MOST_PROBLEMS = 20
"""How many are kept with a job; all are logged."""


@dataclass(frozen=True, slots=True)
class Job:
    """A replay."""

    id: str
    name: str
    request: Request
    plan: tuple[str, ...]
    """What it reads, in sentences."""
    created_by: str
    created_at: datetime
    state: State = State.RUNNING
    note: str | None = None
    problems: tuple[Problem, ...] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is."""

    expected: int = 0
    counts: Counts = field(default_factory=Counts)
    parts: int = 0
    finished: int = 0
    workers: int = 0
    """Who hold a part at the moment."""


def write_request(request: Request) -> dict[str, Any]:
    """Return a request as JSON holds it."""

    def offsets(given: Mapping[int, int] | None) -> dict[str, int] | None:
        return None if given is None else {str(key): value for key, value in given.items()}

    return {
        "kind": request.kind.value,
        "since": request.since and request.since.isoformat(),
        "until": request.until and request.until.isoformat(),
        "first": offsets(request.first),
        "last": offsets(request.last),
        "feeds": list(request.feeds),
        "languages": list(request.languages),
        "source": request.source.value,
        "notify": request.notify,
        "rate": request.rate,
    }


def read_request(found: Mapping[str, Any]) -> Request:
    """Return what `write_request` wrote."""

    def moment(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    def offsets(given: Mapping[str, int] | None) -> dict[int, int] | None:
        return None if given is None else {int(key): value for key, value in given.items()}

    return Request(
        kind=Kind(found["kind"]),
        since=moment(found["since"]),
        until=moment(found["until"]),
        first=offsets(found["first"]),
        last=offsets(found["last"]),
        feeds=tuple(found["feeds"]),
        languages=tuple(found["languages"]),
        source=Choice(found["source"]),
        notify=found["notify"],
        rate=found["rate"],
    )


def is_alike(one: Request, other: Request) -> bool:
    """Tell whether a worker that wants one may join the other's job.

    Times may differ: `--from 30d` is another moment each time that it is asked for.
    """
    timeless = [replace(each, since=None, until=None) for each in (one, other)]
    return timeless[0] == timeless[1]


def read_problems(found: Sequence[Mapping[str, str]]) -> tuple[Problem, ...]:
    """Return problems as stored."""
    return tuple(Problem(each["where"], each["why"]) for each in found)
