"""The parts of a call as its editor shows them: what each holds, what it lacks, and how two editors are told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from applications.facts.sections import fingerprint
from applications.models import Call, CallMaterial, CallRule, Direction, RubricItem, RuleWeight, Track
from policy.queries import is_adopted

FULL_MARKS = 100
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("title", "year", "direction", "text", "tracks", "tasks"),
    "window": ("opens_at", "closes_at", "grace_minutes"),
    "terms": (
        "policy_version", "district_days", "correction_days", "max_returns", "review_days", "notice_days",
        "objection_days", "agreement_days", "rectification_days",
    ),
    "rubric": ("experts_needed", "pass_mark", "reason_below", "reason_above", "blind_review"),
}  # fmt: skip
CALL_FIELDS = tuple(name for names in FIELDS.values() for name in names)
MATERIAL_FIELDS = ("code", "name", "need", "amount", "hint", "blind", "confidential")
RUBRIC_FIELDS = ("dimension", "name", "points", "step", "guide")
RULE_FIELDS = ("kind", "weight", "amount", "from_on", "to_on", "days", "note")
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "rules": ("rules", RULE_FIELDS), "materials": ("materials", MATERIAL_FIELDS), "rubric": ("rubric", RUBRIC_FIELDS),
}  # fmt: skip
TITLES = {
    "text": "通知内容",
    "window": "申报时间",
    "attachments": "附件",
    "rules": "申报条件",
    "materials": "申报材料清单",
    "rubric": "评审和评分表",
    "terms": "政策版本和各环节期限",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the editor's task list."""

    key: str
    title: str
    url: str
    note: str
    lacks: str = ""

    @property
    def tag(self) -> tuple[str, str]:
        return ("待完成", "now") if self.lacks else ("已完成", "ok")


def values_of(call: Call, part: str) -> dict[str, Any]:
    """The fields of a part as they stand."""
    return {name: getattr(call, name) for name in FIELDS.get(part, ())}


def rows_of(call: Call, part: str) -> list[dict[str, Any]]:
    """The rows of a part's list as they stand, in order."""
    related, names = LISTS[part]
    return list(getattr(call, related).order_by("position").values(*names))


def fingerprint_of(call: Call, part: str) -> str:
    """A short hash of what a part holds."""
    values = {name: _instant(value) for name, value in values_of(call, part).items()}
    return fingerprint([values, rows_of(call, part) if part in LISTS else []])


def _instant(value: Any) -> Any:
    """A moment in one writing, whatever zone it was given in."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def parts_of(call: Call) -> list[Part]:
    """The task list of a call that is being written, with five queries."""
    materials = list(call.materials.all())
    rubric, rules = list(call.rubric.all()), list(call.rules.all())
    points = sum(item.points for item in rubric)
    notes = {
        "text": (
            _text_note(call),
            "" if call.title and call.text.strip() and call.tracks else "正文或受理类别还没有填写",
        ),
        "window": (_window_note(call), ""),
        "attachments": (_attachments_note(call), ""),
        "rules": (_rules_note(rules), ""),
        "materials": (_materials_note(materials), "" if materials else "还没有材料"),
        "rubric": (
            _rubric_note(call, rubric),
            "" if points == FULL_MARKS else f"各项合计 {points} 分，应为 {FULL_MARKS} 分",
        ),
        "terms": (_terms_note(call), "" if is_adopted(call.policy_version) else "所选政策版本还没有经两局采用"),
    }
    return [
        Part(key, title, reverse(f"call-{key}", args=[call.pk]), notes[key][1] or notes[key][0], notes[key][1])
        for key, title in TITLES.items()
    ]


def _text_note(call: Call) -> str:
    if call.is_local:
        return f"{call.year} 年度 · 地方方向：{Direction(call.direction).label}"
    tracks = "、".join(str(Track(track).label) for track in call.tracks)
    tasks = f"方案任务 {len(call.tasks)} 项" if call.tasks else "方案任务不限"
    return f"{call.year} 年度 · 改造项目：{tracks} · {tasks}"


def _window_note(call: Call) -> str:
    return f"{_moment(call.opens_at)} 至 {_moment(call.closes_at)}"


def _attachments_note(call: Call) -> str:
    count = call.attachments.count()
    return f"{count} 个，随正文公开下载" if count else "没有附件；需要的可以添加"


def _rules_note(rules: list[CallRule]) -> str:
    if not rules:
        return "没有申报条件"
    counts = [f"{weight.label} {sum(rule.weight == weight for rule in rules)} 项" for weight in RuleWeight]
    return " · ".join(counts)


def _materials_note(materials: list[CallMaterial]) -> str:
    offline = sum(entry.confidential for entry in materials)
    blind = sum(entry.blind for entry in materials)
    more = [f"匿名稿可见 {blind} 项"] if blind else []
    more += [f"不上传 {offline} 项"] if offline else []
    return " · ".join([f"{len(materials)} 项", *more])


def _rubric_note(call: Call, rubric: list[RubricItem]) -> str:
    blind = " · 匿名评审" if call.blind_review else ""
    return (
        f"{len(rubric)} 项，{FULL_MARKS} 分 · 每项目至少 {call.experts_needed} 名专家 · {call.pass_mark} 分通过{blind}"
    )


def _terms_note(call: Call) -> str:
    return f"政策版本 {call.policy_version} · 初审 {call.district_days}、评审 {call.review_days}、公示 {call.notice_days} 个工作日"


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
