"""`accesswatch gazetteer check`."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from services.cli.__main__ import build
from services.extractor.data_files import use_gazetteer
from services.runtime.errors import ConfigurationError

WRONG = "actors: [{id: xyzzy, kind: ngo, name: ICRC, countries: [QQ]}]"


@pytest.fixture(autouse=True)
def _ours_alone() -> Iterator[None]:
    yield
    use_gazetteer(())


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(WRONG, encoding="utf-8")
    return path


def _run(*arguments: str) -> int:
    command = build("gazetteer")
    return command(["gazetteer", "check", *arguments], standalone_mode=False) or 0


def test_our_files_are_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run() == 0
    assert capsys.readouterr().out.startswith("No problems in ")


def test_problems_are_shown_with_what_to_do(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(mine)) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "mine.yaml actors entry 1 (xyzzy): clash: 'ICRC' (name) also means icrc" in shown
    assert "country: unknown country 'QQ'. Use ISO 3166-1's two letters, or XK." in shown
    assert "2 problems (1 clash, 1 country) in 0 routes and 1 actors." in shown


def test_problems_are_printed_for_programs(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(mine), "--json") == 1
    found = orjson.loads(capsys.readouterr().out)
    assert found["counts"] == {"clash": 1, "country": 1}
    assert found["problems"][0]["entry"] == "actors entry 1 (xyzzy)"


def test_the_files_of_the_settings_are_checked(
    mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ACCESSWATCH_EXTRACTOR__GAZETTEER", str(mine))
    assert _run() == 1
    assert "mine.yaml" in capsys.readouterr().out


def test_a_missing_file_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        _run(str(tmp_path / "gone.yaml"))
