"""Files of historic articles: one reader for each format."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.replay.adapters.files.delimited import DelimitedFile
from services.replay.adapters.files.formats import format_of
from services.replay.adapters.files.jsonl import JsonLines
from services.replay.adapters.files.options import Options
from services.replay.adapters.files.source import Source, fingerprint, open_source
from services.replay.adapters.files.warc import WebArchive
from services.replay.domain.imports import Format, Found
from services.runtime.errors import AccesswatchError

__all__ = ["BrokenFileError", "Options", "Records", "fingerprint", "open_records"]


class BrokenFileError(AccesswatchError):
    """A file ends in the middle, or is damaged."""


class Reader(Protocol):
    """Reads one format."""

    def read(self, skip: int) -> Iterator[Found]:
        """Yield what each record holds, without the first `skip`."""
        ...


READERS: dict[Format, Callable[[Source, Options, datetime], Reader]] = {
    Format.JSONL: JsonLines,
    Format.CSV: DelimitedFile,
    Format.WARC: WebArchive,
}


@dataclass(frozen=True, slots=True)
class Records:
    """An opened file of articles."""

    source: Source
    format: Format
    reader: Reader

    def read(self, skip: int) -> Iterator[Found]:
        """Yield what each record holds, without the first `skip`.

        Raises:
            BrokenFileError: the file ends in the middle; what came before was yielded.
        """
        position = skip
        try:
            for found in self.reader.read(skip):
                position = found.position
                yield found
        except OSError as error:
            reason = str(error).rstrip(".") or type(error).__name__
            raise BrokenFileError(
                f"{self.source.name} is damaged or cut short after record {position} ({reason})",
                "Get the whole file. Where what came before is imported already, add --again.",
            ) from error


@contextmanager
def open_records(given: str, options: Options, now: datetime) -> Iterator[Records]:
    """Open a file, or standard input for `-`, and find out how to read it.

    Args:
        given: path, or `-`.
        options: what the user says of it.
        now: dates after it are wrong.

    Raises:
        UsageError: it cannot be read, or holds no articles; says why and what to do.
    """
    with open_source(given) as source:
        found = format_of(source, options.format)
        yield Records(source, found, READERS[found](source, options, now))
