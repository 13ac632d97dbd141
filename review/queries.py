"""What the desks of the review room show, said for whom; every list starts from visible_to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from applications.models import CallMaterial, Determination, Project
from applications.states import State
from review.blind import is_blind
from review.checklist import checklist_of
from review.conflicts import exclusions_of
from review.models import (
    Assignment,
    Expert,
    NoticeEntry,
    Objection,
    PublicNotice,
    ScoreSheet,
    SiteVisit,
)
from review.states import NoticeState, SheetState


def what_stops_a_recommendation(project: Project) -> str:
    """The sentence that says what is missing before a project may be recommended; "" when nothing is (第九条二)."""
    return checklist_of(project).what_stops_a_recommendation()


def materials_to_check(project: Project) -> list[CallMaterial]:
    """The entries of the call's list that a filing needs, or that it filed beyond need."""
    return checklist_of(project).materials


def matching(projects: QuerySet[Project], q: str = "", track: str = "", call: Any = None) -> QuerySet[Project]:
    """Projects that a list's filters ask for: title, number, enterprise or credit code; track; call."""
    if q:
        projects = projects.filter(
            Q(title__icontains=q) | Q(number__icontains=q) | Q(enterprise__name__icontains=q) | Q(enterprise__uscc=q)
        )
    if track:
        projects = projects.filter(track=track)
    return projects.filter(call=call) if call else projects


# --- the bureau -----------------------------------------------------------------------------------------------------


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
