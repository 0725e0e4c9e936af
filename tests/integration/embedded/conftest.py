"""Processes that stand for `accesswatch run` and may be killed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

Start = Callable[[str], tuple[subprocess.Popen[str], Any]]

ROOT = Path(__file__).parents[3]
HEAD = "import json, sys\nfrom pathlib import Path\n"
TAIL = "\nsys.stdin.read()\n"


@pytest.fixture
def start_python() -> Iterator[Start]:
    """Start Python code that calls `print(json.dumps(…))` once; return the process and that.

    It then stays until it is killed or its standard input is closed.
    """
    with ExitStack() as stack:

        def start(code: str) -> tuple[subprocess.Popen[str], Any]:
            process = subprocess.Popen(
                [sys.executable, "-c", HEAD + code + TAIL],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stdout is not None
            return process, json.loads(process.stdout.readline())

        yield start
