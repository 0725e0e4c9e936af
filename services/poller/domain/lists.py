"""Lists of feeds as files: YAML with everything, OPML for exchange with feed readers."""

from collections.abc import Iterable
from typing import Any

import yaml

from services.poller.domain.feed import Feed, FeedSpec, feed_spec
from services.poller.domain.opml import looks_like_opml, read_opml
from services.runtime.errors import UsageError

KEYS = ("url", "title", "language", "interval", "tags")


def read_feed_list(content: str, source: str = "the list") -> tuple[FeedSpec, ...]:
    """Read a list of feeds, OPML or YAML.

    YAML is a list, or a mapping whose key `feeds` holds one; each feed is an address, or a
    mapping with `url` and, if wanted, `title`, `language`, `interval` (seconds) and `tags`.

    Args:
        content: the file's text.
        source: how errors name the file.

    Raises:
        UsageError: it is neither, or an entry is wrong; the message says which.
    """
    if looks_like_opml(content):
        return _unique(read_opml(content, source))
    try:
        loaded = yaml.safe_load(content)
    except (yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(
            f"{source} is neither OPML nor YAML ({reason})", "Correct it at that place."
        ) from error
    if isinstance(loaded, dict) and set(loaded) == {"feeds"}:
        loaded = loaded["feeds"]
    if not isinstance(loaded, list):
        raise UsageError(
            f"{source} holds no list of feeds",
            "Write '- url: https://…' for each, with title, language, interval, tags if wanted.",
        )
    return _unique(_spec(each, f"feed {at} of {source}") for at, each in enumerate(loaded, 1))


def _spec(given: Any, where: str) -> FeedSpec:
    values = {"url": given} if isinstance(given, str) else given
    if not isinstance(values, dict) or not isinstance(values.get("url"), str):
        raise UsageError(f"{where} has no url", "Write it as '- url: https://…'.")
    unknown = [str(key) for key in values if key not in KEYS]
    if unknown:
        raise UsageError(
            f"{where} has the unknown key {unknown[0]!r}", f"Keys are {', '.join(KEYS)}."
        )
    for key in ("title", "language"):
        _require(values.get(key), str, where, key, "text in quotes")
    _require(values.get("interval"), (int, float), where, "interval", "seconds")
    tags = values.get("tags") or []
    tags = [tags] if isinstance(tags, str) else tags
    _require(tags, list, where, "tags", "a list")
    try:
        return feed_spec(
            values["url"],
            values.get("title"),
            values.get("language"),
            values.get("interval"),
            tuple(str(tag) for tag in tags),
        )
    except UsageError as error:
        raise UsageError(f"{where}: {error.what}", error.remedy) from error


def _require(
    value: Any, kind: type | tuple[type, ...], where: str, key: str, expected: str
) -> None:
    # `language: no` is false in YAML 1.1, and `interval: true` a number in Python.
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise UsageError(f"{where} has the {key} {value!r}", f"Write {expected}.")


def _unique(specs: Iterable[FeedSpec]) -> tuple[FeedSpec, ...]:
    """Return each feed once, as first written."""
    by_url: dict[str, FeedSpec] = {}
    for spec in specs:
        by_url.setdefault(spec.url, spec)
    return tuple(by_url.values())


def write_yaml(feeds: Iterable[Feed | FeedSpec]) -> str:
    """Return feeds as a YAML list that `read_feed_list` reads back."""
    return yaml.safe_dump(
        [_values(feed) for feed in feeds], allow_unicode=True, sort_keys=False, width=100
    )


def _values(feed: Feed | FeedSpec) -> dict[str, Any]:
    values: dict[str, Any] = {
        "url": feed.url,
        "title": feed.title,
        "language": feed.language,
        "interval": feed.interval,
        "tags": list(feed.tags),
    }
    return {key: value for key, value in values.items() if value not in (None, [])}
