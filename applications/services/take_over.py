"""A running project of an earlier year enters the portal from paper: its project, its submission, the state it reached."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from applications.models import Call, Project, Submission
from applications.services.calls import open_call
from applications.services.determinations import store_determination
from applications.services.numbers import take_number
from core import audit, moves
from core.models import Ground, Organisation
from core.people import as_user

if TYPE_CHECKING:
    from core.people import Actor

DECLARATION = "以前年度立项的项目，按接续清单登记；申报、评审、公示、批复和任务书见清单所附资料。"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the sheet says of a project; amounts in 元."""

    title: str
    year: int
    track: str
    industry: str
    chain_leader: bool
    investment: Decimal
    land_and_building: Decimal
    notice_closed_at: datetime
    reached: str
    due_on: date | None = None


def call_of_year(year: int, *, policy_version: str, actor: Actor, at: datetime) -> Call:
    """The call that holds the projects taken over from a year; never published, opened when first needed."""
    title = f"{year}年立项项目（接续）"
    found = Call.objects.filter(title=title, year=year).first()
    if found is not None:
        return found
    zone = timezone.get_current_timezone()
    return open_call(
        title=title, year=year, text="以前年度立项、接续管理的项目。", opens_at=datetime(year, 1, 1, tzinfo=zone),
        closes_at=datetime(year, 12, 31, tzinfo=zone), actor=actor, at=at, policy_version=policy_version,
    )  # fmt: skip


def begin_taken_over(earlier: Earlier, *, enterprise: Organisation, call: Call, actor: Actor, at: datetime) -> Project:
    """The project as a draft with the submission the sheet stands for, and its determination by the policy in force."""
    with transaction.atomic():
        project = Project.objects.create(
            call=call, enterprise=enterprise, district=enterprise.district, title=earlier.title, track=earlier.track,
            created_at=at, created_by=as_user(actor), state_since=at,
        )  # fmt: skip
        said = json.dumps(asdict(earlier), cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
        submission = Submission.objects.create(
            project=project, sequence=1, submitted_at=at, submitted_by=as_user(actor), title=earlier.title,
            track=earlier.track, industry=earlier.industry, chain_leader=earlier.chain_leader,
            enterprise_name=enterprise.name, uscc=enterprise.uscc, investment=earlier.investment,
            land_and_building=earlier.land_and_building, declaration=DECLARATION,
            digest=hashlib.sha256(said.encode()).hexdigest(),
        )  # fmt: skip
        store_determination(submission, actor=actor, at=at)
        audit.record(project, "project.registered", actor=actor, at=at, label="登记以前年度项目", summary=earlier.title)
    return project


def take_over(
    project: Project,
    earlier: Earlier,
    *,
    ground: Ground,
    actor: Actor,
    at: datetime,
    letters: Callable[[Any], Any],
) -> Project:
    """Move the draft into the state it reached, on the confirmed sheet; it gets its number here."""
    with transaction.atomic():
        return moves.perform(
            project, "take_over", actor=actor, at=at, ground=ground, letters=letters,
            submission=project.submissions.get(), number=take_number(project.district, earlier.year),
            reached=earlier.reached, notice_closed_at=earlier.notice_closed_at, due_on=earlier.due_on,
        )  # fmt: skip
