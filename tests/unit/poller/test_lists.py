"""Lists of feeds as files."""

import pytest

from services.poller.adapters.default_feeds import default_feeds
from services.poller.domain.feed import FeedSpec, feed_spec
from services.poller.domain.lists import read_feed_list, write_yaml
from services.poller.domain.opml import write_opml
from services.runtime.errors import UsageError

SPECS = (
    feed_spec("https://a.example/f?x=1&y=2", 'A "quoted" & more', "ar", 300, ("sudan", "un aid")),
    feed_spec("https://b.example/", "أخبار"),
)


def test_yaml_comes_back_as_written() -> None:
    assert read_feed_list(write_yaml(SPECS)) == SPECS


def test_opml_keeps_addresses_titles_and_tags() -> None:
    expected = [FeedSpec(spec.url, spec.title, tags=spec.tags) for spec in SPECS]
    assert list(read_feed_list(write_opml(SPECS))) == expected


def test_feed_without_title_goes_by_its_host_in_opml() -> None:
    assert 'text="a.example"' in write_opml([FeedSpec("https://a.example/")])


def test_folders_of_opml_become_tags() -> None:
    opml = """<?xml version="1.0"?><opml version="1.0"><body>
      <outline text="Africa"><outline text="Sudan">
        <outline type="rss" text="A" xmlUrl="https://a.example/"/>
      </outline></outline></body></opml>"""
    assert read_feed_list(opml)[0].tags == ("Africa", "Sudan")


def test_plain_addresses_and_mappings_may_stand_in_one_list() -> None:
    content = "feeds:\n- https://a.example\n- url: https://b.example/\n  tags: one\n"
    found = read_feed_list(content)
    assert [spec.url for spec in found] == ["https://a.example/", "https://b.example/"]
    assert found[1].tags == ("one",)


def test_repeated_feed_counts_once() -> None:
    assert len(read_feed_list("- https://a.example\n- HTTPS://A.example/#x\n")) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no list"),
        ("just words", "holds no list"),
        ("a: 1", "holds no list"),
        ("- [", "neither OPML nor YAML"),
        ("- title: x", "feed 1 of my.yaml has no url"),
        ("- https://a.example\n- 7", "feed 2 of my.yaml has no url"),
        ("- {url: 'https://a.example', ttl: 3}", "unknown key 'ttl'"),
        ("- {url: 'https://a.example', interval: often}", "has the interval 'often'"),
        ("- {url: 'https://a.example', interval: true}", "has the interval True"),
        ("- {url: 'https://a.example', language: no}", "has the language False"),
        ("- {url: 'https://a.example', tags: 7}", "has the tags 7"),
        ("- https://a.example\n- nonsense", "feed 2 of my.yaml: 'nonsense' is not the address"),
        ("<opml><body/></opml>", "is OPML without feeds"),
        ("<opml><outline xmlUrl='x'/></opml>", "feed 1 of my.yaml: 'x' is not the address"),
    ],
)
def test_wrong_list_is_refused_with_the_place(content: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        read_feed_list(content, "my.yaml")
    assert "\n" not in str(caught.value)


def test_default_feeds_are_complete() -> None:
    feeds = default_feeds()
    assert len(feeds) >= 40
    assert all(feed.title and feed.language and feed.tags for feed in feeds)
    assert all(feed.url.startswith("https://") for feed in feeds)
