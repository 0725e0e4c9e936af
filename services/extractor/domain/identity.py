"""A statement's id: the same for the same text read by the same extractor."""

import hashlib

ID_DIGITS = 32
"""Hex digits of an id: 128 bits."""


def statement_id(article_id: str, revision: str, extractor_version: str, position: int) -> str:
    """Return the id of a statement: 32 hex digits.

    Args:
        article_id: of the article.
        revision: of the article, 16 hex digits.
        extractor_version: of rules and data.
        position: the statement's among those of the article revision, from 0.
    """
    identity = "\0".join((article_id, revision, extractor_version, str(position)))
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGITS]
