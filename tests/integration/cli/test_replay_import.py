"""`accesswatch replay import`."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.runtime.errors import ExitCode
from services.runtime.settings import KafkaSettings
from tests.integration.cli.conftest import Answer, Command

GOOD = {
    "id": 1,
    "title": "Open",
    "text": "The road to the north is open to aid convoys.",
    "date": "2019-03-05",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two articles, an unreadable line, and an article with an odd date."""
    path = tmp_path / "Old News.jsonl"
    lines = [json.dumps(GOOD), "{", json.dumps({"id": 2, "text": "Two."})]
    lines.append(json.dumps({"id": 3, "text": "Three.", "date": "05.03.2019"}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def archived(accesswatch: Command, *arguments: str) -> Answer:
    """Import, and leave it at that."""
    return accesswatch("replay", "import", *arguments, "--only-archive")


def test_a_file_is_imported_once_and_its_trouble_named(
    accesswatch: Command, database: str, file: Path, tmp_path: Path
) -> None:
    errors = tmp_path / "errors.jsonl"
    answer = archived(accesswatch, str(file), "--errors", str(errors))
    assert answer.code == ExitCode.OK, answer.err
    assert "Imported 3 articles" in answer.out
    assert "import-old-news" in answer.out
    assert "1 refused; 2 without a date" in answer.out
    first, second = answer.err.splitlines()
    assert first.startswith("note: line 2 refused: it is not JSON")
    assert second == "note: line 4 undated: its date '05.03.2019' cannot be read"
    named = [json.loads(line) for line in errors.read_text().splitlines()]
    assert [(each["place"], each["verdict"]) for each in named] == [(2, "refused"), (4, "undated")]
    again = archived(accesswatch, str(file))
    assert again.code == ExitCode.OK
    assert "Nothing changed" in again.out
    assert again.err == ""
    mended = accesswatch(
        "replay",
        "import",
        str(file),
        "--only-archive",
        "--again",
        "--date-format",
        "%d.%m.%Y",
        "--json",
    )
    assert mended.json["counts"] == {
        "read": 4,
        "archived": 0,
        "known": 3,
        "refused": 1,
        "left_out": 0,
        "undated": 1,
    }


def test_a_dry_run_writes_nothing(
    accesswatch: Command, database: str, file: Path, tmp_path: Path
) -> None:
    answer = archived(accesswatch, str(file), "--dry-run")
    assert "Would import 3 articles" in answer.out
    assert "Nothing was written." in answer.out
    assert "Imported 3 articles" in archived(accesswatch, str(file)).out


def test_a_changed_file_is_refused_and_says_what_to_do(
    accesswatch: Command, database: str, file: Path
) -> None:
    assert archived(accesswatch, str(file)).code == ExitCode.OK
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    answer = archived(accesswatch, str(file))
    assert answer.is_one_error(ExitCode.CONFLICT, "which has changed", "--name", "--again")
    assert "1 known already" in archived(accesswatch, str(file), "--again").out
    answer = archived(accesswatch, str(file), "--outlet", "Post")
    assert answer.is_one_error(ExitCode.CONFLICT, "another --outlet", "--again")


def test_standard_input_needs_a_name(
    accesswatch: Command, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    say(b"")
    assert archived(accesswatch, "-").is_one_error(ExitCode.USAGE, "--name")
    say(b"Title;Body\nOpen;The road is open.\n")
    answer = archived(accesswatch, "-", "--name", "In", "--json")
    assert (answer.json["feed_id"], answer.json["counts"]["archived"]) == ("import-in", 1)
    say(b"Title;Body\nOpen;The road is open.\nShut;It is shut.\n")
    answer = archived(accesswatch, "-", "--name", "In", "--json")
    assert (answer.json["counts"]["archived"], answer.json["counts"]["known"]) == (1, 1)
    say(b"WARC/1.0\r\n")
    answer = archived(accesswatch, "-", "--name", "In")
    assert answer.is_one_error(ExitCode.USAGE, "WARC", "standard input")


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--column", "text"], ["--column", "text=Body"]),
        (["--delimiter", "ab"], ["--delimiter", "tab"]),
        (["--date-format", "%q"], ["--date-format", "%d/%m/%Y"]),
        (["--language", "English"], ["English"]),
        (["--name", "!"], ["--name"]),
        (["--format", "xml"], ["jsonl"]),
        (["--format", "csv"], ["no column", "--column"]),
    ],
)
def test_what_makes_no_sense_is_one_clear_error(
    accesswatch: Command, file: Path, options: list[str], parts: list[str]
) -> None:
    answer = archived(accesswatch, str(file), *options)
    assert answer.is_one_error(ExitCode.USAGE, *parts)


def test_errors_never_go_over_the_file_itself(accesswatch: Command, file: Path) -> None:
    before = file.read_bytes()
    answer = archived(accesswatch, str(file), "--errors", str(file))
    assert answer.is_one_error(ExitCode.USAGE, "the file to import")
    assert file.read_bytes() == before


def test_a_file_in_which_nothing_can_be_read_is_an_error(
    accesswatch: Command, database: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": 1}\n' * 30, encoding="utf-8")
    answer = archived(accesswatch, str(path))
    assert answer.code == ExitCode.FAILURE
    *named, more, last = answer.err.splitlines()
    assert len(named) == 20
    assert named[0] == "note: line 1 refused: it has no text; its keys are 'id'"
    assert more == "… and 10 more; --errors FILE lists all."
    assert "nothing in" in last
    assert "30 refused" in last


@pytest.mark.timeout(300)
def test_what_is_imported_is_extracted_and_stored(
    accesswatch: Command, database: str, broker: KafkaSettings, file: Path
) -> None:
    answer = accesswatch("replay", "import", str(file))
    assert answer.code == ExitCode.OK, answer.err
    [found] = accesswatch("statements", "--json").json
    assert found["statement"]["text"] == GOOD["text"]
    assert found["article"]["published_at"].startswith("2019-03-05")
    again = accesswatch("replay", "import", str(file))
    assert again.code == ExitCode.OK, again.err
    assert "Nothing changed" in again.out
    assert accesswatch("statements", "--json").json == [found]
