"""Alerts as HTTP POST, signed after the Standard Webhooks specification 1.0.0."""

from email.utils import parsedate_to_datetime

from standardwebhooks import Webhook

from services.alerting.domain.channel import Channel
from services.alerting.domain.delivery import DeliveryFailure, GiveUp, Outcome, Retry, Sent
from services.alerting.domain.notice import Notice, contract
from services.runtime.clock import Clock
from services.runtime.http import GuardedClient, HttpError, HttpFailure, Response

GONE = 410
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which the same request may succeed later."""
FINAL = frozenset({HttpFailure.BAD_URL})


class WebhookNotifier:
    """Posts `schemas.Alert` or `schemas.Digest` as JSON.

    Headers: `webhook-id` is the delivery's id and the same on every attempt; `webhook-timestamp`
    and `webhook-signature` let the receiver check sender and age; `accesswatch-contract` names the
    schema of the body.
    """

    def __init__(self, client: GuardedClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def send(self, delivery_id: str, notice: Notice, channel: Channel) -> Outcome:
        """Post an alert or a digest once."""
        body = notice.model_dump_json()
        now = self._clock.now()
        headers = {
            "content-type": "application/json",
            "accesswatch-contract": contract(notice),
            "webhook-id": delivery_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(channel.secret or "").sign(delivery_id, now, body),
        }
        try:
            answer = await self._client.request(
                "POST", channel.address, headers=headers, content=body.encode()
            )
        except HttpError as error:
            return _failed(error)
        return self._judge(answer)

    def _judge(self, answer: Response) -> Outcome:
        status = answer.status
        if 200 <= status < 300:  # noqa: PLR2004 - the class of success (RFC 9110, 15.3)
            return Sent()
        if status in BUSY or status >= 500:  # noqa: PLR2004 - the class of server errors
            after = self._retry_after(answer.headers.get("retry-after"))
            return Retry(DeliveryFailure.BUSY, f"HTTP {status}", after)
        detail = "HTTP 410, the receiver is gone" if status == GONE else f"HTTP {status}"
        return GiveUp(DeliveryFailure.REFUSED, detail)

    def _retry_after(self, value: str | None) -> float | None:
        if value is None:
            return None
        if value.isascii() and value.isdigit():
            return float(value)
        try:
            return (parsedate_to_datetime(value) - self._clock.now()).total_seconds()
        except (ValueError, TypeError):
            return None


def _failed(error: HttpError) -> Outcome:
    if error.reason is HttpFailure.PRIVATE_ADDRESS:
        detail = "the address is private; ACCESSWATCH_HTTP__ALLOWED_PRIVATE can allow it"
        return GiveUp(DeliveryFailure.FORBIDDEN_ADDRESS, detail)
    if error.reason in FINAL:
        return GiveUp(DeliveryFailure.MISCONFIGURED, error.reason.value)
    return Retry(DeliveryFailure.UNREACHABLE, error.reason.value)
