"""JSON lines: an article a line."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

import orjson

from services.replay.adapters.files.charset import charset_of
from services.replay.adapters.files.entries import read_entry
from services.replay.adapters.files.lines import decode_line, split_lines
from services.replay.adapters.files.options import Options
from services.replay.adapters.files.source import Source
from services.replay.domain.columns import listing, match_columns
from services.replay.domain.imports import Found

KINDS_OF_OBJECTS = 1000
"""How many lists of keys are remembered; files have a handful."""


class JsonLines:
    """Reads a file of JSON lines.

    Raises:
        UsageError: its encoding is another.
    """

    def __init__(self, source: Source, options: Options, now: datetime) -> None:
        self._source = source
        self._options = options
        self._now = now
        self._charset = charset_of(source, options.encoding)
        self._places = lru_cache(KINDS_OF_OBJECTS)(
            lambda keys: match_columns(keys, options.columns)
        )

    def read(self, skip: int) -> Iterator[Found]:
        """Yield what each line holds, without the first `skip`; blank lines hold nothing."""
        lines = split_lines(self._source.stream, self._charset.newline)
        for number, line in enumerate(lines, start=1):
            if number > skip and (line is None or line.strip()):
                yield self._found(number, line)

    def _found(self, number: int, line: bytes | None) -> Found:
        try:
            text = decode_line(line, self._charset)
            read = read_entry(self._values(text), self._now, self._options)
        except ValueError as error:
            return Found(number, number, trouble=str(error))
        return Found(number, number, read.entry, read.outlet, read.undated)

    def _values(self, text: str) -> Mapping[str, object]:
        found = _parse(text)
        keys = tuple(found)
        values = list(found.values())
        places = self._places(keys)
        if "text" not in places:
            raise ValueError(f"it has no text; its keys are {listing(keys)}")
        return {field: values[place] for field, place in places.items()}


def _parse(text: str) -> dict[str, object]:
    """Return the object of a line.

    Raises:
        ValueError: it is none.
    """
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        found = _parse_leniently(text, f"{error.msg} at character {error.pos + 1}")
    if not isinstance(found, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - one kind for callers
    return found


def _parse_leniently(text: str, reason: str) -> object:
    """Read what other programs write as JSON although it is none: NaN, half characters."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON ({reason})") from error
