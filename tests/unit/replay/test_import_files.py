"""Files of articles as people have them."""

import csv
import gzip
import io
import json
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.replay.adapters.files import BrokenFileError, Options, fingerprint, open_records
from services.replay.domain.imports import Format, Found
from services.runtime.errors import UsageError
from tests.support.builders import NOON

OPTIONS = Options(max_text_chars=1000)
TEXT = "The road is open.\n\nAid may pass."
Write = Callable[[str, bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and return its path."""

    def to_file(name: str, content: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return to_file


def read(path: str, options: Options = OPTIONS, skip: int = 0) -> list[Found]:
    with open_records(path, options, NOON) as records:
        return list(records.read(skip))


def lines(*records: Any) -> bytes:
    return b"".join(
        (each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in records
    )


def table(*rows: list[str], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def test_a_line_holds_an_article(write: Write) -> None:
    record = {
        "id": 7,
        "title": "Road\n open",
        "text": TEXT,
        "lang": "en-GB",
        "url": "https://news.example/7#top",
        "published": "2019-03-05",
        "outlet": "Post",
        "authors": ["A. Author", {"name": "B. Author"}, "A. Author"],
        "more": {"ignored": [1]},
    }
    [found] = read(write("a.jsonl", lines(record)))
    assert (found.position, found.place, found.outlet, found.trouble) == (1, 1, "Post", None)
    entry = found.entry
    assert entry is not None
    assert (entry.guid, entry.link, entry.title) == ("7", record["url"], "Road open")
    assert (entry.text, entry.language, entry.truncated) == (TEXT, "en", False)
    assert entry.authors == ("A. Author", "B. Author")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2019-03-05T00:00:00+00:00"


def test_blank_lines_hold_nothing_and_count_as_places(write: Write) -> None:
    path = write("a.jsonl", lines(b"", {"text": "One."}, b"  ", {"text": "Two."}))
    assert [(each.position, each.place) for each in read(path)] == [(2, 2), (4, 4)]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"title": "a", "summary": "b"}', "no text; its keys are 'title', 'summary'"),
        (b'{"text": " ", "title": ""}', "neither title nor text"),
        (b'{"text": ["a"]}', "its text is a list"),
        (b'{"text": "a", "id": true}', "its id is true or false"),
        (b'{"text": "caf\xe9"}', "byte 14 is 0xe9"),
        (b'{"text": "' + b"x" * 9_000_000 + b'"}', "longer than 8 MB"),
        (b"[" * 100_000, "not JSON"),
    ],
    ids=["brace", "array", "keys", "blank", "list", "bool", "latin", "long", "deep"],
)
def test_an_unreadable_line_is_told_and_the_others_are_read(
    write: Write, line: bytes, part: str
) -> None:
    good = {"text": "Été."}
    raw = json.dumps(good, ensure_ascii=False).encode()
    first, bad, last = read(write("a.jsonl", lines(raw, line, raw)))
    assert first.entry == last.entry
    assert (bad.entry, bad.place) == (None, 2)
    assert part in (bad.trouble or "")


def test_a_date_that_cannot_be_right_leaves_the_article_without(write: Write) -> None:
    path = write("a.jsonl", lines({"text": "a", "date": "soon"}, {"text": "b", "date": None}))
    told, quiet = read(path)
    assert told.entry is not None
    assert told.entry.published_at is None
    assert told.trouble == "its date 'soon' cannot be read"
    assert (quiet.trouble, quiet.entry is None) == (None, False)


def test_what_is_half_a_character_is_replaced(write: Write) -> None:
    [found] = read(write("a.jsonl", rb'{"text": "a \ud800 b"}'))
    assert found.entry is not None
    assert found.entry.text == "a \ufffd b"


def test_a_long_text_is_cut_and_says_so(write: Write) -> None:
    [found] = read(write("a.jsonl", lines({"text": "A sentence. " * 1000})))
    assert found.entry is not None
    assert found.entry.truncated
    assert 500 <= len(found.entry.text) <= 1000


FRAGMENT = "<p>The road is open.</p><p>Aid&nbsp;may pass.</p>"
WHOLE_PAGE = f"""<html><body><nav>Menu</nav><article><p>{"The road is open. " * 20}</p>
<p>{"Aid may pass. " * 20}</p></article></body></html>"""


@pytest.mark.parametrize("markup", [FRAGMENT, WHOLE_PAGE], ids=["fragment", "page"])
def test_markup_becomes_text(write: Write, markup: str) -> None:
    [found] = read(write("a.jsonl", lines({"title": "T", "text": markup})))
    assert found.entry is not None
    first, _, second = found.entry.text.partition("\n\n")
    assert (found.entry.title, first[:17], second[:13]) == ("T", *TEXT.split("\n\n"))


def test_an_address_that_no_browser_opens_only_identifies(write: Write) -> None:
    path = write("a.jsonl", lines({"text": "a", "url": "javascript:alert(1)"}))
    [found] = read(path)
    assert found.entry is not None
    assert (found.entry.link, found.entry.guid) == (None, "javascript:alert(1)")


def test_keys_may_be_named(write: Write) -> None:
    path = write("a.jsonl", lines({"text": "Teaser.", "voll": "Whole."}, {"text": "Teaser."}))
    named, without = read(path, Options(1000, columns={"text": "voll"}))
    assert named.entry is not None
    assert named.entry.text == "Whole."
    assert "no text" in (without.trouble or "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_rows_hold_articles_over_several_lines(write: Write, delimiter: str) -> None:
    rows = table(
        ["Headline", "Body", "Date", "Byline"],
        ["Open", 'It is "open",\nthey say; all|of\tit.', "2019-03-05", "A; B"],
        [],
        ["Shut", "It is shut.", "2019-03-06", ""],
        delimiter=delimiter,
    )
    first, second = read(write("a.csv", rows.encode()))
    assert first.entry is not None
    assert second.entry is not None
    assert first.entry.text.startswith('It is "open",\nthey say; all|of')
    assert first.entry.authors == ("A", "B")
    assert (first.position, first.place) == (1, 2)
    assert (second.position, second.place, second.entry.title) == (3, 5, "Shut")


def test_a_row_with_trouble_is_told_by_the_line_where_it_begins(write: Write) -> None:
    content = (
        b'title,text\nBon,\xc3\x89t\xc3\xa9.\nAlso,\xc3\xa9.\nBad,"caf\xe9\nau lait"\n'
        b"Wide,a,b\nShort\nGood,\xc3\xa9.\n"
    )
    found = read(write("a.csv", content))
    assert [(each.place, each.trouble is None) for each in found] == [
        (2, True),
        (3, True),
        (4, False),
        (6, False),
        (7, True),
        (8, True),
    ]
    assert "0xe9" in (found[2].trouble or "")
    assert "3 fields where there are 2 columns" in (found[3].trouble or "")


def test_a_field_without_end_is_refused_and_the_rest_is_read(write: Write) -> None:
    endless = 'Bad,"' + "x\n" * 2_200_000
    found = read(write("a.csv", f"title,text\n{endless}Good,a\n".encode()))
    assert (found[0].place, found[0].entry) == (2, None)
    assert "quotation mark may be missing" in (found[0].trouble or "")
    assert found[-1].entry is not None
    assert found[-1].entry.title == "Good"


def test_a_long_field_is_no_trouble(write: Write) -> None:
    [found] = read(write("a.csv", table(["text"], ["word " * 100_000]).encode()))
    assert found.trouble is None


def test_a_table_without_text_is_refused_with_its_columns(write: Write) -> None:
    with pytest.raises(UsageError, match="--column text=NAME; it has 'a', 'b'"):
        read(write("a.csv", b"a,b\n1,2\n"))


@pytest.mark.parametrize(
    ("name", "codec", "stated"),
    [
        ("a.jsonl", "utf-8-sig", None),
        ("a.jsonl", "utf-16", None),
        ("a.jsonl", "utf-16-be", "utf-16-be"),
        ("a.jsonl", "cp1251", "windows-1251"),
        ("a.csv", "utf-8-sig", None),
        ("a.csv", "utf-16", None),
        ("a.csv", "gb18030", "gb18030"),
    ],
)
def test_encodings_are_read_as_stated(
    write: Write, name: str, codec: str, stated: str | None
) -> None:
    text = "Дорога открыта, сказали они."
    content = json.dumps({"text": text}, ensure_ascii=False) + "\n"
    content = content if name == "a.jsonl" else table(["text"], [text])
    [found] = read(write(name, content.encode(codec)), Options(1000, encoding=stated))
    assert found.entry is not None
    assert found.entry.text == text


@pytest.mark.parametrize(
    ("content", "encoding", "part"),
    [
        (
            "Été fermé à tous".encode("cp1252"),
            None,
            r"line 2: byte 10 is 0xc9.*may be cp1252 or cp1250",
        ),
        ("Été fermé à".encode(), "cp1252", "is not in cp1252 but in UTF-8. Leave out --encoding"),
        (b"a", "utf-99", "no encoding 'utf-99'"),
        (b"a", "base64", "no encoding 'base64'"),
    ],
)
def test_a_wrong_encoding_is_told_before_anything_is_read(
    write: Write, content: bytes, encoding: str | None, part: str
) -> None:
    path = write("a.jsonl", b'{"text":"a"}\n{"text":"' + content + b'"}\n')
    with pytest.raises(UsageError, match=part):
        read(path, Options(1000, encoding=encoding))


def test_utf_16_without_a_mark_is_recognised(write: Write) -> None:
    path = write("a.jsonl", '{"text": "The road is open."}'.encode("utf-16-le"))
    with pytest.raises(UsageError, match="add --encoding utf-16"):
        read(path)
    [found] = read(path, Options(1000, encoding="UTF-16"))
    assert found.entry is not None


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_reading_goes_on_anywhere(write: Write, name: str) -> None:
    records = [{"title": str(n), "text": f"Text\n{n}"} for n in range(20)]
    rows = table(["title", "text"], *([each["title"], each["text"]] for each in records))
    content = lines(*records) if name == "a.jsonl" else rows.encode()
    path = write(name, content)
    whole = read(path)
    assert len(whole) == 20
    for skip in (0, 1, 7, 19, 20, 30):
        assert read(path, skip=skip) == whole[skip:]
    packed = write(f"{name}.gz", gzip.compress(content[:100]) + gzip.compress(content[100:]))
    assert read(packed, skip=7) == whole[7:]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
def test_a_file_that_is_cut_short_gives_what_it_has_and_then_the_error(
    write: Write, name: str
) -> None:
    words = [f"{number * number:x}" for number in range(400_000)]
    records = [{"text": " ".join(words[n : n + 20])} for n in range(0, 400_000, 20)]
    rows = table(["text"], *([each["text"]] for each in records))
    content = gzip.compress(lines(*records) if "jsonl" in name else rows.encode())
    found: list[Found] = []
    cut = r"cut short after record \d+ .*--again"
    with (
        open_records(write(name, content[:-1000]), OPTIONS, NOON) as opened,
        pytest.raises(BrokenFileError, match=cut) as caught,
    ):
        deque(map(found.append, opened.read(0)))
    assert 1000 < len(found) < 20_000
    assert f"after record {found[-1].position} " in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.jsonl", b"broken\n", Format.JSONL),
        ("a.ndjson.gz", gzip.compress(b"{}"), Format.JSONL),
        ("a.tsv", b"text\n", Format.CSV),
        ("a.txt", b' \n{"text": "a"}', Format.JSONL),
        ("a", b"title;text\na;b\n", Format.CSV),
        ("a.txt", b"WARC/1.0\r\n", Format.WARC),
        ("a.jsonl", gzip.compress(b"WARC/1.1\r\n"), Format.WARC),
    ],
)
def test_the_format_is_told_by_name_and_content(
    write: Write, name: str, content: bytes, form: Format
) -> None:
    with open_records(write(name, content), OPTIONS, NOON) as records:
        assert records.format is form


@pytest.mark.parametrize(
    ("content", "options", "part"),
    [
        (b"", OPTIONS, "is empty"),
        (b" \n\n", OPTIONS, "is empty"),
        (b'[{"text": "a"}]', OPTIONS, "one JSON array.*jq"),
        (b"PK\x03\x04...", OPTIONS, "spreadsheet.*save it as CSV"),
        (b"%PDF-1.4", OPTIONS, "PDF"),
        (b"\x28\xb5\x2f\xfd", OPTIONS, "zstd"),
        (b"<html><p>a, b</p>", OPTIONS, "--format"),
        (b"words", OPTIONS, "--format"),
        (b"words", Options(1000, format=Format.WARC), "is no WARC"),
        (b"\x1f\x8b damaged", OPTIONS, "gzipped, and damaged"),
    ],
)
def test_what_holds_no_articles_is_told_for_what_it_is(
    write: Write, content: bytes, options: Options, part: str
) -> None:
    with pytest.raises(UsageError, match=part):
        read(write("a", content), options)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            read(str(path))
        with pytest.raises(UsageError, match="cannot be read"):
            fingerprint(str(path))


def test_a_fingerprint_tells_files_and_ways_to_read_them_apart(write: Write) -> None:
    content = bytes(range(256)) * 8192
    prints = {
        fingerprint(write("a", each))
        for each in (content, content + b"x", b"x" + content[1:], content[:-1] + b"x", b"")
    }
    assert len(prints) == 5
    assert fingerprint(write("b", content)) in prints
    ways = (OPTIONS, Options(1000, delimiter=";"), Options(1000, columns={"text": "a"}))
    assert len({each.mark("f") for each in ways}) == 3
    assert OPTIONS.mark("f") == Options(2000, workers=4, outlet="x").mark("f")
