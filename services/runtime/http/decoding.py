"""Content codings, undone in small steps, so that a few bytes cannot become gigabytes."""

import zlib
from collections.abc import Iterator
from typing import Final

STEP: Final = 64 * 1024
"""Bytes that come out of one step at the most."""
ACCEPT_ENCODING: Final = "gzip, deflate"
"""What can be undone with a limit; the libraries for br and zstd are asked for none."""
MAX_CODINGS: Final = 2
"""Nested codings are rarer than bombs made of them."""
AUTO_HEADER: Final = 32 + zlib.MAX_WBITS
"""Recognises gzip's and zlib's header (zlib's manual, inflateInit2)."""


class DecodingError(Exception):
    """The body is not what its Content-Encoding says."""


class Decoder:
    """Undoes one coding of a stream.

    Args:
        coding: `gzip`, `x-gzip` or `deflate`.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inflate = zlib.decompressobj(AUTO_HEADER)
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk stands for, at most `STEP` bytes at a time.

        Raises:
            DecodingError: it is not in that coding.
        """
        while chunk:
            if self._inflate.eof:
                # RFC 1952, 2.2: a gzip stream is one or more members. Zeros are mere padding.
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    return
                self._inflate = zlib.decompressobj(AUTO_HEADER)
            part = self._step(chunk)
            self._begun = True
            if part:
                yield part
            chunk = self._inflate.unconsumed_tail or self._inflate.unused_data

    def _step(self, chunk: bytes) -> bytes:
        try:
            return self._inflate.decompress(chunk, STEP)
        except zlib.error as error:
            if self._coding != "deflate" or self._begun:
                raise DecodingError(f"the body is not {self._coding}") from error
        # Some servers send deflate without zlib's header, against RFC 9110, 8.4.1.2.
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._inflate.decompress(chunk, STEP)
        except zlib.error as error:
            raise DecodingError("the body is not deflate") from error

    def finish(self) -> Iterator[bytes]:
        """Yield what is left at the end of the stream.

        Raises:
            DecodingError: the stream is cut off.
        """
        if self._begun and not self._inflate.eof:
            yield from iter(lambda: self._step(self._inflate.unconsumed_tail), b"")
            if not self._inflate.eof:
                raise DecodingError("the body is cut off")


def codings(content_encoding: str) -> list[str]:
    """Return the codings of a `Content-Encoding` header that have to be undone, in order.

    Raises:
        DecodingError: one of them is unknown, or there are too many.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    found = [name for name in reversed(names) if name not in {"", "identity"}]
    unknown = [name for name in found if name not in {"gzip", "x-gzip", "deflate"}]
    if unknown or len(found) > MAX_CODINGS:
        raise DecodingError(f"Content-Encoding {content_encoding[:100]!r} was not asked for")
    return found


class Body:
    """A response's body as it comes in.

    Args:
        content_encoding: the header's value, empty where there is none.

    Raises:
        DecodingError: the coding is unknown.
    """

    def __init__(self, content_encoding: str) -> None:
        self._decoders = [Decoder(name) for name in codings(content_encoding)]

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield decoded parts.

        Raises:
            DecodingError: the coding is broken.
        """
        yield from self._through(chunk, self._decoders)

    def finish(self) -> Iterator[bytes]:
        """Yield the rest.

        Raises:
            DecodingError: the body is cut off.
        """
        for position, decoder in enumerate(self._decoders, start=1):
            for part in decoder.finish():
                yield from self._through(part, self._decoders[position:])

    def _through(self, chunk: bytes, decoders: list[Decoder]) -> Iterator[bytes]:
        if not decoders:
            yield chunk
            return
        for part in decoders[0].feed(chunk):
            yield from self._through(part, decoders[1:])
