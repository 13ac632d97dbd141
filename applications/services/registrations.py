"""An enterprise registers itself; its district verifies or refuses it (第九条二, 属地)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from applications import letters
from applications.models import EnterpriseProfile, Registration
from applications.states import RegistrationState
from core import audit, calendar, codes, moves, notices
from core.accounts import close_account, open_account
from core.models import ENTERPRISE_ROLES, District, Ground, GroundKind, Organisation, OrganisationKind, User
from core.people import SYSTEM, Actor

DAYS_TO_VERIFY = 5  # working days

ASK_A_COLLEAGUE = "这个统一社会信用代码已经注册。请联系本单位的审批人，由其在“一企一档”中邀请您加入。"
EMAIL_TAKEN = "这个邮箱不能用于新账号，请换一个邮箱。"


class RegistrationRefused(Exception):
    """The registration cannot be taken; the text is for the person, `field` names what he typed."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def register(
    *,
    uscc: str,
    enterprise: str,
    district: District,
    name: str,
    email: str,
    phone: str,
    password: str,
    at: datetime,
    kind: str = OrganisationKind.ENTERPRISE,
) -> Registration:
    """Write the applicant, its first person (both enterprise roles) and the request its district answers.

    `kind`: one of APPLICANT_KINDS; what is no enterprise files in calls for a local direction (第七条二).
    A code whose registration was refused may register anew. Raises ValidationError for a code that cannot be,
    RegistrationRefused for a code or an email that is taken; says nothing of who holds it.
    """
    code, login = codes.clean_applicant_uscc(uscc, kind), email.strip().lower()
    try:
        with transaction.atomic():
            organisation = _organisation(code, kind, enterprise.strip(), district, at)
            if email_taken(login):
                raise RegistrationRefused(EMAIL_TAKEN, "email")
            applicant = open_account(
                username=login, name=name, organisation=organisation, roles=ENTERPRISE_ROLES, actor=SYSTEM, at=at,
                password=password, email=login, phone=phone,
            )  # fmt: skip
            due_on = calendar.add_working_days(calendar.today(at), DAYS_TO_VERIFY)
            registration = Registration.objects.create(
                organisation=organisation, district=district, applicant=applicant, requested_at=at, due_on=due_on,
                state_since=at,
            )  # fmt: skip
            audit.record(registration, "registration.requested", actor=applicant, at=at, label="申请注册")
            notices.send(letters.registration_requested(registration), at=at)
    except IntegrityError as clash:  # two people of one enterprise at the same moment
        raise RegistrationRefused(ASK_A_COLLEAGUE, "uscc") from clash
    return registration


def email_taken(email: str) -> bool:
    """True when an account already uses this email as its name."""
    return User.objects.filter(username__iexact=email.strip()).exists()


def code_taken(code: str) -> bool:
    """True when an enterprise of this code is here and was not refused."""
    organisation = Organisation.objects.filter(uscc=code).first()
    return organisation is not None and not _was_refused(organisation)


def _was_refused(organisation: Organisation) -> bool:
    latest = Registration.objects.filter(organisation=organisation).order_by("-pk").first()
    return latest is not None and latest.state == RegistrationState.REFUSED


def _organisation(code: str, kind: str, name: str, district: District, at: datetime) -> Organisation:
    known = Organisation.objects.select_for_update(of=("self",)).filter(uscc=code).first()
    if known is None:
        return Organisation.objects.create(kind=kind, name=name, uscc=code, district=district)
    if not _was_refused(known):
        raise RegistrationRefused(ASK_A_COLLEAGUE, "uscc")
    _clear_after_refusal(known, at)
    known.kind, known.name, known.district = kind, name, district
    known.save(update_fields=["kind", "name", "district"])
    return known


def _clear_after_refusal(organisation: Organisation, at: datetime) -> None:
    """Who was refused keeps neither the door nor the email, and leaves nothing for the next to read."""
    for person in organisation.people.all():
        close_account(person, actor=SYSTEM, at=at, reason="注册未通过，企业重新注册")
        User.objects.filter(pk=person.pk).update(username=f"refused-{person.pk}")
    EnterpriseProfile.objects.filter(organisation=organisation).delete()
    organisation.bank_accounts.filter(replaced_at=None).update(replaced_at=at)


def decide_registration(
    registration: Registration,
    *,
    verified: bool,
    reason: str,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Registration:
    """The district says yes, or no with a reason. Raises NotYours, Overtaken."""
    move, kind, title = (
        ("verify", GroundKind.OPINION, "企业注册核验意见")
        if verified
        else ("refuse", GroundKind.DECISION, "企业注册不予通过决定")
    )
    facts: dict[str, Any] = {"enterprise": registration.organisation_id, "reason": reason}
    with transaction.atomic():
        ground = Ground.issue(kind=kind, title=title, by=actor, at=at, facts=facts)
        return moves.perform(
            registration, move, actor=actor, at=at, ground=ground, reason=reason, seen_version=seen_version,
            summary=reason, letters=letters.registration_decided,
        )  # fmt: skip
