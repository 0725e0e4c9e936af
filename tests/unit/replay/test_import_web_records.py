"""Records of a WARC, whole and damaged."""

import io
from collections import deque

import pytest

from services.replay.adapters.files.damage import DamagedError
from services.replay.adapters.files.web_records import records_of
from tests.support.web_archive import record

PAGES = [record(f"https://post.example/{number}", b"<p>Page</p>" * 50) for number in range(6)]


def urls(content: bytes) -> list[str]:
    """Return the addresses of records; for a damaged one, an empty text."""
    return [
        "" if isinstance(each, str) else each.rec_headers.get_header("WARC-Target-URI")
        for each in records_of(io.BytesIO(content))
    ]


def expected(*numbers: int) -> list[str]:
    return [f"https://post.example/{number}" for number in numbers]


def test_records_come_in_order() -> None:
    assert urls(b"".join(PAGES)) == expected(*range(6))


def test_reading_goes_on_beyond_what_is_damaged(capfd: pytest.CaptureFixture[str]) -> None:
    cut = PAGES[2][:300] + b"no header\r\n" + PAGES[2][320:-200]
    found = urls(b"".join([*PAGES[:2], cut, *PAGES[3:]]))
    assert found[:2] == expected(0, 1)
    assert "" in found
    assert found[-2:] == expected(4, 5)
    assert capfd.readouterr().err == ""


def test_what_is_no_record_between_two_is_one_damage() -> None:
    found = urls(b"".join([PAGES[0], b"nothing\r\nof the kind\r\n", *PAGES[1:3]]))
    assert found == [*expected(0), "", *expected(1, 2)]


def test_a_file_without_end_of_damage_is_given_up() -> None:
    with pytest.raises(DamagedError, match="100 records are damaged"):
        urls((PAGES[0] + b"nothing\r\nof the kind\r\n") * 200)


@pytest.mark.parametrize("missing", [10, 100, 500])
def test_a_file_that_ends_within_a_record_is_told(missing: int) -> None:
    whole = b"".join(PAGES)
    records = records_of(io.BytesIO(whole[: -4 - missing]))
    found: list[object] = []
    with pytest.raises(DamagedError, match="ends within a record"):
        deque(map(found.append, records))
    assert len(found) == 6
