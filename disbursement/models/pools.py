"""Fund pools (资金池), what brought their money, and the double-entry ledger (第二、三、十二条)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models import BUREAU_ROLES, FINANCE_ROLES, Role, ScopedQuerySet
from core.money import YuanField
from core.people import has_role

MONEY_READERS = (*BUREAU_ROLES, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR)


class MoneyQuerySet(ScopedQuerySet):
    """Read by those who run the money and those who supervise it."""

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *MONEY_READERS) else self.none()


class Source(models.TextChoices):
    """Whose money (第二条): central, and local of province, city or district."""

    CENTRAL = "central", "中央"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "区级"


class Pool(models.Model):
    """One pot: source × year × direction. Its totals are guarded by constraints; the ledger says how they came about."""

    source = models.CharField("来源", max_length=12, choices=Source)
    district = models.ForeignKey("core.District", models.PROTECT, null=True, blank=True, related_name="pools")
    year = models.PositiveSmallIntegerField("年度")
    direction = models.CharField("方向", max_length=40, default="技术改造")
    budget = YuanField("预算", default=0)
    received = YuanField("到位", default=0)
    committed = YuanField("承诺", default=0)
    in_payment = YuanField("拨付中", default=0)
    paid = YuanField("已拨", default=0)
    returned = YuanField("退回", default=0)  # by the bank, or recovered from enterprises

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "资金池"
        ordering = ["-year", "source", "district_id", "direction"]
        constraints = [
            # two constraints, for SQLite takes every NULL as different
            models.UniqueConstraint(
                name="one_pool_a_source_year_and_direction",
                fields=["source", "year", "direction"],
                condition=Q(district=None),
            ),
            models.UniqueConstraint(
                name="one_pool_a_district_year_and_direction",
                fields=["source", "district", "year", "direction"],
                condition=Q(district__isnull=False),
            ),
            models.CheckConstraint(
                name="only_district_money_names_a_district",
                condition=Q(source="district", district__isnull=False) | ~Q(source="district") & Q(district__isnull=True),
            ),
            models.CheckConstraint(name="committed_within_the_budget", condition=Q(committed__lte=F("budget"))),
            models.CheckConstraint(
                name="central_money_is_paid_only_after_it_came",
                condition=~Q(source="central") | Q(paid__lte=F("received") + F("returned") - F("in_payment")),
            ),
            models.CheckConstraint(
                name="local_money_is_paid_within_the_budget",
                condition=Q(source="central") | Q(paid__lte=F("budget") + F("returned") - F("in_payment")),
            ),
            models.CheckConstraint(
                name="pool_totals_are_not_negative",
                condition=Q(budget__gte=0, received__gte=0, committed__gte=0, in_payment__gte=0, paid__gte=0, returned__gte=0),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        place = self.district.name if self.district_id else ""
        return f"{place}{self.get_source_display()} {self.year} {self.direction}"

    @property
    def is_central(self) -> bool:
        return self.source == Source.CENTRAL


class BudgetLineKind(models.TextChoices):
    BUDGET = "budget", "预算下达"
    SUPPLEMENT = "supplement", "追加预算"
    REDUCTION = "reduction", "调减预算"
    RECEIPT = "receipt", "资金到位"


class BudgetLine(models.Model):
    """What changed a pool's means: the document (下达文号) and its amount in 元, negative where it takes budget away."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="lines")
    kind = models.CharField("种类", max_length=12, choices=BudgetLineKind)
    amount = YuanField("金额")
    document_number = models.CharField("下达文号", max_length=60)
    on = models.DateField("日期")
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "预算与到位"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="only_a_reduction_takes_budget_away",
                condition=Q(kind="reduction", amount__lt=0) | ~Q(kind="reduction") & Q(amount__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_number} {self.amount}"


class AccountKind(models.TextChoices):
    """The ledger's accounts. A pool's come in pairs so that every movement balances."""

    APPROPRIATION = "appropriation", "预算来源"
    AVAILABLE = "available", "可安排预算"
    COMMITTED = "committed", "已承诺未拨"
    IN_PAYMENT = "in_payment", "拨付中"
    PAID = "paid", "已拨付企业"
    TRANSFER_IN = "transfer_in", "资金来款"
    CASH = "cash", "资金结存"
    SPENT = "spent", "资金支出"


class LedgerAccount(models.Model):
    """One account: of a pool, or of a project's part of a pool."""

    kind = models.CharField(max_length=16, choices=AccountKind)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="accounts")
    project = models.ForeignKey("applications.Project", models.PROTECT, null=True, blank=True, related_name="accounts")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "账户"
        ordering = ["pool", "kind", "project"]
        constraints = [
            models.UniqueConstraint(
                name="one_account_of_a_kind_in_a_pool", fields=["kind", "pool"], condition=Q(project=None)
            ),
            models.UniqueConstraint(
                name="one_account_of_a_kind_in_a_projects_part",
                fields=["kind", "pool", "project"],
                condition=Q(project__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pool_id}/{self.project_id or '-'}"


class JournalEntry(models.Model):
    """One balanced, immutable movement. `key` makes the same movement impossible twice."""

    key = models.CharField("幂等键", max_length=120, unique=True)
    at = models.DateTimeField("时间")
    memo = models.CharField("摘要", max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="journal_entries")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "分录"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.memo


class Posting(models.Model):
    """One side of an entry: positive debits, negative credits; the postings of an entry sum to zero."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="postings")
    amount = YuanField("金额")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "记账"
        ordering = ["entry", "pk"]
        constraints = [models.CheckConstraint(name="a_posting_moves_something", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"

    @property
    def credit(self) -> Any:
        """What a credit is written as: the amount without its sign, in 元."""
        return -self.amount
