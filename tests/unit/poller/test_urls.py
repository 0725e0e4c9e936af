"""Addresses and languages as people and feeds write them."""

import pytest

from services.poller.domain.language import language_code
from services.poller.domain.urls import canonical_url, host_of, masked


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://a.example/f", "https://a.example/f"),
        ("  HTTPS://User:Pw@A.Example:443/f?q=1#top ", "https://User:Pw@a.example/f?q=1"),
        ("http://a.example:80", "http://a.example/"),
        ("http://a.example:8080/", "http://a.example:8080/"),
        ("feed:https://a.example/f", "https://a.example/f"),
        ("feed://a.example/f", "https://a.example/f"),
        (
            "https://пример.example/лента",
            "https://xn--e1afmkfd.example/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0",
        ),
        ("https://a.example/a b%20c", "https://a.example/a%20b%20c"),
        ("http://[2001:DB8::1]:81/f", "http://[2001:db8::1]:81/f"),
    ],
)
def test_each_feed_has_one_spelling(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "written",
    ["", "a.example/f", "ftp://a.example", "https:///f", "https://a b/", "http://a.example:x/",
     "http://[::1", "https://" + "я" * 70 + ".example/", "https://a.example/" + "x" * 5000],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_url(written)


def test_masked_address_has_no_credentials_and_no_query() -> None:
    assert masked("https://u:p@a.example:81/f?key=1#x") == "https://a.example:81/f?…"
    assert masked("https://a.example/f") == "https://a.example/f"
    assert masked("http://[broken") == "(no address)"


def test_host_of_what_is_no_address_is_empty() -> None:
    assert (host_of("https://A.example/x"), host_of("http://[x"), host_of("x")) == (
        "a.example",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en-GB", "en"), ("en_US", "en"), (" FR ", "fr"), ("zh-Hans-CN", "zh"), ("hye", "hye"),
        ("iw", "he"), ("und", None), ("english", None), ("x-klingon", None), ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_language_tags_become_iso_639_codes(stated: str | None, code: str | None) -> None:
    assert language_code(stated) == code
