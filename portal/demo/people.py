"""Enterprises, bodies and accounts of the demonstration."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password

from applications import services as filing
from applications.models import ChainLeaderCertificate
from core import reference
from core.accounts import open_account
from core.models import District, Organisation, OrganisationKind, User
from core.people import SYSTEM
from portal.demo.accounts import ACCOUNTS, NAMES_OF_BODIES, PASSWORD, Account
from portal.demo.days import Days
from portal.demo.rows import Row, enterprises


def is_loaded() -> bool:
    """True once the demonstration's first enterprise exists."""
    return Organisation.objects.filter(uscc=enterprises()[0].uscc).exists()


def load_people(days: Days) -> dict[str, User]:
    """All organisations and accounts; returns the accounts by username."""
    at = days.ago(300)
    reference.load()
    places = {**_bodies(), **_enterprises(at), **_districts()}
    users = {account.username: _account(account, places[account.place], at) for account in ACCOUNTS}
    _same_password_for(users)
    for row in enterprises():
        _profile(row, places[row.enterprise_no], users, days)
    return users


def _bodies() -> dict[str, Organisation]:
    for kind, name in NAMES_OF_BODIES.items():
        Organisation.objects.get_or_create(kind=kind, defaults={"name": name})
    kinds = {account.place for account in ACCOUNTS} & set(OrganisationKind.values)
    return {kind: Organisation.objects.filter(kind=kind).order_by("pk").first() for kind in kinds}


def _districts() -> dict[str, Organisation]:
    bureaux = Organisation.objects.filter(kind=OrganisationKind.DISTRICT_BUREAU).select_related("district")
    return {bureau.district.slug: bureau for bureau in bureaux}


def _enterprises(at: datetime) -> dict[str, Organisation]:
    districts = {district.code: district for district in District.objects.all()}
    return {
        row.enterprise_no: Organisation.objects.create(
            kind=OrganisationKind.ENTERPRISE,
            name=row.enterprise_name,
            uscc=row.uscc,
            district=districts[row.district_code],
        )
        for row in enterprises()
    }


def _account(account: Account, organisation: Organisation, at: datetime) -> User:
    return open_account(
        username=account.username,
        name=account.name,
        title=account.title,
        organisation=organisation,
        roles=account.roles,
        email=f"{account.username}@example.com",
        actor=SYSTEM,
        at=at,
    )


def _same_password_for(users: dict[str, User]) -> None:
    """One hash for all: the password is public, and a hash takes a tenth of a second."""
    User.objects.filter(username__in=users).update(password=make_password(PASSWORD))


def _profile(row: Row, enterprise: Organisation, users: dict[str, User], days: Days) -> None:
    actor = users[row.username]
    filing.save_profile(
        enterprise,
        values={
            "address": row.address,
            "industry": row.industry,
            "above_scale": row.above_scale,
            "legal_person": row.legal_person,
            "contact": row.contact,
            "phone": row.phone,
            "email": row.email,
        },
        actor=actor,
        at=days.ago(290),
    )
    if row.chain_leader:
        ChainLeaderCertificate.objects.create(
            organisation=enterprise,
            chain=row.chain or "示例产业链",
            document_number="示例链〔2024〕1号",
            valid_from=days.ago(600).date(),
        )
    account = filing.enter_account(
        enterprise,
        holder=row.enterprise_name,
        bank=row.bank_name,
        cnaps=row.cnaps,
        number=row.bank_account,
        actor=actor,
        at=days.ago(289),
    )
    filing.confirm_account(account, actor=users["bureau"], at=days.ago(288))
