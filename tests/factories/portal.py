"""A portfolio of filed and determined projects, made in bulk, and scenarios of the sandbox over it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db.models import OuterRef, Subquery

from applications.facts.amounts import MODES
from applications.models import REFORM_TRACKS, Call, Determination, Project, Submission, Track
from applications.states import State
from core.models import Organisation, OrganisationKind, User
from policy import versions
from policy.rules import Facts, determine
from portal.sandbox.models import Scenario, ScenarioResult
from review.models import ReportEntry, ReviewReport
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW

_serial = count()
DISTRICTS = ("tiexi", "hunnan", "dadong")
INDUSTRIES = ("3421", "3562", "3741", "3821", "3670")


def sheet(number: int, track: str) -> Facts:
    """Facts that differ from project to project: directions, leaders, land, industries, sizes."""
    return Facts(
        mode=MODES[Track(track)],
        chain_leader=number % 5 == 0,
        industry4=INDUSTRIES[number % len(INDUSTRIES)],
        invest_total=Decimal(8_000_000 + number % 97 * 1_000_000) + Decimal("0.37"),
        land_infra=Decimal("2500000.00") if number % 2 else Decimal("0.00"),
        demo_recognised=number % 3 == 0,
    )


def portfolio(
    size: int, *, call: Call | None = None, state: str = State.CITY_REVIEW, version: str = "2025-03"
) -> list[Project]:
    """So many projects, each with its submission and its determination by the engine, in a fixed number of queries."""
    of_call = call or filings.call()
    author = people.approver()
    owners = [_enterprise(number) for number in range(max(1, size // 2))]
    Organisation.objects.bulk_create(owners, batch_size=1000)
    tracks = list(REFORM_TRACKS)
    made = Project.objects.bulk_create(
        [
            Project(
                call=of_call, enterprise=owners[number % len(owners)], district=owners[number % len(owners)].district,
                title=f"产线智能化改造{number:04d}", track=tracks[number % 3], created_at=NOW, created_by=author,
                number=f"SYJG-{of_call.pk}-{number:05d}",
            )
            for number in range(size)
        ],
        batch_size=1000,
    )  # fmt: skip
    sheets = [sheet(number, project.track) for number, project in enumerate(made)]
    submissions = _submissions(made, sheets, author)
    _determinations(made, submissions, sheets, version)
    filed = Submission.objects.filter(project=OuterRef("pk")).values("pk")[:1]
    rows = Project.objects.filter(pk__in=[project.pk for project in made])
    rows.update(current_submission=Subquery(filed), state=state, notice_closed_at=NOW)
    return list(rows.order_by("pk"))


def _enterprise(number: int) -> Organisation:
    district = people.district(DISTRICTS[number % len(DISTRICTS)])
    kind = OrganisationKind.ENTERPRISE
    return Organisation(
        kind=kind, name=f"沈阳示例企业{number:04d}有限公司", uscc=f"91210100MA{next(_serial):08d}", district=district
    )


def _submissions(projects: list[Project], sheets: list[Facts], author: User) -> list[Submission]:
    rows = [
        Submission(
            project=project, sequence=1, submitted_at=NOW + timedelta(minutes=number), submitted_by=author,
            title=project.title, track=project.track, industry=facts.industry4, chain_leader=facts.chain_leader,
            enterprise_name=project.enterprise.name, uscc=project.enterprise.uscc, investment=facts.invest_total,
            land_and_building=facts.land_infra, declaration="如实申报。", digest="0" * 64,
        )
        for number, (project, facts) in enumerate(zip(projects, sheets, strict=True))
    ]  # fmt: skip
    return Submission.objects.bulk_create(rows, batch_size=1000)


def _determinations(
    projects: list[Project], submissions: list[Submission], sheets: list[Facts], version: str
) -> list[Determination]:
    law = versions.load(version)
    answers = [determine(facts, law) for facts in sheets]
    rows = [
        Determination(
            project=project, submission=submission, policy_version=law.key, policy_digest=law.digest,
            facts=answer.facts.as_dict(), result=answer.as_dict(), verdict=answer.verdict, eligible=answer.eligible,
            ceiling=answer.ceiling, limit=answer.limit, central=answer.central, total=answer.total, made_at=NOW,
        )
        for project, submission, answer in zip(projects, submissions, answers, strict=True)
    ]  # fmt: skip
    return Determination.objects.bulk_create(rows, batch_size=500)


def reported(projects: list[Project]) -> None:
    """One review report over all of them; scores fall from 99.00 by a quarter a project, in the order given, and begin again at 39.00."""
    report = ReviewReport.objects.create(
        call=projects[0].call, number=f"评审〔2026〕{projects[0].pk}号", text="建议支持。", ground=people.ground(),
        concluded_at=NOW, concluded_by=people.bureau_lead(),
    )  # fmt: skip
    ReportEntry.objects.bulk_create(
        ReportEntry(report=report, project=project, experts=5, mean_hundredths=9900 - 25 * place % 6000)
        for place, project in enumerate(projects)
    )


def scenario(maker: User | None = None, **fields: Any) -> Scenario:
    """A kept scenario without a result; over the law of 2025 and every project unless told otherwise."""
    owner = maker or people.bureau_officer()
    held = {
        "name": "点上提到两成", "base_version": "2025-03", "shares": ["0.5", "0.5"], "created_at": NOW,
        "created_by": owner, "organisation": owner.organisation,
    }  # fmt: skip
    return Scenario.objects.create(**{**held, **fields})


def scenario_result(of: Scenario | None = None) -> ScenarioResult:
    """A scenario's result over the projects there are."""
    from portal.sandbox import services

    one = of or scenario()
    return services.keep_result(one, services.outcome_of(one), at=NOW)
