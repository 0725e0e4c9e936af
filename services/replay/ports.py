"""What replays need from outside, as protocols."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas import Article, ArticleReference, Headers, StatementMessage
from schemas.envelope import article_message_id
from services.replay.domain.job import Counts, Job, Key, Part, Problem, Progress, Source, State
from services.replay.domain.planning import Partition, Slice
from services.replay.domain.request import Request


@dataclass(frozen=True, slots=True)
class Passage:
    """One message to be replayed."""

    headers: Headers
    body: Article | StatementMessage
    raw: bytes | None = None
    """The same as JSON, where it came as that."""

    @property
    def json(self) -> bytes:
        """The body as JSON."""
        return self.raw or self.body.model_dump_json().encode()

    @property
    def article(self) -> Article | ArticleReference:
        """The article, or what a statement message tells of it."""
        body = self.body
        return body.article if isinstance(body, StatementMessage) else body

    @property
    def language(self) -> str | None:
        """In which the article was read; None before it was: feeds state wrong ones."""
        if isinstance(self.body, StatementMessage):
            return self.body.language or self.article.language
        return None

    @property
    def article_message(self) -> str:
        """The id of the article's message: `article id.revision`."""
        return article_message_id(self.headers.id)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one look at a part brought."""

    passages: Sequence[Passage]
    """What is wanted of it."""
    read: int
    """How many messages it had."""
    problems: Sequence[Problem]
    """Those that cannot be read."""
    next: int | None
    """Offset to go on with, of a topic."""
    after: Key | None
    """Key to go on after, of the archive."""
    finished: bool
    """Whether the part has no more."""


class Reader(Protocol):
    """Reads one part from its checkpoint on."""

    async def read(self, limit: int) -> Stretch:
        """Return the next messages, at most `limit`.

        Raises:
            UnavailableError: the server does not answer.
            NotFoundError: the topic no longer holds what is to be read.
        """
        ...


class Sources(Protocol):
    """Topic and archive."""

    def open(self, job: Job, part: Part) -> AbstractAsyncContextManager[Reader]:
        """Return a reader of a part."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch."""

    statements: int = 0
    alerts: int = 0
    left_out: int = 0
    problems: Sequence[Problem] = ()


class Sink(Protocol):
    """Takes messages in as the live path would, without its notifications."""

    async def take(self, job: Job, passages: Sequence[Passage]) -> Taken:
        """Store what follows from messages; the same ones again change nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Leased:
    """A part that this worker may work on until its lease ends."""

    owner: str
    job: Job
    part: Part


class Jobs(Protocol):
    """The replays, their parts and checkpoints."""

    async def add(self, job: Job, parts: Sequence[Part]) -> None:
        """Store a replay with its parts.

        Raises:
            ConflictError: one of that name is unfinished.
        """
        ...

    async def get(self, name: str) -> Job:
        """Return a replay by id, or the newest by name.

        Raises:
            NotFoundError: there is none.
        """
        ...

    async def progress(self, job_id: str) -> Progress:
        """Return how far a replay is."""
        ...

    async def change(self, job: Job, state: State, allowed: Sequence[State], now: datetime) -> bool:
        """Change the state where it is one of `allowed`; tell whether it was.

        What a replay that is cancelled has found is told in digests, where it shall notify.
        """
        ...

    async def fail(self, job: Job, note: str, now: datetime) -> None:
        """End a replay that cannot go on, with digests of what it found."""
        ...

    async def turn_to_archive(self, leased: Leased) -> bool:
        """Let a part read the archive, since the topic lost it; False where that cannot be."""
        ...

    async def lease(self, owner: str, now: datetime, job_id: str | None) -> Leased | None:
        """Take a part that nobody else holds, of one replay or of any that runs."""
        ...

    async def renew(self, owners: Sequence[str], now: datetime) -> None:
        """Keep what owners hold for another while."""
        ...

    async def checkpoint(
        self, leased: Leased, stretch: Stretch, counts: Counts, now: datetime
    ) -> bool:
        """Store how far a part is; False where the lease was lost or the replay no longer runs."""
        ...

    async def release(self, owners: Sequence[str]) -> None:
        """Give back whatever owners hold."""
        ...

    async def all_read(self) -> Sequence[Job]:
        """Return the replays that run, though nothing is left to read."""
        ...

    async def finish(self, job: Job, now: datetime) -> bool:
        """End a replay whose parts are all finished, with its digests; tell whether it did."""
        ...


class Lag(Protocol):
    """How far behind the live path is."""

    async def waiting(self) -> int:
        """Return how many messages wait for the live consumers.

        Raises:
            UnavailableError: Kafka does not answer.
        """
        ...


class Topic(Protocol):
    """The topic that holds what is to be replayed."""

    name: str

    async def partitions(self, request: Request) -> Sequence[Partition]:
        """Return what is known of its partitions.

        Raises:
            UnavailableError: Kafka does not answer, or what was extracted of them is not stored.
        """
        ...

    async def pending_since(self) -> datetime | None:
        """Return when the first article was fetched that waits for the live path, or None.

        Raises:
            UnavailableError: as above.
        """
        ...


class Archive(Protocol):
    """The SQL archive."""

    async def slices(
        self, request: Request, source: Source, since: datetime | None, until: datetime
    ) -> Sequence[Slice]:
        """Return spans with what is wanted, and how many rows each has."""
        ...

    async def waiting_since(self) -> datetime | None:
        """Return when the oldest message was put into the outbox that is still there, or None."""
        ...
