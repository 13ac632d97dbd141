"""支持项目名单: the result of an approval is published as it stands in the ledger, once (第四条 公开透明)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit
from core.models import Ground, GroundKind, Role
from core.money import ZERO, yuan
from core.people import has_role
from disbursement import funds
from disbursement.letters import pools as letters
from disbursement.letters.granting import people_of
from disbursement.models import Approval, Award, PublishedResult, ResultNotice
from disbursement.services.refusal import Refused

if TYPE_CHECKING:
    from core.people import Actor


def publish_results(approval: Approval, *, actor: Actor, at: datetime) -> ResultNotice:
    """Publish the supported projects of an approval with their amounts, for everybody to read.

    Raises Refused where it is published already or supports no project; PermissionDenied for others than
    市工信局负责人. The figures are copied once and never change; an invariant compares them with the ledger.
    """
    if not has_role(actor, Role.BUREAU_LEAD):
        raise PermissionDenied("支持项目名单由市工信局负责人公布。")
    with transaction.atomic():
        funds.lock_pools(approval.awards.values_list("lines__pool", flat=True).exclude(lines=None))
        locked = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
        if ResultNotice.objects.filter(approval=locked).exists():
            raise Refused("这份批复的支持项目名单已经公布。")
        awards = list(
            Award.objects.filter(approval=locked)
            .select_related("project__enterprise", "project__district")
            .prefetch_related("lines__pool")
            .order_by("project__number")
        )
        if not awards:
            raise Refused("这份批复没有支持任何项目，不用公布名单。")
        notice = _published(locked, awards, actor, at)
        summary = f"{len(awards)} 个项目，{yuan(sum((award.amount for award in awards), ZERO))} 元"
        audit.record(notice, "results.published", actor=actor, at=at, label="公布支持项目名单", ground=notice.ground,
                     summary=summary)  # fmt: skip
        letters.send(letters.results_published(notice, people_of(a.project.enterprise_id for a in awards)), at=at)
    return notice


def _published(approval: Approval, awards: list[Award], actor: Actor, at: datetime) -> ResultNotice:
    rows = [_row(position, award) for position, award in enumerate(awards, start=1)]
    facts = {"approval": approval.pk, "projects": {str(row.project_id): str(row.amount) for row in rows}}
    title = f"支持项目名单（{approval.number}）"
    ground = Ground.issue(kind=GroundKind.NOTICE, number=approval.number, title=title, by=actor, at=at, facts=facts)
    notice = ResultNotice.objects.create(
        approval=approval, title=title, published_at=at, published_by=actor, ground=ground
    )
    for row in rows:
        row.notice = notice
    PublishedResult.objects.bulk_create(rows)
    return notice


def _row(position: int, award: Award) -> PublishedResult:
    project = award.project
    parts = {True: ZERO, False: ZERO}
    for line in award.lines.all():
        parts[line.pool.is_central] += line.entitled
    return PublishedResult(
        project=project, position=position, project_title=project.title, enterprise_name=project.enterprise.name,
        district_name=project.district.name, track=project.track, amount=award.amount, central=parts[True],
        local=parts[False],
    )  # fmt: skip
