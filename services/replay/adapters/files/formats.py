"""Which format a file has: by how it begins where that leaves no doubt, else by its name."""

from services.replay.adapters.files.source import Source
from services.replay.domain.columns import DELIMITERS
from services.replay.domain.imports import Format
from services.runtime.errors import UsageError

WARC = b"WARC/"
BY_SUFFIX = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSONL,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".tab": Format.CSV,
    ".warc": Format.WARC,
}
OTHERS = (
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet", "Unpack it, or save it as CSV in UTF-8."),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document", "Save it as CSV in UTF-8."),
    (b"%PDF", "a PDF document", "Put its text into a line of JSON: id, title, text, date."),
    (b"BZh", "compressed with bzip2", "Unpack it, or pack it with gzip."),
    (b"\xfd7zXZ", "compressed with xz", "Unpack it, or pack it with gzip."),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "Unpack it, or pack it with gzip."),
    (b"SQLite format 3", "an SQLite database", "Export its articles as CSV."),
)
"""How files begin that people may have articles in."""
FORMATS = "JSON lines, CSV or WARC, each gzipped or not"


def format_of(source: Source, stated: Format | None) -> Format:
    """Return the format of a file.

    Args:
        source: the file.
        stated: what the user says, if anything.

    Raises:
        UsageError: it is none that is read here; says what it is instead.
    """
    for start, kind, remedy in OTHERS:
        if source.head.startswith(start):
            raise UsageError(f"{source.name} is {kind}", remedy)
    if stated is Format.WARC or source.head.startswith(WARC):
        return _warc(source)
    # UTF-16 has a zero beside each of these characters.
    start = source.head[:200].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()
    if start.startswith(b"[") and stated in {None, Format.JSONL}:
        raise UsageError(
            f"{source.name} is one JSON array", "Put each article on a line: jq -c '.[]' FILE."
        )
    if stated:
        return stated
    return BY_SUFFIX.get(source.suffixes) or _by_content(source, start)


def _warc(source: Source) -> Format:
    if source.size is None:
        raise UsageError("a WARC is not read from standard input", "Save it, and name the file.")
    if not source.head.startswith(WARC):
        raise UsageError(
            f"{source.name} is no WARC: it does not begin with WARC/", f"Give it {FORMATS}."
        )
    return Format.WARC


def _by_content(source: Source, start: bytes) -> Format:
    if start.startswith(b"{"):
        return Format.JSONL
    heading = source.head.partition(b"\n")[0]
    if any(each.encode() in heading for each in DELIMITERS) and not start.startswith(b"<"):
        return Format.CSV
    raise UsageError(
        f"nobody can tell the format of {source.name}",
        f"It takes {FORMATS}: say which with --format.",
    )
