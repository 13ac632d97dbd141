"""What follows a signed 任务书 in the demonstration: progress reported and checked, a 补充协议, a plan that waits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from applications.models import Project
from applications.states import State
from disbursement.agreement_text import end_on
from disbursement.models import Award
from disbursement.plans import Part
from disbursement.services import agreements, amendments, plans, progress
from portal.demo.journey import Cast

THREE_PARTS = (Part(3000, "signed"), Part(4000, "progress", 60), Part(3000, "accepted"))


def load(cast: Cast) -> None:
    """One report checked, one that waits for the district, one paper that waits for the enterprise, one plan for the lead."""
    running = list(Project.objects.filter(state=State.DISBURSEMENT).order_by("pk")[:3])
    if len(running) < 3:
        return
    checked, waiting, amended = running
    report = _report(checked, 70, cast, days=20)
    progress.confirm_progress(report, actor=cast.users[f"district-{checked.district.slug}"], at=cast.days.ago(18))
    _report(waiting, 45, cast, days=2)
    _amend(amended, cast)
    reason = "建设周期长的项目按进度设中间批次"
    at = cast.days.ago(1)
    plans.draft_plan("三段拨付", THREE_PARTS, reason=reason, is_default=False, actor=cast.officer, at=at)


def _report(project: Project, percent: int, cast: Cast, days: int) -> progress.ProgressReport:
    at = cast.days.ago(days)
    invested = (project.current_submission.investment * percent / 100).quantize(Decimal("0.01"))
    return progress.report_progress(
        project, as_of=at.date(), invested=invested, progress=percent, summary="主要设备到货并开始安装，软件系统完成部署。",
        papers=(), actor=project.created_by, at=at,
    )  # fmt: skip


def _amend(project: Project, cast: Cast) -> None:
    award, at = Award.objects.get(project=project), cast.days.ago(1)
    day = end_on(award, amendments.agreed_terms(project))
    if day is None:
        return
    change = amendments.Change(f"进口设备交货推迟，示例工信备〔{at.year}〕3号", end_on=day + timedelta(days=60))
    paper = amendments.draw_amendment(project, change, actor=cast.officer, at=at)
    agreements.sign(paper, actor=cast.lead, at=at)
