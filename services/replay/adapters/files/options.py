"""How a file is to be read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.replay.domain.imports import Format
from services.replay.domain.imports_naming import OPTIONS_MARK

DIGITS = 8


@dataclass(frozen=True, slots=True)
class Options:
    """What a user says of a file, and the setting that counts."""

    max_text_chars: int
    """Characters of a text that are kept."""
    format: Format | None = None
    """None: to be told by name and content."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field → column, where they are not called the same."""
    delimiter: str | None = None
    encoding: str | None = None
    date_format: str | None = None
    """As of `strptime`; None: one of those that are known."""
    outlet: str | None = None
    """Who published the articles; None: of a WARC, the host of each page."""

    workers: int = 1
    """Processes that read the pages of a WARC."""

    def mark(self, file: str) -> str:
        """Return a file's fingerprint with one of these options, which decide what it holds."""
        columns = sorted(self.columns.items())
        said = repr((self.format, columns, self.delimiter, self.encoding, self.date_format))
        return f"{file}{OPTIONS_MARK}{hashlib.sha256(said.encode()).hexdigest()[:DIGITS]}"
