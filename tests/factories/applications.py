"""Calls and projects for tests. `project(state)` puts a row in a state directly; journeys walk the real services."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from guardian.shortcuts import assign_perm

from applications.facts.amounts import determination_of
from applications.models import (
    REFORM_TRACKS,
    Call,
    CallAttachment,
    CallMaterial,
    CallRule,
    Draft,
    Project,
    Registration,
    RubricItem,
    Submission,
    Track,
)
from applications.services.determinations import keep
from applications.services.registrations import register
from applications.states import CallState, State
from core import files
from core.accounts import bureau_desk
from core.models import Organisation, User
from policy import services as policy
from policy.queries import is_adopted
from tests.factories import core as people
from tests.factories.core import NOW, moment

_registered = count(1)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def adopted_version(key: str = "2025-03") -> None:
    """Make sure both bureaux stand behind a policy version, so that a call bound to it may be published."""
    if not is_adopted(key):
        proposed = policy.propose(key, reason="按办法执行。", actor=people.bureau_lead(), at=NOW)
        policy.agree(proposed, number="示例财〔2026〕1号", actor=people.finance_lead(), at=NOW)


def call(**fields: Any) -> Call:
    """A published call, open from ten days before NOW to thirty days after."""
    made = Call.objects.create(
        **{
            "title": "2026年制造业新型技术改造项目申报通知",
            "year": 2026,
            "text": "请按要求申报。",
            "opens_at": moment(days=-10),
            "closes_at": moment(days=30),
            "tracks": list(REFORM_TRACKS),
            "policy_version": "2025-03",
            "state": CallState.PUBLISHED,
            "published_at": moment(days=-10),
            "created_by": people.bureau_officer(),
            **fields,
        }
    )
    CallMaterial.objects.create(call=made, position=1, code="licence", name="营业执照")
    CallMaterial.objects.create(call=made, position=2, code="plan", name="可行性研究报告", need="optional")
    RubricItem.objects.create(call=made, position=1, dimension="技术先进性", name="装备水平", points=60)
    RubricItem.objects.create(call=made, position=2, dimension="绿色化", name="单位能耗下降", points=40)
    assign_perm("applications.run_call", bureau_desk(), made)
    return made


def rule(of_call: Call, kind: str, weight: str = "hard", **fields: Any) -> CallRule:
    """One condition of a call."""
    return CallRule.objects.create(call=of_call, kind=kind, weight=weight, position=of_call.rules.count() + 1, **fields)


def attachment(of_call: Call, title: str = "附件1 申报书样式") -> CallAttachment:
    """A paper beside the text of a call."""
    return CallAttachment.objects.create(
        call=of_call,
        title=title,
        added_at=NOW,
        added_by=of_call.created_by,
        file=files.store_bytes(PDF, name="样式.pdf", kind="call", by=of_call.created_by, at=NOW),
    )


def project(
    state: str = State.DRAFT,
    *,
    enterprise: Organisation | None = None,
    of_call: Call | None = None,
    investment: int = 50_000_000,
    **fields: Any,
) -> Project:
    """A project set into `state`, with a draft, and with a submission and determination beyond the draft."""
    owner = enterprise or people.enterprise()
    author = fields.pop("created_by", None) or people.approver(owner)
    made = Project.objects.create(
        **{
            "call": of_call or call(),
            "enterprise": owner,
            "district": owner.district,
            "title": "数控产线智能化改造",
            "track": Track.POINT,
            "created_at": NOW,
            "created_by": author,
            **fields,
        }
    )
    draft(made, author)
    if state != State.DRAFT:
        _file(made, author, investment)
        Project.objects.filter(pk=made.pk).update(state=state)
    return Project.objects.get(pk=made.pk)


def draft(of_project: Project, author: User) -> Draft:
    return Draft.objects.create(
        project=of_project, title=of_project.title, industry="3421", updated_at=NOW, updated_by=author
    )


def _file(of_project: Project, author: User, investment: int) -> None:
    submission = Submission.objects.create(
        project=of_project, sequence=1, submitted_at=NOW, submitted_by=author, title=of_project.title,
        track=of_project.track, industry="3421", enterprise_name=of_project.enterprise.name,
        uscc=of_project.enterprise.uscc, investment=Decimal(investment), land_and_building=Decimal(0),
        start_on=date(2025, 3, 1), end_on=date(2026, 12, 31), declaration="如实申报。", digest="0" * 64,
    )  # fmt: skip
    result = determination_of(submission, of_project.call.policy_version)
    keep(of_project, submission, result, actor=author, at=NOW)
    of_project.current_submission = submission
    of_project.number = f"SYJG-2026-{of_project.district.code[3:]}-{of_project.pk:03d}"
    of_project.save()


def registration(slug: str = "tiexi", uscc: str = "", at: datetime = NOW, **values: Any) -> Registration:
    """An enterprise that registered itself and waits for its district."""
    number = next(_registered)
    typed = {
        "enterprise": f"沈阳自报企业{number}有限公司", "name": "申请人 何", "email": f"he{number}@example.com",
        "phone": "13900000000", "password": "portal-test-2026",
    } | values  # fmt: skip
    code = uscc or people.credit_code(5000 + number)
    return register(uscc=code, district=people.district(slug), at=at, **typed)
