"""The city's review in the demonstration: experts, scores, report, public notice, one objection."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from django.core.files.base import ContentFile

from applications import services as filing
from core.calendar import add_working_days
from core.people import SYSTEM
from portal.demo.journey import Cast, Journey
from portal.demo.papers import sample_pdf
from portal.demo.timetable import Wave
from review.models import Assignment, ConflictKind, Department, DrawSlot, Expert, FormPoint, PublicNotice
from review.services import (
    assignments,
    consultations,
    drawing_lots,
    draws,
    form_checks,
    investigations,
    invitations,
    notices,
    objections,
    panels,
    pool,
    scoring,
)
from review.services.panels import Said
from review.services.scoring import Score

FIELDS = ("高端装备", "工业母机", "电力装备", "半导体装备", "航空装备", "机器人", "工业软件", "绿色制造", "财务与投资")
COMMENT = "方案可行，设备选型合理，目标可量化；建议细化数据采集与联网范围。"
PER_PROJECT = 3
SITS_ON_THE_PANEL = "expert9"
PANEL_REASONS = "方案可行，投资真实，目标可量化，带动作用明显。"
MINUTES = "逐项听取专家评分情况，核对测算上限，与会人员一致同意。"

# Of the projects under review now: how many of the three experts have handed in (others are asked and have not).
HANDED_IN = {"E010": 3, "E011": 3, "E019": 2, "E020": 1, "E029": 0, "E032": 1}
NOT_YET_ASSIGNED = "E034"
DRAWN_BY_LOT = "E020"  # one expert declined and was replaced; one has handed in
CONSULTED = {"E010": ("市生态环境局", "市应急管理局")}
FIRST_EXPERT = {"E029": 0}  # so that expert1 has something to judge


def load_experts(cast: Cast) -> list[Expert]:
    """The nine experts of the pool with their fields, each with his word that his interests are declared."""
    users = [cast.users[f"expert{number}"] for number in range(1, len(FIELDS) + 1)]
    experts = [
        Expert.objects.create(user=user, fields=[field], employer=user.organisation)
        for user, field in zip(users, FIELDS, strict=True)
    ]
    for one in experts:
        pool.declare_all(one, actor=one.user, at=cast.days.ago(270))
    return experts


def walk(members: list[Journey], wave: Wave, experts: list[Expert], cast: Cast) -> None:
    """As far as the wave goes: assigned, scored, concluded, noticed, closed."""
    if wave.assigned is None:
        return
    for one in members:
        if one.row.key != NOT_YET_ASSIGNED:
            _look_at_the_form(one, wave, cast)
        if one.row.key == DRAWN_BY_LOT:
            _draw_and_score(one, wave, cast)
        elif one.row.key != NOT_YET_ASSIGNED:
            _assign_and_score(one, wave, experts, cast)
    if wave.concluded is None:
        _recognise_a_demonstration(members, cast)
        return
    _conclude(members, wave, cast)
    notice = _publish(members, wave, cast)
    if wave.closed is None:
        _object(members, notice, cast)
        return
    over = datetime.combine(add_working_days(notice.ends_on, 1), time(17), tzinfo=cast.days.loaded_at.tzinfo)
    for one in members:  # a holiday may lengthen the period beyond the day the wave was to close
        notices.close_notice(one.project, actor=SYSTEM, at=max(over, cast.days.ago(wave.closed, hour=17)))


def _look_at_the_form(one: Journey, wave: Wave, cast: Cast) -> None:
    """The bureau's form check is passed before experts are asked; one department is asked beside it, one answered."""
    at = cast.days.ago(wave.assigned, hour=9, minute=one.row.line)
    answers = {point.value: ("verified", "") for point in FormPoint}
    form_checks.judge(one.project, answers, actor=cast.officer, at=at)
    form_checks.pass_on(one.project, actor=cast.officer, at=at)
    if one.row.key in CONSULTED:
        asked = consultations.ask(
            one.project, _departments(CONSULTED[one.row.key]), question="环评、安评手续是否齐全，近三年有无重大事故。",
            due_on=cast.days.ahead(4).date(), actor=cast.officer, at=at,
        )  # fmt: skip
        consultations.record_answer(
            asked[0], stance="none", answer="", letter_number="示例环函〔2026〕5号", answered_on=cast.days.ago(1).date(),
            actor=cast.officer, at=cast.days.ago(1, hour=10),
        )  # fmt: skip


def _departments(names: tuple[str, ...]) -> list[Department]:
    return [Department.objects.get_or_create(name=name)[0] for name in names]


def _assign_and_score(one: Journey, wave: Wave, experts: list[Expert], cast: Cast) -> None:
    first = FIRST_EXPERT.get(one.row.key, one.row.line % len(experts))
    asked = [experts[(first + step * 3) % len(experts)] for step in range(PER_PROJECT)]
    assigned = assignments.assign_experts(
        one.project, asked, actor=cast.officer, at=cast.days.ago(wave.assigned, minute=one.row.line)
    )
    for place, assignment in enumerate(assigned[: HANDED_IN.get(one.row.key, PER_PROJECT)]):
        _score(assignment, one, place, wave, cast)


