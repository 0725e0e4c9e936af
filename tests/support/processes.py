"""The environment of processes that tests start."""

import getpass
import os
import tempfile
from pathlib import Path

BYTECODE = Path(tempfile.gettempdir()) / f"accesswatch-tests-{getpass.getuser()}"


def clean_environment() -> dict[str, str]:
    """Return this process's environment without settings of accesswatch.

    Where it forbids bytecode, as containers like to, each of the many processes that tests start
    would compile all it imports anew, for seconds; so they keep theirs in a folder of their own.
    """
    clean = {name: text for name, text in os.environ.items() if not name.startswith("ACCESSWATCH_")}
    if clean.pop("PYTHONDONTWRITEBYTECODE", None):
        clean["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    return clean
