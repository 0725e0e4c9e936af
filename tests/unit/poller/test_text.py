"""Plain text: layout and cuts."""

import pytest

from services.poller.domain.text import cut, lay_out, one_line


def test_title_becomes_one_line_of_limited_length() -> None:
    assert one_line(" a\n b\0 ", 10) == "a b"
    assert one_line("abcdef ghi", 8) == "abcdef…"


def test_all_kinds_of_line_ends_and_spaces_are_made_plain() -> None:
    assert lay_out("a\r\nb\rc\u2028d\u2029e\u00a0\u3000f\t g\n \n\nh") == "a\nb\nc\nd\n\ne f g\n\nh"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, ("short", False)),
        ("exact", 5, ("exact", False)),
        ("One two.\n\nThree four five.", 12, ("One two.", True)),
        ("One two.\n\nThree four five.", 8, ("One two.", True)),
        ("A.\n\nOne two. Three four", 20, ("A.\n\nOne two.", True)),
        ("One two three", 10, ("One two", True)),
        ("“One two.” Three four", 14, ("“One two.”", True)),
        ("一二三。四五六七", 6, ("一二三。", True)),
        ("abcdefghij", 4, ("abcd", True)),
        ("a bcdefghij", 9, ("a bcdefgh", True)),
    ],
)
def test_cut_falls_at_the_best_boundary(text: str, limit: int, expected: tuple[str, bool]) -> None:
    assert cut(text, limit) == expected
