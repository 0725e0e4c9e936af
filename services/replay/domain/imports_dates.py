"""Dates as archives write them. Pure."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
"""Dates before are what programs write for "none", as in feeds: the years 1, 1900 and 1970."""
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
COMPACT_DIGITS = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}
"""Numbers that are calendar dates, by how many digits they have; 14 are usual in web archives."""
LEAST_MILLISECONDS = 1e11
"""Read as seconds, 1e11 is the year 5138; as milliseconds, 1973."""
FIRST_YEAR, LAST_YEAR = 1000, 9999
SLASHES = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})")
ZONE = re.compile(r"\s+([+-]\d{2}:?\d{2})$")
UTC_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
SHOWN_CHARS = 40


def read_date(value: object, now: datetime, written: str | None = None) -> datetime | None:
    """Read a date: ISO 8601, RFC 2822, seconds or milliseconds since 1970; UTC where none is said.

    Args:
        value: text or number; None and blank text are no date.
        now: the present.
        written: another way in which dates are written, as `%d/%m/%Y` (the codes of `strptime`);
            goes before the others.

    Returns:
        The moment in UTC, or None where there is no date or one that stands for "none".

    Raises:
        ValueError: it is no date, or lies in the future; says which.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"its date is {_shown(value)}, which is no date")  # noqa: TRY004 - one kind for callers
    try:
        text = str(value).strip()
        found = _written(text, written) or _moment(text)
    except (ValueError, OverflowError, OSError, TypeError, IndexError) as error:
        raise ValueError(f"its date {_shown(value)} cannot be read") from error
    if found > now:
        raise ValueError(f"its date {_shown(value)} lies in the future")
    return found if found >= EARLIEST else None


def _written(text: str, written: str | None) -> datetime | None:
    try:
        return _utc(datetime.strptime(text, written)) if written else None  # noqa: DTZ007 - UTC
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    if NUMBER.fullmatch(text):
        compact = COMPACT_DIGITS.get(len(text))
        return _utc(datetime.strptime(text, compact)) if compact else _since_1970(float(text))  # noqa: DTZ007 - UTC
    try:
        return _utc(datetime.fromisoformat(_as_iso(text)))
    except ValueError:
        return _utc(parsedate_to_datetime(text))


def _since_1970(number: float) -> datetime:
    if FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError("a year alone")
    seconds = number / 1000 if abs(number) >= LEAST_MILLISECONDS else number
    return datetime.fromtimestamp(seconds, UTC)


def _as_iso(text: str) -> str:
    """Return text with the spellings mended that databases and spreadsheets export."""
    dashed = SLASHES.sub(lambda parts: f"{parts[1]}-{parts[2]:0>2}-{parts[3]:0>2}", text)
    return ZONE.sub(r"\1", UTC_ZONE.sub("+00:00" if ":" in text else "", dashed))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
