"""The district's deeds: judge materials and rules, return for correction, write the opinion, sign it (第九条二)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications import services as filings
from applications.models import CallMaterial, CheckResult, Project
from core import audit, moves
from core.calendar import add_working_days, today
from core.files import store
from core.models import Ground, GroundKind
from core.notices import send
from core.people import stands_in_for
from review import letters
from review.checklist import checklist_of
from review.models import Conclusion, Defect, DefectList, MaterialCheck, Opinion, RuleCheck, Verdict
from review.services import handling
from review.services.desks import at_the_district
from review.services.recommending import recommend_all
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor


def check_material(
    project: Project, requirement: CallMaterial, *, verdict: str, note: str = "", actor: Actor, at: datetime
) -> MaterialCheck:
    """Judge one entry of the material list of the current submission; judging again replaces the verdict.

    The first check takes the project. Raises NotYours, Overtaken; ReviewRefused where a doubt has no reason.
    """
    if verdict == Verdict.QUESTIONED and not note.strip():
        raise ReviewRefused("请写明存疑的原因，企业要照着改。", field="note")
    with transaction.atomic():
        fresh = handling.begin(project, actor=actor, at=at)
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


def at_the_district_now(project: Project, actor: Actor, at: datetime) -> None:
    """Ask, without keeping the lock, whether this desk is the person's. Raises NotYours, Overtaken."""
    with transaction.atomic():
        at_the_district(project, actor=actor, at=at)


def check_rule(
    project: Project,
    rule: str,
    *,
    verdict: str,
    note: str = "",
    material: CallMaterial | None = None,
    page: int | None = None,
    file: StoredFile | None = None,
    actor: Actor,
    at: datetime,
) -> RuleCheck:
    """Judge one rule over what the automatic check found of the current submission, with its evidence.

    Raises NotYours, Overtaken; ReviewRefused where a doubt has no reason, or the finding is no longer the one judged.
    """
    if verdict == Verdict.QUESTIONED and not note.strip():
        raise ReviewRefused("请写明存疑的原因，企业要照着改。", field=f"rule_note_{rule}")
    with transaction.atomic():
        fresh = handling.begin(project, actor=actor, at=at)
        result = CheckResult.objects.filter(submission=fresh.current_submission_id, rule=rule).first()
        if result is None:
            raise ReviewRefused("这一项已经重新核对，请返回查看。")
        values = {
            "project": fresh, "label": result.label, "found": result.found, "verdict": verdict, "note": note.strip(),
            "material": material, "page": page, "at": at, "by": actor, **({"file": file} if file else {}),
        }  # fmt: skip
        check, _ = RuleCheck.objects.update_or_create(
            submission_id=fresh.current_submission_id, rule=rule, defaults=values
        )
        audit.record(
            f"applications.submission:{fresh.current_submission_id}", "submission.rule_checked", actor=actor, at=at,
            label=f"规则核验：{check.get_verdict_display()}", summary=f"{check.label} {check.note}".strip(),
            facts={"rule": rule, "verdict": verdict, "file": file.sha256 if file else ""},
        )  # fmt: skip
    return check


def check_materials(
    project: Project,
    judged: Mapping[int, tuple[str, str]],
    *,
    rules: Mapping[str, Mapping[str, Any]] | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Judge several entries at once: verdict and note by the material's key; `rules`: by rule, verdict, note, material,
    page, upload. Returns how many. Raises as `check_material` and `check_rule`, and FileRefused; all or nothing.
    """
    files = {
        rule: store(said["upload"], kind="desk_evidence", by=actor, at=at)
        for rule, said in (rules or {}).items() if said.get("upload")
    }  # fmt: skip
    shown = dict(CheckResult.objects.filter(submission=project.current_submission_id).values_list("rule", "found"))
    at_the_district_now(project, actor, at)
    now = {one.rule: one for one in filings.run_checks(project.current_submission, at=at)}
    for rule in rules or {}:  # what was on screen is what was judged
        if rule in now and shown.get(rule, now[rule].found) != now[rule].found:
            raise ReviewRefused(f"系统重新核对后，“{now[rule].label}”有新的发现，请再看一遍。")
    with transaction.atomic():
        handling.begin(project, actor=actor, at=at)
        for entry in CallMaterial.objects.filter(call=project.call_id, pk__in=judged):
            verdict, note = judged[entry.pk]
            check_material(project, entry, verdict=verdict, note=note, actor=actor, at=at)
        for rule, said in (rules or {}).items():
            check_rule(
                project, rule, verdict=said["verdict"], note=said.get("note", ""), material=said.get("material"),
                page=said.get("page"), file=files.get(rule), actor=actor, at=at,
            )  # fmt: skip
    return len(judged) + len(rules or {})


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
        fresh = handling.begin(project, actor=actor, at=at)
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

    Raises NotYours, Overtaken; ReviewRefused while an entry of the checklist is not judged, or where a recommendation is
    written over open doubts.
    """
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        checklist = checklist_of(fresh)
        stops = checklist.what_stops_an_opinion()
        if not stops and conclusion == Conclusion.RECOMMEND:
            stops = checklist.what_stops_a_recommendation()
        if stops:
            raise ReviewRefused(stops, field="conclusion")
        opinion, _ = Opinion.objects.in_hand().update_or_create(
            submission_id=fresh.current_submission_id,
            defaults={
                "project": fresh, "conclusion": conclusion, "text": text.strip(), "written_at": at, "written_by": actor,
                "written_for": stands_in_for(actor),
            },
        )  # fmt: skip
        # the enterprise reads the timeline: what is proposed is not said there before it is decided
        audit.record(fresh, "project.opinion_written", actor=actor, at=at, label="填写初审意见")
        send(letters.opinion_written(fresh), at=at)
    return opinion


def countersign_and_recommend(
    project: Project, *, number: str = "", actor: Actor, at: datetime, seen_version: int | None = None
) -> Project:
    """The lead signs the opinion another person wrote, and the project goes to the city: a letter over one project.

    Raises as `recommending.recommend_all`.
    """
    recommend_all([project], number=number, actor=actor, at=at, seen={project.pk: seen_version})
    return Project.objects.select_related("call", "district").get(pk=project.pk)
