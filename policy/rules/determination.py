"""What the rules answer: a verdict, the figures, and the steps that led to them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, cast

from policy.rules.facts import AnyFacts, facts_from_dict
from policy.rules.steps import Operand, Step, entries, told
from policy.rules.version import Version, VersionRef

OK = "OK"
OK_LOCAL = "OK_LOCAL_EXISTING_POLICY"
BAD_INPUT = "REJECT_BAD_INPUT"
LAND_GT_TOTAL = "REJECT_LAND_GT_TOTAL"
NO_ELIGIBLE = "REJECT_NO_ELIGIBLE"
BELOW_MINIMUM = "REJECT_BELOW_MINIMUM"
SPECIAL_PILOT = "REJECT_SPECIAL_PILOT"
ABOVE_CEILING = "REJECT_ABOVE_CEILING"
OUT_OF_VALIDITY = "REJECT_OUT_OF_VALIDITY"
MANUAL_REVIEW = "MANUAL_REVIEW"
CANCELLED = "CANCELLED"

VERDICT_LABELS = {
    OK: "可以支持",
    OK_LOCAL: "按地方现行政策支持",
    BAD_INPUT: "数据有误",
    LAND_GT_TOTAL: "土地厂房大于投资总额",
    NO_ELIGIBLE: "没有合格投资",
    BELOW_MINIMUM: "低于最低合格投资",
    SPECIAL_PILOT: "试点行业不适用一事一议",
    ABOVE_CEILING: "核定金额高于上限",
    OUT_OF_VALIDITY: "不在政策有效期内",
    MANUAL_REVIEW: "须人工裁定",
    CANCELLED: "取消资格",
}

FIGURES = (
    "eligible",
    "ceiling",
    "limit",
    "central",
    "local",
    "total",
    "unfunded",
    "final",
    "payable",
    "clawback",
    "claw_central",
    "claw_local",
)

Figure = Decimal | None


class Determination(NamedTuple):
    """One answer of the rules; a light immutable tuple, amounts in 元. A figure which was not asked for is None.

    ``ceiling`` is that of 第六条; ``limit`` is what an award may reach (the ceiling, a higher local entitlement, or
    a 一事一议 decision). ``total`` = central + local; ``unfunded`` is due but finds no money in the pools.
    """

    facts: AnyFacts
    version: Version | VersionRef
    verdict: str
    eligible: Figure
    ceiling: Figure
    limit: Figure
    central: Figure
    local: Figure
    total: Figure
    unfunded: Figure
    final: Figure
    payable: Figure
    clawback: Figure
    claw_central: Figure
    claw_local: Figure
    #: key of the step which fixed the figure
    binding: str
    #: entries laid end to end (see steps.entries); the Steps themselves in a stored determination
    trace: tuple[Operand, ...] | tuple[Step, ...]
    refusal_clause: str = ""

    @property
    def kind(self) -> str:
        return self.facts.kind

    @property
    def refused(self) -> bool:
        """Whether nothing was worked out, for the reason in ``reason``."""
        return self.verdict.startswith("REJECT_")

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return VERDICT_LABELS[self.verdict]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The explanation, put into words now; a stored determination keeps the words it was stored with."""
        trace = self.trace
        if not isinstance(self.version, Version):
            return cast(tuple[Step, ...], trace)
        version, binding = self.version, self.binding
        steps = [
            told(entry, version, binding, self.refusal_clause if entry[0] == "refused" else "")
            for entry in entries(trace)
        ]
        if self.total is not None:
            steps.append(told(("sum", None, None, self.total), version, binding))
        return tuple(steps)

    @property
    def binding_step(self) -> Step | None:
        """The step which fixed the figure."""
        return next((step for step in self.steps if step.binds), None)

    @property
    def reason(self) -> str:
        """Why it was refused, in Chinese; empty where it was not."""
        return self.steps[-1].taken if self.refused else ""

    @property
    def clause(self) -> str:
        """The clause which the verdict rests on: that of the refusal, or of the step that fixed the figure."""
        step = self.steps[-1] if self.refused else self.binding_step
        return step.clause if step else ""

    @property
    def figures(self) -> dict[str, Figure]:
        return {name: getattr(self, name) for name in FIGURES}

    def same_figures(self, other: Determination) -> bool:
        """Whether verdict and every figure are equal: what a replay compares."""
        return self.verdict == other.verdict and self.figures == other.figures

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe, with the facts, the version's key, digest and variation: enough to replay it."""
        variation = dict(self.version.variation) if isinstance(self.version, Version) else {}
        return {
            "facts": self.facts.as_dict(),
            "version": {"key": self.version.key, "digest": self.version.digest, "variation": variation},
            "verdict": self.verdict,
            **{name: None if value is None else f"{value:f}" for name, value in self.figures.items()},
            "binding": self.binding,
            "steps": [step.as_dict() for step in self.steps],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Determination:
        """A stored determination as it was: nothing is worked out again."""
        figures = [None if data[name] is None else Decimal(data[name]) for name in FIGURES]
        return cls._make(
            (
                facts_from_dict(data["facts"]),
                VersionRef(data["version"]["key"], data["version"]["digest"]),
                data["verdict"],
                *figures,
                data["binding"],
                tuple(Step.from_dict(step) for step in data["steps"]),
                "",
            )
        )


def refused(
    facts: AnyFacts,
    version: Version,
    verdict: str,
    reason: str,
    clause: str = "",
    *,
    eligible: Figure = None,
    ceiling: Figure = None,
    trace: tuple[Operand, ...] = (),
) -> Determination:
    """A refusal with its reason and clause: a determination like any other."""
    none = None
    steps = (*trace, "refused", none, reason, none)
    return Determination(
        facts, version, verdict, eligible, ceiling, *(none,) * 10, "refused", steps, refusal_clause=clause
    )
