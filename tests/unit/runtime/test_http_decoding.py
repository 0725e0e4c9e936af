import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.http.decoding import STEP, Body, DecodingError

texts = st.binary(max_size=2000)
cuts = st.integers(1, 50)


def _raw_deflate(text: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(text) + compressor.flush()


def _decode(coding: str, encoded: bytes, size: int) -> bytes:
    body = Body(coding)
    parts = [part for at in range(0, len(encoded), size) for part in body.feed(encoded[at:][:size])]
    return b"".join(parts) + b"".join(body.finish())


@given(texts, cuts)
def test_gzip_comes_back_however_it_is_cut(text: bytes, size: int) -> None:
    assert _decode("gzip", gzip.compress(text), size) == text
    assert _decode("X-GZip", gzip.compress(text), size) == text


@given(texts, texts, cuts)
def test_gzip_of_several_members_and_padding_is_one_text(a: bytes, b: bytes, size: int) -> None:
    assert _decode("gzip", gzip.compress(a) + gzip.compress(b) + b"\0\0", size) == a + b


@given(texts, cuts)
def test_deflate_comes_back_with_zlibs_header(text: bytes, size: int) -> None:
    assert _decode("deflate", zlib.compress(text), size) == text


@given(st.binary(min_size=1, max_size=2000))
def test_deflate_comes_back_without_zlibs_header(text: bytes) -> None:
    encoded = _raw_deflate(text)
    assert _decode("deflate", encoded, len(encoded)) == text


@given(texts, cuts)
def test_nested_codings_are_undone_in_turn(text: bytes, size: int) -> None:
    assert _decode("deflate, gzip", gzip.compress(zlib.compress(text)), size) == text


@given(texts, cuts)
def test_body_without_coding_stays(text: bytes, size: int) -> None:
    assert _decode("", text, size) == text
    assert _decode("identity", text, size) == text


def test_bomb_comes_out_in_small_steps() -> None:
    parts = Body("gzip").feed(gzip.compress(bytes(10_000_000)))
    assert [len(next(parts)) <= STEP for _ in range(3)] == [True] * 3


@given(st.binary(min_size=1, max_size=500))
def test_cut_off_gzip_is_no_whole_text(text: bytes) -> None:
    with pytest.raises(DecodingError, match="cut off"):
        _decode("gzip", gzip.compress(text)[:-1], 100)


def test_empty_body_needs_no_gzip_header() -> None:
    assert _decode("gzip", b"", 1) == b""


def test_plain_text_called_gzip_is_refused() -> None:
    with pytest.raises(DecodingError, match="not gzip"):
        _decode("gzip", b"<rss/>", 100)


def test_garbage_called_deflate_is_refused() -> None:
    with pytest.raises(DecodingError, match="not deflate"):
        _decode("deflate", b"\xff" * 100, 100)


def test_garbage_after_a_good_beginning_is_refused() -> None:
    with pytest.raises(DecodingError):
        _decode("deflate", zlib.compress(b"text" * 1000)[:20] + b"\xff" * 100, 10)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br", "gzip, gzip, gzip"])
def test_coding_that_was_not_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(DecodingError, match="not asked for"):
        Body(coding)
