"""Bytes to text: the encoding stated or, where there is none, the one that fits."""

import codecs
import re
from collections.abc import Iterator

import charset_normalizer

from services.cli.reading.source import Source
from services.runtime.errors import UsageError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; UTF-32's little-endian one begins with UTF-16's."""
KINDS = (
    (b"%PDF", "a PDF document", "Save its text first: pdftotext makes a file of it."),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Save it as plain text first."),
    (b"\xd0\xcf\x11\xe0", "an old office document", "Save it as plain text first."),
    (b"\x1f\x8b", "gzipped", "Unpack it first, with gunzip."),
    (b"\x89PNG", "a picture", "Give it an article: text or HTML."),
    (b"\xff\xd8\xff", "a picture", "Give it an article: text or HTML."),
)
"""How files begin that people may take for an article."""
STATED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{1,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
STATED_BYTES = 4096
"""Where pages state their encoding (HTML, 4.2.5.5: within 1024 bytes; some are late)."""
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
MOST_CONTROLS = 0.01
"""Share of control characters above which text is none."""


def decode(source: Source) -> tuple[str, str | None]:
    """Return the text, and a note for the user where its encoding had to be guessed.

    Raises:
        UsageError: it is no text.
    """
    for start, kind, remedy in KINDS:
        if source.data.startswith(start):
            raise UsageError(f"{source.name} is not text but {kind}", remedy)
    for encoding in _stated(source):
        text = _decoded(source.data, encoding)
        if text is not None:
            return _checked(text, source.name), None
    best = charset_normalizer.from_bytes(source.data).best()
    if best is None:
        raise _no_text(source.name)
    note = (
        f"{source.name} is not UTF-8 and was read as {best.encoding}. If letters look wrong, "
        "save it as UTF-8."
    )
    return _checked(str(best), source.name), note


def _stated(source: Source) -> Iterator[str]:
    """Yield the encodings to try, the surest first."""
    for mark, encoding in BOMS:
        if source.data.startswith(mark):
            yield encoding
    if source.charset:
        yield source.charset
    yield "utf-8"
    found = STATED.search(source.data[:STATED_BYTES])
    if found:
        yield found[1].decode("ascii", "replace")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (LookupError, UnicodeError):
        return None


def _checked(text: str, name: str) -> str:
    if len(CONTROLS.findall(text)) > MOST_CONTROLS * len(text):
        raise _no_text(name)
    return text


def _no_text(name: str) -> UsageError:
    return UsageError(f"{name} is not text", "Give it an article: text or HTML, as UTF-8.")
