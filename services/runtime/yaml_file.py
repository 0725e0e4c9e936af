"""Reads a YAML file whose keys a person wrote."""

from pathlib import Path
from typing import Any

import yaml

from services.runtime.errors import ConfigurationError


class _OnceLoader(yaml.SafeLoader):
    """Refuses a key that is given twice; YAML itself lets the last one win, in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key} twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def read_keys(path: Path, correction: str) -> dict[str, Any]:
    """Return what a file holds; nothing for an empty one.

    Args:
        path: the file, UTF-8.
        correction: what to do where the file cannot be read, as an instruction.

    Raises:
        ConfigurationError: the file is unreadable, no YAML, or holds anything but keys and values.
    """
    try:
        # The loader is a SafeLoader: it makes plain values only.
        values = yaml.load(path.read_text(encoding="utf-8"), _OnceLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"settings file {path} cannot be read ({error})", correction
        ) from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ConfigurationError(
            f"settings file {path} is not YAML ({reason})", "Correct the file at that line."
        ) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigurationError(
            f"settings file {path} does not hold keys and values",
            "Write sections such as 'kafka:' with their keys below.",
        )
    return values
