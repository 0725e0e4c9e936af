"""Bytes to text: the encoding stated or, where there is none, the one that fits."""

from services.cli.reading.source import Source
from services.poller.adapters.decoding import decode_text
from services.runtime.errors import UsageError

KINDS = (
    (b"%PDF", "a PDF document", "Save its text first: pdftotext makes a file of it."),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Save it as plain text first."),
    (b"\xd0\xcf\x11\xe0", "an old office document", "Save it as plain text first."),
    (b"\x1f\x8b", "gzipped", "Unpack it first, with gunzip."),
    (b"\x89PNG", "a picture", "Give it an article: text or HTML."),
    (b"\xff\xd8\xff", "a picture", "Give it an article: text or HTML."),
)
"""How files begin that people may take for an article."""


def decode(source: Source) -> tuple[str, str | None]:
    """Return the text, and a note for the user where its encoding had to be guessed.

    Raises:
        UsageError: it is no text.
    """
    for start, kind, remedy in KINDS:
        if source.data.startswith(start):
            raise UsageError(f"{source.name} is not text but {kind}", remedy)
    found = decode_text(source.data, source.charset)
    if found is None:
        raise UsageError(
            f"{source.name} is not text", "Give it an article: text or HTML, as UTF-8."
        )
    if found.guessed is None:
        return found.text, None
    note = (
        f"{source.name} is not UTF-8 and was read as {found.guessed}. If letters look wrong, "
        "save it as UTF-8."
    )
    return found.text, note
