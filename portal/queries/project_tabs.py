"""What each tab of the project page shows beside the frame: one small function a tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from applications.models import NOT_ELIGIBLE, Category
from core.audit import timeline_of
from disbursement.models import Acceptance, Agreement, Payment, Recovery
from disbursement.services.amendments import may_amend
from disbursement.services.progress import may_report
from portal.addresses import address_of
from portal.queries import money_rows, review_rows
from portal.queries.papers import grounds_visible_to
from portal.queries.project_page import Page, told_steps
from portal.queries.timeline import shown_events


@dataclass(frozen=True, slots=True)
class CategorySum:
    """The investment of one category as it was filed, in 元 without VAT."""

    label: str
    lines: int
    amount: Decimal
    counts: bool


def filing(page: Page, user: Any) -> dict[str, Any]:
    """The current submission, its lines by category, earlier submissions."""
    submission = page.project.current_submission
    if submission is None:
        return {"submission": None, "draft_url": address_of("filing", page.project.pk)}
    sums = {
        row["category"]: row
        for row in submission.lines.order_by().values("category").annotate(n=Count("pk"), total=Sum("amount"))
    }
    categories = [
        CategorySum(str(Category(key).label), row["n"], row["total"], key not in NOT_ELIGIBLE)
        for key in Category.values
        if (row := sums.get(key))
    ]
    earlier = list(page.project.submissions.exclude(pk=submission.pk).order_by("-sequence"))
    return {
        "submission": submission,
        "facts": _facts_of(page, submission),
        "funds": [("自有资金", submission.own_funds), ("银行贷款", submission.bank_loan)],
        "categories": categories,
        "earlier": earlier,
    }


def _facts_of(page: Page, submission: Any) -> list[tuple[str, Any]]:
    rows = [
        ("备案文号", submission.filing_number),
        ("建设地点", submission.site),
        ("项目行业", submission.industry),
        ("协同组", page.project.group or ""),
        ("链主企业", "是，在名单内" if submission.chain_leader else ""),
        ("建设内容", submission.content),
        ("预期成效", submission.benefit),
    ]
    return [(name, value) for name, value in rows if value]


def materials(page: Page, user: Any) -> dict[str, Any]:
    """The files of the current submission."""
    submission = page.project.current_submission
    rows = submission.materials.select_related("requirement", "file") if submission else []
    return {"materials": [(one, address_of("material-file", one.pk)) for one in rows]}


def review(page: Page, user: Any) -> dict[str, Any]:
    """What this person may see of the review, and its steps."""
    wanted = ("recommended", "returned_for_correction", "resubmitted", "sent_back", "concluded", "declined", "notice")
    rows = [event for event in page.events if any(word in event.event for word in wanted)]
    return {
        "opinions": review_rows.opinions_of(page.project, user),
        "defect_lists": review_rows.defect_lists_of(page.project, user),
        "results": review_rows.results_of(page.project, user),
        "scores": review_rows.scores_of(page.project, user),
        "notices": review_rows.notices_of(page.project, user),
        "review_events": shown_events(reversed(rows), page.closed_kinds),
    }


def money(page: Page, user: Any) -> dict[str, Any]:
    """The instalments, what must come back, the final settlement, and how the amount came about."""
    settlement = money_rows.settlement_of(page.project, user) if page.award else None
    instalments = money_rows.instalment_rows(page.project, user) if page.award else []
    return {
        "instalments": instalments,
        "progress": money_rows.progress_of(page.project, user),
        "progress_url": address_of("progress-new", page.project.pk) if may_report(page.project, user) else "",
        "instalments_total": sum((row.amount for row in instalments), Decimal(0)),
        "hearings": money_rows.hearings_of(page.project, user),
        "recoveries": money_rows.recoveries_of(page.project, user) if page.award else [],
        "settlement": settlement,
        "settlement_steps": told_steps(settlement.result) if settlement else [],
        "settlement_url": address_of("settlement", page.project.pk) if settlement else "",
    }


def agreement(page: Page, user: Any) -> dict[str, Any]:
    """The 任务书 or 补充协议 in force or to be signed, the other editions, and the acceptances."""
    project = page.project
    editions = list(Agreement.objects.visible_to(user).filter(project=project).current_first())
    amend = address_of("amendment-new", project.pk) if may_amend(project, user) else ""
    return {
        "amend_url": amend,
        "agreement": editions[0] if editions else None,
        "other_editions": editions[1:],
        "acceptances": list(
            Acceptance.objects.visible_to(user).filter(project=project).select_related("assessor").order_by("-round")
        ),
    }


def records(page: Page, user: Any) -> dict[str, Any]:
    """Everything that happened to the project, its 任务书, payments, acceptances and recoveries, newest first."""
    parts = [
        part for model in (Agreement, Payment, Acceptance, Recovery)
        for part in model.objects.visible_to(user).filter(project=page.project).order_by("pk")
    ]  # fmt: skip
    events = list(timeline_of(page.project, *parts)) if parts else page.events[::-1]
    named = {event.ground_id for event in events if event.ground_id}
    readable = set(grounds_visible_to(user).filter(pk__in=named).values_list("pk", flat=True))
    return {"shown": shown_events(events, page.closed_kinds, readable)}


OF: dict[str, Callable[[Page, Any], dict[str, Any]]] = {
    "filing": filing,
    "materials": materials,
    "review": review,
    "money": money,
    "agreement": agreement,
    "records": records,
}
