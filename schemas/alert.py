"""An alert: a statement met a subscription."""

from pydantic import AwareDatetime, Field

from schemas.message import Message
from schemas.statement import ArticleReference, Statement


class Alert(Message):
    """On topic `alerts`, keyed by `id`, one message per alert."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    """Hash of subscription, article and sentence: a later revision that keeps the sentence, or a
    message that comes twice, gives the same alert."""

    subscription_id: str
    subscription_name: str
    created_at: AwareDatetime
    """When the alert was stored."""

    matched: tuple[str, ...] = Field(min_length=1)
    """What the subscription asked for and the statement has, for example `route:lachin-road`."""

    article: ArticleReference
    statement: Statement
