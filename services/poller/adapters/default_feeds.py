"""The feeds that accesswatch comes with."""

from importlib.resources import files

from services.poller.domain.feed import FeedSpec
from services.poller.domain.lists import read_feed_list

FILE = "feeds.yaml"


def default_feeds() -> tuple[FeedSpec, ...]:
    """Return the feeds of `feeds.yaml`."""
    content = files("services.poller").joinpath(FILE).read_text(encoding="utf-8")
    return read_feed_list(content, FILE)
