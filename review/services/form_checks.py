"""The bureau's form check (形式审查): taken, judged point by point, passed on to the experts (第九条三)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from applications.models import Project
from core import audit
from core.moves import ConditionUnmet, NotYours
from core.people import hands_of
from review.models import FormAnswer, FormCheck, FormPoint, Verdict
from review.services.desks import at_the_bureau
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

NOT_PASSED = "形式审查还没有通过，不能转专家评审。"


def take(project: Project, *, actor: Actor, at: datetime) -> FormCheck:
    """Put a recommended project's form check on one's own desk; who has it already keeps it.

    Raises NotYours (not of this bureau's call, the district's hand, a colleague has it), Overtaken.
    """
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        check = FormCheck.objects.filter(project=fresh, ended_at=None).first()
        if check is None:
            check = FormCheck.objects.create(
                project=fresh, submission_id=fresh.current_submission_id, taken_by=actor, taken_at=at
            )
            audit.record(fresh, "project.form_check_taken", actor=actor, at=at, label="领取形式审查")
        if check.taken_by_id not in hands_of(actor):
            raise NotYours(f"形式审查由{check.taken_by}经办。", record=fresh, move="send_back")
    return check


def judge(project: Project, answers: Mapping[str, tuple[str, str]], *, actor: Actor, at: datetime) -> FormCheck:
    """Keep what was found of some points: verdict and note by point. Raises as `take`; ReviewRefused for a doubt unsaid."""
    for point, (verdict, note) in answers.items():
        if verdict == Verdict.QUESTIONED and not note.strip():
            raise ReviewRefused("请写明存疑的原因。", field=f"note_{point}")
    with transaction.atomic():
        check = take(project, actor=actor, at=at)
        if check.passed_at is not None:
            raise ReviewRefused("形式审查已经通过，不能再改。")
        for point, (verdict, note) in answers.items():
            values = {"verdict": verdict, "note": note.strip(), "at": at, "by": actor}
            FormAnswer.objects.update_or_create(form_check=check, point=point, defaults=values)
    return check


def pass_on(project: Project, *, actor: Actor, at: datetime) -> FormCheck:
    """Everything is in form: the experts may be asked. Raises as `take`; ConditionUnmet while a point is open or questioned."""
    with transaction.atomic():
        check = take(project, actor=actor, at=at)
        stops = what_stops(check)
        if stops:
            raise ConditionUnmet(stops, record=project, move="send_back")
        if check.passed_at is None:
            check.passed_at, check.passed_by = at, actor
            check.save(update_fields=["passed_at", "passed_by"])
            audit.record(project, "project.form_check_passed", actor=actor, at=at, label="形式审查通过",
                         facts={"submission": check.submission_id})  # fmt: skip
    return check


def what_stops(check: FormCheck | None) -> str:
    """The sentence that says what is still open of a form check; "" when it may pass."""
    found = {} if check is None else dict(check.answers.values_list("point", "verdict"))
    unjudged = [str(point.label) for point in FormPoint if point not in found]
    if unjudged:
        return f"还有 {len(unjudged)} 个要点没有审查。"
    if Verdict.QUESTIONED in found.values():
        return "有存疑的要点。请退回区县，或改判为核实、不适用。"
    return ""


def refuse_before_it_passed(projects: Sequence[Project], move: str) -> None:
    """Nobody asks experts about a project whose form check is not passed. Raises ConditionUnmet for the first."""
    rows = FormCheck.objects.filter(project__in=projects, ended_at=None).exclude(passed_at=None)
    passed = set(rows.values_list("project", "submission"))
    for project in projects:
        if (project.pk, project.current_submission_id) not in passed:
            raise ConditionUnmet(NOT_PASSED, record=project, move=move)


def end(project: Project, *, at: datetime) -> None:
    """The project went back to its district: what comes again is looked at again."""
    FormCheck.objects.filter(project=project, ended_at=None).update(ended_at=at)
