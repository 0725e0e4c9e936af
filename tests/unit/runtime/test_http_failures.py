import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.http.failures import REMEDY, WHAT, HttpError, HttpFailure, mask_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://feeds.example/rss.xml", "https://feeds.example/rss.xml"),
        ("https://u:secret@feeds.example:8443/a?key=secret#f", "https://feeds.example:8443/a?…"),
        (
            "https://hooks.example/services/T00000000/B00000000/xUzq1VcWa9yLk3PtRm7sQe2d",
            "https://hooks.example/services/T00000000/B00000000/…",
        ),
        (
            "https://news.example/2026/11/humanitarian-access-in-the-north-2026",
            "https://news.example/2026/11/humanitarian-access-in-the-north-2026",
        ),
        ("no url, but a secret", "…"),
        ("http://[broken secret", "…"),
        ("", "…"),
    ],
)
def test_masked_url_shows_where_but_no_secret(url: str, shown: str) -> None:
    assert mask_url(url) == shown


@given(st.text(), st.sampled_from(HttpFailure))
def test_every_error_is_one_line(url: str, reason: HttpFailure) -> None:
    error = HttpError(reason, url, "two\nlines")
    assert len(str(error).splitlines()) == 1
    assert error.reason is reason


def test_every_failure_says_what_it_is_and_what_to_do() -> None:
    assert set(WHAT) == set(REMEDY) == set(HttpFailure)


def test_error_reads_as_a_sentence_with_a_remedy() -> None:
    error = HttpError(HttpFailure.TIMEOUT, "https://feeds.example/a?b", "within 20 s")
    assert str(error) == (
        "https://feeds.example/a?… did not answer in time (within 20 s). "
        "Try again later, or raise ACCESSWATCH_HTTP__TIMEOUT."
    )


def test_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(HttpError(HttpFailure.DNS, "http://x.example/a", "why")))  # noqa: S301 - our own
    assert (error.reason, error.url, error.detail) == (
        HttpFailure.DNS,
        "http://x.example/a",
        "why",
    )
