"""Replays and their parts as rows of the tables."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.replay.domain.job import (
    Counts,
    Job,
    Key,
    Part,
    Source,
    State,
    read_problems,
    read_request,
    write_request,
)


def job_row(job: Job) -> dict[str, Any]:
    """Return a replay as a row."""
    return {
        "id": job.id,
        "name": job.name,
        "kind": job.request.kind,
        "request": write_request(job.request),
        "plan": list(job.plan),
        "created_by": job.created_by,
        "created_at": job.created_at,
        "state": job.state,
    }


def read_job(row: Any) -> Job:
    """Return a row as a replay."""
    return Job(
        id=row.id,
        name=row.name,
        request=read_request(row.request),
        plan=tuple(row.plan),
        created_by=row.created_by,
        created_at=row.created_at,
        state=State(row.state),
        note=row.note,
        problems=read_problems(row.problems),
        ended_at=row.ended_at,
    )


def part_row(job: Job, part: Part) -> dict[str, Any]:
    """Return a part as a row."""
    of_topic = part.source is Source.TOPIC
    return {
        "job_id": job.id,
        "number": part.number,
        "source": part.source,
        "expected": part.expected,
        "topic": part.topic if of_topic else None,
        "partition": part.partition if of_topic else None,
        "first": part.first if of_topic else None,
        "last": part.last if of_topic else None,
        "next": part.next if of_topic else None,
        "since": part.since,
        "until": part.until,
    }


def read_part(row: Any) -> Part:
    """Return a row as a part."""
    return Part(
        number=row.number,
        source=Source(row.source),
        expected=row.expected,
        topic=row.topic or "",
        partition=row.partition or 0,
        first=row.first or 0,
        last=row.last or 0,
        next=row.next or 0,
        since=row.since,
        until=row.until,
        after=_read_key(row.after) if row.after else None,
    )


def read_counts(row: Any) -> Counts:
    """Return what a row, or a sum of rows, has counted."""
    return Counts(**{name: int(getattr(row, name)) for name in asdict(Counts())})


def write_key(key: Key) -> list[str]:
    """Return a key as JSON holds it."""
    return [key.fetched_at.isoformat(), key.id, key.revision]


def _read_key(found: Sequence[str]) -> Key:
    return Key(datetime.fromisoformat(found[0]), found[1], found[2])
