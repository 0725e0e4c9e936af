"""The chart's README and schema follow its values and the settings."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.runtime.settings import known_keys
from tests.support.chart import __main__ as generator
from tests.support.chart.reference import END, START, markdown, uncommented, with_tables
from tests.support.chart.rendering import CHART
from tests.support.chart.settings_schema import OF_THE_CHART, settings_schema

VALUES = """\
# What the file is about.

# How many.
replicas: 2
# What is said
# over two lines | here.
place:
  # Where.
  name: ""
  bare: true
inline: {below: 1}
"""


def test_committed_readme_and_schema_are_up_to_date() -> None:
    assert generator.main(["--check"]) == 0


def test_every_value_has_a_comment() -> None:
    assert uncommented((CHART / "values.yaml").read_text(encoding="utf-8")) == []


def test_value_without_a_comment_is_named() -> None:
    assert uncommented(VALUES) == ["place.bare", "inline.below"]


def test_tables_have_comments_and_defaults_of_the_values() -> None:
    tables = markdown(VALUES)

    assert "| `replicas` | `2` | How many. |" in tables
    assert "### place\n\nWhat is said over two lines | here." in tables
    assert "| `place.name` | – | Where. |" in tables
    assert "What the file is about" not in tables


def test_readme_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        with_tables("# Chart\n", VALUES)


def test_check_names_what_differs_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "values.yaml").write_text(VALUES, encoding="utf-8")
    (tmp_path / "README.md").write_text(f"{START}\n{END}", encoding="utf-8")
    (tmp_path / "values.schema.json").write_text('{"properties": {}}', encoding="utf-8")

    assert generator.main(["--check"], tmp_path) == 1
    assert "README.md differs" in capsys.readouterr().err
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == f"{START}\n{END}"


def test_every_setting_is_a_value_or_belongs_to_the_chart() -> None:
    sections = settings_schema()["properties"]
    given = {f"{name}.{key}" for name, section in sections.items() for key in section["properties"]}

    assert given | OF_THE_CHART == set(known_keys())
    assert not given & OF_THE_CHART


FREE = (
    "global",
    "podSelector",
    "namespaceSelector",
    "ipBlock",
    "valueFrom",
    "tolerations",
    "affinity",
)
"""Parts that Kubernetes checks, and what a parent chart passes on."""


def _objects(part: Any, path: str) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(part, list):
        return [each for at, below in enumerate(part) for each in _objects(below, f"{path}/{at}")]
    if not isinstance(part, dict):
        return []
    here = [(path, part)] if part.get("type") == "object" else []
    return here + [each for key, below in part.items() for each in _objects(below, f"{path}/{key}")]


def _is_closed(part: dict[str, Any]) -> bool:
    return "additionalProperties" in part or part.get("maxProperties") == 0


def test_schema_refuses_every_key_that_it_does_not_know() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    open_parts = [path for path, part in _objects(schema, "") if not _is_closed(part)]

    assert [path for path in open_parts if not any(f"/{name}" in path for name in FREE)] == []
