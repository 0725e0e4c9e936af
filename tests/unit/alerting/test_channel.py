"""Channels as people write them."""

import pytest

from services.alerting.domain.channel import ChannelKind, parse_channel
from services.runtime.errors import UsageError


@pytest.mark.parametrize(
    ("text", "kind", "address"),
    [
        ("console:", ChannelKind.CONSOLE, ""),
        ("https://hooks.example/x?token=1", ChannelKind.WEBHOOK, "https://hooks.example/x?token=1"),
        ("mailto:anna@example.org", ChannelKind.EMAIL, "anna@example.org"),
        ("apprise:slack://a/b/c", ChannelKind.APPRISE, "slack://a/b/c"),
    ],
)
def test_a_channel_is_read(text: str, kind: ChannelKind, address: str) -> None:
    channel = parse_channel(text)
    assert (channel.kind, channel.address) == (kind, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna@example.org",
        "mailto:anna",
        "mailto:a@b.org\nBcc: c@d.org",
        "mailto:a@b.org,c@d.org",
        "ftp://x",
        "https://",
        "apprise:nothing",
        "console:x",
    ],
)
def test_what_is_no_channel_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match="mailto:"):
        parse_channel(text)


def test_a_masked_channel_shows_no_secret() -> None:
    for text in ("https://u:secret@hooks.example/secret?t=secret", "apprise:slack://secret/b"):
        assert "secret" not in parse_channel(text).masked
