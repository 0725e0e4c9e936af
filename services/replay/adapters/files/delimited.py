"""CSV and its like: an article a row, under a row of headings."""

import csv
from collections.abc import Iterator
from datetime import datetime

from services.replay.adapters.files.charset import Charset, charset_of
from services.replay.adapters.files.entries import read_entry
from services.replay.adapters.files.lines import decode_line, split_lines
from services.replay.adapters.files.options import Options
from services.replay.adapters.files.source import Source
from services.replay.domain.columns import check_columns, match_columns, sniff_delimiter
from services.replay.domain.imports import Found
from services.runtime.errors import UsageError

MAX_FIELD_CHARS = 4 * 1024 * 1024
"""The csv module's own limit, 131,072, is less than a long article."""


class _TextLines:
    """Lines of text for the csv module, which cannot be told of trouble: it is kept here."""

    def __init__(self, source: Source, charset: Charset) -> None:
        self._lines = split_lines(source.stream, charset.newline)
        self._charset = charset
        self.trouble: str | None = None

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            try:
                yield decode_line(line, self._charset)
            except ValueError as error:
                self.trouble = str(error)
                # Whatever can be read, so that quotation marks still pair.
                yield (line or b"\n").decode(self._charset.codec, "replace")


class DelimitedFile:
    """Reads a file of rows.

    Raises:
        UsageError: it lacks a column, or its encoding or delimiter is another.
    """

    def __init__(self, source: Source, options: Options, now: datetime) -> None:
        self._options = options
        self._now = now
        charset = charset_of(source, options.encoding)
        self._lines = _TextLines(source, charset)
        self._delimiter = options.delimiter or sniff_delimiter(_heading(source, charset))
        csv.field_size_limit(MAX_FIELD_CHARS)
        self._rows = csv.reader(self._lines, delimiter=self._delimiter)
        try:
            names = next(self._rows, [])
        except csv.Error as error:
            raise UsageError(
                f"{source.name} is no CSV ({error})", "Save it anew as CSV in UTF-8."
            ) from error
        self._width = len(names)
        self._places = match_columns(names, options.columns)
        check_columns(names, options.columns, self._places, source.name)

    def read(self, skip: int) -> Iterator[Found]:
        """Yield what each row holds, without the first `skip`; blank rows hold nothing."""
        position = 0
        while True:
            position += 1
            self._lines.trouble = None
            place = self._rows.line_num + 1
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                row, self._lines.trouble = [""], _reason(error)
            if position > skip and row:
                yield self._found(position, place, row)

    def _found(self, position: int, place: int, row: list[str]) -> Found:
        try:
            if self._lines.trouble:
                raise ValueError(self._lines.trouble)  # noqa: TRY301 - said as of any other row
            read = read_entry(self._values(row), self._now, self._options)
        except ValueError as error:
            return Found(position, place, trouble=str(error))
        return Found(position, place, read.entry, read.outlet, read.undated)

    def _values(self, row: list[str]) -> dict[str, object]:
        if len(row) > self._width:
            raise ValueError(
                f"it has {len(row)} fields where there are {self._width} columns: "
                "a quotation mark may be missing"
            )
        return {field: row[place] for field, place in self._places.items() if place < len(row)}


def _heading(source: Source, charset: Charset) -> str:
    return source.head.decode(charset.codec, "replace").removeprefix("\ufeff").partition("\n")[0]


def _reason(error: csv.Error) -> str:
    if "field larger" in str(error):
        return (
            f"a field has no end within {MAX_FIELD_CHARS // 1024 // 1024} MB: a quotation mark"
            " may be missing"
        )
    return f"it is no row ({error})"
