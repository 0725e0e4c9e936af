"""What may be wrong with one entry of the gazetteer, seen alone."""

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, NamedTuple

from services.extractor.domain.country_extents import COUNTRIES

LATITUDES, LONGITUDES = 90, 180
_REQUIRED = "a required field"
_ENDS, _DEGREES = 2, 2


class FieldProblem(NamedTuple):
    """Something wrong with a field."""

    kind: str
    """`field`, `empty`, `country` or `coordinate`."""
    what: str
    """What is wrong, without a full stop."""
    remedy: str
    fatal: bool = True
    """Whether the entry cannot be used."""


def field_problems(values: Any, model: Any, kinds: frozenset[str]) -> Iterator[FieldProblem]:
    """Yield what is wrong with an entry's fields.

    Args:
        values: what the YAML file holds for it.
        model: the dataclass that it becomes, `Route` or `Actor`.
        kinds: the kinds that it may have.
    """
    if not isinstance(values, dict):
        what = f"{values!r} is no entry"
        yield FieldProblem("field", what, "Write '- {id: …, kind: …, name: …}'.")
        return
    known = {field.name: field for field in fields(model)}
    for key in values:
        if key not in known:
            remedy = f"Use {', '.join(known)}."
            yield FieldProblem("field", f"unknown field {key!r}", remedy)
    for name, field in known.items():
        if name in values:
            yield from _value_problems(name, values[name], field)
        elif field.default is MISSING:
            yield FieldProblem("empty", f"no {name}", f"Add {_REQUIRED}: '{name}: …'.")
    kind = values.get("kind")
    if isinstance(kind, str) and kind not in kinds:
        remedy = f"Use one of {', '.join(sorted(kinds))}."
        yield FieldProblem("field", f"unknown kind {kind!r}", remedy)


def _value_problems(name: str, value: Any, field: "Field[Any]") -> Iterator[FieldProblem]:
    if field.default is MISSING:
        yield from _text_problems(name, value)
    elif not isinstance(value, list):
        yield FieldProblem("field", f"{name} is no list", f"Write '{name}: [{value}]'.")
    elif not value:
        what = f"{name} is empty"
        yield FieldProblem("empty", what, "Fill it or remove it.", fatal=False)
    elif name == "points":
        yield from _point_problems(value)
    elif name == "between":
        yield from _end_problems(value)
    else:
        for part in value:
            yield from _text_problems(name, part)
        if name == "countries":
            yield from _country_problems(value)


def _text_problems(name: str, value: Any) -> Iterator[FieldProblem]:
    """Refuse what is no text: YAML reads `NO`, Norway, as false and 12 as a number."""
    if not isinstance(value, str):
        what = f"{value!r} in {name} is no text"
        yield FieldProblem("field", what, "Put it in quotation marks.")
    elif not value.strip(" *"):
        yield FieldProblem("empty", f"a blank text in {name}", "Fill it or remove it.")


def _end_problems(value: list[Any]) -> Iterator[FieldProblem]:
    if len(value) != _ENDS or not all(isinstance(end, list) and end for end in value):
        remedy = "Give two lists: the spellings of one end, then of the other."
        yield FieldProblem("field", "between does not hold two ends", remedy)
        return
    for end in value:
        for part in end:
            yield from _text_problems("between", part)


def _point_problems(value: list[Any]) -> Iterator[FieldProblem]:
    for point in value:
        if not (
            isinstance(point, list)
            and len(point) == _DEGREES
            and all(isinstance(degrees, int | float) for degrees in point)
        ):
            remedy = "Write [latitude, longitude] in degrees."
            yield FieldProblem("field", f"{point!r} in points is no point", remedy)
        elif not is_on_earth(point):
            swapped = is_on_earth(point[::-1])
            remedy = "Latitude comes first." if swapped else "Give degrees, latitude first."
            yield FieldProblem("coordinate", f"{point} is nowhere", remedy, fatal=False)


def is_on_earth(point: Sequence[float]) -> bool:
    """Say whether there is such a latitude and longitude."""
    return abs(point[0]) <= LATITUDES and abs(point[1]) <= LONGITUDES


def _country_problems(value: list[Any]) -> Iterator[FieldProblem]:
    for code in value:
        if isinstance(code, str) and code not in COUNTRIES:
            what, remedy = f"unknown country {code!r}", "Use ISO 3166-1's two letters, or XK."
            yield FieldProblem("country", what, remedy, fatal=False)
