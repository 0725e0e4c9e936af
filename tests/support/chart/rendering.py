"""Renders the chart with Helm's command line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
CHART = ROOT / "deploy" / "helm" / "accesswatch"
CASES = ROOT / "tests" / "unit" / "deploy" / "cases"
"""Values to render the chart with, one file each: the matrix of the chart's tests."""
RELEASE = "news"
NAMESPACE = "access"
KUBERNETES = "1.34.0"
SECONDS = 60

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What Helm made of a chart."""

    text: str
    """YAML documents; empty where it failed."""
    error: str
    """What it said; empty where all went well."""

    @property
    def manifests(self) -> list[Manifest]:
        """The documents."""
        return [each for each in yaml.safe_load_all(self.text) if each]


def find_helm() -> str | None:
    """Return Helm's command line: the one that `make` built, else the machine's own version 3."""
    built = Path(sys.prefix) / "tools" / "helm"
    if built.exists():
        return str(built)
    found = shutil.which("helm")
    version = _run([found, "version", "--short"]).text if found else ""
    return found if version.startswith("v3.") else None


def render(helm: str, *arguments: str) -> Rendered:
    """Run `helm template` on the chart, hooks and tests included."""
    command = [helm, "template", RELEASE, str(CHART), "--namespace", NAMESPACE]
    return _run([*command, "--kube-version", KUBERNETES, *arguments])


def lint(helm: str, *arguments: str) -> Rendered:
    """Run `helm lint` on the chart, warnings being errors."""
    return _run([helm, "lint", "--strict", str(CHART), *arguments])


@cache
def render_case(helm: str, case: str) -> Rendered:
    """Render the chart with the values of a case."""
    return render(helm, "--values", str(CASES / f"{case}.yaml"))


def cases() -> list[str]:
    """Return the names of all cases."""
    return sorted(path.stem for path in CASES.glob("*.yaml"))


def _run(command: Sequence[str]) -> Rendered:
    # Without the user's settings of Helm and clusters; none is spoken to.
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent"}
    made = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=SECONDS, env=environment
    )
    if made.returncode:
        return Rendered("", made.stderr or made.stdout or "failed without a word")
    return Rendered(made.stdout, "")
