"""The contracts: what travels on topics, as Pydantic models and generated JSON Schema."""

from schemas.alert import Alert
from schemas.article import Article
from schemas.digest import Digest
from schemas.envelope import EventType, Headers
from schemas.statement import (
    ActorMention,
    ActorRole,
    ArticleReference,
    Constraint,
    Modality,
    PlaceMention,
    Quantity,
    RouteMention,
    RouteStatus,
    Speaker,
    Speech,
    Stance,
    Statement,
    StatementMessage,
    Topic,
    Traffic,
)
from schemas.topics import Topics

__all__ = [
    "ActorMention",
    "ActorRole",
    "Alert",
    "Article",
    "ArticleReference",
    "Constraint",
    "Digest",
    "EventType",
    "Headers",
    "Modality",
    "PlaceMention",
    "Quantity",
    "RouteMention",
    "RouteStatus",
    "Speaker",
    "Speech",
    "Stance",
    "Statement",
    "StatementMessage",
    "Topic",
    "Topics",
    "Traffic",
]
