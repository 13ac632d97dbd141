"""The district's desk in the demonstration: materials checked, opinions, returns, and what still waits there."""

from __future__ import annotations

from applications import services as filing
from applications.models import CheckOutcome, CheckResult, Project
from core.models import User
from portal.demo.journey import Cast, Journey
from portal.demo.timetable import Wave
from review import queries
from review.checklist import checklist_of
from review.services import decisions, district

OPINION = "材料齐全，与原件核对一致；投资明细与备案相符，合格投资计算无误；项目属本区，未发现重复申报。建议推荐。"
DEFECTS = [
    {"about": "项目备案或核准文件", "what": "备案总投资少于申报投资", "todo": "上传变更后的备案文件，或按备案调减明细"},
    {"about": "近两年审计报告", "what": "只有正文，缺会计报表附注", "todo": "补传完整的审计报告"},
    {"about": "信用报告（信用中国）", "what": "查询日期早于提交前 30 日", "todo": "重新查询后上传"},
]
CREDIT = "企业已列入失信被执行人名单，在列名期间不得申报专项资金。"


def recommend_all(members: list[Journey], wave: Wave, cast: Cast) -> None:
    """Each is checked and recommended by its own district."""
    if wave.recommended is None:
        return
    for one in members:
        officer, lead = one.desk(cast)
        at = cast.days.ago(wave.recommended + 1, hour=9, minute=one.row.line)
        _check_all(one.project, officer, at)
        district.write_opinion(one.project, conclusion="recommend", text=OPINION, actor=officer, at=at)
        signed_at = cast.days.ago(wave.recommended, hour=16, minute=one.row.line)
        district.countersign_and_recommend(one.project, actor=lead, at=signed_at)


def stay(one: Journey, cast: Cast) -> None:
    """What happens to those that go no further than the district."""
    act = STAYS.get(one.row.key) or STAYS.get(one.row.status)
    if act:
        act(one, cast)


def _check_all(project: Project, officer: User, at: object, doubt: str = "") -> None:
    verdicts = {entry.pk: ("verified", "") for entry in queries.materials_to_check(project)}
    if doubt:
        verdicts[list(verdicts)[-1]] = ("questioned", doubt)
    filing.run_checks(project.current_submission, at=at)
    rules = {row.rule: _judged(row) for row in checklist_of(project).rules}
    district.check_materials(project, verdicts, rules=rules, actor=officer, at=at)
    appeared = {row.rule: _judged(row) for row in checklist_of(project).rules if row.rule not in rules}
    if appeared:  # found against filings made since it was checked at its submission
        district.check_materials(project, {}, rules=appeared, actor=officer, at=at)


def _judged(result: CheckResult) -> dict[str, str]:
    """What the system stops is questioned, what it leaves to a person is verified."""
    if result.outcome == CheckOutcome.STOP:
        return {"verdict": "questioned", "note": result.found[:500]}
    return {"verdict": "verified", "note": "已与原件核对。"}


def _returned(one: Journey, cast: Cast) -> None:
    officer, _ = one.desk(cast)
    at = cast.days.ago(3, hour=15)
    _check_all(one.project, officer, at, doubt="备案总投资少于申报投资")
    district.return_for_correction(one.project, DEFECTS, actor=officer, at=at)


def _declined(one: Journey, cast: Cast) -> None:
    _, lead = one.desk(cast)
    decisions.decline(one.project, reasons=CREDIT, clause="第十三条", actor=lead, at=cast.days.ago(9))


def _withdrawn(one: Journey, cast: Cast) -> None:
    reason = "投资计划调整，待方案完善后重新申报。"
    filing.withdraw(one.project, reason=reason, actor=one.enterprise(cast), at=cast.days.ago(8))


def _doubted(one: Journey, cast: Cast) -> None:
    officer, _ = one.desk(cast)
    doubt = "两张设备发票与另一项目的发票号码相同，待企业说明"
    _check_all(one.project, officer, cast.days.ago(2, hour=11), doubt=doubt)


def _waiting_for_the_lead(one: Journey, cast: Cast) -> None:
    officer, _ = one.desk(cast)
    at = cast.days.ago(1, hour=16)
    _check_all(one.project, officer, at)
    district.write_opinion(one.project, conclusion="recommend", text=OPINION, actor=officer, at=at)


STAYS = {
    "退回补正": _returned,
    "初审不通过": _declined,
    "已撤回": _withdrawn,
    "疑似重复": _doubted,
    "E008": _waiting_for_the_lead,
}
