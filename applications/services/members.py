"""The people of an enterprise: an approver invites them, they set their own password, an approver closes them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.facts import registrations
from applications.models import Invitation
from applications.services.registrations import EMAIL_TAKEN, email_taken
from core import audit, mail
from core.accounts import close_account, open_account
from core.models import ENTERPRISE_ROLES, Organisation, Role, User
from core.people import SYSTEM, Actor, as_user, has_role

DAYS_OPEN = 7  # calendar days an invitation serves
MOST_OPEN = 20  # invitations of one enterprise that wait at the same time
SALT = "applications.invitation"
OVER = "邀请已使用、已作废或已过期。请联系本单位的审批人重新邀请。"


class MemberRefused(Exception):
    """The person cannot be invited, let in or closed this way; the text is for who asks."""


def may_invite(actor: Actor, enterprise: Organisation) -> bool:
    """True for an approver of a verified enterprise, for his own enterprise."""
    return _is_approver(actor, enterprise) and registrations.unverified(enterprise) is None


def invite_member(
    enterprise: Organisation, *, name: str, email: str, roles: Iterable[str], actor: Actor, at: datetime
) -> Invitation:
    """Invite a colleague; after commit the link is mailed to him and to nobody else. An earlier one to him is void.

    Raises MemberRefused for whoever is no approver, an email that is taken, or too many that wait.
    """
    given, address = [str(Role(role)) for role in roles], email.strip().lower()
    if not may_invite(actor, enterprise):
        raise MemberRefused("成员由本单位的审批人邀请；注册尚未核验的单位，核验通过后再邀请。")
    if not given or not set(given) <= {str(role) for role in ENTERPRISE_ROLES}:
        raise MemberRefused("请选择填报人、审批人中的至少一项。")
    if email_taken(address):
        raise MemberRefused(EMAIL_TAKEN)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=enterprise.pk)  # one at a time: the count below holds
        waiting = enterprise.invitations.waiting_at(at)
        waiting.filter(email=address).update(cancelled_at=at)
        if waiting.count() >= MOST_OPEN:
            raise MemberRefused(f"等待接受的邀请已有 {MOST_OPEN} 份，请先作废不用的邀请。")
        invitation = Invitation.objects.create(
            organisation=enterprise, name=name, email=address, roles=given, token_hash=_digest(secret), invited_at=at,
            invited_by=as_user(actor), expires_at=at + timedelta(days=DAYS_OPEN),
        )  # fmt: skip
        audit.record(enterprise, "enterprise.member_invited", actor=actor, at=at, label="邀请成员",
                     summary=f"{name}：{_labels(given, enterprise)}")  # fmt: skip
        link = reverse("invitation", args=[signing.dumps(secret, salt=SALT)])
        words = f"{actor}邀请您加入{enterprise.name}，担任{_labels(given, enterprise)}。请在 {DAYS_OPEN} 天内打开链接，自己设置密码。"
        transaction.on_commit(lambda: mail.mail_to_address(address, f"邀请加入{enterprise.name}", words, link))
    return invitation


def invitation_behind(token: str, at: datetime) -> Invitation:
    """The invitation of a signed link. Raises MemberRefused when it is forged, used, cancelled, run out, or its author
    may not invite any more."""
    try:
        secret = signing.loads(token, salt=SALT)
    except signing.BadSignature as forged:
        raise MemberRefused(OVER) from forged
    rows = Invitation.objects.waiting_at(at).select_related("organisation", "invited_by")
    invitation = rows.filter(token_hash=_digest(str(secret))).first()
    if invitation is None or not may_invite(invitation.invited_by, invitation.organisation):
        raise MemberRefused(OVER)
    return invitation


def accept_invitation(token: str, *, password: str, phone: str, at: datetime) -> User:
    """Open the account of the invited person with the password he chose; the link serves no second time."""
    try:
        with transaction.atomic():
            found = invitation_behind(token, at)
            invitation = Invitation.objects.select_for_update(of=("self",)).waiting_at(at).filter(pk=found.pk).first()
            if invitation is None or email_taken(invitation.email):
                raise MemberRefused(OVER)
            member = open_account(
                username=invitation.email, name=invitation.name, organisation=found.organisation,
                roles=invitation.roles, actor=SYSTEM, at=at, password=password, email=invitation.email, phone=phone,
            )  # fmt: skip
            invitation.accepted_at = at
            invitation.save(update_fields=["accepted_at"])
            audit.record(found.organisation, "enterprise.member_joined", actor=member, at=at, label="成员加入",
                         summary=_labels(invitation.roles, invitation.organisation))  # fmt: skip
    except IntegrityError as clash:
        raise MemberRefused(OVER) from clash
    return member


def cancel_invitation(invitation: Invitation, *, actor: Actor, at: datetime) -> None:
    """The link serves no more. Cancelling what is over changes nothing."""
    if not _is_approver(actor, invitation.organisation):
        raise MemberRefused("邀请由本单位的审批人作废。")
    with transaction.atomic():
        if Invitation.objects.waiting_at(at).filter(pk=invitation.pk).update(cancelled_at=at):
            audit.record(invitation.organisation, "enterprise.invitation_cancelled", actor=actor, at=at,
                         label="作废邀请", summary=invitation.name)  # fmt: skip


def deactivate_member(member: User, *, reason: str, actor: Actor, at: datetime) -> User:
    """A colleague cannot sign in any more. Never oneself, so that an approver is always left."""
    enterprise = member.organisation
    if enterprise is None or not _is_approver(actor, enterprise) or member.pk == actor.pk:
        raise MemberRefused("成员由本单位的另一位审批人停用，不能停用自己。")
    with transaction.atomic():
        closed = close_account(member, actor=actor, at=at, reason=reason)
        audit.record(enterprise, "enterprise.member_deactivated", actor=actor, at=at, label="停用成员",
                     summary=f"{member}：{reason}")  # fmt: skip
    return closed


def _is_approver(actor: Actor, enterprise: Organisation) -> bool:
    return has_role(actor, Role.ENTERPRISE_APPROVER) and actor.organisation_id == enterprise.pk


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _labels(roles: Iterable[str], place: Organisation) -> str:
    return "、".join(Role(role).label_at(place) for role in roles)
