"""Lines of JSON that people write, with reasons that they understand."""

from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
BOM = b"\xef\xbb\xbf"


def read_object(line: bytes, model: type[M]) -> M:
    """Return what one line holds.

    Raises:
        ValueError: it is no JSON object, or not one of that model; says what is wrong first.
    """
    try:
        found = orjson.loads(line.removeprefix(BOM))
    except orjson.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error})") from error
    if not isinstance(found, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - one kind for callers
    try:
        return model.model_validate(found)
    except ValidationError as error:
        raise ValueError(_reason(error)) from error


def _reason(error: ValidationError) -> str:
    """Return what is wrong first, and where; items are counted from 1."""
    first = error.errors(include_url=False)[0]
    where = " ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    given = first["input"]
    shown = f", not {given!r:.60}" if isinstance(given, str | bool | int | float | None) else ""
    return f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}{shown}"
