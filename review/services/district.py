"""The district's deeds: take, check materials, return for correction, write and countersign the opinion (第九条二)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications import services as filings
from applications.models import CallMaterial, CheckResult, Project
from core import audit, moves
from core.calendar import add_working_days, today
from core.models import Ground, GroundKind
from core.moves import ConditionUnmet, NotYours
from core.notices import send
from review import letters
from review.models import Conclusion, Defect, DefectList, MaterialCheck, Opinion, Verdict
from review.queries import what_stops_a_recommendation
from review.services import papers
from review.services.desks import at_the_district
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor


def take(project: Project, *, actor: Actor, at: datetime) -> Project:
    """Put a project on one person's desk; from here on the enterprise cannot recall it. Taking again changes nothing.

    Raises NotYours, Overtaken.
    """
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        if fresh.taken_at is None:
            fresh.taken_at, fresh.taken_by = at, actor
            fresh.save(update_fields=["taken_at", "taken_by"])
            audit.record(fresh, "project.taken", actor=actor, at=at, label="开始核验材料")
    return fresh


def check_material(
    project: Project, requirement: CallMaterial, *, verdict: str, note: str = "", actor: Actor, at: datetime
) -> MaterialCheck:
    """Judge one entry of the material list of the current submission; judging again replaces the verdict.

    The first check takes the project. Raises NotYours, Overtaken; ReviewRefused where a doubt has no reason.
    """
    if verdict == Verdict.QUESTIONED and not note.strip():
        raise ReviewRefused("请写明存疑的原因，企业要照着改。", field="note")
    with transaction.atomic():
        fresh = take(project, actor=actor, at=at)
        if requirement.call_id != fresh.call_id:
            raise ReviewRefused("这项材料不在本批次的材料清单里。")
        check, _ = MaterialCheck.objects.update_or_create(
            submission_id=fresh.current_submission_id,
            requirement=requirement,
            defaults={"project": fresh, "verdict": verdict, "note": note.strip(), "at": at, "by": actor},
        )
        audit.record(
            f"applications.submission:{fresh.current_submission_id}",
            "submission.material_checked",
            actor=actor,
            at=at,
            label=f"材料核验：{check.get_verdict_display()}",
            summary=f"{requirement.name} {check.note}".strip(),
            facts={"requirement": requirement.code, "verdict": verdict},
        )
    return check


def check_materials(
    project: Project, judged: Mapping[int, tuple[str, str]], *, actor: Actor, at: datetime
) -> list[MaterialCheck]:
    """Judge several entries at once: verdict and note by the entry's key. Raises as `check_material`."""
    with transaction.atomic():
        entries = CallMaterial.objects.filter(call=project.call_id, pk__in=judged)
        filings.run_checks(project.current_submission, at=at)
        return [
            check_material(project, entry, verdict=judged[entry.pk][0], note=judged[entry.pk][1], actor=actor, at=at)
            for entry in entries
        ]


def waive_check(project: Project, rule: str, *, reason: str, actor: Actor, at: datetime) -> None:
    """A lead lets a stop of the automatic checks pass, with a reason. Raises NotYours, Overtaken; ReviewRefused."""
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        moves.require(fresh, "recommend", actor, at=at, conditions=False)
        result = CheckResult.objects.filter(submission=fresh.current_submission_id, rule=rule).first()
        if result is None:
            raise ReviewRefused("这一项已经重新核对，请返回查看。")
        try:
            filings.waive_check(result, reason=reason, actor=actor, at=at)
        except filings.WaiverRefused as refused:
            raise ReviewRefused(str(refused), field="reason") from refused


