"""What the rules are given: frozen sheets of facts, checked once when they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from policy.rules.amounts import LARGEST, ONE, ZERO, whole_cents

TRACKS = ("DIAN", "XIAN", "MIAN")
TECH_REFORM = "TECH_REFORM"
LOCAL_KINDS = ("PLATFORM", "INFRA", "SERVICE", "TRAINING")
PROJECT_KINDS = (TECH_REFORM, *LOCAL_KINDS)

AMOUNT_LABELS = {
    "invest_total": "投资总额",
    "land_infra": "土地、厂房等基础建设投资",
    "input_vat": "进项税额",
    "dup_invoice": "重复发票金额",
    "special_amount": "一事一议金额",
    "approved": "核定支持金额",
    "other_local_entitlement": "地方政策支持金额",
    "other_received": "已获其他财政支持",
    "central_pool": "中央资金余额",
    "local_pool": "地方资金余额",
    "enterprise_already": "本企业已获支持",
    "local_base": "地方支持的计算基数",
    "local_uplift": "国产设备和软件的提高金额",
    "paid": "已拨金额",
    "planned_eligible": "计划合格投资",
    "audited_eligible": "审定合格投资",
    "stat_invest": "统计投资",
    "central_committed": "中央承诺金额",
    "central_paid": "中央已拨金额",
    "local_paid": "地方已拨金额",
    "decided_amount": "决定所给的金额",
}


class FactsError(ValueError):
    """A sheet that cannot be read at all; the text names the entry, in Chinese."""


def amount_fault(name: str, amount: Decimal | None, *, may_be_negative: bool = False) -> str:
    """Why an amount cannot be used, or an empty string."""
    if amount is None:
        return ""
    if not isinstance(amount, Decimal):
        raise TypeError(f"{name} must be a Decimal of 元, not {type(amount).__name__}")
    label = AMOUNT_LABELS[name]
    if not amount.is_finite() or abs(amount) >= LARGEST:
        return f"{label}不是可以计算的金额"
    if not whole_cents(amount):
        return f"{label}须以元为单位，最多两位小数"
    if amount < 0 and not may_be_negative:
        return f"{label}不能是负数"
    return ""


def _first_fault(sheet: object, names: tuple[str, ...], *, may_be_negative: tuple[str, ...] = ()) -> str:
    for name in names:
        fault = amount_fault(name, getattr(sheet, name), may_be_negative=name in may_be_negative)
        if fault:
            return fault
    return ""


def _track_fault(mode: str, industry4: str) -> str:
    if mode not in TRACKS:
        return "方向须为点、线或面"
    if len(industry4) != 4 or not (industry4.isascii() and industry4.isdigit()):
        return "行业须为国民经济行业分类的四位代码"
    return ""


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Sheet):
        return value.as_dict()
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The common part of every sheet of facts."""

    kind: ClassVar[str] = ""
    #: names whose values are Decimal when read back from JSON
    decimals: ClassVar[tuple[str, ...]] = ()
    #: why the sheet cannot be used (REJECT_BAD_INPUT); empty when it can
    fault: str = field(init=False, repr=False, compare=False, default="")

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe: decimals as strings, dates in ISO form, entries left at their default are kept."""
        named = {item.name: _plain(getattr(self, item.name)) for item in fields(self) if item.init}
        return {"kind": self.kind, **named}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of ``as_dict``; raises FactsError where an entry cannot be read."""
        known = {item.name for item in fields(cls) if item.init}
        given: dict[str, Any] = {}
        for name, value in data.items():
            if name == "kind":
                continue
            if name not in known:
                raise FactsError(f"未知的事实项：{name}")
            given[name] = cls._read(name, value)
        return cls(**given)

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:
        if value is None or name not in cls.decimals:
            return value
        if isinstance(value, float):
            raise FactsError(f"{name} 须以文本给出，不能是浮点数")
        try:
            return Decimal(value)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise FactsError(f"{name} 不是数：{value!r}") from error

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Sheet):
    """A project as its support is worked out: all amounts in 元."""

    kind: ClassVar[str] = "ENTITLE"
    decimals: ClassVar[tuple[str, ...]] = (
        "invest_total",
        "land_infra",
        "input_vat",
        "dup_invoice",
        "special_amount",
        "approved",
        "other_local_entitlement",
        "other_received",
        "central_pool",
        "local_pool",
        "enterprise_already",
        "local_base",
        "local_uplift",
        "review_score",
    )

    mode: str
    industry4: str
    invest_total: Decimal
    chain_leader: bool = False
    project_kind: str = TECH_REFORM
    demo_recognised: bool = False
    land_infra: Decimal = ZERO
    input_vat: Decimal = ZERO
    dup_invoice: Decimal = ZERO
    special_amount: Decimal | None = None
    approved: Decimal | None = None
    other_local_entitlement: Decimal = ZERO
    other_received: Decimal = ZERO
    central_pool: Decimal | None = None
    local_pool: Decimal | None = None
    enterprise_already: Decimal = ZERO
    review_score: Decimal | None = None
    #: a support direction of 第七条（二）, whose rate the version holds
    local_direction: str = ""
    local_base: Decimal | None = None
    #: 第七条（二）1: more for 国产工业母机、工业机器人、工业软件; an amount with its reason
    local_uplift: Decimal = ZERO
    uplift_reason: str = ""
    #: the certificate of the chain leader as the explanation quotes it
    leader_certificate: str = ""
    #: worked out once: the 大类 and the key of the standard
    major: str = field(init=False, repr=False, compare=False, default="")
    standard_key: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        self._settle("major", self.industry4[:2])
        self._settle("standard_key", f"{self.mode}-{'LEADER' if self.chain_leader else 'OTHER'}")
        self._settle("fault", self._find_fault())

    def _find_fault(self) -> str:
        fault = _track_fault(self.mode, self.industry4)
        if fault:
            return fault
        if self.project_kind not in PROJECT_KINDS:
            return "项目类型不在目录内"
        fault = _first_fault(self, tuple(name for name in self.decimals if name != "review_score"))
        if fault:
            return fault
        if self.invest_total <= 0:
            return "投资总额须大于零"
        if self.review_score is not None and not self.review_score.is_finite():
            return "评审分不是数"
        if self.local_uplift and not self.uplift_reason.strip():
            return "提高支持金额须写明理由"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts(Sheet):
    """A change request: the project as it would become, beside what was approved and paid."""

    kind: ClassVar[str] = "CHANGE"
    decimals: ClassVar[tuple[str, ...]] = ("approved", "paid", "other_received", "decided_amount")

    project: Facts
    approved: Decimal
    paid: Decimal = ZERO
    change_major: bool = True
    #: earlier support, subtracted as at settlement when ``net`` is asked for
    other_received: Decimal = ZERO
    #: where the limit is no 第六条 ceiling (就高 or 一事一议): what that decision would now grant
    decided_amount: Decimal | None = None

    def __post_init__(self) -> None:
        self._settle("fault", self.project.fault or _first_fault(self, self.decimals))

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:
        if name == "project":
            return value if isinstance(value, Facts) else Facts.from_dict(value)
        return super(ChangeFacts, cls)._read(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceFacts(Sheet):
    """A project at acceptance: what was approved, what the audit found, what has been paid."""

    kind: ClassVar[str] = "ACCEPT"
    decimals: ClassVar[tuple[str, ...]] = (
        "approved",
        "audited_eligible",
        "planned_eligible",
        "stat_invest",
        "paid",
        "other_received",
        "central_committed",
        "central_paid",
        "local_paid",
        "decided_amount",
    )

    mode: str
    approved: Decimal
    audited_eligible: Decimal
    chain_leader: bool = False
    planned_eligible: Decimal | None = None
    stat_invest: Decimal | None = None
    paid: Decimal = ZERO
    other_received: Decimal = ZERO
    fraud: bool = False
    central_committed: Decimal | None = None
    central_paid: Decimal = ZERO
    local_paid: Decimal = ZERO
    #: where the limit is no 第六条 ceiling: what that decision grants for the audited investment
    decided_amount: Decimal | None = None
    standard_key: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        self._settle("standard_key", f"{self.mode}-{'LEADER' if self.chain_leader else 'OTHER'}")
        fault = "" if self.mode in TRACKS else "方向须为点、线或面"
        # An audit may find nothing or less than nothing (red-letter invoices): the base then counts as zero.
        below_zero = ("audited_eligible", "stat_invest")
        self._settle("fault", fault or _first_fault(self, self.decimals, may_be_negative=below_zero))


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentFacts(Sheet):
    """One instalment: the award (net), the plan, and what holds it back."""

    kind: ClassVar[str] = "INSTALMENT"
    decimals: ClassVar[tuple[str, ...]] = ("approved", "paid", "central_received_ratio", "progress_ratio")

    approved: Decimal
    plan: tuple[Decimal, ...]
    tranche_no: int
    paid: Decimal = ZERO
    central_received_ratio: Decimal | None = None
    progress_ratio: Decimal | None = None
    #: CENTRAL or LOCAL where an instalment has one line per pool; empty for the single-line formula
    line: str = ""
    #: signed, progress or accepted; empty: progress gates whenever it is given
    condition: str = ""

    def __post_init__(self) -> None:
        self._settle("fault", _first_fault(self, ("approved", "paid")) or self._plan_fault())

    def _plan_fault(self) -> str:
        if not self.plan or any(not share.is_finite() or not 0 <= share <= 1 for share in self.plan):
            return "分批计划须由0到1之间的比例组成"
        if any(share.as_integer_ratio()[1] > 10**12 for share in self.plan):
            return "分批比例最多十二位小数"
        if sum(self.plan) > 1:
            return "分批比例合计不能超过100%"
        if not 1 <= self.tranche_no <= len(self.plan):
            return "批次不在计划之内"
        for ratio in (self.central_received_ratio, self.progress_ratio):
            if ratio is not None and (not ratio.is_finite() or not 0 <= ratio <= ONE):
                return "到位比例和进度须在0到1之间"
        if self.line not in ("", "CENTRAL", "LOCAL"):
            return "资金来源须为中央或地方"
        return ""

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:
        if name == "plan":
            return tuple(Decimal(share) for share in value)
        return super(InstalmentFacts, cls)._read(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFacts(Sheet):
    """A day on which something is filed or done under the policy."""

    kind: ClassVar[str] = "DATE"

    on: date
    #: the project was filed before the policy expired (存量)
    existing: bool = False

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:
        return date.fromisoformat(value) if name == "on" and isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFacts(Sheet):
    """Projects which share one central and one local pool, in the order in which they are served."""

    kind: ClassVar[str] = "POOL"
    decimals: ClassVar[tuple[str, ...]] = ("central_pool", "local_pool")

    cases: tuple[Facts, ...]
    central_pool: Decimal | None = None
    local_pool: Decimal | None = None

    def __post_init__(self) -> None:
        self._settle("fault", _first_fault(self, self.decimals))

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:
        if name == "cases":
            return tuple(case if isinstance(case, Facts) else Facts.from_dict(case) for case in value)
        return super(PoolFacts, cls)._read(name, value)


AnyFacts = Facts | ChangeFacts | AcceptanceFacts | InstalmentFacts | DateFacts | PoolFacts
SHEETS: dict[str, type[Sheet]] = {
    sheet.kind: sheet for sheet in (Facts, ChangeFacts, AcceptanceFacts, InstalmentFacts, DateFacts, PoolFacts)
}


def facts_from_dict(data: Mapping[str, Any]) -> AnyFacts:
    """Any sheet read back by its kind; raises FactsError."""
    sheet = SHEETS.get(str(data.get("kind", "")))
    if sheet is None:
        raise FactsError(f"未知的事实类型：{data.get('kind')!r}")
    return sheet.from_dict(data)  # type: ignore[return-value]  # SHEETS holds exactly the members of AnyFacts
