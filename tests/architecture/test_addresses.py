"""Every address has a guard; anonymous, every role and every record it may be asked for: never an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from core.guards import PUBLIC, SIGNED_IN
from core.models import Role, User
from core.people import roles_of

pytestmark = [
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.django_db,
]

# Which records stand behind the first part of an address; what is not named here is a project.
BEHIND = {
    "pools": "disbursement.Pool",
    "supplements": "disbursement.Supplement",
    "take-overs": "disbursement.TakeOverSheet",
    "month-statements": "disbursement.MonthStatement",
    "bank-statements": "disbursement.BankStatement",
    "differences": "disbursement.BankLine",
    "special-decisions": "disbursement.SpecialDecision",
    "results": "disbursement.ResultNotice",
    "budget-entries": "disbursement.BudgetEntry",
    "spending": "disbursement.Spending",
    "proposals": "disbursement.Proposal",
    "approvals": "disbursement.Proposal",
    "agreements": "disbursement.Agreement",
    "batches": "disbursement.PaymentBatch",
    "plans": "disbursement.PlanTemplate",
    "progress-reports": "disbursement.ProgressReport",
    "payments": "disbursement.Payment",
    "acceptances": "disbursement.Acceptance",
    "recoveries": "disbursement.Recovery",
    "hearings": "disbursement.Hearing",
    "recommendations": "review.RecommendationLetter",
    "rule-checks": "review.RuleCheck",
    "consultations": "review.Consultation",
    "departments": "review.Department",
    "review-reports": "review.ReviewReport",
    "expert": "review.Assignment",
    "experts": "review.Expert",
    "relations": "review.EnterpriseRelation",
    "draws": "review.Draw",
    "review/groups": "applications.ProjectGroup",
    "site-visits": "review.SiteVisit",
    "notices": "review.PublicNotice",
    "objections": "review.Objection",
    "statements": "review.Statement",
    "panels": "review.PanelMeeting",
    "corrections": "core.Correction",
    "calls": "applications.Call",
    "filing/new": "applications.Call",
    "groups/new": "applications.Call",
    "groups": "applications.ProjectGroup",
    "materials": "applications.SubmissionMaterial",
    "enterprise": "applications.BankAccount",
    "enterprise/members": "core.User",
    "enterprise/invitations": "applications.Invitation",
    "chain-leaders": "applications.ChainLeaderCertificate",
    "registrations": "applications.Registration",
    "policy": "policy.PolicyAdoption",
    "calendar": "core.DayOverride",
    "delegations": "core.Delegation",
    "declarations": "core.Interest",
    "documents": "core.Ground",
    "accounts": "core.User",
    "jobs": "core.Job",
}
NONE = "00000000-0000-4000-8000-000000000000"
OTHER_PARTS = {
    "call_pk": "applications.Call",
    "file_pk": "review.ObjectionFile",
    "item_pk": "disbursement.ProposalItem",
    "material_pk": "applications.SubmissionMaterial",
    "photo_pk": "review.SitePhoto",
    "entry_pk": "review.DrawEntry",
    "instalment_pk": "disbursement.Instalment",
    "notice_pk": "review.PublicNotice",
    "project_pk": "applications.Project",
    "approval_pk": "disbursement.Approval",
    "row_pk": "disbursement.TakeOverRow",
    "paper_pk": "disbursement.TakeOverPaper",
    "scan_pk": "disbursement.AgreementScan",
    "import_pk": "disbursement.ResultImport",
    "progress_paper_pk": "disbursement.ProgressPaper",
    "material": "applications.DraftMaterial",
    "version": "applications.MaterialVersion",
    "attachment": "applications.CallAttachment",
}
WORDS = {
    "kind": ["line"],
    "form": ["pdf"],
    "tab": ["filing", "money", "records"],
    "step": ["prepare", "close"],
    "key": ["2025-03"],
    "receipt": ["none"],
    "page": [1],
    "upload": [NONE],
    "name": ["basics", "indicators"],
}
SLUGS = ["check", "review", "release", "agree", "send", "cancel", "send-back", "confirm", "add", "first", "second",
         "read", "1"]  # fmt: skip
ALLOWED = {200, 302, 403, 404, 405, 409}
PERSON_OF = {
    Role.ENTERPRISE_FILER: "enterprise2",
    Role.ENTERPRISE_APPROVER: "enterprise2",
    Role.DISTRICT_OFFICER: "district-tiexi",
    Role.DISTRICT_LEAD: "district-tiexi-lead",
    Role.BUREAU_OFFICER: "bureau",
    Role.BUREAU_LEAD: "bureau-lead",
    Role.EXPERT: "expert1",
    Role.FINANCE_OFFICER: "finance",
    Role.FINANCE_LEAD: "finance-lead",
    Role.GOVERNMENT_OFFICE: "government",
    Role.ASSESSOR: "assessor",
    Role.SUPERVISOR: "supervisor",
    Role.ADMINISTRATOR: "admin",
}


@dataclass(frozen=True)
class Address:
    """One named address: its route, its guard, the names of its parts."""

    name: str
    route: str
    guard: Any
    parts: tuple[str, ...]


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns: Any, before: str = "", room: str = "") -> Iterator[Address]:
    for one in patterns:
        route = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from _walk(one.url_patterns, route, f"{one.namespace}:" if one.namespace else room)
        else:
            guard = getattr(one.callback, "guard", None)
            yield Address(f"{room}{one.name}", route, guard, tuple(one.pattern.converters))


ADDRESSES = addresses()


def keys_of(label: str) -> list[Any]:
    """The first and the last record of a model; a key of nothing where there is none."""
    keys = list(apps.get_model(label)._base_manager.order_by("pk").values_list("pk", flat=True))
    return list(dict.fromkeys([keys[0], keys[-1]])) if keys else [999_999]


def places_of(address: Address) -> list[str]:
    """Paths of an address for some real records of each part."""
    choices = {part: _choices(address, part) for part in address.parts}
    longest = max((len(found) for found in choices.values()), default=1)
    paths = {_path(address, {part: found[n % len(found)] for part, found in choices.items()}) for n in range(longest)}
    return sorted(path for path in paths if path)


def _choices(address: Address, part: str) -> list[Any]:
    if part in WORDS:
        return WORDS[part]
    if part in OTHER_PARTS:
        return keys_of(OTHER_PARTS[part])
    if part == "slug":
        return SLUGS
    first, second = [*address.route.split("/"), ""][:2]
    label = BEHIND.get(f"{first}/{second}") or BEHIND.get(first, "applications.Project")
    if label == "core.Job":
        return [NONE, *keys_of(label)][:2]
    return keys_of(label)


def _path(address: Address, parts: dict[str, Any]) -> str:
    try:
        return reverse(address.name, kwargs=parts)
    except NoReverseMatch:  # a converter that knows only some words
        return ""


def status_of(client: Client, path: str) -> tuple[int, str]:
    """What a GET answers, and where it leads; files are read to their end, which closes them."""
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code, answer.headers.get("Location", "")


def signed_in(username: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=username))
    return client


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_every_address_has_a_guard_and_a_name(address):
    known = address.guard in (PUBLIC, SIGNED_IN) or (isinstance(address.guard, frozenset) and address.guard)

    assert known and address.name


def test_every_address_has_places_to_knock_at():
    assert [address.name for address in ADDRESSES if not places_of(address)] == []


def test_the_anonymous_are_led_to_the_login_unless_the_page_is_public():
    client = Client(raise_request_exception=False)
    wrong = []
    for address in ADDRESSES:
        for path in places_of(address):
            status, leads_to = status_of(client, path)
            to_login = status == 302 and leads_to.startswith("/accounts/login/")
            fine = status in ALLOWED if address.guard == PUBLIC else to_login
            if not fine:
                wrong.append((path, status))

    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_at_every_address_gets_a_page_or_a_clear_no(role):
    client = signed_in(PERSON_OF[role])
    mine = roles_of(User.objects.get(username=PERSON_OF[role]))
    wrong = []
    for address in ADDRESSES:
        refused = isinstance(address.guard, frozenset) and mine.isdisjoint(address.guard)
        for path in places_of(address)[: 1 if refused else None]:  # a guard says no before it looks at the record
            status, _ = status_of(client, path)
            if status not in ALLOWED or (refused and status not in (403, 405)):
                wrong.append((path, status))

    assert wrong == []
