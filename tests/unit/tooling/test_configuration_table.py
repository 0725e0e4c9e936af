"""The documentation's tables of settings."""

from pathlib import Path

import pytest

from services.cli import configuration_table
from services.cli.configuration_table import END, START, markdown, with_tables
from services.runtime.settings import environment_name, known_keys

ROOT = Path(__file__).parents[3]


def _row(key: str) -> str:
    [row] = [line for line in markdown().splitlines() if line.startswith(f"| `{key}` |")]
    return row


def test_committed_tables_are_up_to_date() -> None:
    assert configuration_table.main(["--check"], ROOT) == 0
    assert START in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_every_setting_has_a_row_with_its_variable() -> None:
    for key in known_keys():
        assert f"`{environment_name(key)}`" in _row(key)


@pytest.mark.parametrize(
    ("key", "cells"),
    [
        ("kafka.bootstrap_servers", "text | – | Host and port of one or more brokers"),
        ("kafka.partitions", "whole number, at least 1, at most 1,000 | `12` | Partitions"),
        ("kafka.connect_timeout", "number, above 0, at most 600 | `30` | Seconds"),
        ("kafka.namespace", "text, matching `^[a-zA-Z0-9._-]{1,100}$` | `accesswatch` | First"),
        ("logging.level", "`debug`, `info`, `warning`, `error` | `info` | Least"),
        ("smtp.password", "secret text | – | The password"),
        ("data_dir", "path | the user's data folder"),
        ("http.allowed_private", "list, in a variable separated by commas | – | Private"),
    ],
)
def test_row_says_type_default_and_meaning(key: str, cells: str) -> None:
    assert cells in _row(key)


def test_tables_do_not_depend_on_who_makes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = markdown()
    monkeypatch.setenv("HOME", "/home/mariam")
    monkeypatch.setenv("ACCESSWATCH_KAFKA__NAMESPACE", "mine")

    assert markdown() == before


def test_tables_go_between_the_marks_and_leave_the_rest() -> None:
    text = f"# Title\n\n{START}\nold\n{END}\n\nThe end.\n"

    once = with_tables(text, "new")

    assert once == f"# Title\n\n{START}\n\nnew\n\n{END}\n\nThe end.\n"
    assert with_tables(once, "new") == once


@pytest.mark.parametrize("text", ["", "# No marks\n", f"{START} but no end\n", f"{END}{START}"])
def test_document_without_marks_stays_as_it_is(text: str) -> None:
    assert with_tables(text, "new") == text


def test_check_names_the_file_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"{START}\n{END}", encoding="utf-8")

    assert configuration_table.main(["--check"], tmp_path) == 1
    assert "README.md differs" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == f"{START}\n{END}"

    assert configuration_table.main([], tmp_path) == 0
    assert configuration_table.main(["--check"], tmp_path) == 0
