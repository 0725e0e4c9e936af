"""Log files of the embedded servers."""

from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 5_000_000
"""A log longer than this is put aside at the next start, as `….1`; the one before is dropped."""
TAIL_BYTES = 20_000


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending."""
    if path.exists() and path.stat().st_size > MAX_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def log_tail(path: Path) -> str:
    """Return the end of a log, empty where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return log.read().decode(errors="replace")
