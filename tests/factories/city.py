"""A city's worth of filings, made in a minute: 100,000 projects over 13 districts, several calls and all early states.

For measurements on PostgreSQL. A few patterns are made by the real services, and their rows copied inside the database
(tests.factories.clones): projects with drafts, submissions, lines, materials, determinations, check results, grounds,
letters and audit chains; five projects an enterprise, two people each. What later rooms add to a project they copy the
same way: make the pattern by their services, then `clones.copied` it. States beyond the city's review are put into
the state column alone; scores and money are not made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from applications.models import (
    Call,
    CheckResult,
    Draft,
    DraftLine,
    DraftMaterial,
    EnterpriseProfile,
    Project,
    Submission,
    SubmissionLine,
    SubmissionMaterial,
)
from applications.states import State
from core import reference
from core.models import AuditEvent, AuditStream, District, Ground, Notice, Organisation, StoredFile, User
from tests.factories import applications as filings
from tests.factories import clones, filing
from tests.factories import core as people
from tests.factories.clones import APART
from tests.factories.core import moment

PROJECTS_EACH = 5  # of an enterprise: one is a draft, the others were filed
FILED_STATES = (
    State.DISTRICT_REVIEW, State.DISTRICT_REVIEW, State.CITY_REVIEW, State.PUBLIC_NOTICE, State.GOVERNMENT_APPROVAL,
    State.DISBURSEMENT, State.SETTLED, State.DECLINED,
)  # fmt: skip
NAMES = ("数控机床", "汽车零部件", "通用设备", "输变电设备", "机器人本体", "航空结构件", "压缩机", "盾构装备")


@dataclass(frozen=True)
class City:
    """Where to find what was made: the n-th enterprise (from 1), its approver and its draft."""

    enterprises: int
    organisation: int
    approver: int
    draft: int
    calls: list[int]

    def person(self, n: int) -> User:
        return User.objects.get(pk=self.approver + APART * n)

    def draft_project(self, n: int) -> int:
        """The key of the n-th enterprise's draft, complete and ready to be submitted."""
        return self.draft + APART * n


def build(projects: int = 100_000) -> City:
    """Make so many projects, committed, with statistics gathered."""
    enterprises = projects // PROJECTS_EACH
    with transaction.atomic():
        for row in reference.rows("districts.csv"):
            people.district(row["slug"])
        calls = [_call(year) for year in (2026, 2026, 2025, 2024)]
        owner = people.approver()
        drafted = filing.ready(actor=owner, of_call=calls[0], lines=_lines())
        filed = filing.ready(actor=owner, of_call=calls[0], lines=_lines())
        filed = filing.services.submit(filed, actor=owner, at=timezone.now())
        _enterprises(owner, enterprises)
        _copies(drafted, owner, enterprises, enterprises, calls)
        _copies(filed, owner, projects - enterprises, enterprises, calls)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return City(enterprises, owner.organisation_id, owner.pk, drafted.pk, [call.pk for call in calls])


def _call(year: int) -> Call:
    return filings.call(year=year, opens_at=moment(days=-20), closes_at=timezone.now() + timedelta(days=30))


def _lines(count: int = 8) -> list[dict[str, Any]]:
    return [
        {
            "category": "equipment", "name": f"数控加工中心 {n}", "model": f"VMC-{n}", "amount": Decimal(1_000_000 + n),
            "tax": Decimal(130_000), "supplier": "沈阳示例装备有限公司", "invoice_number": f"2421000000000{n:07d}",
            "invoiced_on": date(2025, 3, 1) + timedelta(days=n), "serial_number": f"SN-{n}", "contract_number": f"HT-{n}",
        }
        for n in range(1, count + 1)
    ]  # fmt: skip


def _enterprises(owner: User, count: int) -> None:
    codes = list(District.objects.order_by("pk").values_list("pk", flat=True))
    people.filer(owner.organisation)
    team = User.objects.filter(organisation=owner.organisation)
    streams = [f"core.user:{person.pk}" for person in team]
    patterns = [
        Organisation.objects.filter(pk=owner.organisation_id), team,
        User.groups.through.objects.filter(user__in=team), EnterpriseProfile.objects.filter(organisation=owner.organisation),
        AuditStream.objects.filter(name__in=streams), AuditEvent.objects.filter(stream__in=streams),
    ]  # fmt: skip
    named = {
        "core_organisation.name": "'沈阳示例制造' || n || '有限公司'",
        "core_organisation.uscc": "'91210' || lpad(n::text, 13, '0')",
        "core_organisation.district_id": f"(ARRAY{codes})[1 + n % {len(codes)}]",
        "core_user.email": "'user' || n || '@example.com'",
    }
    clones.copied(patterns, count, named)


