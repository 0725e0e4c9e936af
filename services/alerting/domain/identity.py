"""Ids of alerts, digests, deliveries and channels: hashes of what makes each the same."""

import hashlib

from services.alerting.domain.folding import fold

DIGITS = 32


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:DIGITS]


def alert_id(subscription_id: str, article_id: str, sentence: str) -> str:
    """Return the id of an alert.

    The article's revision is left out on purpose: a later revision that keeps the sentence, and a
    message that comes twice, alert nobody twice.
    """
    return _hash(subscription_id, article_id, fold(sentence))


def digest_id(subscription_id: str, replay_id: str) -> str:
    """Return the id of the digest that a replay makes for a subscription."""
    return _hash("digest", subscription_id, replay_id)


def channel_id(address: str) -> str:
    """Return the id of a channel, which tells nothing of its secrets."""
    return _hash("channel", address)


def delivery_id(notice: str, channel: str) -> str:
    """Return the id of a delivery, the idempotency key that receivers see."""
    return _hash(notice, channel)
