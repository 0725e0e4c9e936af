"""Alerts as e-mail."""

from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from services.alerting.domain.channel import Channel
from services.alerting.domain.delivery import DeliveryFailure, GiveUp, Outcome, Retry, Sent
from services.alerting.domain.notice import Notice, html, plain_text, subject
from services.runtime.settings import SmtpSettings

TIMEOUT_SECONDS = 30
PERMANENT = 500
"""SMTP answers of 500 and above are permanent failures (RFC 5321, section 4.2.1)."""


def compose(delivery_id: str, notice: Notice, sender: str, recipient: str) -> EmailMessage:
    """Return the mail. The same delivery has the same Message-ID on every attempt."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = subject(notice)
    mail["Date"] = format_datetime(notice.created_at)
    mail["Message-ID"] = f"<{delivery_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain_text(notice))
    mail.add_alternative(html(notice), subtype="html")
    return mail


class EmailNotifier:
    """Sends through the operator's mail server."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    async def send(self, delivery_id: str, notice: Notice, channel: Channel) -> Outcome:
        """Send an alert or a digest once."""
        settings = self._settings
        if settings.host is None:
            return GiveUp(DeliveryFailure.MISCONFIGURED, "ACCESSWATCH_SMTP__HOST is not set")
        password = settings.password
        try:
            await aiosmtplib.send(
                compose(delivery_id, notice, settings.sender, channel.address),
                hostname=settings.host,
                port=settings.port,
                use_tls=settings.tls == "implicit",
                start_tls=settings.tls == "starttls",
                username=settings.username,
                password=password.get_secret_value() if password else None,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPAuthenticationError:
            return Retry(DeliveryFailure.MISCONFIGURED, "the mail server refused the login")
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [each.code for each in error.recipients]
            return _judge(max(codes, default=PERMANENT), "the recipient was refused")
        except aiosmtplib.SMTPResponseException as error:
            return _judge(error.code, "the mail was refused")
        except (aiosmtplib.SMTPException, OSError) as error:
            return Retry(DeliveryFailure.UNREACHABLE, type(error).__name__)
        return Sent()


def _judge(code: int, what: str) -> Outcome:
    detail = f"{what} (SMTP {code})"
    if code >= PERMANENT:
        return GiveUp(DeliveryFailure.REFUSED, detail)
    return Retry(DeliveryFailure.BUSY, detail)
