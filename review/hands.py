"""Who has had a hand in a project, and at which level: nobody acts at two levels on one project (第九条, 第十六条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from applications.models import CheckWaiver, Project, Submission
from core.audit import stream_of
from core.models import AuditEvent
from review.models import Assignment, DefectList, FormAnswer, FormCheck, MaterialCheck, Opinion, PanelMember, RuleCheck

SIGNED = ("written_by", "countersigned_by", "written_for", "countersigned_for")  # for: in whose place
AT_THE_DISTRICT = (
    "project.taken", "project.returned_for_correction", "project.opinion_written", "project.recommended",
    "submission.material_checked", "submission.rule_checked", "submission.check_waived",
)  # fmt: skip
AT_THE_BUREAU = ("project.form_check_taken", "project.form_check_passed", "project.experts_assigned")


def hands_of_the_district(projects: Iterable[int]) -> set[tuple[int, int]]:
    """(project, person) of everybody who judged a project at its district: has it in hand, checked, let a finding pass,
    returned, wrote, signed; and of whom a stand-in (代理) did so for."""
    keys = list(projects)
    of = {"project__in": keys}
    return _persons(
        Project.objects.filter(pk__in=keys).order_by().values_list("pk", "taken_by"),
        *(Opinion.objects.filter(**of).order_by().values_list("project", name) for name in SIGNED),
        *(model.objects.filter(**of).order_by().values_list("project", "by") for model in (RuleCheck, MaterialCheck)),
        DefectList.objects.filter(**of).order_by().values_list("project", "issued_by"),
        CheckWaiver.objects.filter(submission__project__in=keys).order_by().values_list("submission__project", "waived_by"),
    ) | _stood_in_for(keys, AT_THE_DISTRICT)  # fmt: skip


def hands_of_the_bureau(projects: Iterable[int]) -> set[tuple[int, int]]:
    """(project, person) of everybody who looked a project over at the bureau or asked its experts; and of whom a stand-in
    did so for."""
    keys = list(projects)
    looked = FormCheck.objects.filter(project__in=keys).order_by()
    answers = FormAnswer.objects.filter(form_check__project__in=keys).order_by()
    return _persons(
        looked.values_list("project", "taken_by"), looked.values_list("project", "passed_by"),
        answers.values_list("form_check__project", "by"),
        Assignment.objects.filter(project__in=keys).order_by().values_list("project", "assigned_by"),
    ) | _stood_in_for(keys, AT_THE_BUREAU)  # fmt: skip


def _persons(first: Any, *others: Any) -> set[tuple[int, int]]:
    return {(project, person) for project, person in first.union(*others) if person}


def _stood_in_for(projects: list[int], events: tuple[str, ...]) -> set[tuple[int, int]]:
    """What was done in another's place is told by the trail alone. One question where nobody ever stood in for it."""
    filed = Submission.objects.filter(project__in=projects).order_by()
    stream = Concat(Value("applications.submission:"), Cast("pk", CharField()))
    project_of = {f"applications.project:{project}": project for project in projects}
    lent = AuditEvent.objects.exclude(on_behalf_of=None).filter(
        Q(stream__in=[*project_of]) | Q(stream__in=filed.values_list(stream)), event__in=events, refused=False
    )
    rows = list(lent.order_by().values_list("stream", "on_behalf_of").distinct())
    if any(stream not in project_of for stream, _ in rows):
        project_of |= {f"applications.submission:{key}": project for key, project in filed.values_list("pk", "project")}
    return {(project_of[stream], person) for stream, person in rows}


def hands_of_experts(projects: Iterable[int]) -> set[tuple[int, int]]:
    """(project, person) of everybody asked to score a project who did not step aside."""
    rows = Assignment.objects.filter(project__in=list(projects), declined_at=None)
    return set(rows.values_list("project", "expert__user"))


def hands_of_panels(projects: Iterable[int]) -> set[tuple[int, int]]:
    """(project, person) of everybody who sat on a panel with the project on its table."""
    rows = PanelMember.objects.filter(meeting__items__project__in=list(projects))
    return set(rows.values_list("meeting__items__project", "user"))


def acted_on(project: Project, *, before: datetime | None = None) -> set[int]:
    """Everybody with an account who has acted on a project, at whatever level, until a moment."""
    events = AuditEvent.objects.filter(stream=stream_of(project), refused=False).exclude(actor=None)
    if before is not None:
        events = events.filter(at__lt=before)
    seats = PanelMember.objects.filter(meeting__items__project=project)
    if before is not None:
        seats = seats.filter(meeting__created_at__lt=before)
    judged = {person for _, person in hands_of_the_district([project.pk]) | hands_of_experts([project.pk])}
    stood_in_for = events.exclude(on_behalf_of=None).values_list("on_behalf_of", flat=True)
    return {*events.values_list("actor", flat=True), *stood_in_for, *seats.values_list("user", flat=True), *judged}


def crossings(projects: Mapping[int, Project], people: Iterable[Any]) -> list[str]:
    """One sentence for each person who judged one of these projects at its district; those may not sit on the panel."""
    named = {person.pk: person for person in people}
    return [
        f"{named[person]}办理过“{projects[project].title}”的区县初审，不能参加它的市级评审。"
        for project, person in sorted(hands_of_the_district(projects))
        if person in named
    ]
