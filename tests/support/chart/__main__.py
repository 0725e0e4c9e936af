"""Writes what is made from the chart: its README's tables, its schema's settings, the snapshots.

`python -m tests.support.chart` writes them; `--check` only compares, and leaves the snapshots,
which need Helm, to the tests.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.chart import reference, settings_schema, snapshots
from tests.support.chart.rendering import CHART, find_helm

COMMAND = "python -m tests.support.chart"


def made(chart: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file that needs no Helm, with the text that it is to have."""
    readme, schema = chart / "README.md", chart / "values.schema.json"
    values = (chart / "values.yaml").read_text(encoding="utf-8")
    yield readme, reference.with_tables(readme.read_text(encoding="utf-8"), values)
    yield schema, settings_schema.with_settings(schema.read_text(encoding="utf-8"))


def main(arguments: list[str] | None = None, chart: Path = CHART) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check = parser.parse_args(arguments).check
    differing = [each for each in made(chart) if each[0].read_text(encoding="utf-8") != each[1]]
    if check:
        for path, _ in differing:
            sys.stderr.write(f"{path.name} differs from values or settings. Run '{COMMAND}'.\n")
        return int(bool(differing))
    for path, text in differing:
        path.write_text(text, encoding="utf-8")
    helm = find_helm()
    if helm is None:
        sys.stderr.write(
            "Snapshots of the chart stay as they are: no Helm here, see 'make helm'.\n"
        )
        return 0
    snapshots.write(helm)
    return 0


if __name__ == "__main__":
    sys.exit(main())
