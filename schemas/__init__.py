"""The contracts: what travels on topics, as Pydantic models and generated JSON Schema."""

from schemas.alert import Alert
from schemas.article import Article
from schemas.envelope import EventType, Headers
from schemas.statement import (
    ActorMention,
    ArticleReference,
    RouteMention,
    Speaker,
    Stance,
    Statement,
    StatementMessage,
    Topic,
)
from schemas.topics import Topics

__all__ = [
    "ActorMention",
    "Alert",
    "Article",
    "ArticleReference",
    "EventType",
    "Headers",
    "RouteMention",
    "Speaker",
    "Stance",
    "Statement",
    "StatementMessage",
    "Topic",
    "Topics",
]
