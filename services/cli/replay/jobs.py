"""`accesswatch replay list|show|pause|resume|cancel`."""

from datetime import UTC, datetime
from typing import Any

import typer
from rich.text import Text

from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console, print_json, print_table, printable
from services.cli.servers import open_database
from services.replay.adapters.jobs import SqlJobs
from services.replay.domain.job import (
    UNFINISHED,
    Counts,
    Job,
    Part,
    Progress,
    Source,
    State,
    write_request,
)
from services.runtime.errors import ConflictError
from services.runtime.settings import Settings

LISTED = 50
COLOURS = {
    State.RUNNING: "cyan",
    State.PAUSED: "yellow",
    State.CANCELLED: "dim",
    State.FINISHED: "green",
    State.FAILED: "red",
}


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("list", epilog="Example: `accesswatch replay list --json`")(list_replays)
    group.command(epilog="Example: `accesswatch replay show articles-20261128-081500`")(show)
    group.command(epilog="Example: `accesswatch replay pause october`")(pause)
    group.command(epilog="Example: `accesswatch replay resume october`")(resume)
    group.command(epilog="Example: `accesswatch replay cancel october`")(cancel)


def list_replays(config: Config = None, *, json: Json = False) -> None:
    """List replays, the newest first."""

    async def work(settings: Settings) -> list[tuple[Job, Progress]]:
        async with open_database(settings) as engine:
            return await SqlJobs(engine).list(LISTED)

    found = run_async(work(settings_for_command(config)))
    if json:
        print_json([facts(*each) for each in found])
        return
    print_table(
        ("name", "what", "state", "done", "statements", "alerts", "failed", "by", "since"),
        (
            (
                job.name,
                job.request.kind,
                job.state,
                f"{progress.counts.read:,} of {progress.expected:,}",
                progress.counts.statements,
                progress.counts.alerts,
                progress.counts.failed,
                job.created_by,
                job.created_at,
            )
            for job, progress in found
        ),
        "No replays.",
    )


def show(name: str, config: Config = None, *, json: Json = False) -> None:
    """Show a replay: what it reads, how far each part is, what went wrong."""

    async def work(settings: Settings) -> None:
        async with open_database(settings) as engine:
            jobs = SqlJobs(engine)
            job = await jobs.get(name)
            progress, parts = await jobs.progress(job.id), await jobs.parts(job.id)
        if json:
            print_json(facts(job, progress) | {"parts": [_part_facts(*each) for each in parts]})
            return
        _print(job, progress, parts)

    run_async(work(settings_for_command(config)))


def pause(name: str, config: Config = None) -> None:
    """Let a replay rest: its workers stop after the batch in flight."""
    _change(name, State.PAUSED, (State.RUNNING,), config)
    console.print(f"Paused. 'accesswatch replay resume {name}' lets it go on.")


def resume(name: str, config: Config = None) -> None:
    """Let a paused replay go on, with workers that run 'accesswatch replay work'."""
    _change(name, State.RUNNING, (State.PAUSED, State.RUNNING), config)
    console.print(f"It may go on: accesswatch replay work {name}")


def cancel(name: str, config: Config = None) -> None:
    """End a replay; what it has stored stays."""
    _change(name, State.CANCELLED, UNFINISHED, config)
    console.print("Cancelled. What it has stored stays.")


def _change(name: str, state: State, allowed: tuple[State, ...], config: Config) -> None:
    async def work(settings: Settings) -> None:
        async with open_database(settings) as engine:
            jobs = SqlJobs(engine)
            job = await jobs.get(name)
            if not await jobs.change(job, state, allowed, datetime.now(UTC)):
                raise ConflictError(
                    f"replay '{job.name}' is {(await jobs.get(job.id)).state}",
                    "'accesswatch replay list' shows what runs.",
                )

    run_async(work(settings_for_command(config)))


