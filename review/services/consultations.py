"""Asking other departments about a project (联审), and recording what they answered by letter (第九条三)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from applications.models import Project
from core import audit
from core.calendar import today
from core.files import store
from review.models import Consultation, Department, Stance
from review.services.desks import at_the_bureau
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor


def stream(project: Project) -> str:
    """The chain of what departments say: apart from the project's, whose timeline the enterprise reads."""
    return f"review.consultation:{project.pk}"


def ask(
    project: Project, departments: Sequence[Department], *, question: str, due_on: date, actor: Actor, at: datetime
) -> list[Consultation]:
    """Write down that departments were asked until a day. Raises NotYours, Overtaken; ReviewRefused for one asked already."""
    if due_on < today(at):
        raise ReviewRefused("答复期限不能早于今天。", field="due_on")
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        waiting = Consultation.objects.filter(project=fresh, department__in=departments, recorded_at=None)
        if waiting.exists():
            names = "、".join(str(row.department) for row in waiting.select_related("department"))
            raise ReviewRefused(f"{names}还没有答复，不重复征求。", field="departments")
        made = [
            Consultation.objects.create(
                project=fresh, department=one, question=question.strip(), due_on=due_on, asked_at=at, asked_by=actor
            )
            for one in departments
        ]
        audit.record(
            stream(fresh), "consultation.asked", actor=actor, at=at, label="征求部门意见",
            summary="、".join(str(one) for one in departments),
            facts={"project": fresh.pk, "due_on": due_on},
        )  # fmt: skip
    return made


def keep_department(
    department: Department | None, *, name: str, usual_question: str = "", is_active: bool = True, actor: Actor,
    at: datetime,
) -> Department:  # fmt: skip
    """Add a department to the list (None), change one, or suspend it; what it was asked stays. Raises ReviewRefused for a
    name that stands there already."""
    with transaction.atomic():
        kept = Department.objects.select_for_update().get(pk=department.pk) if department else Department()
        kept.name, kept.usual_question, kept.is_active = name.strip(), usual_question.strip(), is_active
        try:
            with transaction.atomic():
                kept.save()
        except IntegrityError:
            raise ReviewRefused("名单里已有这个部门。", field="name") from None
        label = "新增联审部门" if department is None else "修改联审部门" if is_active else "停用联审部门"
        audit.record(kept, "department.kept", actor=actor, at=at, label=label, summary=kept.name)
    return kept


def record_answer(
    consultation: Consultation,
    *,
    stance: str,
    answer: str,
    letter_number: str,
    answered_on: date,
    upload: Any = None,
    actor: Actor,
    at: datetime,
) -> Consultation:
    """Write down what a department answered, with its letter. Once. Raises NotYours, Overtaken, FileRefused, ReviewRefused."""
    if stance != Stance.NONE and not answer.strip():
        raise ReviewRefused("请写明部门的意见。", field="answer")
    if answered_on > today(at):
        raise ReviewRefused("答复日期不能晚于今天。", field="answered_on")
    file = (
        store(upload, kind="department_letter", by=actor, at=at, allowed=("pdf", "ofd", "jpg", "png"))
        if upload
        else None
    )
    with transaction.atomic():
        at_the_bureau(consultation.project, actor=actor, at=at)
        fresh = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
        if fresh.recorded_at is not None:
            raise ReviewRefused("这个部门的答复已经登记。")
        fresh.stance, fresh.answer, fresh.letter_number = stance, answer.strip(), letter_number.strip()
        fresh.answered_on, fresh.file, fresh.recorded_at, fresh.recorded_by = answered_on, file, at, actor
        fresh.save()
        audit.record(
            stream(consultation.project), "consultation.answered", actor=actor, at=at, label="登记部门意见",
            summary=f"{fresh.department}：{fresh.get_stance_display()}",
            facts={"project": fresh.project_id, "file": file.sha256 if file else ""},
        )  # fmt: skip
    return fresh