def _draw_and_score(one: Journey, wave: Wave, cast: Cast) -> None:
    """Locked, sealed by officer and lead, drawn; the first declines, the others and the next of the record accept."""
    at = cast.days.ago(wave.assigned, minute=one.row.line)
    bound = Expert.objects.select_related("user").order_by("pk")[3]
    said = {"kind": ConflictKind.SERVICE, "note": "曾为该企业作诊断", "ended_on": at.date()}
    assignments.declare_own_interest(bound, one.project.enterprise.uscc, **said, actor=bound.user, at=at)
    draw = draws.commit_draw([one.project], answer_days=2, actor=cast.officer, at=at)
    draws.seal_number(draw, DrawSlot.FIRST, "20260118", actor=cast.officer, at=at)
    draws.seal_number(draw, DrawSlot.SECOND, "314159", actor=cast.lead, at=at)
    drawing_lots.draw_now(draw, at=at)
    first = draw.assignments.order_by("pk").first()
    invitations.decline_invitation(first, because="同期参加外地会议。", actor=first.expert.user, at=at)
    for asked in draw.assignments.unanswered().select_related("expert__user"):
        invitations.accept_invitation(asked, actor=asked.expert.user, at=at)
    for place, asked in enumerate(draw.assignments.current()[: HANDED_IN[one.row.key]]):
        _score(asked, one, place, wave, cast)


def _score(assignment: Assignment, one: Journey, place: int, wave: Wave, cast: Cast) -> None:
    """Between 72 and 90 points of a hundred, not the same for any two projects."""
    share = Decimal(74 + (one.row.line * 7 + place * 5) % 15) / 100
    scores = {
        item.pk: Score((item.points * share * 2).to_integral_value() / 2, "与申报材料一致。")
        for item in one.project.call.rubric.all()
    }
    actor, at = assignment.expert.user, cast.days.ago(wave.scored, hour=15, minute=place * 10)
    scoring.save_scores(assignment, scores, comment=COMMENT, actor=actor, at=at)
    scoring.submit_scores(assignment, actor=actor, at=at)


def _recognise_a_demonstration(members: list[Journey], cast: Cast) -> None:
    """A 线 project of another industry, recognised by the city: its local support follows the central standard."""
    for one in members:
        if one.row.key == "E032":
            filing.determine_again(
                one.project, actor=cast.officer, at=cast.days.ago(15), reason="经示范认定，地方资金参照中央标准",
                demo_recognised=True,
            )  # fmt: skip


def _conclude(members: list[Journey], wave: Wave, cast: Cast) -> None:
    """A panel sits over the wave's projects and supports them, each up to its limit; the lead issues the report."""
    at = cast.days.ago(wave.concluded, hour=11)
    seats = [cast.lead, cast.officer, cast.users[SITS_ON_THE_PANEL]]
    projects = [one.project for one in members]
    meeting = panels.convene(
        projects, seats, cast.lead, held_on=at.date(), place="市工业和信息化局 301 会议室", actor=cast.officer, at=at
    )
    said = {item.project_id: Said("support", PANEL_REASONS, item.proposed) for item in meeting.items.all()}
    panels.save_table(meeting, said, minutes=MINUTES, actor=cast.officer, at=at)
    panels.issue_report(
        meeting, number=f"示例工信评〔{at.year}〕{wave.key}号",
        text="专家组按评分标准独立评分，本组项目均达到通过分数，建议公示。", actor=cast.lead, at=at,
    )  # fmt: skip


def _publish(members: list[Journey], wave: Wave, cast: Cast) -> PublicNotice:
    at = cast.days.ago(wave.noticed, hour=9)
    return notices.publish_notice(
        [one.project for one in members], number=f"示例工信公示〔{at.year}〕{wave.key}号", actor=cast.lead, at=at
    )


def _object(members: list[Journey], notice: PublicNotice, cast: Cast) -> None:
    """One is objected to; an officer who never touched it investigates and asks the enterprise."""
    for one in members:
        if one.row.status == "公示有异议":
            objection = objections.file_objection(
                notice.entries.get(project=one.key),
                name="示例市民",
                contact="024-00009999",
                organisation="示例行业协会",
                seal=ContentFile(sample_pdf(["公示异议书", "示例行业协会（盖章）"]), name="盖章异议书.pdf"),
                evidence=[ContentFile(sample_pdf(["设备铭牌照片"]), name="设备铭牌.pdf")],
                grounds="公示材料中的一台喷涂设备疑为 2022 年已投用的旧设备，请核实购置日期与发票。",
                at=cast.days.ago(1, hour=14),
            )
            officer, at = cast.users["bureau-second"], cast.days.ago(1, hour=16)
            taken = investigations.assign(objection, officer, actor=cast.lead, at=at)
            investigations.write_note(taken, text="已调取申报的设备清单和发票。", actor=officer, at=at)
            question = "请说明喷涂设备的购置日期，并提供发票和到货验收单。"
            investigations.ask_for_statement(taken, party="enterprise", question=question, actor=officer, at=at)
