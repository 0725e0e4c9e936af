"""`python -m services.runtime.embedded`: fetches what the embedded servers need, once."""

import argparse
import sys

from services.runtime.embedded.jars import (
    KAFKA_VERSION,
    fetch_jars,
    is_complete,
    jars_folder,
    pinned_jars,
)
from services.runtime.embedded.pin import pin_jars
from services.runtime.errors import AccesswatchError


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _progress(done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        _say(f"  {done} of {total} jars")


def fetch() -> None:
    """Fetch Apache Kafka's jars, saying what is done."""
    folder = jars_folder()
    if is_complete(folder, pinned_jars()):
        _say(f"Apache Kafka {KAFKA_VERSION} is already in {folder}")
        return
    _say(f"Fetching Apache Kafka {KAFKA_VERSION} (43 MB) into {folder}")
    fetch_jars(progress=_progress)
    _say("Done; the embedded servers start without the Internet from now on.")


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m services.runtime.embedded", description=__doc__
    )
    parser.add_argument(
        "--pin", action="store_true", help="pin the jars of another Kafka version (developers)"
    )
    try:
        if parser.parse_args().pin:
            _say(f"Pinned {pin_jars()} jars")
        else:
            fetch()
    except AccesswatchError as error:
        sys.stderr.write(f"accesswatch: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
