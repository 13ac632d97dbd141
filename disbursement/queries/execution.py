"""How far the budget is executed (第三条三): pools, or sums of them, as 预算、到位、承诺、已拨、结余; and the postings behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum

from core.money import ZERO
from disbursement.models import AccountKind, LedgerAccount, Pool, Posting, Source

# By what the rows are gathered: key → (words, key of a pool, label of a pool).
GROUPS: dict[str, tuple[str, Callable[[Pool], Any], Callable[[Pool], str]]] = {
    "pool": ("按资金池", lambda pool: pool.pk, str),
    "source": ("按来源", lambda pool: pool.source, lambda pool: pool.get_source_display()),
    "year": ("按年度", lambda pool: pool.year, lambda pool: f"{pool.year} 年"),
    "direction": ("按方向", lambda pool: pool.direction, lambda pool: pool.direction),
    "district": (
        "按区县", lambda pool: pool.district_id, lambda pool: pool.district.name if pool.district_id else "市本级及以上",
    ),
}  # fmt: skip
# The heads of the view and, behind each figure, the accounts whose postings make it up.
ACCOUNTS_OF = {
    "budget": (AccountKind.APPROPRIATION,),
    "received": (AccountKind.TRANSFER_IN,),
    "committed": (AccountKind.COMMITTED,),
    "in_payment": (AccountKind.IN_PAYMENT,),
    "paid": (AccountKind.PAID,),
    "free": (AccountKind.AVAILABLE,),
    "cash": (AccountKind.CASH,),
}
WORDS_OF = {
    "budget": "预算", "received": "到位", "committed": "已承诺未拨", "in_payment": "拨付中", "paid": "已拨", "free": "可安排",
    "cash": "资金结存",
}  # fmt: skip


@dataclass
class Execution:
    """One row of the view, in 元: a pool, or pools of one source, year, direction or district together."""

    label: str
    pools: list[Pool] = field(default_factory=list)
    query: str = ""

    words: ClassVar[dict[str, str]] = {"due": "已承诺未拨", "free": "可安排"}

    def _sum(self, name: str) -> Decimal:
        return sum((getattr(pool, name) for pool in self.pools), ZERO)

    @property
    def pool(self) -> Pool | None:
        """The pool, where the row is one."""
        return self.pools[0] if not self.query else None

    @property
    def budget(self) -> Decimal:
        return self._sum("budget")

    @property
    def received(self) -> Decimal:
        return self._sum("received")

    @property
    def committed(self) -> Decimal:
        return self._sum("committed")

    @property
    def in_payment(self) -> Decimal:
        return self._sum("in_payment")

    @property
    def net(self) -> Decimal:
        """Paid, less what came back."""
        return self._sum("paid") - self._sum("returned")

    @property
    def balance(self) -> Decimal:
        """结余: budget not yet paid out."""
        return self.budget - self.net

    @property
    def free(self) -> Decimal:
        """可安排: budget not yet promised."""
        return self.budget - self.committed

    @property
    def owed(self) -> Decimal:
        """Promised and not yet paid."""
        return max(ZERO, self.committed - self.net)

    @property
    def rate(self) -> Decimal | None:
        """执行率: paid out of the budget, as a ratio of one."""
        return self.net / self.budget if self.budget else None


def pools_asked_for(pools: QuerySet[Pool], wanted: dict[str, Any]) -> QuerySet[Pool]:
    """Pools by source, year, direction and district, as far as each is asked for."""
    named = {name: wanted[name] for name in ("source", "year", "direction", "district") if wanted.get(name)}
    return pools.filter(**named).select_related("district").order_by("-year", "source", "district__code", "direction")


def execution_of(pools: Iterable[Pool], by: str) -> list[Execution]:
    """The pools as rows of the view, gathered by one of GROUPS; central first, then province, city, districts."""
    order = list(Source.values)
    rows: dict[Any, Execution] = {}
    _, key_of, label_of = GROUPS[by]
    for pool in sorted(pools, key=lambda one: (-one.year, order.index(one.source))):
        key = key_of(pool)
        row = rows.setdefault(key, Execution(label_of(pool), query="" if by == "pool" else _narrower(by, pool)))
        row.pools.append(pool)
    return list(rows.values())


def _narrower(by: str, pool: Pool) -> str:
    """The address part that shows the pools behind a row."""
    value = {"district": pool.district.slug if pool.district_id else ""}.get(by, getattr(pool, by))
    asked = {by: value} if value else {}
    return urlencode({**asked, "by": "pool"})


def directions() -> list[str]:
    return list(Pool.objects.order_by("direction").values_list("direction", flat=True).distinct())


def years() -> list[int]:
    return list(Pool.objects.order_by("-year").values_list("year", flat=True).distinct())


def postings_of(pool: Pool, figure: str = "") -> QuerySet[Posting]:
    """The postings behind a pool, or behind one of its figures, newest first, with what a page shows of them."""
    rows = Posting.objects.filter(account__in=LedgerAccount.objects.filter(pool=pool))
    if figure in ACCOUNTS_OF:
        rows = rows.filter(account__kind__in=ACCOUNTS_OF[figure])
    return rows.select_related("entry__ground", "entry__actor", "account__project").order_by("-entry__at", "-pk")


def balance_of(rows: QuerySet[Posting]) -> Decimal:
    """The sum of postings in 元."""
    return rows.order_by().aggregate(total=Sum("amount"))["total"] or ZERO