def return_for_correction(
    project: Project,
    defects: Sequence[dict[str, str]],
    *,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> DefectList:
    """Send a filing back with everything that is wrong at once; each defect has about, what, todo (第九条二).

    Due: the call's correction days from today. Raises NotYours, Overtaken, ConditionUnmet (no returns left);
    ReviewRefused for an empty list.
    """
    listed = _numbered(defects)
    with transaction.atomic():
        fresh = take(project, actor=actor, at=at)
        due_on = add_working_days(today(at), fresh.call.correction_days)
        ground = Ground.issue(
            kind=GroundKind.DEFECT_LIST,
            title=f"补正通知（第 {fresh.returns + 1} 次，{len(listed)} 条）",
            by=actor,
            at=at,
            facts={"defects": listed, "due_on": due_on, "submission": fresh.current_submission_id},
        )
        moved = moves.perform(
            fresh, "return_for_correction", actor=actor, at=at, ground=ground, due_on=due_on,
            seen_version=seen_version, letters=lambda p: letters.returned_for_correction(p, listed),
            summary=f"{len(listed)} 条缺陷，{due_on:%Y-%m-%d} 前补正",
        )  # fmt: skip
        return _keep_defects(moved, ground, listed, actor, at)


def _numbered(defects: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    rows = [{key: str(row.get(key, "")).strip() for key in ("about", "what", "todo")} for row in defects]
    rows = [row for row in rows if any(row.values())]
    if not rows:
        raise ReviewRefused("请至少写一条缺陷：一次性告知全部问题（第九条二）。")
    if any(not (row["what"] and row["todo"]) for row in rows):
        raise ReviewRefused("每条缺陷都要写明问题和怎么改。")
    return [{"number": number, **row} for number, row in enumerate(rows, start=1)]


def _keep_defects(project: Project, ground: Ground, listed: list[dict[str, Any]], actor: Any, at: datetime) -> Any:
    kept = DefectList.objects.create(
        project=project, submission_id=project.current_submission_id, ground=ground, due_on=project.due_on,
        issued_at=at, issued_by=actor,
    )  # fmt: skip
    Defect.objects.bulk_create(Defect(defect_list=kept, **row) for row in listed)
    return kept


def write_opinion(project: Project, *, conclusion: str, text: str, actor: Actor, at: datetime) -> Opinion:
    """Write, or write anew until it is countersigned, the opinion on the current submission.

    Raises NotYours, Overtaken; ReviewRefused where a recommendation is written over open doubts.
    """
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        stops = what_stops_a_recommendation(fresh) if conclusion == Conclusion.RECOMMEND else ""
        if stops:
            raise ReviewRefused(stops, field="conclusion")
        opinion, _ = Opinion.objects.update_or_create(
            submission_id=fresh.current_submission_id,
            ground=None,
            defaults={
                "project": fresh, "conclusion": conclusion, "text": text.strip(), "written_at": at, "written_by": actor,
            },
        )  # fmt: skip
        # the enterprise reads the timeline: what is proposed is not said there before it is decided
        audit.record(fresh, "project.opinion_written", actor=actor, at=at, label="填写初审意见")
        send(letters.opinion_written(fresh), at=at)
    return opinion


def countersign_and_recommend(
    project: Project, *, number: str = "", actor: Actor, at: datetime, seen_version: int | None = None
) -> Project:
    """The lead signs the opinion another person wrote, and the project goes to the city (第九条二).

    `number`: 文号 of the letter of recommendation. Raises NotYours, Overtaken, ConditionUnmet (no opinion, own
    opinion, open doubts, a hold).
    """
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        moves.require(fresh, "recommend", actor, at=at)
        filings.run_checks(fresh.current_submission, at=at)
        opinion = _opinion_to_sign(fresh, actor)
        ground = Ground.issue(
            kind=GroundKind.OPINION, title="区县初审意见（推荐）", number=number, by=actor, at=at,
            facts={
                "conclusion": opinion.conclusion, "text": opinion.text, "written_by": str(opinion.written_by),
                "written_at": opinion.written_at, "submission": fresh.current_submission_id,
            },
        )  # fmt: skip
        moved = moves.perform(
            fresh, "recommend", actor=actor, at=at, ground=ground, seen_version=seen_version,
            due_on=add_working_days(today(at), fresh.call.review_days), letters=letters.recommended,
        )  # fmt: skip
        opinion.countersigned_by, opinion.countersigned_at, opinion.ground = actor, at, ground
        opinion.save(update_fields=["countersigned_by", "countersigned_at", "ground"])
        papers.ask_for("opinion", opinion.pk, by=actor, at=at)
    return moved


def _opinion_to_sign(project: Project, actor: Any) -> Opinion:
    opinion = (
        Opinion.objects.filter(submission=project.current_submission_id, ground=None)
        .select_related("written_by")
        .first()
    )
    if opinion is None:
        raise ConditionUnmet("还没有初审意见，请初审员先填写。", record=project, move="recommend")
    if opinion.conclusion != Conclusion.RECOMMEND:
        raise ConditionUnmet("初审意见是不予推荐，不能签批推荐。", record=project, move="recommend")
    if opinion.written_by_id == actor.pk:
        raise NotYours("初审意见是您填写的，须由另一位负责人签批。", record=project, move="recommend")
    stops = what_stops_a_recommendation(project)
    if stops:
        raise ConditionUnmet(stops, record=project, move="recommend")
    return opinion
