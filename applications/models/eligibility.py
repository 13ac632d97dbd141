"""The conditions of a call (申报条件): which rules, how much each weighs, and their thresholds."""

from __future__ import annotations

from django.db import models

from applications.models.calls import Call, CallPartQuerySet
from core.money import YuanField


class RuleKind(models.TextChoices):
    """What a call may ask for; applications.facts.eligibility says what each needs and rests on."""

    LEAST_INVESTMENT = "least_investment", "最低投资额"
    FILING_WINDOW = "filing_window", "备案时间"
    CONTRACT_WINDOW = "contract_window", "合同签订时间"
    INVOICE_WINDOW = "invoice_window", "发票开具时间"
    PAYMENT_WINDOW = "payment_window", "付款时间"
    ABOVE_SCALE = "above_scale", "规上工业企业"
    STATISTICS = "statistics", "固定资产投资纳统"
    CREDIT_REPORT = "credit_report", "信用报告查询日期"
    UNFINISHED = "unfinished", "以前年度项目逾期未验收"
    OTHER_CENTRAL = "other_central", "同一项目已获其他财政资金"
    SECOND_HAND = "second_hand", "二手、办公和自制设备"
    RELATED_PARTY = "related_party", "关联交易"
    PAYMENTS = "payments", "付款与合同、发票相符"
    ACCIDENTS = "accidents", "安全、环保、质量事故"
    DISPUTES = "disputes", "法律纠纷与处罚"
    PERMITS = "permits", "环评、用地、节能、安评"
    OBSOLETE = "obsolete", "淘汰类产能"
    OTHER = "other", "其他条件"


class RuleWeight(models.TextChoices):
    """What follows when a condition is not met."""

    HARD = "hard", "硬性"
    HINT = "hint", "提示"
    MANUAL = "manual", "人工"


class CallRule(models.Model):
    """One condition of a call. Amounts in 元; the window includes both days; `days` are calendar days."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("条件", max_length=20, choices=RuleKind)
    weight = models.CharField("类型", max_length=8, choices=RuleWeight)
    amount = YuanField("金额（元）", null=True, blank=True)
    from_on = models.DateField("起", null=True, blank=True)
    to_on = models.DateField("止", null=True, blank=True)
    days = models.PositiveSmallIntegerField("天数", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True, default="")

    objects = CallPartQuerySet.as_manager()

    class Meta:
        verbose_name = "申报条件"
        ordering = ["call", "position"]
        constraints = [
            models.UniqueConstraint(
                name="one_condition_of_a_kind_in_a_call",
                fields=["call", "kind"],
                condition=~models.Q(kind=RuleKind.OTHER),
            ),
            models.CheckConstraint(
                name="a_window_begins_before_it_ends",
                condition=models.Q(from_on__isnull=True)
                | models.Q(to_on__isnull=True)
                | models.Q(to_on__gte=models.F("from_on")),
            ),
            models.CheckConstraint(
                name="a_condition_in_words_has_them", condition=~models.Q(kind=RuleKind.OTHER) | ~models.Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
