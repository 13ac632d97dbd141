"""A policy version: the dated data of the law, checked and laid out ready for the rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from policy.rules.amounts import CENT, LARGEST, in_percent
from policy.rules.content import PolicyDataError, laid_over, merged, plain_content, refuse_floats

Value = str | bool | int | Decimal | date | tuple[str, ...] | None

CLAUSE_KEYS: Final = (
    "base",
    "pilot",
    "higher_of",
    "top_up",
    "special",
    "reference",
    "local",
    "call",
    "approval",
    "change",
    "acceptance",
    "payment",
    "fraud",
    "validity",
)
STANDARD_KEYS: Final = tuple(f"{track}-{role}" for track in ("DIAN", "XIAN", "MIAN") for role in ("LEADER", "OTHER"))


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard of 第六条（二）: rate as a ratio, cap in 元 a project."""

    track: str
    leader: bool
    name: str
    rate: Decimal
    cap: Decimal
    unit: str
    clause: str
    #: what an applicant has to show to be of this category
    evidence: str

    @property
    def terms(self) -> str:
        """Rate and cap as people read them."""
        return f"{in_percent(self.rate)}，封顶 {self.cap:,.2f} 元"

    @property
    def key(self) -> str:
        return f"{self.track}-{'LEADER' if self.leader else 'OTHER'}"


