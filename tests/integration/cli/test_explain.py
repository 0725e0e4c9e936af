"""`accesswatch explain`."""

from pathlib import Path

import pytest

from services.runtime.errors import ExitCode
from tests.integration.cli.conftest import Command
from tests.support.extraction import use_word_extractor

TEXT = "The weather is fine. The convoy left."


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    use_word_extractor(monkeypatch)


@pytest.fixture
def story(tmp_path: Path) -> str:
    """The path of an article."""
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_every_sentence_is_shown_with_what_decided(accesswatch: Command, story: str) -> None:
    answer = accesswatch("explain", story)
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    shown = " ".join(answer.out.split())
    assert "The gate let the article through (+2.00, threshold -1.00)." in shown
    assert "0.20 < 0.50 no statement “The weather is fine.”" in shown
    assert "0.90 ≥ 0.50 statement “The convoy left.”" in shown
    assert "models reader 0.80 · linear 0.70 evidence convoy" in shown


def test_the_bar_is_as_long_as_the_probability(accesswatch: Command, story: str) -> None:
    lines = accesswatch("explain", story).out.splitlines()
    bars = [line for line in lines if "┃" in line]
    assert [bar.count("█") for bar in bars] == [6, 26]
    assert [bar.count("█") + bar.count("░") + bar.count("┃") for bar in bars] == [30, 30]


def test_one_sentence_can_be_asked_for(accesswatch: Command, story: str) -> None:
    shown = accesswatch("explain", story, "--sentence", "2").out
    assert "The convoy left." in shown
    assert "weather" not in shown
    [found] = accesswatch("explain", story, "--sentence", "2", "--json").json["sentences"]
    assert found == {
        "number": 2,
        "text": "The convoy left.",
        "start": 21,
        "end": 37,
        "probability": 0.9,
        "threshold": 0.5,
        "statement": True,
        "opinions": {"reader": 0.8, "linear": 0.7},
        "evidence": ["convoy"],
    }


def test_a_sentence_that_is_not_there_is_refused(accesswatch: Command, story: str) -> None:
    answer = accesswatch("explain", story, "--sentence", "3")
    assert answer.is_one_error(ExitCode.USAGE, "no sentence 3", "2")


def test_an_article_that_the_gate_dropped_is_told(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"All about football\n\n{TEXT}", encoding="utf-8")
    assert "The gate dropped the article (-4.00" in accesswatch("explain", str(path)).out
    found = accesswatch("explain", str(path), "--json").json
    assert (found["dropped_by_gate"], found["sentences"]) == (True, [])


def test_an_unsupported_language_is_told(accesswatch: Command, story: str) -> None:
    answer = accesswatch("explain", story, "--language", "hu")
    assert "Hungarian" in answer.out
    assert "gate" not in answer.out
    found = accesswatch("explain", story, "--language", "hu", "--json").json
    assert (found["dropped_by_gate"], found["gate"]) == (False, None)
