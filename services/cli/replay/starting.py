"""`accesswatch replay articles|statements|work`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console
from services.cli.replay.jobs import print_outcome
from services.cli.replay.wording import (
    Feeds,
    From,
    Languages,
    Since,
    Until,
    asker,
    feed_ids,
    name_of,
    read_request,
)
from services.cli.replay.working import work as work_on
from services.cli.servers import open_database, open_kafka
from services.replay.adapters.jobs import SqlJobs
from services.replay.app import making
from services.replay.domain.job import UNFINISHED, Job, State, is_alike
from services.replay.domain.request import Choice, Kind, Request
from services.replay.importing import Imported
from services.runtime.errors import ConflictError, ExitCode, NotFoundError, UsageError
from services.runtime.settings import Settings

INTERRUPTED = 130
"""Exit code of what was told to stop, as shells give it for Ctrl-C."""

Name = typer.Option(None, "--name", help="How to call it; default: kind and time.")
Notify = typer.Option(False, "--notify", help="Send each subscription a digest of its alerts.")
Rate = typer.Option(None, "--rate", min=0.1, help="Messages a second and worker, at most.")
Detach = typer.Option(False, "--detach", help="Only store the job, for workers elsewhere.")
Join = typer.Option(False, "--join", help="Work on the replay of that name if there is one.")
DryRun = typer.Option(False, "--dry-run", help="Write nothing; report what would change.")
Limit = typer.Option(None, "--limit", min=1, help="With --dry-run: so many messages at most.")
Html = typer.Option(None, "--html", help="With --dry-run: a report as a page.")


COMMANDS = (
    (
        Kind.ARTICLES,
        "Extract articles again with this version, and store what it finds.",
        "accesswatch replay articles --from 30d --dry-run",
    ),
    (
        Kind.STATEMENTS,
        "Store statements again and match them with today's subscriptions.",
        "accesswatch replay statements --from 30d --notify",
    ),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a replay is to be run."""

    name: str
    named: bool
    """Whether the name was given."""
    detach: bool
    join: bool
    json: bool
    anew: bool = True
    """With `join`: whether one that is finished is followed by another."""
    stretch: bool = True
    """Whether a stretch was given."""
    quiet: bool = False
    """Whether nothing is printed."""


def register(group: typer.Typer) -> None:
    """Add the commands."""
    for kind, says, example in COMMANDS:
        group.command(kind.value, help=says, epilog=f"Example: `{example}`")(_replaying(kind))

    @group.command(epilog="Example: `accesswatch replay work`")
    def work(
        name: str = typer.Argument(None, help="Replay; default: any, until told to stop."),
        config: Config = None,
    ) -> None:
        """Work on replays that run, beside other workers."""

        async def run(settings: Settings) -> None:
            async with open_kafka(settings) as found, open_database(found) as engine:
                job = await SqlJobs(engine).get(name) if name else None
                if job and job.state is not State.RUNNING:
                    raise ConflictError(
                        f"replay '{job.name}' is {job.state}",
                        f"'accesswatch replay resume {job.name}' lets it go on."
                        if job.state is State.PAUSED
                        else "Start another one.",
                    )
                await _work(found, engine, job, json=False)

        run_async(run(settings_for_command(config)))


def _replaying(kind: Kind) -> Callable[..., None]:
    """Return the command that replays a kind of message; both take the same options."""

    def command(
        config: Config = None,
        since: Since = None,
        until: Until = None,
        feed: Feeds = None,
        language: Languages = None,
        source: From = Choice.AUTO,
        name: str | None = Name,
        rate: float | None = Rate,
        limit: int | None = Limit,
        html: Path | None = Html,
        *,
        notify: bool = Notify,
        detach: bool = Detach,
        join: bool = Join,
        dry_run: bool = DryRun,
        json: Json = False,
    ) -> None:
        request = read_request(kind, since, until, language or (), source)
        request = replace(request, notify=notify, rate=rate)
        wish = Wish(
            name_of(name, kind),
            named=name is not None,
            detach=detach,
            join=join,
            json=json,
            anew=False,
            stretch=bool(since or until),
        )
        _begin(config, request, feed or [], wish, dry_run=dry_run, limit=limit, html=html)

    return command


