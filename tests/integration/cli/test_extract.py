"""`accesswatch extract`."""

import io
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import orjson
import pytest

from services.runtime.errors import ExitCode
from services.sample_outlet.articles import sample_articles
from tests.integration.cli.conftest import Command
from tests.support.extraction import use_word_extractor

TITLE = "Aid moves again"
OPEN = "The first convoy with 70 tonnes left Goris along the Lachin road, the ICRC said."
SHUT = "A second convoy was halted."
OTHER = "The weather is fine."
TEXT = f"{TITLE}\n\n{OPEN} {OTHER}\n\n{SHUT}\n"
PAGE = f"""<!doctype html><html lang="en"><head><title>{TITLE} | Outlet</title></head><body>
<nav><ul><li><a href="/">Convoy of menus</a></li></ul></nav>
<article><h1>{TITLE}</h1><p>{OPEN} {OTHER} It was the first to leave in many weeks, they added.</p>
<p>{SHUT} Nobody could say for how long it would have to wait at the checkpoint.</p></article>
<footer>All rights reserved by the convoy outlet</footer></body></html>"""
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>'
ANSWERS = {
    "/story": (200, "text/html; charset=utf-8", PAGE.encode()),
    "/latin": (200, "text/html; charset=iso-8859-1", PAGE.replace("ICRC", "CICR é").encode("l1")),
    "/empty": (200, "text/html", b" "),
    "/feed": (200, "application/rss+xml", RSS.encode()),
    "/pdf": (200, "application/pdf", b"%PDF-1.7 ..."),
    "/script": (200, "text/html", b"<!doctype html><html><body><script>x()</script></body></html>"),
    "/wall": (403, "text/html", b"no"),
    "/broken": (500, "text/html", b"no"),
}


