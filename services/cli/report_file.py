"""Writing a report where a user wants it."""

from pathlib import Path

from services.runtime.errors import UsageError


def write_report(path: Path, content: str) -> None:
    """Write a report.

    Raises:
        UsageError: it cannot be written there.
    """
    try:
        # What outlets wrote may hold half a character, which no file can.
        path.write_text(content, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror})", "Name a file in a folder of yours."
        ) from error