def _begin(
    config: Path | None,
    request: Request,
    feeds: list[str],
    wish: Wish,
    *,
    dry_run: bool,
    limit: int | None,
    html: Path | None,
) -> None:
    if not (wish.stretch or feeds or dry_run):
        _require_stretch()
    if (limit or html) and not dry_run:
        raise UsageError("--limit and --html go with --dry-run", "Add --dry-run, or leave it out.")

    async def run(settings: Settings) -> None:
        async with open_kafka(settings) as found, open_database(found) as engine:
            wanted = replace(request, feeds=await feed_ids(engine, feeds))
            if dry_run:
                from services.cli.replay.dry_run import dry_run as look  # noqa: PLC0415 - brings the report

                await look(found, engine, wanted, limit, html, json=wish.json)
                return
            await start(found, engine, wanted, wish)

    run_async(run(settings_for_command(config)))


def _require_stretch() -> None:
    raise UsageError(
        "nothing says which stretch to replay",
        "Give --from 7d or another time; --from beginning takes everything.",
    )


def replay_import(settings: Settings, imported: Imported, *, json: bool) -> None:
    """Send what was imported through extraction; what an earlier replay has done stays done."""
    request = Request(Kind.ARTICLES, feeds=(imported.feed_id,))
    anew = not imported.finished_before
    wish = Wish(imported.feed_id, named=True, detach=False, join=True, json=json, anew=anew)

    async def run() -> None:
        async with open_kafka(settings) as found, open_database(found) as engine:
            await start(found, engine, request, wish)

    run_async(run())


async def start(settings: Settings, engine: AsyncEngine, request: Request, wish: Wish) -> None:
    """Make a replay and work on it, as far as wished.

    Raises:
        ConflictError: a replay of that name is not finished, and not to be joined.
        NotFoundError: there is nothing to replay.
    """
    job = await _joined(SqlJobs(engine), request, wish) if wish.join else None
    if job is None:
        job = await _made(settings, engine, request, wish)
    elif job.state not in UNFINISHED:
        if not wish.quiet:
            await print_outcome(SqlJobs(engine), job, json=wish.json)
        if job.state is State.FAILED:
            raise typer.Exit(ExitCode.FAILURE)
        return
    if wish.detach:
        console.print(f"Replay {job.name} is ready for 'accesswatch replay work {job.name}'.")
        return
    await _work(settings, engine, job, json=wish.json, quiet=wish.quiet)


async def _made(settings: Settings, engine: AsyncEngine, request: Request, wish: Wish) -> Job:
    try:
        job = await making(settings, engine, request.kind).make(request, wish.name, asker())
    except ConflictError:
        if not wish.join:
            raise
        # Another pod of the same Kubernetes Job was a moment earlier.
        return await SqlJobs(engine).get(wish.name)
    if not (wish.json or wish.quiet):
        for sentence in job.plan:
            console.print(f"{sentence}.")
    return job


async def _joined(jobs: SqlJobs, request: Request, wish: Wish) -> Job | None:
    """Return the newest replay of that name, unless it wants something else."""
    if not wish.named:
        raise UsageError("--join needs to know which replay", "Give its --name.")
    try:
        job = await jobs.get(wish.name)
    except NotFoundError:
        return None
    if job.state is State.FINISHED and wish.anew:
        return None
    if not is_alike(job.request, request):
        raise ConflictError(f"replay '{job.name}' wants something else", "Choose another --name.")
    return job


async def _work(
    settings: Settings, engine: AsyncEngine, job: Job | None, *, json: bool, quiet: bool = False
) -> None:
    stopped = await work_on(settings, engine, job, quiet=quiet)
    if job is None:
        return
    jobs = SqlJobs(engine)
    found = await jobs.get(job.id)
    if not quiet:
        await print_outcome(jobs, found, json=json)
    if stopped and found.state is State.RUNNING:
        console.print(f"Go on with: accesswatch replay work {job.name}")
        # Not 0, which would tell a Kubernetes Job that its work is done.
        raise typer.Exit(INTERRUPTED)
    if found.state is State.FAILED:
        raise typer.Exit(ExitCode.FAILURE)
