"""What `make` tells a person on a machine where it cannot go on, and that CI runs it all."""

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=60,
    )


def _python(folder: Path, version_is_enough: str) -> str:
    """Write a program that answers what the Makefile asks of a Python."""
    program = folder / "python3"
    program.write_text(
        f'#!/bin/sh\ncase "$2" in *version_info*) {version_is_enough};; esac\nfalse\n'
    )
    program.chmod(0o755)
    return str(program)


def test_make_alone_explains_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", MAKEFILE.replace("\\\n", ""), re.MULTILINE)
    explained = {line.split()[1] for line in _make().stdout.splitlines()}

    assert targets is not None
    assert explained == set(targets[1].split())


@pytest.mark.parametrize("target", ["run", "setup"])
def test_machine_without_a_recent_python_is_told_so_in_a_line(target: str, tmp_path: Path) -> None:
    old = _python(tmp_path, "exit 1")

    made = _make(target, f"VENV={tmp_path}/venv", f"PYTHON=python-is-missing {old}")

    first, *rest = made.stderr.splitlines()
    assert made.returncode != 0
    assert first.startswith(f"No Python 3.11 or later among: python-is-missing {old}. Install one")
    assert len(rest) == 1  # make's own


def test_python_without_venv_is_told_with_the_package_to_install(tmp_path: Path) -> None:
    bare = _python(tmp_path, "exit 0")

    made = _make("run", f"VENV={tmp_path}/venv", f"PYTHON={bare}")

    assert made.returncode != 0
    assert made.stderr.startswith(f"{bare} cannot create environments.")
    assert "apt install python3-venv" in made.stderr


def test_ci_runs_every_check_and_every_test() -> None:
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()

    assert script.stat().st_mode & stat.S_IXUSR
    assert "set -euo pipefail" in lines
    assert "timed make lint" in lines
    assert lines[-1] == "exec make test"


def test_hooks_run_what_lint_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    lint = re.search(r"^lint:.*\n((\t.*\n)+)", MAKEFILE, re.MULTILINE)

    assert lint is not None
    for command in re.findall(r"\t\$\(BIN\)/(.*)", lint[1]):
        # ruff is given the changed files, not a folder.
        wanted = f".venv/bin/{re.sub(r'( --check)? [.]$', '', command)}"
        assert any(entry.startswith(wanted) for entry in entries), command
