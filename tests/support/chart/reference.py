"""The chart's README, made from the comments in its values.yaml.

Each key with a comment right above it gets a row; a comment that stands between two empty lines is
a note for whoever reads values.yaml. Comments of sections lead their table.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

START = "<!-- values:start -->"
END = "<!-- values:end -->"
BAR = r"\|"
LONG = 90
"""Characters beyond which a default is not shown in a table."""


@dataclass(frozen=True, slots=True)
class Value:
    """A key of values.yaml that has a comment."""

    path: tuple[str, ...]
    comment: str
    default: Any
    documented_below: bool
    """Whether keys below it have comments of their own."""


def values_of(text: str) -> list[Value]:
    """Return the commented keys of a values.yaml, in its order."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return []
    return list(_values(root, (), text.splitlines()))


def uncommented(text: str) -> list[str]:
    """Return the paths that neither have a comment nor lie below or above one that has."""
    commented = {".".join(value.path) for value in values_of(text)}
    missing = []
    for path in _leaves(yaml.safe_load(text), ()):
        prefixes = {".".join(path[:length]) for length in range(1, len(path) + 1)}
        sections = {".".join(value.path) for value in values_of(text) if value.documented_below}
        if not prefixes & (commented - sections):
            missing.append(".".join(path))
    return missing


def markdown(text: str) -> str:
    """Return the tables: one for the keys without a section, one for each section."""
    values = values_of(text)
    plain = [v for v in values if len(v.path) == 1 and not v.documented_below]
    parts = [_table(plain)]
    for section in (v for v in values if len(v.path) == 1 and v.documented_below):
        below = [v for v in values if v.path[0] == section.path[0] and len(v.path) > 1]
        parts.append(f"### {section.path[0]}\n\n{section.comment}\n\n{_table(below)}")
    return "\n\n".join(parts)


def with_tables(readme: str, values: str) -> str:
    """Return a README with the tables of a values.yaml between its two marks.

    Raises:
        ValueError: it lacks the marks.
    """
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"the README lacks {START} or {END}")
    return f"{before}{START}\n\n{markdown(values)}\n\n{END}{after}"


def _values(node: yaml.MappingNode, prefix: tuple[str, ...], lines: list[str]) -> Iterator[Value]:
    for key, value in node.value:
        path = (*prefix, str(key.value))
        below = list(_values(value, path, lines)) if isinstance(value, yaml.MappingNode) else []
        starts_line = not lines[key.start_mark.line][: key.start_mark.column].strip()
        comment = _comment(lines, key.start_mark.line) if starts_line else ""
        if comment:
            default = yaml.safe_load(yaml.serialize(value))
            yield Value(path, comment, default, documented_below=bool(below))
        yield from below


def _comment(lines: list[str], line: int) -> str:
    """Return the comment that ends right above a line, as one paragraph."""
    found: list[str] = []
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
        found.insert(0, lines[line].lstrip().removeprefix("#").strip())
    return " ".join(found)


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _leaves(below, (*path, key))
    else:
        yield path


def _table(values: list[Value]) -> str:
    rows = ["| Key | Default | Meaning |", "| --- | --- | --- |"]
    for value in values:
        default = "" if value.documented_below else _default(value.default)
        cells = (f"`{'.'.join(value.path)}`", default, value.comment)
        rows.append(f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |")
    return "\n".join(rows)


def _default(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    shown = value if isinstance(value, str) else json.dumps(value)
    return f"`{shown}`" if len(shown) <= LONG else "see values.yaml"
