"""The bytes of a file or of standard input, unpacked where they are gzipped."""

import gzip
import hashlib
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from services.replay.adapters.files.damage import DamagedError
from services.replay.domain.imports_naming import STANDARD_INPUT
from services.runtime.errors import UsageError

GZIP = b"\x1f\x8b"
HEAD_BYTES = 1024 * 1024
"""What formats and encodings are told by."""
SAMPLES = 16
SAMPLE_BYTES = 64 * 1024
FINGERPRINT_DIGITS = 24


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""
        ...


class Joined:
    """Bytes that were read already, and then the stream that they came from.

    Each read answers with what there is, short as it may be, instead of filling up: before damage
    nothing is lost.
    """

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = head
        self._read = getattr(rest, "read1", rest.read)

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end.

        Raises:
            DamagedError: what is packed ends in the middle, or is damaged.
        """
        if self._head:
            found, self._head = self._head[:size], self._head[size:]
            return found
        try:
            return bytes(self._read(size))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DamagedError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file."""

    name: str
    """As messages call it."""
    suffixes: str
    """As `.csv`, without that of gzip; lower case, empty where there is none."""
    size: int | None
    """Bytes on disk; None for standard input."""
    head: bytes
    """The beginning, unpacked; all of it where it is shorter than `HEAD_BYTES`."""
    stream: Readable
    """The whole of it, unpacked."""
    raw: BinaryIO

    @property
    def whole(self) -> bool:
        """Whether the head is all that there is."""
        return len(self.head) < HEAD_BYTES

    def done(self) -> int:
        """Return how many bytes on disk have been read."""
        return self.raw.tell() if self.size is not None else 0


@contextmanager
def open_source(given: str) -> Iterator[Source]:
    """Open a file, or standard input for `-`.

    Raises:
        UsageError: it cannot be read, or is empty.
    """
    if given == STANDARD_INPUT:
        yield _source("standard input", given, None, sys.stdin.buffer)
        return
    try:
        raw = Path(given).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise _unreadable(given, error) from error
    with raw:
        yield _source(given, given, Path(given).stat().st_size, raw)


def _unreadable(given: str, error: OSError) -> UsageError:
    return UsageError(
        f"{given} cannot be read ({error.strerror or error})",
        "Name a file of articles, or - for standard input.",
    )


def _source(name: str, given: str, size: int | None, raw: BinaryIO) -> Source:
    start = raw.read(len(GZIP))
    stream: Readable = Joined(start, raw)
    if start == GZIP:
        # The library asks for a file, and only reads.
        stream = Joined(b"", gzip.GzipFile(fileobj=cast("BinaryIO", stream)))
    head, stream = _head(name, stream)
    if not head.strip():
        raise UsageError(f"{name} is empty", "Give it articles: JSON lines, CSV or WARC.")
    lowered = given.lower().removesuffix(".gz")
    return Source(name, Path(lowered).suffix, size, head, stream, raw)


def _head(name: str, stream: Readable) -> tuple[bytes, Readable]:
    """Return the beginning of a stream, and the whole of it."""
    head = b""
    try:
        while len(head) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES)):
            head += piece
    except DamagedError as error:
        if not head:
            raise UsageError(
                f"{name} is gzipped, and damaged ({error})", "Get it again from where it came."
            ) from error
        return head, Joined(head, _Damaged(error))
    return head, Joined(head, stream)


class _Damaged:
    """What comes after the last byte that can be read."""

    def __init__(self, error: DamagedError) -> None:
        self._error = error

    def read(self, _: int, /) -> bytes:
        raise self._error


def fingerprint(given: str) -> str:
    """Return what tells a file from others: a hash of its size and of samples all over it.

    A whole file of some GB would take a minute to hash, and a change within it that leaves its
    size alone is rare.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        size = Path(given).stat().st_size
        digest = hashlib.sha256(str(size).encode())
        with Path(given).open("rb") as file:
            for number in range(SAMPLES + 1):
                file.seek(max(0, size - SAMPLE_BYTES) * number // SAMPLES)
                digest.update(file.read(SAMPLE_BYTES))
    except OSError as error:
        raise _unreadable(given, error) from error
    return digest.hexdigest()[:FINGERPRINT_DIGITS]
