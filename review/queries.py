"""What the desks of the review room show, said for whom; every list starts from visible_to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from applications.facts import requirements
from applications.facts.defects import defects_of
from applications.models import CallMaterial, Determination, Project
from applications.queries.checks import open_stops
from applications.states import State
from core.calendar import add_working_days
from review.blind import is_blind
from review.conflicts import exclusions_of
from review.models import (
    Assignment,
    DefectList,
    Expert,
    MaterialCheck,
    NoticeEntry,
    Objection,
    Opinion,
    PublicNotice,
    ScoreSheet,
    SiteVisit,
    Verdict,
)
from review.states import NoticeState, SheetState


def what_stops_a_recommendation(project: Project) -> str:
    """The sentence that says what is missing before a project may be recommended; "" when nothing is (第九条二)."""
    checks = dict(
        MaterialCheck.objects.filter(submission=project.current_submission_id).values_list("requirement", "verdict")
    )
    unjudged = [entry.name for entry in materials_to_check(project) if entry.pk not in checks]
    if unjudged:
        return f"还有 {len(unjudged)} 项材料没有核验：{'、'.join(unjudged)}。"
    if Verdict.QUESTIONED in checks.values():
        return "存疑没有消除，不能推荐。请退回补正，或改判为核实、不适用。"
    stops = [result.label for result in open_stops(project.current_submission_id)]
    if stops:
        return f"系统核对有 {len(stops)} 项不通过（{'、'.join(stops)}）。请退回补正，或由负责人写明理由后放行。"
    return ""


def materials_to_check(project: Project) -> list[CallMaterial]:
    """The entries of the call's list that a filing owes (on paper the confidential ones), or filed beyond need."""
    entries = CallMaterial.objects.filter(call=project.call_id).annotate(
        is_filed=Exists(project.current_submission.materials.filter(requirement=OuterRef("pk")))
    )
    case = requirements.of_submission(project.current_submission)
    return [entry for entry in entries if entry.is_filed or entry.is_needed_for(**case)]


# --- the district ---------------------------------------------------------------------------------------------------


def district_projects(user: Any) -> QuerySet[Project]:
    """Everything filed in this person's district, with what the tabs ask of it."""
    opinions = Opinion.objects.filter(submission=OuterRef("current_submission"))
    return Project.objects.visible_to(user).annotate(
        opinion_in_hand=Exists(opinions.filter(ground__isnull=True)),
        was_recommended=Exists(Opinion.objects.filter(project=OuterRef("pk"), ground__isnull=False)),
    )


def with_district_figures(projects: QuerySet[Project]) -> QuerySet[Project]:
    """What a row of the district's queue shows: figures, and how far the checks of the current submission are."""
    current = Q(material_checks__submission=F("current_submission"))
    return _with_figures(projects).annotate(
        checks=Count("material_checks", filter=current),
        doubts=Count("material_checks", filter=current & Q(material_checks__verdict=Verdict.QUESTIONED)),
    )


def _with_figures(projects: QuerySet[Project]) -> QuerySet[Project]:
    limit = Determination.objects.filter(project=OuterRef("pk"), is_current=True).values("limit")[:1]
    return projects.select_related("enterprise", "district", "call", "current_submission", "taken_by").annotate(
        limit=Subquery(limit)
    )


BEFORE_CITY = (State.DRAFT, State.DISTRICT_REVIEW, State.CORRECTION)
DISTRICT_TABS = {
    "in_hand": "在办",
    "mine": "我经办的",
    "untaken": "待领取",
    "to_sign": "待签批",
    "correction": "退回补正",
    "recommended": "已推荐",
    "declined": "不予支持",
}


def district_tabs(user: Any) -> dict[str, Q]:
    """Which of `district_projects` stand under each tab of the queue, for this person."""
    in_hand = Q(state=State.DISTRICT_REVIEW)
    return {
        "in_hand": in_hand,
        "mine": in_hand & Q(taken_by=user),
        "untaken": in_hand & Q(taken_at__isnull=True),
        "to_sign": in_hand & Q(opinion_in_hand=True),
        "correction": Q(state=State.CORRECTION),
        "recommended": Q(was_recommended=True) & ~Q(state__in=BEFORE_CITY),
        "declined": Q(state=State.DECLINED),
    }


