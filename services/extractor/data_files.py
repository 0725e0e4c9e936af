"""Reads the extractor's data: gazetteer and lexicon, YAML files that analysts edit.

Lies outside `domain`, which asks for the documents and never for a file.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from services.runtime.errors import ConfigurationError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is built in: seven times as fast on the actors (140 ms to 20 ms)."""

MODEL_FILES = ("judgement.json", "linear.npz", "reader.onnx", "tokenizer.json")
"""What `accesswatch train` writes into `model/`."""

TOWNS = "places/towns.npz"
"""What `python -m services.extractor.places` writes."""

_additions: list[Path] = []


def use_gazetteer(paths: Iterable[Path]) -> None:
    """Add files of users' own to the gazetteer of this process, in place of those added before.

    Args:
        paths: YAML files with `routes` and `actors`; a later one replaces entries of an earlier.
    """
    _additions[:] = paths


def gazetteer_additions() -> tuple[Path, ...]:
    """Return the files that `use_gazetteer` was given."""
    return tuple(_additions)


def read_addition(path: Path) -> dict[str, Any]:
    """Return what a file of a user's own holds: `routes`, `actors` or both.

    Raises:
        ConfigurationError: it cannot be read, is not YAML, or holds anything else.
    """
    document = _read(path) or {}
    sections = document if isinstance(document, dict) else {"no sections": None}
    for name, entries in sections.items():
        if name not in {"routes", "actors"} or not isinstance(entries, list | None):
            raise ConfigurationError(
                f"{path} is no file of the gazetteer ({name})",
                "Write the lists 'routes:' and 'actors:', as in our files, and nothing else.",
            )
    return sections


def gazetteer_documents() -> dict[str, Any]:
    """Return the gazetteer's files by name without ending: `routes`, `actors`.

    Raises:
        ConfigurationError: a file is not YAML.
    """
    return {path.name.removesuffix(".yaml"): _read(path) for path in _paths("gazetteer")}


def lexicon_documents() -> dict[str, Any]:
    """Return the lexicon's files by name without ending, one a language.

    Raises:
        ConfigurationError: a file is not YAML.
    """
    return {path.name.removesuffix(".yaml"): _read(path) for path in _paths("lexicon")}


def model_file(name: str) -> bytes:
    """Return the content of a file that `accesswatch train` wrote.

    Raises:
        ConfigurationError: it is not there.
    """
    return _bytes(files("services.extractor").joinpath("model", name))


def goldset_files() -> list[Path]:
    """Return the annotated set that is packaged, in order."""
    return sorted(Path(str(files("services.extractor").joinpath("goldset"))).glob("*.jsonl"))


def town_table() -> dict[str, NDArray[Any]]:
    """Return the columns of the table of the world's towns (GeoNames, CC BY 4.0).

    Raises:
        ConfigurationError: it is not there.
    """
    with np.load(io.BytesIO(_bytes(files("services.extractor").joinpath(TOWNS)))) as columns:
        return dict(columns)


def digest() -> str:
    """Return a SHA-256 over all data files, in hex: changes when any of them does.

    Raises:
        ConfigurationError: an addition to the gazetteer cannot be read.
    """
    return _digest(gazetteer_additions())


@cache
def _digest(additions: tuple[Path, ...]) -> str:
    total = hashlib.sha256()
    for folder in ("gazetteer", "lexicon"):
        for path in _paths(folder):
            total.update(f"{folder}/{path.name}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    for name in MODEL_FILES:
        total.update(hashlib.sha256(model_file(name)).digest())
    total.update(hashlib.sha256(_bytes(files("services.extractor").joinpath(TOWNS))).digest())
    for addition in additions:
        total.update(b"addition\0")
        total.update(hashlib.sha256(_bytes(addition)).digest())
    return total.hexdigest()


def _paths(folder: str) -> Iterator[Traversable]:
    entries = files("services.extractor").joinpath(folder).iterdir()
    return iter(sorted((e for e in entries if e.name.endswith(".yaml")), key=lambda e: e.name))


def _read(path: Traversable) -> Any:
    try:
        return yaml.load(_bytes(path), Loader=LOADER)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigurationError(
            f"{path.name} is not YAML ({reason})", "Correct the file at that line."
        ) from error


def _bytes(path: Traversable) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error.strerror})",
            "Correct the path, or the file's permissions.",
        ) from error
