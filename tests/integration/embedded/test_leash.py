import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from services.runtime.embedded import leash, stale
from services.runtime.embedded.shared_lock import SharedUse

Start = Callable[[str], tuple[subprocess.Popen[str], Any]]

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
ENDS_IN_ORDER = f"import signal; signal.signal(signal.SIGTERM, lambda *_: exit(7)); {SLEEPER}"


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _started(code: str, **kwargs: Any) -> subprocess.Popen[bytes]:
    process = leash.popen(_python(code), stdout=subprocess.PIPE, **kwargs)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process


def test_exit_code_of_the_child_is_passed_on() -> None:
    with leash.popen(_python("raise SystemExit(5)")) as process:
        assert process.wait() == 5


def test_signal_that_ended_the_child_shows_in_the_exit_code() -> None:
    with _started(SLEEPER) as process:
        leash.child_of(process).kill()
        assert process.wait() == 128 + signal.SIGKILL


def test_sigterm_reaches_the_child() -> None:
    with _started(ENDS_IN_ORDER) as process:
        process.terminate()
        assert process.wait() == 7


def test_sigterm_while_the_child_starts_is_not_lost() -> None:
    with leash.popen(_python("import time; time.sleep(600)")) as process:
        leash.child_of(process)
        process.terminate()
        assert process.wait() == 128 + signal.SIGTERM


def test_child_that_ignores_the_signal_is_killed_after_the_grace_period() -> None:
    with _started(DEAF, grace=0.1) as process:
        process.terminate()
        assert process.wait() == 128 + signal.SIGKILL


def test_what_the_child_left_behind_ends_with_it() -> None:
    code = (
        "import subprocess, sys; "
        f"p = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); "
        "print('up', flush=True)"
    )
    with leash.popen(_python(code), stdout=subprocess.PIPE) as process:
        assert process.wait() == 0
        assert process.stdout is not None
        process.stdout.read()  # ends when nobody holds the other end any more


def test_child_ends_when_its_parent_is_killed(start_python: Start) -> None:
    parent, pid = start_python(
        "from services.runtime.embedded import leash\n"
        f"process = leash.popen({_python('import time; time.sleep(600)')!r})\n"
        "print(json.dumps(leash.child_of(process).pid), flush=True)"
    )
    child = psutil.Process(pid)
    parent.kill()
    assert stale.wait_for(child, 5)


def test_child_held_by_a_lock_ends_when_nobody_uses_it_any_more(
    start_python: Start, tmp_path: Path
) -> None:
    first = SharedUse(tmp_path / "lock")
    assert first.begin(0)
    guard = psutil.Process(
        leash.start_while_locked(_python("import time; time.sleep(600)"), tmp_path / "lock")
    )
    second, _ = start_python(
        "from services.runtime.embedded.shared_lock import SharedUse\n"
        f"use = SharedUse(Path({str(tmp_path / 'lock')!r}))\n"
        "print(json.dumps(use.begin(0)), flush=True)"
    )
    first.end()
    assert not stale.wait_for(guard, 0.2)
    second.kill()
    assert stale.wait_for(guard, 5)
