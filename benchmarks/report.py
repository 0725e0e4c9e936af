"""Results as tables on the terminal, as JSON, and as one Markdown page."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parent / "results"
Cell = str | float | int


@dataclass(frozen=True)
class Result:
    """What one benchmark found."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    """What was compared with what, and on how many samples."""
    others_cores: float = 0.0
    """Cores that other programs used while it ran; above 0.1 it was disturbed."""
    quick: bool = False
    measured_at: str = field(
        default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds")
    )


def machine() -> dict[str, Any]:
    """Return what figures depend on."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def show(result: Result) -> None:
    """Print a result."""
    table = Table(title=result.title, title_justify="left")
    for number, column in enumerate(result.columns):
        table.add_column(column, justify="right" if number else "left")
    for row in result.rows:
        table.add_row(*map(_written, row))
    console = Console()
    console.print(table)
    for note in _notes(result):
        console.print(f"  {note}", highlight=False)


def save(result: Result, folder: Path = FOLDER) -> None:
    """Write `<name>.json`, and `README.md` anew from all results in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"machine": machine(), **asdict(result)}, indent=2, ensure_ascii=False)
    (folder / f"{result.name}.json").write_text(content + "\n", encoding="utf-8")
    (folder / "README.md").write_text(page(folder), encoding="utf-8")


def page(folder: Path) -> str:
    """Return the Markdown page of all results in a folder."""
    parts = [
        "# Benchmarks",
        (
            "Written by `python -m benchmarks`; do not edit. What counts are the ratios to a peer, "
            "which ran on the same machine in the same run."
        ),
    ]
    for path in sorted(folder.glob("*.json")):
        stored = json.loads(path.read_text(encoding="utf-8"))
        where = stored.pop("machine")
        columns, rows, notes = stored["columns"], stored["rows"], stored["notes"]
        fields = {**stored, "columns": columns, "rows": rows, "notes": notes}
        parts.append(_section(Result(**fields), where))
    return "\n\n".join(parts) + "\n"


def _section(result: Result, where: dict[str, Any]) -> str:
    lines = [_line(result.columns), _line(("---",) + ("---:",) * (len(result.columns) - 1))]
    lines += [_line([_written(cell) for cell in row]) for row in result.rows]
    notes = [f"- {note}" for note in _notes(result)]
    place = (
        f"{result.measured_at}: {where['cores']} cores ({where['processor']}), "
        f"{where['memory_gib']} GiB, {where['system']}, Python {where['python']}."
    )
    return "\n\n".join((f"## {result.title}", "\n".join(lines), "\n".join(notes), place))


def _notes(result: Result) -> list[str]:
    notes = list(result.notes)
    if result.quick:
        notes.append("A quick run: fewer samples than the figures deserve.")
    if result.others_cores > 0.1:
        notes.append(
            f"Disturbed: other programs used {result.others_cores:.2f} cores while this ran."
        )
    return notes


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return f"{cell:,.0f}" if abs(cell) >= 100 or isinstance(cell, int) else f"{cell:.3g}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
