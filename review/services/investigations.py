"""Investigating an objection: who does it, until when, what was noted, what the two sides said of it, what was found.

Nothing here reaches the enterprise or the district but the question put to them: never who objected, nor in what words.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications.models import Project
from core import audit, files, moves
from core.calendar import add_working_days, today
from core.encryption import keyed_hash
from core.models import BUREAU_ROLES, Ground, GroundKind
from core.notices import send
from core.people import call_ids_in_scope, has_role
from review import hands, letters
from review.models import InvestigationNote, Objection, Party, Statement
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.models import User
    from core.people import Actor

STATEMENT_DAYS = 3  # working days to answer, unless the investigator says otherwise


def assign(
    objection: Objection, officer: User, *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Objection:
    """Give an objection to somebody of the bureau who has not acted on its project; giving it again takes it away.

    Raises NotYours, Overtaken; ReviewRefused for a person who has acted on the project or does not run the call.
    """
    with transaction.atomic():
        moves.require(objection, "assign", actor, at=at)
        _refuse_unfit(objection, officer)
        ground = Ground.issue(
            kind=GroundKind.OBJECTION_ASSIGNMENT, title="异议交办单", by=actor, at=at,
            facts={"objection": objection.pk, "officer": officer.pk},
        )  # fmt: skip
        return moves.perform(
            objection, "assign", actor=actor, at=at, ground=ground, officer=officer, seen_version=seen_version,
            letters=letters.objection_assigned, audit_facts={"officer": officer.pk},
        )  # fmt: skip


def _refuse_unfit(objection: Objection, officer: User) -> None:
    entry = objection.entry
    if not has_role(officer, *BUREAU_ROLES) or entry.notice.call_id not in call_ids_in_scope(officer):
        raise ReviewRefused("核查人须是负责本批次的市工信局人员。", field="officer")
    if officer.pk in hands.acted_on(entry.project):
        raise ReviewRefused(f"{officer}办理过这个项目，应当回避，请另选核查人。", field="officer")


def prolong(objection: Objection, *, due_on: date, because: str, actor: Actor, at: datetime) -> Objection:
    """Give the answer more time, once, with a reason, by at most the term again. Raises NotYours, Overtaken, ConditionUnmet."""
    if not because.strip():
        raise ReviewRefused("请写明延长的理由，异议人凭受理编号可以看到。", field="because")
    latest = add_working_days(objection.due_on, objection.entry.notice.call.objection_days)
    if not objection.due_on < due_on <= latest:
        words = f"{latest.year}年{latest.month}月{latest.day}日"
        raise ReviewRefused(f"新的期限应晚于现在的期限，最晚 {words}。", field="due_on")
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.OBJECTION_ASSIGNMENT, title="异议答复延期", by=actor, at=at,
            facts={"objection": objection.pk, "due_on": due_on, "reason": because.strip()},
        )  # fmt: skip
        return moves.perform(
            objection, "prolong", actor=actor, at=at, ground=ground, due_on=due_on, because=because.strip()
        )


def _in_hand(objection: Objection, actor: Actor, at: datetime) -> Objection:
    """The objection's row, locked, on its investigator's desk. Raises NotYours, Overtaken."""
    fresh = Objection._base_manager.select_for_update(of=("self",)).get(pk=objection.pk)
    moves.require(fresh, "report", actor, at=at, conditions=False)
    return fresh


def write_note(objection: Objection, *, text: str, actor: Actor, at: datetime) -> InvestigationNote:
    """Keep a note of the investigation. Raises NotYours, Overtaken, ReviewRefused."""
    if not text.strip():
        raise ReviewRefused("请写下核查记录。", field="text")
    with transaction.atomic():
        fresh = _in_hand(objection, actor, at)
        return InvestigationNote.objects.create(objection=fresh, text=text.strip(), written_at=at, written_by=actor)


def ask_for_statement(
    objection: Objection, *, party: str, question: str, due_on: date | None = None, actor: Actor, at: datetime
) -> Statement:
    """Ask the enterprise or the district to explain something. They read the question alone.

    Raises NotYours, Overtaken; ReviewRefused without a question, or for one that names the objector.
    """
    with transaction.atomic():
        fresh = _in_hand(objection, actor, at)
        _refuse_telling(fresh, question)
        project = fresh.entry.project
        statement = Statement.objects.create(
            objection=fresh, project=project, party=party, question=question.strip(), asked_at=at, asked_by=actor,
            due_on=due_on or add_working_days(today(at), STATEMENT_DAYS),
        )  # fmt: skip
        label = f"要求{Party(party).label}说明情况"
        audit.record(project, "project.statement_asked", actor=actor, at=at, label=label, facts={"party": party})
        send(letters.statement_asked(statement, project), at=at)
    return statement


def _refuse_telling(objection: Objection, question: str) -> None:
    if not question.strip():
        raise ReviewRefused("请写明需要说明的情况。", field="question")
    if names_the_objector(objection, question):
        raise ReviewRefused("这段话里有异议人的姓名、单位或联系方式，对方会看到，请改写。", field="question")


def names_the_objector(objection: Objection, words: str) -> bool:
    """True where a text that others will read holds the name, organisation, contact or receipt of an objector."""
    secrets = (objection.name, objection.organisation, objection.contact, objection.receipt)
    return any(secret.strip() and secret.strip() in words for secret in secrets)


def give_statement(statement: Statement, *, answer: str, file: Any = None, actor: Actor, at: datetime) -> Statement:
    """The asked party explains, once. `file`: an upload or None. Raises ReviewRefused when it was answered or is empty."""
    if not answer.strip():
        raise ReviewRefused("请写下情况说明。", field="answer")
    with transaction.atomic():
        fresh = Statement._base_manager.select_for_update(of=("self",)).select_related("project").get(pk=statement.pk)
        if fresh.answered_at is not None:
            raise ReviewRefused("已经答复过了，不能再改。需要补充的，请联系市工业和信息化局。")
        if file:
            fresh.file = files.store(file, kind="statement", by=actor, at=at)
        fresh.answer, fresh.answered_at, fresh.answered_by = answer.strip(), at, actor
        fresh.save(update_fields=["answer", "answered_at", "answered_by", "file"])
        project: Project = fresh.project
        label = f"{fresh.get_party_display()}作出情况说明"
        audit.record(project, "project.statement_given", actor=actor, at=at, label=label)
        send(letters.statement_given(fresh), at=at)
    return fresh


def report(
    objection: Objection, *, finding: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Objection:
    """Hand in what was found; a lead answers on it. The ground keeps a keyed hash, since a finding may name people.

    Raises NotYours, Overtaken, ConditionUnmet (a statement is still out), ReviewRefused.
    """
    if not finding.strip():
        raise ReviewRefused("请写明核查结论。", field="finding")
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.OBJECTION_FINDING, title="异议核查结论", by=actor, at=at,
            facts={"objection": objection.pk, "finding_hash": keyed_hash(finding.strip())},
        )  # fmt: skip
        return moves.perform(
            objection, "report", actor=actor, at=at, ground=ground, finding=finding.strip(),
            seen_version=seen_version, letters=letters.objection_investigated,
        )  # fmt: skip
