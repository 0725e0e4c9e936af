"""The tables of settings in the documentation, made from the settings themselves.

`python -m services.cli.configuration_table` writes them between two marks in
`docs/configuration.md`, and in README.md where it has the marks; `--check` only compares.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.runtime.settings import Settings, environment_name

START = "<!-- configuration:start -->"
END = "<!-- configuration:end -->"
FILES = (Path("docs/configuration.md"), Path("README.md"))
COMMAND = "python -m services.cli.configuration_table"

PLATFORM_DEFAULTS = {"data_dir": "the user's data folder, on Linux `~/.local/share/accesswatch`"}
"""Defaults that depend on the machine."""
NO_DEFAULT = "–"
TYPES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "array": "list, in a variable separated by commas",
}
FORMATS = {"path": "path", "password": "secret text"}

Schema = dict[str, Any]


def markdown() -> str:
    """Return one table for the keys without a section and one for each section."""
    schema = Settings.model_json_schema()
    definitions = schema["$defs"]
    sections = {
        name: definitions[field["$ref"].rpartition("/")[2]]
        for name, field in schema["properties"].items()
        if "$ref" in field
    }
    plain = {n: f for n, f in schema["properties"].items() if n not in sections}
    parts = [_table(plain, "")]
    for name, section in sections.items():
        lead = " ".join(section["description"].split())
        parts.append(f"### {name}\n\n{lead}\n\n{_table(section['properties'], f'{name}.')}")
    return "\n\n".join(parts)


def with_tables(text: str, tables: str) -> str:
    """Return a document with the tables between its marks; unchanged where it has none."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        return text
    return f"{before}{START}\n\n{tables}\n\n{END}{after}"


def _table(fields: Schema, prefix: str) -> str:
    head = "| Key | Variable | Type | Default | Meaning |\n| --- | --- | --- | --- | --- |"
    return "\n".join([head, *_rows(fields, prefix)])


def _rows(fields: Schema, prefix: str) -> Iterator[str]:
    for name, field in fields.items():
        key = f"{prefix}{name}"
        default = PLATFORM_DEFAULTS.get(key) or _default(field.get("default"))
        meaning = " ".join(field["description"].split())
        cells = (f"`{key}`", f"`{environment_name(key)}`", _type(field), default, meaning)
        yield f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|")


def _default(value: Any) -> str:
    if value is None or value == []:
        return NO_DEFAULT
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _type(field: Schema) -> str:
    """Say in words what a value may be."""
    field = next((each for each in field.get("anyOf", ()) if each != {"type": "null"}), field)
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    words = FORMATS.get(field.get("format", "")) or TYPES[field["type"]]
    bounds = [f"{word} {field[keyword]:,}" for keyword, word in _BOUNDS if keyword in field]
    if "pattern" in field:
        bounds.append(f"matching `{field['pattern']}`")
    return ", ".join([words, *bounds])


_BOUNDS = (
    ("minimum", "at least"),
    ("exclusiveMinimum", "above"),
    ("maximum", "at most"),
    ("exclusiveMaximum", "below"),
)


def main(arguments: list[str] | None = None, root: Path = Path()) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check = parser.parse_args(arguments).check
    outdated = False
    for file in FILES:
        text = (root / file).read_text(encoding="utf-8") if (root / file).exists() else ""
        wanted = with_tables(text, markdown())
        if text == wanted:
            continue
        if check:
            sys.stderr.write(f"{file} differs from the settings. Run '{COMMAND}' and commit it.\n")
            outdated = True
        else:
            (root / file).write_text(wanted, encoding="utf-8")
    return int(outdated)


if __name__ == "__main__":
    sys.exit(main())
