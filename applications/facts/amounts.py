"""The figures of a filing: totals by category, and the support the policy would grant for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from applications.facts import directions
from applications.models import NOT_ELIGIBLE, Category, Draft, DraftLine, Submission, Track
from core.calendar import today
from core.money import ZERO, wan, yuan
from policy import rules, versions

MODES = {Track.POINT: "DIAN", Track.LINE: "XIAN", Track.AREA: "MIAN", Track.LOCAL: "DIAN"}  # a local one has no mode
SUSPICIOUSLY_SMALL = Decimal(100_000)  # 元: a technical renovation below 10 万元 is rather one typed in 万元


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of the investment lines in 元, without VAT."""

    by_category: dict[str, Decimal]
    tax: Decimal
    domestic: Decimal
    count: int

    def __add__(self, other: Totals) -> Totals:
        """The sums of both together."""
        names = {*self.by_category, *other.by_category}
        both = {name: self.by_category.get(name, ZERO) + other.by_category.get(name, ZERO) for name in names}
        return Totals(both, self.tax + other.tax, self.domestic + other.domestic, self.count + other.count)

    @property
    def investment(self) -> Decimal:
        return sum(self.by_category.values(), ZERO)

    @property
    def land_and_building(self) -> Decimal:
        return sum((self.by_category.get(category, ZERO) for category in NOT_ELIGIBLE), ZERO)

    @property
    def eligible(self) -> Decimal:
        return self.investment - self.land_and_building

    @property
    def domestic_share(self) -> Decimal | None:
        """Share of domestic goods in what counts, as a fraction of one; None where nothing counts."""
        return self.domestic / self.eligible if self.eligible else None

    @property
    def looks_like_wan(self) -> bool:
        """True where the sum is so small that 万元 were probably typed for 元."""
        return ZERO < self.investment < SUSPICIOUSLY_SMALL

    def rows(self) -> list[tuple[str, str, bool]]:
        """Each category and the sum in 万元 as (label, text, does not count), for the strip under the grid."""
        rows = [
            (category.label, wan(self.by_category.get(category, ZERO)), category in NOT_ELIGIBLE)
            for category in Category
        ]
        return [*rows, ("合计（万元）", wan(self.investment), False)]


def wan_hint(totals: Totals) -> str:
    """The question put to a person who may have typed 万元 where 元 are asked for."""
    return f"投资总额合计只有 {yuan(totals.investment)} 元，是否把万元填成了元？金额一律按元填写。"


def totals_of(filing: Draft | Submission, *, without: Iterable[int] = ()) -> Totals:
    """Sums over the lines of a draft or a submission, by one query; without the lines of these numbers."""
    found: dict[str, Decimal] = {}
    tax, domestic, count = ZERO, ZERO, 0
    lines = filing.lines.exclude(pk__in=list(without)) if without else filing.lines.all()
    grouped = (
        lines.order_by()
        .values("category", "domestic")
        .annotate(amount=Sum("amount"), vat=Sum("tax"), lines=Count("pk"))
    )
    for row in grouped:
        found[row["category"]] = found.get(row["category"], ZERO) + row["amount"]
        tax += row["vat"]
        if row["domestic"] and row["category"] not in NOT_ELIGIBLE:
            domestic += row["amount"]
        count += row["lines"]
    return Totals(found, tax, domestic, count)


def totals_of_many(drafts: Iterable[Draft]) -> dict[int, Totals]:
    """The same sums for several drafts, by one query together."""
    found = {draft.pk: Totals({}, ZERO, ZERO, 0) for draft in drafts}
    rows = DraftLine.objects.filter(draft__in=found).order_by().values("draft", "category", "domestic")
    for row in rows.annotate(amount=Sum("amount"), vat=Sum("tax"), lines=Count("pk")):
        counts = row["domestic"] and row["category"] not in NOT_ELIGIBLE
        more = Totals({row["category"]: row["amount"]}, row["vat"], row["amount"] if counts else ZERO, row["lines"])
        found[row["draft"]] += more
    return found


def sums_of(lines: Iterable[dict[str, Any]]) -> Totals:
    """The same sums over lines that are not stored yet."""
    found: dict[str, Decimal] = {}
    tax, domestic, count = ZERO, ZERO, 0
    for line in lines:
        found[line["category"]] = found.get(line["category"], ZERO) + line["amount"]
        tax += line["tax"]
        count += 1
        if line["domestic"] and line["category"] not in NOT_ELIGIBLE:
            domestic += line["amount"]
    return Totals(found, tax, domestic, count)


def policy_facts(
    *,
    track: str,
    industry: str,
    direction: str = "",
    chain_leader: bool,
    investment: Decimal,
    land_and_building: Decimal,
    input_vat: Decimal = ZERO,
    received_elsewhere: Decimal = ZERO,
    **more: Any,
) -> rules.Facts:
    """The sheet the rules are given. `direction`: the call's local direction, if any (第七条二). `more`: facts known
    later, such as demo_recognised or special_amount."""
    return rules.Facts(
        mode=MODES[Track(track)],
        industry4=industry or (directions.NO_INDUSTRY if direction else ""),
        chain_leader=chain_leader,
        invest_total=investment,
        land_infra=land_and_building,
        input_vat=input_vat,
        other_received=received_elsewhere,
        **directions.facts_of(direction),
        **more,
    )


def live_determination(draft: Draft, *, totals: Totals, chain_leader: bool) -> rules.Determination:
    """What the policy of the call would grant for the draft with these totals; stored nowhere."""
    project = draft.project
    facts = policy_facts(
        track=project.track,
        industry=draft.industry,
        direction=project.call.direction,
        chain_leader=chain_leader,
        investment=totals.investment,
        land_and_building=totals.land_and_building,
        received_elsewhere=draft.received_elsewhere,
    )
    return rules.determine(facts, versions.load(project.call.policy_version))


def determination_of(submission: Submission, version: str, **more: Any) -> rules.Determination:
    """What the policy grants for a submission as it was filed."""
    facts = policy_facts(
        track=submission.track,
        industry=submission.industry,
        direction=submission.project.call.direction,
        chain_leader=submission.chain_leader,
        investment=submission.investment,
        land_and_building=submission.land_and_building,
        input_vat=submission.input_vat,
        received_elsewhere=submission.received_elsewhere,
        **more,
    )
    return rules.determine(facts, versions.load(version))


def determination_with(sheet: dict[str, Any], changed: dict[str, Any], version: str) -> rules.Determination:
    """What the policy grants for a stored sheet of facts with some entries changed."""
    known = rules.Facts.from_dict(sheet)
    return rules.determine(replace(known, **changed), versions.load(version))


def day_of(at: datetime) -> date:
    """The day in Shenyang on which a moment lies."""
    return today(at)
