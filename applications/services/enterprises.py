"""一企一档: the profile of an enterprise, and the bank account that one person enters and another confirms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from applications import letters
from applications.models import BankAccount, EnterpriseProfile
from applications.services import anonymity
from core import audit, codes, notices
from core.encryption import keyed_hash
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES, FINANCE_ROLES, Organisation, Role
from core.people import Actor, as_user, has_role

SETTLES_AFTER = timedelta(days=30)
NAMES = ("legal_person", "contact", "phone", "email")  # looked for in 匿名稿
PROFILE_FIELDS = ("address", "industry", "above_scale", *NAMES)


class AccountRefused(Exception):
    """The account cannot be entered or confirmed by this person; the text is for him."""


def save_profile(enterprise: Organisation, *, values: dict[str, Any], actor: Actor, at: datetime) -> EnterpriseProfile:
    """Write what every filing of the enterprise starts from; drafts begun earlier keep their own text."""
    _of(enterprise, actor)
    with transaction.atomic():
        given = {name: values[name] for name in PROFILE_FIELDS if name in values}
        before = EnterpriseProfile.objects.filter(organisation=enterprise).first()
        profile, _ = EnterpriseProfile.objects.update_or_create(organisation=enterprise, defaults=given)
        audit.record(enterprise, "enterprise.profile_saved", actor=actor, at=at, label="更新企业档案")
        if any(getattr(before, name, "") != getattr(profile, name) for name in NAMES):
            anonymity.read_all_again(enterprise, at=at)
    return profile


def enter_account(
    enterprise: Organisation, *, holder: str, bank: str, cnaps: str, number: str, actor: Actor, at: datetime
) -> BankAccount:
    """Enter a bank account; it counts once another person has confirmed it. The present one serves until then.

    Raises ValidationError for codes that cannot be, AccountRefused when the holder is not the enterprise.
    """
    _of(enterprise, actor)
    if holder.strip() != enterprise.name:
        raise AccountRefused(f"户名须与企业名称一致：{enterprise.name}。")
    plain = codes.clean_bank_account(number)
    with transaction.atomic():
        _lock_accounts_of(enterprise.pk)
        enterprise.bank_accounts.filter(confirmed_at=None, replaced_at=None).update(replaced_at=at)
        account = BankAccount.objects.create(
            organisation=enterprise,
            holder=holder.strip(),
            bank=bank.strip(),
            cnaps=codes.clean_cnaps(cnaps),
            number=plain,
            number_tail=plain[-4:],
            number_hash=keyed_hash(plain),
            entered_at=at,
            entered_by=as_user(actor),
        )
        facts = {"tail": account.number_tail, "hash": account.number_hash}
        audit.record(
            enterprise,
            "enterprise.account_entered",
            actor=actor,
            at=at,
            label="录入收款账户",
            summary=f"尾号 {account.number_tail}",
            facts=facts,
        )
        notices.send(letters.account_entered(enterprise), at=at)
    return account  # fmt: skip


def may_confirm(account: BankAccount, actor: Actor) -> bool:
    """True for the bureau, or an approver of the enterprise, who did not enter the account himself."""
    if account.confirmed_at or account.replaced_at or account.entered_by_id == getattr(actor, "pk", None):
        return False
    own = has_role(actor, Role.ENTERPRISE_APPROVER) and actor.organisation_id == account.organisation_id
    return own or has_role(actor, *BUREAU_ROLES)


def confirm_account(account: BankAccount, *, actor: Actor, at: datetime) -> BankAccount:
    """Put an entered account in use in place of the one before. Never by the person who entered it.

    One that takes the place of another is paid to only after thirty days, or once a third person has looked at it.
    """
    with transaction.atomic():
        _lock_accounts_of(account.organisation_id)
        fresh = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if not may_confirm(fresh, actor):
            raise AccountRefused("收款账户须由录入人之外的另一位审批人或市工信局人员复核，且只复核一次。")
        earlier = BankAccount.objects.filter(
            organisation=fresh.organisation_id, confirmed_at__isnull=False, replaced_at=None
        )
        changed = earlier.update(replaced_at=at)
        fresh.confirmed_at, fresh.confirmed_by = at, as_user(actor)
        fresh.waits_until = at + SETTLES_AFTER if changed else None
        fresh.save()
        audit.record(
            fresh.organisation, "enterprise.account_confirmed", actor=actor, at=at, label="复核收款账户",
            summary=f"尾号 {fresh.number_tail}",
        )  # fmt: skip
        if changed:
            notices.send(letters.account_changed(fresh), at=at)
    return fresh


def settled_already(account: BankAccount) -> str:
    """What became of an account meanwhile, for whoever comes to confirm or recheck it too late; "" where nothing did."""
    if account.replaced_at:
        return "这个账户已被另一个账户取代，不用再办理。"
    if account.rechecked_by:
        return f"这个账户已由{account.rechecked_by.name}再次核实，可以拨付。"
    if account.confirmed_by and account.waits_until is None:
        return f"这个账户已由{account.confirmed_by.name}复核启用。"
    return f"这个账户已由{account.confirmed_by.name}复核，由另一人再次核实后拨付。" if account.confirmed_by else ""


def may_recheck(account: BankAccount, actor: Actor, at: datetime) -> bool:
    """True for a person of either bureau who neither entered nor confirmed an account changed less than thirty days ago."""
    waits = account.waits_until is not None and account.waits_until > at and account.rechecked_at is None
    hands = {account.entered_by_id, account.confirmed_by_id}
    mine = has_role(actor, *BUREAU_ROLES, *FINANCE_ROLES) and actor.pk not in hands
    return waits and account.confirmed_at is not None and account.replaced_at is None and mine


def recheck_account(account: BankAccount, *, actor: Actor, at: datetime) -> BankAccount:
    """A third person has asked the enterprise and its bank: payments to the changed account may go out."""
    with transaction.atomic():
        fresh = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if not may_recheck(fresh, actor, at):
            raise AccountRefused(
                "近 30 日内变更的账户，由录入、复核以外的市工信局或市财政局人员再次核实，且只核实一次。"
            )
        fresh.rechecked_at, fresh.rechecked_by = at, as_user(actor)
        fresh.save(update_fields=["rechecked_at", "rechecked_by"])
        audit.record(
            fresh.organisation, "enterprise.account_rechecked", actor=actor, at=at, label="再次核实变更后的收款账户",
            summary=f"尾号 {fresh.number_tail}",
        )  # fmt: skip
    return fresh


def account_in_use(enterprise: Organisation | int) -> BankAccount | None:
    """The confirmed account an enterprise is paid to, or None."""
    return BankAccount.objects.filter(organisation=enterprise, confirmed_at__isnull=False, replaced_at=None).first()


def _lock_accounts_of(enterprise: int) -> None:
    """One after the other: an enterprise has one account in use and one that waits, whoever types at the same moment."""
    Organisation.objects.select_for_update(no_key=True).get(pk=enterprise)


def _of(enterprise: Organisation, actor: Actor) -> None:
    if not has_role(actor, *ENTERPRISE_ROLES) or actor.organisation_id != enterprise.pk:
        raise AccountRefused("企业档案由本单位人员维护。")