def due_bands(on: date) -> dict[str, tuple[str, Q]]:
    """Bands of the clock, by the project's due day: overdue, today, within three working days, later."""
    soon = add_working_days(on, 3)
    return {
        "over": ("已超期", Q(due_on__lt=on)),
        "today": ("今日到期", Q(due_on=on)),
        "soon": ("3 个工作日内", Q(due_on__gt=on, due_on__lte=soon)),
        "later": ("时间充裕", Q(due_on__gt=soon) | Q(due_on__isnull=True)),
    }


def matching(projects: QuerySet[Project], q: str = "", track: str = "", call: Any = None) -> QuerySet[Project]:
    """Projects that a list's filters ask for: title, number, enterprise or credit code; track; call."""
    if q:
        projects = projects.filter(
            Q(title__icontains=q) | Q(number__icontains=q) | Q(enterprise__name__icontains=q) | Q(enterprise__uscc=q)
        )
    if track:
        projects = projects.filter(track=track)
    return projects.filter(call=call) if call else projects


def counts_of(projects: QuerySet[Project], parts: dict[str, Q]) -> dict[str, int]:
    """How many projects stand in each part, in one query."""
    return projects.aggregate(**{key: Count("pk", filter=part) for key, part in parts.items()})


def defect_lists_of(project: Project, user: Any) -> list[DefectList]:
    """What was told to the enterprise each time, newest first, with what it answered (`entries`)."""
    told = list(DefectList.objects.visible_to(user).filter(project=project).select_related("ground"))
    for one in told:
        one.entries = defects_of(project, one.ground)
    return told


# --- the bureau -----------------------------------------------------------------------------------------------------

BUREAU_TABS = {
    "to_assign": "待指派专家",
    "scoring": "评分中",
    "to_publish": "待公示",
    "shown": "公示中",
    "district": "区县初审",
}


def bureau_tabs() -> dict[str, Q]:
    """Which of `bureau_projects` stand under each tab of the board."""
    return {
        "to_assign": Q(state=State.CITY_REVIEW, is_asked=False),
        "scoring": Q(state=State.CITY_REVIEW, is_asked=True),
        "to_publish": Q(state=State.PUBLIC_NOTICE, due_on__isnull=True),
        "shown": Q(state=State.PUBLIC_NOTICE, due_on__isnull=False),
        "district": Q(state__in=[State.DISTRICT_REVIEW, State.CORRECTION]),
    }


def bureau_projects(user: Any) -> QuerySet[Project]:
    """Projects the bureau's board may show, with what the tabs ask of them."""
    asked = Assignment.objects.current().filter(project=OuterRef("pk"))
    return Project.objects.visible_to(user).annotate(is_asked=Exists(asked))


def with_bureau_figures(projects: QuerySet[Project]) -> QuerySet[Project]:
    """What a row of the board shows: how many experts were asked, how many have handed in."""
    current = Q(assignments__declined_at=None, assignments__retired_at=None)
    return _with_figures(projects).annotate(
        asked=Count("assignments", filter=current),
        handed_in=Count("assignments", filter=current & Q(assignments__sheet__state=SheetState.SUBMITTED)),
    )


def waiting_for_notice(user: Any) -> QuerySet[Project]:
    """Concluded projects that stand in no notice yet."""
    waiting = Project.objects.visible_to(user).filter(state=State.PUBLIC_NOTICE, due_on__isnull=True)
    return waiting.select_related("enterprise", "call").order_by("call", "number")


def assignments_of(project: Project) -> QuerySet[Assignment]:
    """Who was asked in this round, those who stepped aside included; no score among it."""
    return (
        project.assignments.filter(retired_at=None)
        .select_related("expert__user", "expert__employer")
        .annotate(is_in=Exists(ScoreSheet.objects.filter(assignment=OuterRef("pk"), state=SheetState.SUBMITTED)))
    )


def sheets_visible_to(user: Any, project: Project) -> QuerySet[ScoreSheet]:
    """The sheets of a project side by side: nothing until all are in."""
    return (
        ScoreSheet.objects.visible_to(user)
        .filter(assignment__project=project, assignment__retired_at=None)
        .select_related("assignment__expert__user")
        .prefetch_related("scores")
        .order_by("assignment")
    )


