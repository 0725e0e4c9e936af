"""Streams of bytes to lines."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.replay.adapters.files.charset import Charset
from services.replay.adapters.files.lines import decode_line, split_lines

TEXTS = st.text(alphabet="ab\n\r\u010a\u0a00é", max_size=40)


@given(TEXTS, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"]), st.integers(1, 9))
def test_lines_are_the_same_however_they_are_read(text: str, codec: str, chunk: int) -> None:
    charset = Charset(codec, "\n".encode(codec))
    stream = io.BytesIO(text.encode(codec))
    lines = [
        decode_line(line, charset) for line in split_lines(stream, charset.newline, chunk=chunk)
    ]
    assert "".join(lines) == text
    assert all(line.endswith("\n") for line in lines[:-1])
    assert all("\n" not in line[:-1] for line in lines)


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_a_line_that_is_too_long_is_passed_over_and_the_next_is_read(chunk: int) -> None:
    stream = io.BytesIO(b"one\n" + b"x" * 50 + b"\ntwo\n" + b"y" * 50)
    assert list(split_lines(stream, b"\n", 10, chunk)) == [b"one\n", None, b"two\n", None]


def test_a_line_that_is_no_text_is_told_by_its_byte() -> None:
    with pytest.raises(ValueError, match="byte 3 is 0xe9, which is not utf-8 there"):
        decode_line(b"ab\xe9 c\n", Charset("utf-8", b"\n"))
    with pytest.raises(ValueError, match="longer than 8 MB"):
        decode_line(None, Charset("utf-8", b"\n"))
