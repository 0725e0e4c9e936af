"""`accesswatch feeds`."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from services.runtime.errors import ExitCode
from tests.integration.cli.conftest import Command

OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>t</title></head><body>
<outline text="Folder"><outline type="rss" text="One" xmlUrl="https://one.example/rss"/></outline>
<outline type="rss" text="Two" xmlUrl="https://two.example/rss"/></body></opml>"""
YAML = """feeds:
  - url: https://three.example/rss
    title: Three
    language: fr
"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<link>http://x.example/</link><description>d</description>
<item><title>A</title><guid>a</guid><description>Text.</description></item>
</channel></rss>"""


class Page(BaseHTTPRequestHandler):
    """A feed, and pages that are none."""

    def do_GET(self) -> None:
        found = {"/rss": RSS, "/page": "<html><body>Hello</body></html>"}.get(self.path)
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write((found or "gone").encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a web site on loopback that may be reached."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    monkeypatch.setenv("ACCESSWATCH_HTTP__ALLOWED_PRIVATE", f"127.0.0.1:{server.server_port}")
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_feed_is_added_listed_and_removed(accesswatch: Command, database: str) -> None:
    url = "https://user:geheim@news.example/rss"
    added = accesswatch("feeds", "add", url, "--language", "fr", "--tag", "a", "--json")
    assert added.code == 0
    [listed] = accesswatch("feeds", "list", "--json").json
    assert listed["id"] == added.json["id"]
    assert (listed["language"], listed["tags"], listed["articles"]) == ("fr", ["a"], 0)
    table = accesswatch("feeds", "list")
    assert "news.example/rss" in table.out
    assert "not polled yet" in table.out
    removed = accesswatch("feeds", "remove", listed["id"])
    assert removed.code == 0
    assert "geheim" not in added.out + str(listed) + table.out + removed.out
    assert accesswatch("feeds", "list", "--json").json == []
    assert "accesswatch feeds add" in accesswatch("feeds", "list").out


@pytest.mark.parametrize("url", ["news.example", "ftp://news.example/rss", "https://", "", "  "])
def test_what_is_no_address_is_refused(
    accesswatch: Command, empty_database: None, url: str
) -> None:
    assert accesswatch("feeds", "add", url).is_one_error(ExitCode.USAGE)
    assert accesswatch("feeds", "list", "--json").json == []


@pytest.mark.parametrize("interval", ["0", "-5", "nan"])
def test_an_interval_that_is_none_is_refused(
    accesswatch: Command, empty_database: None, interval: str
) -> None:
    answer = accesswatch("feeds", "add", "https://x.example/rss", "--interval", interval)
    assert answer.is_one_error(ExitCode.USAGE, "interval")


def test_a_feed_that_is_not_there_cannot_be_removed(
    accesswatch: Command, empty_database: None
) -> None:
    answer = accesswatch("feeds", "remove", "nope")
    assert answer.is_one_error(ExitCode.NOT_FOUND, "nope", "accesswatch feeds list")


@pytest.mark.parametrize(("name", "content", "count"), [("a.opml", OPML, 2), ("a.yaml", YAML, 1)])
@pytest.mark.parametrize("form", ["opml", "yaml"])
def test_lists_are_imported_and_exported(
    accesswatch: Command,
    database: str,
    tmp_path: Path,
    name: str,
    content: str,
    count: int,
    form: str,
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert (
        accesswatch("feeds", "import", str(path)).out == f"{count} feeds added, 0 known before.\n"
    )
    before = accesswatch("feeds", "list", "--json").json
    exported = tmp_path / f"exported.{form}"
    exported.write_text(accesswatch("feeds", "export", "--format", form).out, encoding="utf-8")
    again = accesswatch("feeds", "import", str(exported))
    assert again.out == f"0 feeds added, {count} known before.\n"
    assert accesswatch("feeds", "list", "--json").json == before


@pytest.mark.parametrize(
    "content", [b"<opml><body>", b"feeds: 7\n", b"\xff\xfe\x00", b"", b"- just\n- words\n"]
)
def test_a_file_that_is_no_list_is_refused(
    accesswatch: Command, empty_database: None, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "list"
    path.write_bytes(content)
    assert accesswatch("feeds", "import", str(path)).is_one_error(ExitCode.USAGE, str(path))


def test_a_file_that_is_not_there_is_named(accesswatch: Command, tmp_path: Path) -> None:
    path = str(tmp_path / "none.opml")
    assert accesswatch("feeds", "import", path).is_one_error(ExitCode.USAGE, path)


def test_an_unknown_format_is_refused(accesswatch: Command, empty_database: None) -> None:
    answer = accesswatch("feeds", "export", "--format", "csv")
    assert answer.is_one_error(ExitCode.USAGE, "csv", "opml")


def test_a_feed_is_checked(accesswatch: Command, site: str) -> None:
    report = accesswatch("feeds", "check", f"{site}/rss", "--json").json
    assert (report["title"], report["entries"]) == ("News", 1)
    assert "1 entries" in accesswatch("feeds", "check", f"{site}/rss").out


@pytest.mark.parametrize("path", ["/page", "/none"])
def test_a_page_that_is_no_feed_is_said_to_be_none(
    accesswatch: Command, site: str, path: str
) -> None:
    answer = accesswatch("feeds", "check", f"{site}{path}")
    assert answer.is_one_error(ExitCode.GAPS, f"{site}{path}")


def test_a_private_address_is_not_checked(accesswatch: Command, closed_port: int) -> None:
    answer = accesswatch("feeds", "check", f"http://127.0.0.1:{closed_port}/rss")
    assert answer.is_one_error(ExitCode.GAPS, "ACCESSWATCH_HTTP__ALLOWED_PRIVATE")
