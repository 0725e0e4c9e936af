"""Which alerts statements would give: the live path's matching, without its tables."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas import ArticleReference, Statement
from services.alerting.domain.identity import alert_id
from services.alerting.domain.matching import SubscriptionIndex
from services.alerting.domain.subscription import Subscription


@dataclass(frozen=True, slots=True)
class WouldAlert:
    """An alert that there would be."""

    id: str
    subscription: Subscription
    reasons: tuple[str, ...]
    """What was asked for and the statement has."""
    article: ArticleReference
    statement: Statement


def alerts_of(
    index: SubscriptionIndex, article: ArticleReference, statements: Iterable[Statement]
) -> dict[str, WouldAlert]:
    """Return the alerts of an article's statements, by id: one for a sentence that comes twice."""
    found: dict[str, WouldAlert] = {}
    for statement in statements:
        for match in index.match(statement, article.language):
            identifier = alert_id(match.subscription.id, article.id, statement.text)
            alert = WouldAlert(identifier, match.subscription, match.reasons, article, statement)
            found.setdefault(identifier, alert)
    return found