def _copies(project: Project, owner: User, copies: int, enterprises: int, calls: list[Call]) -> None:
    """The rows of one project so many times; the k-th belongs to enterprise 1 + k mod enterprises."""
    ground = Ground.objects.filter(projects__project=project)
    streams = [
        f"applications.project:{project.pk}",
        *(f"core.ground:{pk}" for pk in ground.values_list("pk", flat=True)),
    ]
    draft = Draft.objects.get(project=project)
    kept = DraftMaterial.objects.filter(draft=draft)
    letters = Notice.objects.filter(recipient=owner, link__contains=f"/{project.pk}/")
    patterns = [
        Project.objects.filter(pk=project.pk), Draft.objects.filter(pk=draft.pk), DraftLine.objects.filter(draft=draft),
        kept, StoredFile.objects.filter(pk__in=kept.values("file")), Submission.objects.filter(project=project),
        SubmissionLine.objects.filter(submission__project=project), project.determinations.all(),
        SubmissionMaterial.objects.filter(submission__project=project), project.grounds.all(), ground, letters,
        CheckResult.objects.filter(submission__project=project), AuditStream.objects.filter(name__in=streams),
        AuditEvent.objects.filter(stream__in=streams),
    ]  # fmt: skip
    clones.copied(patterns, copies, _named(owner, enterprises, calls))


def _named(owner: User, enterprises: int, calls: list[Call]) -> dict[str, str]:
    """What differs from copy to copy."""
    codes = list(District.objects.order_by("pk").values_list("pk", flat=True))
    which = f"(1 + (n - 1) % {enterprises})"
    of_enterprise = {"org": f"{owner.organisation_id} + {APART} * {which}", "person": f"{owner.pk} + {APART} * {which}"}
    district = f"(ARRAY{codes})[1 + {which} % {len(codes)}]"
    call = f"(ARRAY{[one.pk for one in calls]})[1 + n % {len(calls)}]"
    state = f"(ARRAY{[str(state) for state in FILED_STATES]})[1 + n % {len(FILED_STATES)}]"
    title = f"(ARRAY{list(NAMES)})[1 + n % {len(NAMES)}] || '产线智能化改造 ' || n"
    person = dict.fromkeys(
        ("applications_project.created_by_id", "applications_draft.updated_by_id", "core_notice.recipient_id",
         "applications_submission.submitted_by_id", "applications_draftmaterial.added_by_id",
         "applications_submissionmaterial.added_by_id", "core_storedfile.uploaded_by_id", "core_ground.issued_by_id",
         "core_auditevent.actor_id"), of_enterprise["person"],
    )  # fmt: skip
    seller = "'沈阳示例装备' || (n % 5000) || '有限公司'"
    invoice = "'{kind}' || lpad(position::text, 3, '0') || lpad(n::text, 15, '0')"
    lines = {}
    for table, kind in (("applications_draftline", "25"), ("applications_submissionline", "24")):
        lines |= {
            f"{table}.supplier": seller,
            f"{table}.invoice_number": invoice.format(kind=kind),
            f"{table}.serial_number": f"'{kind}' || serial_number || '-N' || n",
            f"{table}.amount": "amount + 7919 * (n % 100000)",
            f"{table}.invoiced_on": "invoiced_on + (n % 300)::integer",
        }
    lines |= {
        "applications_submissionline.invoice_key": invoice.format(kind="24"),
        "applications_submissionline.serial_key": "'24' || serial_key || 'N' || n",
        "applications_submissionline.seller_key": seller,
    }
    return {
        **person, **lines,
        "applications_project.enterprise_id": of_enterprise["org"],
        "applications_project.district_id": district,
        "applications_project.call_id": f"CASE WHEN number IS NULL THEN call_id ELSE {call} END",
        "applications_project.state": f"CASE WHEN number IS NULL THEN state ELSE {state} END",
        "applications_project.state_since": "state_since - interval '1 minute' * (n % 500000)",
        "applications_project.number": "CASE WHEN number IS NULL THEN NULL ELSE 'SYJG-2026-' || n END",
        "applications_project.title": title,
        "applications_draft.title": title,
        "applications_submission.title": title,
        "applications_submission.enterprise_name": f"'沈阳示例制造' || {which} || '有限公司'",
        "applications_submission.uscc": f"'91210' || lpad({which}::text, 13, '0')",
        "applications_submission.digest": "md5(digest || n) || md5(n || digest)",
        "applications_submission.investment": "investment + 100000 * (n % 9000)",
        "core_storedfile.sha256": "md5(id || sha256 || n) || md5(n || sha256 || id)",
    }  # fmt: skip


def workbook(lines: int) -> bytes:
    """An Excel file with so many lines, as the portal's own template asks for them."""
    from applications.facts.line_workbook import workbook_of

    return workbook_of(_lines(lines))
