"""Experts, sheets, notices and objections for tests, made by the room's own services where a test is not about them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from applications.models import Call, Project
from applications.states import State
from core.calendar import add_working_days, today
from core.models import User
from review.models import (
    Assignment,
    Conclusion,
    Department,
    Draw,
    EnterpriseRelation,
    Expert,
    FormPoint,
    InterestDeclaration,
    Objection,
    Opinion,
    PanelMeeting,
    PublicNotice,
    ScoreSheet,
    Statement,
    Verdict,
)
from review.queries import materials_to_check
from review.services import (
    assignments,
    conclusions,
    district,
    drawing_lots,
    draws,
    form_checks,
    investigations,
    notices,
    objections,
    panels,
    scoring,
)
from review.services.panels import Said
from review.services.scoring import Score
from tests.factories import applications as filed
from tests.factories import core as people
from tests.factories.core import NOW, moment


def expert(**fields: Any) -> Expert:
    """An expert of the pool with an account of his own; his body employs him."""
    user = fields.pop("user", None) or people.expert()
    return Expert.objects.create(user=user, employer=user.organisation, **{"fields": ["智能制造"], **fields})


def declared(**fields: Any) -> Expert:
    """An expert whose word on his interests is in force for a year, working for nobody else's body."""
    made = expert(**fields)
    InterestDeclaration.objects.create(expert=made, declared_at=NOW, valid_to=moment(days=365).date())
    return made


def related(one: Any, other: Any, kind: str = "parent") -> EnterpriseRelation:
    """Two bodies of one group since two days before NOW."""
    return EnterpriseRelation.objects.create(
        one=one, other=other, kind=kind, source="国家企业信用信息公示系统", from_on=moment(days=-2).date(),
        entered_at=NOW, entered_by=people.bureau_officer(),
    )  # fmt: skip


def committed(*projects: Project, actor: User | None = None) -> Draw:
    return draws.commit_draw(
        projects or (under_review(),), answer_days=2, actor=actor or people.bureau_officer(), at=NOW
    )


def sealed(draw: Draw, first: str = "20260305", second: str = "8848") -> Draw:
    """Both numbers are in; nothing is drawn yet."""
    draws.seal_number(draw, "first", first, actor=people.bureau_officer(), at=NOW)
    draws.seal_number(draw, "second", second, actor=people.bureau_lead(), at=NOW)
    return Draw.objects.get(pk=draw.pk)


def drawn(*projects: Project, first: str = "20260305", second: str = "8848") -> Draw:
    """Locked, sealed and drawn at NOW; the invitations are out."""
    return drawing_lots.draw_now(sealed(committed(*projects), first, second), at=NOW)


def at_the_district(slug: str = "tiexi", **fields: Any) -> Project:
    """A filed project on the district's desk, due in ten working days."""
    fields.setdefault("enterprise", people.enterprise(slug=slug))
    return filed.project(State.DISTRICT_REVIEW, due_on=add_working_days(today(NOW), 10), **fields)


def checked(project: Project, officer: User, verdict: str = Verdict.VERIFIED, note: str = "") -> None:
    """Every material of a filing judged alike."""
    for entry in materials_to_check(project):
        district.check_material(project, entry, verdict=verdict, note=note, actor=officer, at=NOW)


def with_opinion(project: Project, officer: User | None = None) -> Project:
    """Checked, and recommended in writing by an officer; a lead may sign."""
    in_hand = Project.objects.get(pk=project.pk)
    officer = officer or in_hand.taken_by or people.district_officer(project.district.slug)
    checked(project, officer)
    said = {"conclusion": Conclusion.RECOMMEND, "text": "材料齐全，属地与行业相符，建议推荐。"}
    district.write_opinion(project, **said, actor=officer, at=NOW)
    return Project.objects.get(pk=project.pk)


def under_review(**fields: Any) -> Project:
    """A recommended project in the city's review, due in twenty working days."""
    return form_checked(unlooked_at(**fields))


def unlooked_at(**fields: Any) -> Project:
    """Just recommended: the bureau's form check is still to be made."""
    return filed.project(State.CITY_REVIEW, due_on=add_working_days(today(NOW), 20), **fields)


def form_checked(project: Project, actor: User | None = None) -> Project:
    """Its form check passed; experts may be asked."""
    actor = actor or people.bureau_officer()
    answers = {point.value: ("verified", "") for point in FormPoint}
    form_checks.judge(project, answers, actor=actor, at=NOW)
    form_checks.pass_on(project, actor=actor, at=NOW)
    return project


def small_call(needed: int = 1, **fields: Any) -> Call:
    """A call that asks few experts, for tests that are not about their number."""
    return filed.call(experts_needed=needed, **fields)


