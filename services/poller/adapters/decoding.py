"""Bytes to text: the encoding stated or, where there is none, the one that fits."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import charset_normalizer

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; UTF-32's little-endian one begins with UTF-16's."""
STATED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{1,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
CHARSET = re.compile(r"charset=[\"' ]*([\w.:-]+)", re.IGNORECASE)
STATED_BYTES = 4096
"""Where pages state their encoding (HTML, 4.2.5.5: within 1024 bytes; some are late)."""
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
MOST_CONTROLS = 0.01
"""Share of control characters above which text is none."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was read."""

    text: str
    guessed: str | None
    """The encoding, where nothing stated it."""


def charset_of_type(content_type: str) -> str | None:
    """Return the encoding that a `Content-Type` states, or None."""
    found = CHARSET.search(content_type)
    return found[1] if found else None


def decode_text(content: bytes, charset: str | None) -> Decoded | None:
    """Return the text of a page or a plain text; None where it is no text.

    Args:
        content: the bytes.
        charset: as a server states it, if one does.
    """
    for encoding in _stated(content, charset):
        text = _decoded(content, encoding)
        if text is not None:
            return _checked(Decoded(text, None))
    best = charset_normalizer.from_bytes(content).best()
    return _checked(Decoded(str(best), best.encoding)) if best else None


def _stated(content: bytes, charset: str | None) -> Iterator[str]:
    """Yield the encodings to try, the surest first."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            yield encoding
    if charset:
        yield charset
    yield "utf-8"
    found = STATED.search(content[:STATED_BYTES])
    if found:
        yield found[1].decode("ascii", "replace")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (LookupError, UnicodeError):
        return None


def _checked(found: Decoded) -> Decoded | None:
    controls = len(CONTROLS.findall(found.text))
    return found if controls <= MOST_CONTROLS * len(found.text) else None
