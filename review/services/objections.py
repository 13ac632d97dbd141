"""The public objects, the bureau answers; an objection stops only the project it names (第九条三)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications.models import HoldKind, Project
from applications.services.holds import lift_hold, place_hold
from applications.states import State
from core import files, moves
from core.calendar import add_working_days, today
from core.models import Ground, GroundKind
from core.notices import send
from core.people import SYSTEM
from review import letters
from review.models import EntryOutcome, NoticeEntry, Objection, ObjectionFile
from review.services import assignments
from review.services.decisions import decline
from review.services.desks import refuse_the_districts_hand
from review.services.entries import take_out
from review.services.investigations import names_the_objector
from review.services.refusals import ReviewRefused
from review.states import NoticeState

if TYPE_CHECKING:
    from core.people import Actor

LETTERS_OF_A_RECEIPT = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without signs that are read as one another
REVIEW_AGAIN, DECLINE, DISMISS = "review_again", "decline", "dismiss"
MOST_FILES = 5
COMPLAIN = (
    "对答复不服的，可以向沈阳市人民政府或者监督机构反映；认为答复侵犯自己合法权益的，"
    "可以在收到答复之日起 60 日内依法申请行政复议，或在 6 个月内提起行政诉讼。"
)


def file_objection(
    entry: NoticeEntry,
    *,
    name: str,
    contact: str,
    grounds: str,
    organisation: str = "",
    evidence: Sequence[Any] = (),
    seal: Any = None,
    at: datetime,
) -> Objection:
    """Receive a real-named objection within the period, and hold its project. `evidence`: uploads; `seal`: an upload.

    An objection in the name of an organisation needs its sealed paper. The receipt is the objector's only key to its
    progress. Nothing that the district or the enterprise can read says who objected. Raises ReviewRefused when the
    notice is over or the seal is missing; core.files.FileRefused.
    """
    _refuse_unsealed(organisation, seal)
    with transaction.atomic():
        project = Project.objects.select_for_update(of=("self",)).get(pk=entry.project_id)
        _refuse_unless_shown(entry, project, at)
        ground = Ground.issue(
            kind=GroundKind.OBJECTION, title="公示异议", by=SYSTEM, at=at, facts={"notice": entry.notice_id}
        )
        hold = place_hold(
            project, kind=HoldKind.OBJECTION, note="公示期间收到异议，正在核查", ground=ground, actor=SYSTEM, at=at
        )
        objection = Objection.objects.create(
            entry=entry, receipt=new_receipt(), name=name, organisation=organisation, contact=contact, grounds=grounds,
            ground=ground, hold=hold, filed_at=at, state_since=at,
            due_on=add_working_days(today(at), entry.notice.call.objection_days),
        )  # fmt: skip
        _keep_files(objection, evidence, seal, at)
        send(letters.objection_received(objection, project), at=at)
    return objection


def _refuse_unsealed(organisation: str, seal: Any) -> None:
    if organisation.strip() and not seal:
        raise ReviewRefused("以单位名义提出的，请上传加盖公章的异议材料。", field="seal")


def _keep_files(objection: Objection, evidence: Sequence[Any], seal: Any, at: datetime) -> None:
    if len(evidence) > MOST_FILES:
        raise ReviewRefused(f"证据材料最多 {MOST_FILES} 份，请合并后重新选择。", field="evidence")
    uploads = [(upload, False) for upload in evidence] + ([(seal, True)] if seal else [])
    ObjectionFile.objects.bulk_create(
        ObjectionFile(
            objection=objection, is_seal=is_seal, file=files.store(upload, kind="objection", by=SYSTEM, at=at)
        )
        for upload, is_seal in uploads
    )


def _refuse_unless_shown(entry: NoticeEntry, project: Project, at: datetime) -> None:
    notice = entry.notice
    running = notice.state == NoticeState.PUBLISHED and today(at) <= notice.ends_on
    if not running or entry.outcome != EntryOutcome.SHOWN or project.state != State.PUBLIC_NOTICE:
        raise ReviewRefused("这个项目的公示期已过，不能再提出异议。可以向市工业和信息化局反映情况。")


def new_receipt() -> str:
    """A receipt nobody can guess: YY-XXXX-XXXX-XXXX."""
    groups = ("".join(secrets.choice(LETTERS_OF_A_RECEIPT) for _ in range(4)) for _ in range(3))
    return "YY-" + "-".join(groups)


def answer_objection(
    objection: Objection,
    *,
    outcome: str,
    answer: str,
    told: str = "",
    clause: str = "第九条（三）",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Objection:
    """Answer once: "dismiss" lifts the hold; "review_again" sends the project back to review; "decline" refuses it.

    Answered by a lead who did not investigate it, once the finding is in. `answer` is for the objector; `told` is what
    the enterprise reads (never who objected). Raises NotYours, Overtaken; ReviewRefused without an answer, or for an
    outcome the project's step does not allow.
    """
    _refuse_unanswered(outcome, answer, told)
    if names_the_objector(objection, told):
        raise ReviewRefused("这段话里有异议人的姓名、单位或联系方式，企业会看到，请改写。", field="told")
    with transaction.atomic():
        move = "dismiss" if outcome == DISMISS else "uphold"
        moves.require(objection, move, actor, at=at)
        project = objection.entry.project
        refuse_the_districts_hand(project, move, actor)
        ground = Ground.issue(
            kind=GroundKind.OBJECTION_ANSWER, title="公示异议答复", by=actor, at=at,
            facts={"outcome": outcome, "told": told.strip()},
        )  # fmt: skip
        moved = moves.perform(
            objection, move, actor=actor, at=at, ground=ground, answer=answer.strip(), told=told.strip(),
            seen_version=seen_version,
        )  # fmt: skip
        lift_hold(moved.hold, ground=ground, actor=actor, at=at)
        if outcome == REVIEW_AGAIN:
            _review_again(project, ground, told.strip(), actor=actor, at=at)
        elif outcome == DECLINE:
            decline(project, reasons=told, clause=clause, actor=actor, at=at)
        else:
            send(letters.objection_dismissed(project, told.strip()), at=at)
    return moved


def _refuse_unanswered(outcome: str, answer: str, told: str) -> None:
    if outcome not in (REVIEW_AGAIN, DECLINE, DISMISS):
        raise ReviewRefused("请选择异议是否成立。", field="outcome")
    if not answer.strip():
        raise ReviewRefused("请写明答复。", field="answer")
    if outcome != DISMISS and not told.strip():
        raise ReviewRefused("请写明告知企业的理由。", field="told")


def _review_again(project: Project, ground: Ground, told: str, *, actor: Actor, at: datetime) -> None:
    if project.state != State.PUBLIC_NOTICE:
        raise ReviewRefused("项目已不在公示环节，不能退回重新评审。", field="outcome")
    moved = moves.perform(
        project, "uphold_objection", actor=actor, at=at, ground=ground,
        due_on=add_working_days(today(at), project.call.review_days),
        letters=lambda p: letters.back_to_review(p, told), summary=told,
    )  # fmt: skip
    assignments.retire(moved, at=at)
    take_out(NoticeEntry.objects.filter(project=moved), at=at)
