"""`accesswatch evaluate`."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from services.evaluation.goldset import read_goldset
from services.evaluation.held_back import is_held_back
from services.extractor.data_files import goldset_files
from services.runtime.errors import ExitCode
from tests.integration.cli.conftest import Command
from tests.support.extraction import use_word_extractor

OPEN = "The first convoy left along the Lachin road, the ICRC said."
SHUT = "A second convoy was halted."
BRIDGE = "The bridge is closed to aid."


def sentence(text: str, **fields: Any) -> dict[str, Any]:
    """Return an annotated statement."""
    labels: dict[str, Any] = {"topics": ["aid_delivery"], "stance": "enabling", "speaker": None}
    return {"text": text, "commitment": False, "actors": [], "routes": []} | labels | fields


def article(name: str, text: str, *statements: dict[str, Any], lang: str = "en") -> dict[str, Any]:
    """Return an annotated article."""
    context = "sudan" if statements else "none"
    return {
        "id": name,
        "lang": lang,
        "context": context,
        "title": name,
        "text": text,
        "statements": statements,
    }


ARTICLES = [
    article(
        "one",
        f"{OPEN} {SHUT} {BRIDGE}",
        sentence(OPEN, speaker="ICRC", routes=["Lachin road"], actors=["ICRC"]),
        sentence(SHUT, speaker="the army"),
        sentence(BRIDGE),
    ),
    article("quiet", "A convoy of wedding cars passed."),
    article("foreign", BRIDGE, sentence(BRIDGE), lang="hu"),
]


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    use_word_extractor(monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The path of an annotated file."""
    path = tmp_path / "annotated.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, ARTICLES)))
    return str(path)


def test_figures_are_printed_in_tables(accesswatch: Command, file: str) -> None:
    answer = accesswatch("evaluate", file)
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    shown = " ".join(answer.out.split())
    assert "2 articles · 3 annotated statements" in shown
    assert "left out for their language: 1 article (Hungarian (hu) 1)" in shown
    for title in ("Overall", "By topics", "By stance", "By language", "By context", "Calibration"):
        assert title in shown
    assert "quiet articles with a statement 100.0" in shown


def test_figures_are_printed_for_programs(accesswatch: Command, file: str) -> None:
    found = accesswatch("evaluate", file, "--json").json
    figures = found["overall"]["figures"]
    assert figures["recall"]["value"] == pytest.approx(2 / 3)
    assert figures["precision"]["value"] == pytest.approx(2 / 3)
    assert figures["stance"]["value"] == 0.5
    assert figures["routes"]["value"] == 1
    assert figures["speaker"]["value"] == 0.5
    assert found["skipped"] == {"hu": 1}
    assert "errors" not in found


def test_all_languages_can_be_counted(accesswatch: Command, file: str) -> None:
    found = accesswatch("evaluate", file, "--json", "--all-languages").json
    assert found["overall"]["figures"]["recall"]["value"] == 0.5
    assert (found["skipped"], sorted(found["languages"])) == ({}, ["en", "hu"])


def test_errors_are_listed_with_both_values(accesswatch: Command, file: str) -> None:
    shown = " ".join(accesswatch("evaluate", file, "--errors").out.split())
    assert f"missed: 1 one (en, character 88) “{BRIDGE}” annotated enabling: aid_delivery" in shown
    assert "false alarm: 1 quiet (en, character 0)" in shown
    assert f"wrong stance: 1 one (en, character 60) “{SHUT}”" in shown
    assert "annotated enabling found restricting" in shown
    assert "annotated the army found –" in shown
    errors = accesswatch("evaluate", file, "--errors", "--json").json["errors"]
    kinds = {each["kind"] for each in errors}
    assert kinds == {"missed", "false alarm", "stance", "speaker", "topics"}
    assert {each["article"] for each in errors} == {"one", "quiet"}


def test_a_report_is_written(accesswatch: Command, file: str, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    answer = accesswatch("evaluate", file, "--html", str(report))
    assert answer.err == f"note: the report is in {report}\n"
    assert BRIDGE in report.read_text(encoding="utf-8")
    answer = accesswatch("evaluate", file, "--html", str(tmp_path / "none" / "report.html"))
    assert answer.is_one_error(ExitCode.USAGE, "cannot be written")


def test_every_bad_line_is_named(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    wrong = article("wrong", SHUT, sentence(OPEN))
    path.write_bytes(b"\n".join([orjson.dumps(ARTICLES[0]), b"{", orjson.dumps(wrong)]))
    answer = accesswatch("evaluate", str(path))
    assert answer.code == ExitCode.USAGE
    first, second, last = answer.err.splitlines()
    assert first.startswith("line 2: it is not JSON")
    assert second.startswith("line 3: statement 1 is not a part of the article's text")
    assert last.startswith("error: ")
    assert "2 lines" in last


@pytest.mark.parametrize("content", [None, b"", b"\n"])
def test_a_file_without_articles_is_refused(
    accesswatch: Command, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "a.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert accesswatch("evaluate", str(path)).is_one_error(ExitCode.USAGE, str(path))


def test_an_article_that_extraction_fails_on_is_named(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(orjson.dumps(article("loud", "boom")))
    assert accesswatch("evaluate", str(path)).is_one_error(ExitCode.USAGE, "'loud'", "boom")


def test_without_a_file_the_crises_held_back_from_training_are_measured(
    accesswatch: Command,
) -> None:
    everything = read_goldset(goldset_files())
    held_back = [each for each in everything if is_held_back(each.group)]

    figures = accesswatch("evaluate", "--all-languages", "--json").json
    assert figures["file"] == "the crises held back from training"
    assert figures["overall"]["articles"] == len(held_back)
    assert 0 < len(held_back) < len(everything) / 5
