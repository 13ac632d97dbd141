"""Mailing what already stands in the inbox. The inbox row is what counts; a mail is a courtesy, sent once."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from core.models import Notice

log = logging.getLogger(__name__)

BATCH = 200


def mail_waiting(at: datetime) -> int:
    """Mail notices not yet mailed to people who have an address. Returns how many went out.

    Each is claimed before it is sent, so that two workers never mail it twice; a mail server that is down gives the
    claim back.
    """
    waiting = Notice.objects.filter(mailed_at=None, recipient__is_active=True).exclude(recipient__email="")
    notices = list(waiting.select_related("recipient").order_by("pk")[:BATCH])
    sent = 0
    connection = get_connection()
    try:
        for notice in notices:
            sent += _mail(notice, connection, at)
    except OSError:
        log.warning("mail server unreachable; notices stay in the inbox and are mailed later", exc_info=True)
    finally:
        connection.close()
    return sent


def _mail(notice: Notice, connection: Any, at: datetime) -> bool:
    """Claim and send one. Raises OSError (SMTPException is one) with the claim given back."""
    if not Notice.objects.filter(pk=notice.pk, mailed_at=None).update(mailed_at=at):
        return False
    try:
        _message(notice, connection).send()
    except OSError:
        Notice.objects.filter(pk=notice.pk).update(mailed_at=None)
        raise
    return True


def _message(notice: Notice, connection: Any) -> EmailMessage:
    link = f"\n\n{settings.SITE_URL}{notice.link}" if notice.link else ""
    return EmailMessage(
        subject=" ".join(notice.subject.split()),
        body=f"{notice.body}{link}\n\n技改通（系统邮件，请勿回复）",
        to=[notice.recipient.email],
        connection=connection,
    )


def mail_to_address(address: str, subject: str, body: str, link: str) -> bool:
    """Mail somebody who has no account yet. False when the mail server could not be reached; nothing is kept to retry."""
    text = f"{body}\n\n{settings.SITE_URL}{link}\n\n技改通（系统邮件，请勿回复）"
    try:
        return bool(EmailMessage(subject=" ".join(subject.split()), body=text, to=[address]).send())
    except OSError:
        log.warning("mail server unreachable; a letter without an inbox was not sent", exc_info=True)
        return False