@dataclass(frozen=True, slots=True)
class Direction:
    """A local support direction of 第七条（二); rate and cap are None until the bureau enters them."""

    key: str
    name: str
    kind: str
    rate: Decimal | None
    cap: Decimal | None
    uplift: bool
    clause: str
    source: str

    @property
    def terms(self) -> str:
        """Rate and cap as people read them."""
        if self.rate is None:
            return "按现行政策，未录入比例"
        capped = "" if self.cap is None else f"，封顶 {self.cap:,.2f} 元"
        return f"{in_percent(self.rate)}{capped}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What fills one silence of the text, with its reason."""

    key: str
    label: str
    type: str
    value: Value
    options: tuple[str, ...]
    #: the options in words, in the same order
    names: tuple[str, ...]
    unit: str
    clause: str
    reason: str

    @property
    def shown(self) -> str:
        """The value as people read it."""
        value = self.value
        if value is None or value == "":
            return "不设" if self.type != "text" else "由申报通知规定"
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, Decimal):
            return in_percent(value) if self.type == "ratio" else f"{value:,} {self.unit}"
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, tuple):
            return "、".join(value)
        if str(value) in self.options and self.names:
            return self.names[self.options.index(str(value))]
        return f"{value} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class InstalmentTemplate:
    """A plan of instalments: shares add up to one, each with the condition that releases it."""

    key: str
    name: str
    shares: tuple[Decimal, ...]
    conditions: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit of the procedure, in working or natural days."""

    key: str
    name: str
    days: int
    working: bool
    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class VersionRef:
    """Names a version and its exact content."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """All of one policy; the entries at the end are the settings as the rules read them."""

    key: str
    digest: str
    title: str
    issued_by: tuple[str, ...]
    issued_on: date
    valid_from: date
    valid_until: date
    source: str
    clauses: Mapping[str, str]
    pilot_majors: frozenset[str]
    standards: Mapping[str, Standard]
    directions: Mapping[str, Direction]
    uplift_clause: str
    settings: Mapping[str, Setting]
    instalment_templates: Mapping[str, InstalmentTemplate]
    clocks: Mapping[str, Clock]
    #: what was varied against the file of this key (a call, a scenario); empty for the law itself
    variation: Mapping[str, Any]
    content: Mapping[str, Any]

    deducts_vat: bool
    quantum: Decimal
    to_the_cent: bool
    min_eligible: Decimal | None
    special_for_pilot: bool
    other_industry_reference: bool
    tops_up: bool
    local_when_central_zero: bool
    ranks: bool
    enterprise_cap: Decimal | None
    gate_by_central_receipt: bool
    gate_by_progress: bool
    prorates_plan: bool
    allow_upward: bool
    stat_check: bool
    min_completion_ratio: Decimal | None
    local_reduced_first: bool
    effective_from: date
    existing_continue: bool

    @property
    def ref(self) -> VersionRef:
        return VersionRef(self.key, self.digest)

    def setting(self, key: str) -> Value:
        """The value of a setting; raises KeyError for an unknown one."""
        return self.settings[key].value

    def default_plan(self) -> InstalmentTemplate:
        """The instalment template which the settings name."""
        return self.instalment_templates[str(self.settings["instalment_plan"].value)]

    def varied(
        self,
        settings: Mapping[str, object] | None = None,
        standards: Mapping[str, Mapping[str, object]] | None = None,
        directions: Mapping[str, Mapping[str, object]] | None = None,
    ) -> Version:
        """The same policy with other settings, rates or caps (a call's minimum, a scenario); raises PolicyDataError.

        Its ``variation`` says what differs, so that ``policy.versions.load(key, variation)`` gives it again.
        """
        wanted = {"settings": settings, "standards": standards, "directions": directions}
        given = {part: plain_content(change) for part, change in wanted.items() if change}
        variation = merged(self.variation, given)
        base = {name: value for name, value in self.content.items() if name != "variation"}
        return version_from(base, variation)


def version_from(content: Mapping[str, Any], variation: Mapping[str, Any] | None = None) -> Version:
    """Check the content of a version file (with a variation) and lay it out; raises PolicyDataError."""
    plain: dict[str, Any] = plain_content(content)
    refuse_floats(plain)
    if variation:
        plain = laid_over(plain, variation)
    digest = hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    try:
        return _lay_out(plain, digest, variation or {}, plain_content(content))
    except (KeyError, TypeError, AttributeError) as error:
        raise PolicyDataError(f"政策版本缺少或写错了一项：{error}") from error


def _lay_out(plain: dict[str, Any], digest: str, variation: Mapping[str, Any], content: Mapping[str, Any]) -> Version:
    settings = {key: _setting(key, entry) for key, entry in plain["settings"].items()}

    def flag(key: str) -> bool:
        return settings[key].value is True

    def amount(key: str) -> Decimal | None:
        value = settings[key].value
        return value if isinstance(value, Decimal) else None

    quantum = amount("award_quantum")
    if quantum is None or quantum <= 0 or quantum % CENT:
        raise PolicyDataError("支持金额的最小单位须为0.01元的整数倍")
    effective = settings["effective_date"].value
    version = Version(
        key=str(plain["key"]),
        digest=digest,
        title=str(plain["title"]),
        issued_by=tuple(plain["issued_by"]),
        issued_on=_day(plain["issued_on"]),
        valid_from=_day(plain["valid_from"]),
        valid_until=_day(plain["valid_until"]),
        source=str(plain["source"]),
        clauses={key: str(plain["clauses"][key]) for key in CLAUSE_KEYS},
        pilot_majors=frozenset(plain["pilot"]["majors"]),
        standards=_standards(plain["standards"]),
        directions={entry["key"]: _direction(entry) for entry in plain["directions"]},
        uplift_clause=str(plain["uplift"]["clause"]),
        settings=settings,
        instalment_templates={entry["key"]: _template(entry) for entry in plain["instalment_templates"]},
        clocks={entry["key"]: Clock(**entry) for entry in plain["clocks"]},
        variation=variation,
        content=content,
        deducts_vat=settings["tax_basis"].value == "EX_VAT",
        quantum=quantum,
        to_the_cent=quantum == CENT,
        min_eligible=amount("min_eligible_investment"),
        special_for_pilot=flag("special_for_pilot"),
        other_industry_reference=flag("other_industry_reference"),
        tops_up=settings["dedupe"].value == "TOP_UP",
        local_when_central_zero=flag("local_when_central_zero"),
        ranks=settings["pool_method"].value == "RANK",
        enterprise_cap=amount("enterprise_cap"),
        gate_by_central_receipt=flag("gate_by_central_receipt"),
        gate_by_progress=flag("gate_by_progress"),
        prorates_plan=settings["reduce_method"].value == "PRORATA_PLAN",
        allow_upward=flag("allow_upward"),
        stat_check=flag("stat_check"),
        min_completion_ratio=amount("min_completion_ratio"),
        local_reduced_first=settings["clawback_order"].value == "LOCAL_FIRST",
        effective_from=effective if isinstance(effective, date) else _day(plain["valid_from"]),
        existing_continue=settings["after_expiry"].value == "EXISTING_CONTINUE",
    )
    if version.valid_until < version.valid_from:
        raise PolicyDataError("政策版本的截止日早于生效日")
    if str(settings["instalment_plan"].value) not in version.instalment_templates:
        raise PolicyDataError("默认分批计划不在分批模板之内")
    return version


def _standards(entries: Sequence[Mapping[str, Any]]) -> dict[str, Standard]:
    standards: dict[str, Standard] = {}
    for entry in entries:
        rate, cap = _decimal(entry["rate"], "比例"), _decimal(entry["cap"], "封顶")
        if rate is None or cap is None or not 0 < rate <= 1 or cap <= 0:
            raise PolicyDataError(f"{entry['name']}的比例或封顶不对")
        standard = Standard(
            entry["track"], entry["leader"], entry["name"], rate, cap.quantize(CENT), entry["unit"],
            entry["clause"], entry["evidence"],
        )  # fmt: skip
        standards[standard.key] = standard
    if sorted(standards) != sorted(STANDARD_KEYS):
        raise PolicyDataError("支持标准须恰为点、线、面各分链主与其他六项")
    return standards


def _direction(entry: Mapping[str, Any]) -> Direction:
    return Direction(
        key=entry["key"],
        name=entry["name"],
        kind=entry["kind"],
        rate=_decimal(entry["rate"], "比例"),
        cap=_decimal(entry["cap"], "封顶"),
        uplift=entry["uplift"],
        clause=entry["clause"],
        source=entry["source"],
    )


def _template(entry: Mapping[str, Any]) -> InstalmentTemplate:
    shares = tuple(Decimal(share) for share in entry["shares"])
    conditions = tuple(entry["conditions"])
    if sum(shares) != 1 or len(conditions) != len(shares):
        raise PolicyDataError(f"分批模板“{entry['name']}”的比例合计须为100%，且每批有一个条件")
    return InstalmentTemplate(entry["key"], entry["name"], shares, conditions, entry["reason"])


def _setting(key: str, entry: Mapping[str, Any]) -> Setting:
    options = tuple(str(option) for option in entry.get("options", ()))
    value = _value(entry["label"], entry["type"], entry["value"], options)
    names = tuple(entry.get("names", ()))
    if names and len(names) != len(options):
        raise PolicyDataError(f"{entry['label']}的选项与名称不一致")
    return Setting(
        key,
        entry["label"],
        entry["type"],
        value,
        options,
        names,
        entry.get("unit", ""),
        entry["clause"],
        entry["reason"],
    )


def _value(label: str, kind: str, raw: Any, options: tuple[str, ...]) -> Value:
    """A setting's value by its type; raises PolicyDataError."""
    if kind == "flag" and isinstance(raw, bool):
        return raw
    if kind == "choice" and isinstance(raw, str) and raw in options:
        return raw
    if kind == "text" and isinstance(raw, str):
        return raw
    if kind == "number" and isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
        return raw
    if kind == "list" and isinstance(raw, list):
        return tuple(str(item) for item in raw)
    if kind == "date":
        return _day(raw)
    if kind in ("amount", "ratio"):
        value = _decimal(raw, label)
        if value is not None and (value < 0 or (kind == "ratio" and value > 1)):
            raise PolicyDataError(f"{label}超出范围")
        return value
    raise PolicyDataError(f"{label}不能是 {raw!r}")


def _decimal(raw: Any, label: str) -> Decimal | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise PolicyDataError(f"{label}须以文本给出：{raw!r}")
    try:
        value = Decimal(raw)
    except InvalidOperation as error:
        raise PolicyDataError(f"{label}不是数：{raw!r}") from error
    if not value.is_finite() or abs(value) >= LARGEST:
        raise PolicyDataError(f"{label}不是可以计算的数：{raw!r}")
    return value


def _day(raw: Any) -> date:
    try:
        return date.fromisoformat(str(raw))
    except ValueError as error:
        raise PolicyDataError(f"不是日期：{raw!r}") from error