def assigned(project: Project, *experts: Expert, actor: User | None = None) -> list[Assignment]:
    chosen = experts or (expert(),)
    return assignments.assign_experts(project, chosen, actor=actor or people.bureau_officer(), at=NOW)


def points(call: Call, total: Decimal | int) -> dict[int, Score]:
    """Points over the rubric that add up to a total, filled from the first item."""
    left, found = Decimal(total), {}
    for item in call.rubric.all():
        given = min(left, Decimal(item.points))
        found[item.pk] = Score(given)
        left -= given
    return found


def department(name: str = "市生态环境局") -> Department:
    """One of the list of those asked beside the experts (联审)."""
    return Department.objects.get_or_create(name=name)[0]


def saved(assignment: Assignment, total: Decimal | int = 80, comment: str = "改造内容具体。") -> ScoreSheet:
    user = assignment.expert.user
    scores = points(assignment.project.call, total)
    return scoring.save_scores(assignment, scores, comment=comment, actor=user, at=NOW)


def handed_in(assignment: Assignment, total: Decimal | int = 80, comment: str = "改造内容具体。") -> ScoreSheet:
    saved(assignment, total, comment)
    return scoring.submit_scores(assignment, actor=assignment.expert.user, at=NOW)


def scored(project: Project, totals: Sequence[Decimal | int] = (80,)) -> Project:
    """As many experts as totals, all handed in."""
    for one, total in zip(assigned(project, *[expert() for _ in totals]), totals, strict=True):
        handed_in(one, total)
    return Project.objects.get(pk=project.pk)


def concluded(call: Call | None = None, *, lead: User | None = None, **fields: Any) -> Project:
    """A project that passed and waits for its notice."""
    project = scored(under_review(of_call=call or small_call(), **fields))
    number = f"示例评审〔2026〕{project.pk}号"
    conclusions.conclude([project], number=number, text="通过。", actor=lead or people.bureau_lead(), at=NOW)
    return Project.objects.get(pk=project.pk)


def published(*projects: Project, lead: User | None = None, number: str = "示例公示〔2026〕1号") -> PublicNotice:
    """A notice published at NOW over projects (one by default)."""
    shown = projects or (concluded(),)
    return notices.publish_notice(shown, number=number, actor=lead or people.bureau_lead(), at=NOW)


def objection(notice: PublicNotice, project: Project | None = None, **fields: Any) -> Objection:
    """An objection filed at NOW to a project of a notice (its first by default)."""
    entries = notice.entries.select_related("notice__call")
    entry = entries.get(project=project) if project else entries.first()
    said = {"name": "实名人 钱", "contact": "13900001234", "grounds": "设备与申报不符。", **fields}
    return objections.file_objection(entry, **said, at=NOW)


def district_hand(project: Project, person: User) -> Opinion:
    """Somebody had a hand in a project at its district."""
    return Opinion.objects.create(
        project=project, submission=project.current_submission, conclusion="recommend", text="同意。", written_at=NOW,
        written_by=person,
    )  # fmt: skip


def panel(*projects: Project, lead: User | None = None, members: Sequence[User] = ()) -> PanelMeeting:
    """A meeting of three over scored projects."""
    seats = [*members, *(people.bureau_officer() for _ in range(3 - len(members)))]
    said = {"held_on": today(NOW), "place": "市局 301 会议室"}
    return panels.convene(projects, seats, seats[0], **said, actor=lead or people.bureau_officer(), at=NOW)


def decided(meeting: PanelMeeting, officer: User, **conclusions_by_key: str) -> PanelMeeting:
    """Minutes and a conclusion for each project ("support" where none is given), saved."""
    said = {
        item.project_id: Said(conclusions_by_key.get(f"p{item.project_id}", "support"), "方案可行。", item.proposed)
        for item in meeting.items.all()
    }
    return panels.save_table(meeting, said, minutes="逐项讨论，一致通过。", actor=officer, at=NOW)


def assigned_objection(one: Objection, officer: User | None = None, lead: User | None = None) -> Objection:
    """An objection in the hands of an officer who has not acted on its project."""
    officer = officer or people.bureau_officer()
    return investigations.assign(one, officer, actor=lead or people.bureau_lead(), at=NOW)


def investigated(one: Objection, lead: User | None = None) -> Objection:
    """An objection whose finding is in: a lead may answer it."""
    taken = assigned_objection(one, lead=lead)
    return investigations.report(taken, finding="设备台账与实物相符。", actor=taken.assigned_to, at=NOW)


def statement(one: Objection, party: str = "enterprise") -> Statement:
    """A question put to the enterprise or the district by the investigator of an assigned objection."""
    return investigations.ask_for_statement(
        one, party=party, question="请说明喷涂设备的购置日期。", actor=one.assigned_to, at=NOW
    )
