"""How replays are asked for on the command line."""

import difflib
import getpass
import re
import socket
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cli.options import moment
from services.poller.adapters.tables import feeds
from services.replay.adapters.tables import imports
from services.replay.domain.request import Choice, Kind, Request, read_offsets
from services.runtime.errors import NotFoundError, UsageError

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
BEGINNING = "beginning"

Since = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Start: 7d, 2026-11-24, 'beginning', or offsets by partition: 0=1200,1=1180.",
    ),
]
Until = Annotated[
    str | None, typer.Option("--to", help="End, likewise; default: what the live path has done.")
]
Feeds = Annotated[
    list[str] | None, typer.Option("--feed", help="Only this feed or import: id, title, address.")
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="Only articles in this one (ISO 639).")
]
From = Annotated[
    Choice, typer.Option("--source", help="Where to read; auto: the topic as far as it reaches.")
]


def read_request(
    kind: Kind, since: str | None, until: str | None, languages: Sequence[str], source: Choice
) -> Request:
    """Return what the options say, but for feeds, which only the database knows.

    Raises:
        UsageError: they make no sense.
    """
    first = read_offsets(since, "--from") if since else None
    last = read_offsets(until, "--to") if until else None
    if first is not None or last is not None:
        if (since and first is None) or (until and last is None):
            raise UsageError(
                "--from and --to mix times and offsets",
                "Give both as times, or both as offsets: --from 0=1200 --to 0=1300.",
            )
        if source is Choice.ARCHIVE:
            raise UsageError("the archive has no offsets", "Give times, or --source topic.")
        return Request(kind, first=first, last=last, languages=codes(languages), source=source)
    start = None if since == BEGINNING else moment(since, "--from")
    end = moment(until, "--to")
    if start and end and end <= start:
        raise UsageError("--to is not after --from", "Swap them, or widen the stretch.")
    return Request(kind, start, end, languages=codes(languages), source=source)


def codes(languages: Sequence[str]) -> tuple[str, ...]:
    """Return language codes.

    Raises:
        UsageError: one is none.
    """
    for each in languages:
        if not re.fullmatch(r"[A-Za-z]{2,3}", each):
            raise UsageError(
                f"'{each}' for --language is not an ISO 639 code",
                "Write two or three letters, such as 'en'.",
            )
    return tuple(each.lower() for each in languages)


def name_of(given: str | None, kind: Kind, now: datetime | None = None) -> str:
    """Return the name of a replay; without one, kind and time make it.

    Raises:
        UsageError: it cannot be one.
    """
    if given is None:
        return f"{kind}-{now or datetime.now(UTC):%Y%m%d-%H%M%S}"
    if not NAME.fullmatch(given):
        raise UsageError(
            f"'{given}' for --name is no name",
            "Use up to 50 small letters, digits and hyphens.",
        )
    return given


async def feed_ids(engine: AsyncEngine, given: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of feeds that are named by id, address or title, imports by their name.

    Raises:
        NotFoundError: there is no such feed.
    """
    wanted = list(given)
    if not wanted:
        return ()
    known: dict[str, str] = {}
    async with engine.connect() as connection:
        columns = feeds.c.id, feeds.c.url, feeds.c.title, feeds.c.stated_title
        for row in await connection.execute(select(*columns)):
            known |= {name: row.id for name in row if name}
        for feed_id, name in await connection.execute(select(imports.c.feed_id, imports.c.name)):
            known |= {name: feed_id, feed_id: feed_id}
    folded = {name.casefold(): identifier for name, identifier in known.items()}
    return tuple(dict.fromkeys(_feed_id(each, folded) for each in wanted))


def _feed_id(given: str, known: dict[str, str]) -> str:
    found = known.get(given.casefold())
    if found:
        return found
    near = difflib.get_close_matches(given.casefold(), known, n=1)
    raise NotFoundError(
        f"there is no feed '{given}'",
        f"Did you mean '{near[0]}'?" if near else "'accesswatch feeds list' shows them all.",
    )


def asker() -> str:
    """Return who runs this command, as `user@host`."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        user = "unknown"
    return f"{user}@{socket.gethostname()}"