def experts_for(project: Project, user: Any, on: date) -> QuerySet[Expert]:
    """Experts who may be asked: active, not excluded by the conflict graph, not asked already."""
    asked = project.assignments.current().values("expert")
    return (
        Expert.objects.visible_to(user)
        .filter(is_active=True)
        .exclude(pk__in=exclusions_of(project, on))
        .exclude(pk__in=asked)
        .select_related("user", "employer")
        .annotate(load=Count("assignments", filter=Q(assignments__open=True)))
    )


# --- the expert -----------------------------------------------------------------------------------------------------


def assignments_visible_to(user: Any) -> QuerySet[Assignment]:
    """An expert's own open assignments, nearest day first."""
    return (
        Assignment.objects.visible_to(user)
        .filter(open=True, project__state=State.CITY_REVIEW)
        .select_related("project__call", "project__current_submission", "project__enterprise", "sheet", "expert")
        .order_by("due_on", "pk")
    )


def with_eligible(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Adds `eligible`, the 合格投资 of the determination in force (元)."""
    current = Determination.objects.filter(project=OuterRef("project"), is_current=True)
    return assignments.annotate(eligible=Subquery(current.values("eligible")[:1]))


def invitations_visible_to(user: Any) -> QuerySet[Assignment]:
    """Invitations this expert has not answered, nearest day first."""
    return (
        Assignment.objects.visible_to(user)
        .unanswered()
        .filter(expert__user=user, project__state=State.CITY_REVIEW)
        .select_related("project__call", "project__current_submission", "project__enterprise", "project__district")
        .order_by("answer_due_on", "pk")
    )


def visits_for_scorers(project: Project) -> list[SiteVisit]:
    """What was found on site, as far as scorers are told: in a blind call the words written for them alone, no photo."""
    rows = SiteVisit.objects.filter(project=project).exclude(reported_at=None)
    if is_blind(project):
        rows = rows.exclude(blind_findings="").defer("findings")
    found = list(rows.prefetch_related("photos") if not is_blind(project) else rows)
    for one in found:
        one.told = one.blind_findings if is_blind(project) else one.findings
    return found


# --- the public -----------------------------------------------------------------------------------------------------


NOTICE_TABS = {"running": "公示中", "ended": "已结束"}


def notices_visible_to(user: Any, tab: str = "", q: str = "", year: int | None = None) -> QuerySet[PublicNotice]:
    """Published notices, newest first; by what they publish: title, number, enterprise, project."""
    rows = PublicNotice.objects.visible_to(user).exclude(state=NoticeState.DRAFT)
    if tab:
        rows = rows.filter(state=NoticeState.PUBLISHED if tab == "running" else NoticeState.CLOSED)
    if q:
        lines = NoticeEntry.objects.filter(
            Q(enterprise_name__icontains=q) | Q(project_title__icontains=q) | Q(number__iexact=q)
        )
        rows = rows.filter(Q(title__icontains=q) | Q(number__icontains=q) | Q(entries__in=lines)).distinct()
    if year:
        rows = rows.filter(published_at__year=year)
    held = Objection.objects.unanswered().filter(entry__notice=OuterRef("pk"))
    shown = NoticeEntry.objects.filter(notice=OuterRef("pk")).order_by().values("notice").annotate(n=Count("pk"))
    rows = rows.annotate(projects_shown=Subquery(shown.values("n")), under_objection=Exists(held))
    return rows.order_by("-published_at", "-pk")


def notice_with_entries(user: Any) -> QuerySet[PublicNotice]:
    entries = NoticeEntry.objects.with_open_objection().order_by("position")
    return PublicNotice.objects.visible_to(user).prefetch_related(Prefetch("entries", queryset=entries))


def published_entries(user: Any) -> QuerySet[NoticeEntry]:
    """Lines of published notices, as anybody may read them."""
    rows = NoticeEntry.objects.visible_to(user).with_open_objection().exclude(notice__published_at=None)
    return rows.select_related("notice__call")


def entries_open_to_objection(user: Any, on: date) -> QuerySet[NoticeEntry]:
    """Lines of running notices: what an objection may name."""
    return (
        NoticeEntry.objects.visible_to(user)
        .filter(notice__state=NoticeState.PUBLISHED, notice__ends_on__gte=on, outcome="shown")
        .select_related("notice__call")
    )