class Page(BaseHTTPRequestHandler):
    """Pages, and what is none."""

    def do_GET(self) -> None:
        status, kind, body = ANSWERS.get(self.path, (404, "text/html", b"gone"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def closed_site() -> Iterator[str]:
    """The address of a web site on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(closed_site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, where the settings allow to reach it."""
    monkeypatch.setenv("ACCESSWATCH_HTTP__ALLOWED_PRIVATE", closed_site.partition("//")[2])
    return closed_site


@pytest.fixture(autouse=True)
def _words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.function is not test_workers_keep_the_order:
        use_word_extractor(monkeypatch)


@pytest.fixture
def story(tmp_path: Path) -> str:
    """The path of an article."""
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def say(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Give content on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_an_article_is_shown_with_its_statements(accesswatch: Command, story: str) -> None:
    answer = accesswatch("extract", story)
    shown = " ".join(answer.out.split())
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    for part in (
        TITLE,
        "English (en) · 2 statements in 3 sentences",
        f"“{OPEN}”",
        "ENABLING asserted aid delivery · route status ●●●●○ 0.90",
        "speaker ICRC (agency, indirect speech)",
        "routes Lachin road (open, for humanitarian traffic)",
        "places Goris (AM)",
        "amounts 70 tonnes",
        "RESTRICTING",
        "constraints movement restriction",
    ):
        assert part in shown, part
    assert OTHER not in answer.out


def test_the_whole_text_is_shown_with_statements_marked(accesswatch: Command, story: str) -> None:
    shown = accesswatch("extract", story, "--text").out
    assert f"[1] {OPEN} {OTHER}" in " ".join(shown.split())
    assert f"[2] {SHUT}" in shown


def test_offsets_count_into_the_text_that_is_printed(accesswatch: Command, story: str) -> None:
    found = accesswatch("extract", story, "--json").json
    text = found["article"]["text"]
    assert [text[each["start"] : each["end"]] for each in found["statements"]] == [OPEN, SHUT]
    assert (found["language"], found["skipped"]) == ("en", None)
    assert found["article"]["title"] == TITLE


def test_a_promise_names_who_promises(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The convoy will pass, the army said.", encoding="utf-8")
    assert "✔ commitment by the army" in accesswatch("extract", str(path)).out


def test_an_article_without_statements_says_so(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(OTHER, encoding="utf-8")
    assert "No humanitarian-access statement found." in accesswatch("extract", str(path)).out


def test_what_would_steer_the_terminal_is_left_out(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A convoy \x9b31m[bold]left today, they said to us all.", encoding="utf-8")
    shown = accesswatch("extract", str(path)).out
    assert "\x9b" not in shown
    assert "[bold]" in shown


def test_an_unsupported_language_is_named_with_those_that_are_not(
    accesswatch: Command, story: str
) -> None:
    answer = accesswatch("extract", story, "--language", "hu")
    assert answer.code == ExitCode.OK
    assert "Not read: it is in Hungarian (hu)." in answer.out
    assert "English" in answer.out
    assert "French" in answer.out


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (TEXT.encode("utf-8-sig"), TITLE),
        (TEXT.encode("utf-16"), TITLE),
        (TEXT.replace("\n", "\r\n").encode(), TITLE),
        (PAGE.encode(), TITLE),
        (f"<p>{OPEN}</p><p>{SHUT}</p>".encode(), ""),
        (f"{OPEN}\n\n{SHUT}".encode(), ""),
        (f"{OPEN}\n{SHUT}".encode(), ""),
    ],
    ids=["bom", "utf-16", "crlf", "page", "fragment", "paragraphs", "lines"],
)
def test_standard_input_may_be_text_or_html(
    accesswatch: Command, monkeypatch: pytest.MonkeyPatch, content: bytes, title: str
) -> None:
    say(monkeypatch, content)
    found = accesswatch("extract", "-", "--json").json
    assert [each["text"] for each in found["statements"]] == [OPEN, SHUT]
    assert found["article"]["title"] == title


def test_a_guessed_encoding_is_told(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    words = "Дорога открыта для гуманитарных конвоев, сообщил Красный Крест. convoy"
    path.write_bytes((words * 3).encode("cp1251"))
    answer = accesswatch("extract", str(path), "--json")
    assert answer.json["statements"][0]["text"].startswith("Дорога открыта")
    assert answer.err.startswith("note: ")
    assert "cp1251" in answer.err


def test_a_page_is_fetched_and_its_article_read(accesswatch: Command, site: str) -> None:
    found = accesswatch("extract", f"{site}/story", "--json").json
    assert [each["text"] for each in found["statements"]] == [OPEN, SHUT]
    assert found["article"]["title"] == TITLE
    assert found["article"]["url"] == f"{site}/story"
    assert "rights reserved" not in found["article"]["text"]
    assert "CICR é" in accesswatch("extract", f"{site}/latin", "--json").json["article"]["text"]


@pytest.mark.parametrize(
    ("path", "code", "part"),
    [
        ("/gone", ExitCode.NOT_FOUND, "404"),
        ("/wall", ExitCode.UNAVAILABLE, "save it"),
        ("/broken", ExitCode.UNAVAILABLE, "500"),
        ("/empty", ExitCode.USAGE, "empty"),
        ("/feed", ExitCode.USAGE, "accesswatch feeds add"),
        ("/pdf", ExitCode.USAGE, "PDF"),
        ("/script", ExitCode.USAGE, "scripts"),
    ],
)
def test_an_address_without_an_article_is_refused(
    accesswatch: Command, site: str, path: str, code: int, part: str
) -> None:
    assert accesswatch("extract", site + path).is_one_error(code, part)


def test_private_addresses_are_not_reached_unless_allowed(
    accesswatch: Command, closed_site: str
) -> None:
    answer = accesswatch("extract", f"{closed_site}/story")
    assert answer.is_one_error(ExitCode.UNAVAILABLE, "ACCESSWATCH_HTTP__ALLOWED_PRIVATE")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04...", "ZIP"),
        (bytes(range(256)) * 20, "not text"),
        (b"<html><body></body></html>", "no text to read"),
    ],
)
def test_a_file_without_an_article_is_refused(
    accesswatch: Command, tmp_path: Path, content: bytes | None, part: str
) -> None:
    path = tmp_path / "a"
    if content is not None:
        path.write_bytes(content)
    assert accesswatch("extract", str(path)).is_one_error(ExitCode.USAGE, part)


def test_a_wrong_language_code_is_refused(accesswatch: Command, story: str) -> None:
    answer = accesswatch("extract", story, "--language", "English")
    assert answer.is_one_error(ExitCode.USAGE, "language code")


def lines_of(*articles: object) -> bytes:
    """Return lines of JSON; bytes stay as they are."""
    return b"\n".join(each if isinstance(each, bytes) else orjson.dumps(each) for each in articles)


def test_lines_are_answered_line_by_line(
    accesswatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = {"id": "one", "title": TITLE, "text": f"{OTHER} {SHUT}", "lang": "en", "more": [1]}
    say(monkeypatch, lines_of(one, b"", {"id": 2, "text": OTHER}, {**one, "lang": "hu"}))
    answer = accesswatch("extract", "--jsonl", "-")
    first, second, third = map(orjson.loads, answer.out.splitlines())
    assert answer.code == ExitCode.OK
    assert list(first) == [
        "article_id",
        "language",
        "skipped",
        "extractor_version",
        "statements",
    ]
    [statement] = first["statements"]
    assert one["text"][statement["start"] : statement["end"]] == statement["text"] == SHUT
    assert (first["article_id"], first["skipped"]) == ("one", None)
    assert (second["article_id"], second["statements"]) == ("2", [])
    assert (third["language"], third["statements"]) == ("hu", [])
    assert third["skipped"]


def test_bad_lines_are_named_and_the_others_answered(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    good = {"id": "a", "text": SHUT}
    bad: list[object] = [b"{", b"[1]", b"\xff", {"id": "a"}, {**good, "lang": "English"}]
    path.write_bytes(lines_of(good, *bad, {"id": "b", "text": "boom"}, good))
    answer = accesswatch("extract", "--jsonl", str(path))
    assert answer.code == ExitCode.FAILURE
    assert [orjson.loads(line)["article_id"] for line in answer.out.splitlines()] == ["a", "a"]
    *named, last = answer.err.splitlines()
    assert [each.partition(": ")[2].partition(":")[0] for each in named] == [
        f"line {number}" for number in range(2, 8)
    ]
    assert last.startswith("6 lines skipped.")


def test_lines_and_one_article_are_not_mixed_up(accesswatch: Command, story: str) -> None:
    assert accesswatch("extract", "--jsonl", story, "--text").is_one_error(ExitCode.USAGE)
    answer = accesswatch("extract", "--jsonl", f"{story}.gone")
    assert answer.is_one_error(ExitCode.USAGE, "cannot be read")


def test_workers_keep_the_order(accesswatch: Command, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    articles = [
        {"id": each.slug, "title": each.title, "text": each.text, "lang": each.language}
        for each in sample_articles()
    ]
    path.write_bytes(lines_of(*articles, b"{"))
    shared = accesswatch("extract", "--jsonl", str(path), "--workers", "2")
    assert shared.code == ExitCode.FAILURE
    assert shared.err.splitlines()[0].startswith("error: line ")
    alone = accesswatch("extract", "--jsonl", str(path))
    assert shared.out == alone.out
    found = [orjson.loads(line) for line in alone.out.splitlines()]
    assert [each["article_id"] for each in found] == [each["id"] for each in articles]
    assert any(each["statements"] for each in found)