async def print_outcome(jobs: SqlJobs, job: Job, *, json: bool) -> None:
    """Print what came of a replay so far."""
    progress = await jobs.progress(job.id)
    if json:
        print_json(facts(job, progress))
        return
    counts = progress.counts
    left_out = f", {counts.left_out:,} left out" if counts.left_out else ""
    line = Text.assemble(
        f"Replay {job.name} ",
        (job.state, COLOURS[job.state]),
        f": {counts.read:,} of {progress.expected:,} read{left_out}; {counts.statements:,} "
        f"statements new, {counts.alerts:,} alerts new",
        (f"; {counts.failed:,} failed" if counts.failed else "", "red"),
        ".",
    )
    console.print(line)
    if job.note:
        console.print(Text(printable(job.note), "red"))
    if job.state is State.FINISHED and counts.read == counts.left_out:
        console.print("Nothing in it was of this stretch, or passed the filters.", style="yellow")
    if job.request.notify and job.ended_at:
        console.print("'accesswatch alerts digests' shows what subscriptions are told of it.")
    if counts.failed:
        console.print(f"'accesswatch replay show {job.name}' names what failed.")


def facts(job: Job, progress: Progress) -> dict[str, Any]:
    """Return a replay as JSON shows it."""
    return {
        "id": job.id,
        "name": job.name,
        "state": job.state,
        "request": write_request(job.request),
        "plan": job.plan,
        "created_by": job.created_by,
        "created_at": job.created_at,
        "ended_at": job.ended_at,
        "note": job.note,
        "expected": progress.expected,
        "workers": progress.workers,
        "counts": progress.counts,
        "problems": job.problems,
    }


def _part_facts(part: Part, counts: Counts, finished: bool) -> dict[str, Any]:
    facts = {"part": part.number, "source": part.source, "finished": finished, "counts": counts}
    if part.source is Source.TOPIC:
        names = ("topic", "partition", "first", "last", "next")
        return facts | {name: getattr(part, name) for name in names}
    return facts | {"since": part.since, "until": part.until, "rows": part.expected}


def _print(job: Job, progress: Progress, parts: list[tuple[Part, Counts, bool]]) -> None:
    counts = progress.counts
    ended = job.ended_at or datetime.now(UTC)
    shown = {
        "replay": f"{job.name} ({job.id})",
        "what": job.request.kind,
        "state": job.state,
        "reads": "; ".join(job.plan),
        "by": f"{job.created_by}, {job.created_at:%Y-%m-%d %H:%M}",
        "took" if job.ended_at else "for": str(ended - job.created_at).partition(".")[0],
        "done": f"{counts.read:,} of {progress.expected:,}, {counts.left_out:,} left out",
        "stored": f"{counts.statements:,} statements, {counts.alerts:,} alerts",
        "failed": f"{counts.failed:,}",
        "note": job.note,
    }
    for name, value in shown.items():
        if value is not None:
            console.print(Text.assemble((f"{name:8}", "bold"), printable(str(value))))
    print_table(
        ("part", "reads", "done", "left out", "failed", "statements", "alerts", "finished"),
        ((*_row(part, each), "yes" if finished else "no") for part, each, finished in parts),
        "No parts.",
    )
    if job.problems:
        print_table(("failed", "why"), ((p.where, p.why) for p in job.problems), "")


def _row(part: Part, counts: Counts) -> tuple[object, ...]:
    if part.source is Source.TOPIC:
        reads = f"{part.topic} {part.partition}: {part.first} to {part.last}"
    else:
        since = f"{part.since:%Y-%m-%d %H:%M}" if part.since else "beginning"
        reads = f"{part.source}: {since} to {part.until:%Y-%m-%d %H:%M}"
    done = f"{counts.read:,} of {part.expected:,}"
    return (
        part.number,
        reads,
        done,
        counts.left_out,
        counts.failed,
        counts.statements,
        counts.alerts,
    )
