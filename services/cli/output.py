"""How commands print: tables for people, JSON for programs."""

import dataclasses
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import orjson
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

console = Console(highlight=False)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def plain(value: Any) -> Any:
    """Return a value as what JSON holds."""
    match value:
        case BaseModel():
            found: Any = value.model_dump(mode="json")
        case Mapping():
            found = {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            found = [plain(each) for each in value]
        case Enum():
            found = value.value
        case datetime():
            found = value.isoformat()
        case bytes():
            found = value.decode(errors="replace")
        case _ if dataclasses.is_dataclass(value):
            fields = dataclasses.fields(value)
            found = {field.name: plain(getattr(value, field.name)) for field in fields}
        case _:
            found = value
    return found


def print_json(value: Any) -> None:
    """Print one JSON value."""
    sys.stdout.write(orjson.dumps(plain(value), option=orjson.OPT_INDENT_2, default=str).decode())
    sys.stdout.write("\n")


def print_json_line(value: Any) -> None:
    """Print one JSON value on one line, at once."""
    sys.stdout.write(orjson.dumps(plain(value), default=str).decode() + "\n")
    sys.stdout.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print rows under headings, or `empty` where there are none."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    count = 0
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
        count += 1
    if count:
        console.print(table)
    else:
        console.print(empty, style="dim")


def printable(text: str) -> str:
    """Return text without what would steer a terminal; what others wrote is printed as it is."""
    return _CONTROL.sub("", text)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return printable(str(value))
