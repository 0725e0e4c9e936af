"""A stream of bytes to lines of text, one at a time, however long the stream is."""

from collections.abc import Iterator

from services.replay.adapters.files.charset import Charset, undecodable
from services.replay.adapters.files.source import Readable

CHUNK_BYTES = 1024 * 1024
MAX_LINE_BYTES = 8 * 1024 * 1024
"""An article has 256,000 characters at the most, of four bytes."""
TOO_LONG = f"it is longer than {MAX_LINE_BYTES // 1024 // 1024} MB"


def split_lines(
    stream: Readable, newline: bytes, most: int = MAX_LINE_BYTES, chunk: int = CHUNK_BYTES
) -> Iterator[bytes | None]:
    """Yield lines with their ends; None for one that is longer than `most` bytes.

    Args:
        stream: read in chunks.
        newline: what ends a line; in UTF-16 two bytes, at even places only.
        most: bytes that a line may have.
        chunk: bytes that are read at a time.
    """
    unit = len(newline)
    pending, too_long = b"", False
    while piece := stream.read(chunk):
        pending += piece
        start = 0
        while (end := _find(pending, newline, start)) >= 0:
            line = pending[start : end + unit]
            yield None if too_long or len(line) > most else line
            start, too_long = end + unit, False
        pending = pending[start:]
        if len(pending) > most:
            pending, too_long = pending[len(pending) - len(pending) % unit :], True
    if pending or too_long:
        yield None if too_long else pending


def _find(text: bytes, newline: bytes, start: int) -> int:
    """Return where the next line end is, or -1; places count in units of its length."""
    end = text.find(newline, start)
    while end >= 0 and (end - start) % len(newline):
        end = text.find(newline, end + 1)
    return end


def decode_line(line: bytes | None, charset: Charset) -> str:
    """Return the text of a line.

    Raises:
        ValueError: it is too long, or not in that encoding; says where.
    """
    if line is None:
        raise ValueError(TOO_LONG)
    try:
        return line.decode(charset.codec).removeprefix("\ufeff")
    except UnicodeError as error:
        raise ValueError(undecodable(error, charset.codec)) from error
