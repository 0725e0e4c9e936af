"""The records of a WARC, one after the other, also beyond one that is damaged."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from warcio.archiveiterator import WARCIterator
from warcio.recordloader import ArcWarcRecord

from services.replay.adapters.files.damage import DamagedError
from services.replay.adapters.files.source import Joined, Readable

BEGIN = b"WARC/"
MOST_DAMAGES = 100
"""Damaged records after which the rest of a file is given up."""


def records_of(stream: Readable) -> Iterator[ArcWarcRecord | str]:
    """Yield records; for one that is damaged, why, and then what follows it.

    Args:
        stream: unpacked.

    Raises:
        DamagedError: the file ends within a record, or has too many that are damaged.
    """
    for _ in range(MOST_DAMAGES):
        records = WARCIterator(stream)
        try:
            while (record := _next(records)) is not None:
                yield record
                check_whole(record)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the library trips over
            yield f"it is damaged ({type(error).__name__}: {error})"
        else:
            return
        begin = _next_begin(records.reader)
        if begin is None:
            return
        stream = Joined(begin, records.reader)
    raise DamagedError(f"{MOST_DAMAGES} records are damaged")


def _next(records: Any) -> ArcWarcRecord | None:
    # The library complains to standard error; a damaged record is told of by its number.
    with contextlib.redirect_stderr(io.StringIO()):
        return next(records, None)


def check_whole(record: ArcWarcRecord) -> None:
    """Read a record to its end.

    Raises:
        DamagedError: the file ends before.
    """
    rest = record.raw_stream
    while rest.read(io.DEFAULT_BUFFER_SIZE):
        pass
    if getattr(rest, "limit", 0) > 0:
        raise DamagedError("it ends within a record")


def _next_begin(reader: Any) -> bytes | None:
    """Return the line with which the next record begins, or None at the end."""
    while line := reader.readline(io.DEFAULT_BUFFER_SIZE):
        if line.startswith(BEGIN):
            return bytes(line)
    return None
