"""The states of proposals, agreements, instalments, batches, payments, acceptances and recoveries."""

from __future__ import annotations

from django.db import models


class ProposalState(models.TextChoices):
    DRAFTED = "drafted", "市工信局拟定"
    CHECKED = "checked", "市工信局已复核"
    REVIEWED = "reviewed", "市财政局已审核"
    AGREED = "agreed", "两局已商定"
    APPROVED = "approved", "市政府已批复"
    CANCELLED = "cancelled", "已作废"


class AgreementState(models.TextChoices):
    DRAWN = "drawn", "待签署"
    HALF_SIGNED = "half_signed", "一方已签"
    IN_FORCE = "in_force", "有效"
    LAPSED = "lapsed", "逾期失效"
    ENDED = "ended", "已终止"


UNSIGNED = (AgreementState.DRAWN, AgreementState.HALF_SIGNED)
RUNNING = (*UNSIGNED, AgreementState.IN_FORCE)


class InstalmentState(models.TextChoices):
    PLANNED = "planned", "待拨付"
    IN_PAYMENT = "in_payment", "拨付中"
    PAID = "paid", "已拨付"
    CANCELLED = "cancelled", "不再拨付"


class ProgressState(models.TextChoices):
    """进度报告: reported by the enterprise, checked by its district or the bureau."""

    REPORTED = "reported", "待核对"
    CONFIRMED = "confirmed", "已核对"
    RETURNED = "returned", "已退回"


class BatchState(models.TextChoices):
    PREPARED = "prepared", "已编制"
    CHECKED = "checked", "市工信局已复核"
    REVIEWED = "reviewed", "市财政局已审核"
    RELEASED = "released", "市财政局已放行"
    SENT = "sent", "已送银行"
    COMPLETED = "completed", "已完成"
    CANCELLED = "cancelled", "已作废"


class PaymentState(models.TextChoices):
    PREPARED = "prepared", "待拨付"
    SENT = "sent", "已送银行"
    PAID = "paid", "已到账"
    FAILED = "failed", "支付失败"
    RETURNED = "returned", "已退票"
    CANCELLED = "cancelled", "已取消"


LIVE_PAYMENTS = (PaymentState.PREPARED, PaymentState.SENT, PaymentState.PAID)


class AcceptanceState(models.TextChoices):
    REQUESTED = "requested", "待委托"
    ASSIGNED = "assigned", "第三方评估中"
    REPORTED = "reported", "待作结论"
    PASSED = "passed", "通过"
    RECTIFYING = "rectifying", "整改后复验"
    FAILED = "failed", "不通过"


class RecoveryState(models.TextChoices):
    RAISED = "raised", "待通知"
    DEMANDED = "demanded", "已通知"
    COMPLETE = "complete", "已收回"
    REFERRED = "referred", "已移送"


class HearingState(models.TextChoices):
    """告知与陈述申辩: an intended decision, what the enterprise says of it, how that was weighed."""

    NOTIFIED = "notified", "待陈述申辩"
    ANSWERED = "answered", "已陈述申辩"
    LAPSED = "lapsed", "逾期未陈述"
    WEIGHED = "weighed", "已复核，待签发"
    SIGNED = "signed", "决定已签发"
    DROPPED = "dropped", "采纳，不作决定"
    WITHDRAWN = "withdrawn", "告知已撤回"


OPEN_HEARINGS = (HearingState.NOTIFIED, HearingState.ANSWERED, HearingState.LAPSED, HearingState.WEIGHED)


class EntryState(models.TextChoices):
    """A budget document or a receipt, entered by one person and confirmed by another."""

    ENTERED = "entered", "待复核"
    CONFIRMED = "confirmed", "已入账"
    REFUSED = "refused", "已退回"


class SpendingState(models.TextChoices):
    """Spending that is no project (第五条): 培训、宣传、评审费."""

    ENTERED = "entered", "待复核"
    COMMITTED = "committed", "已列支，待支付"
    PAID = "paid", "已支付"
    RETURNED = "returned", "已退回资金池"
    CANCELLED = "cancelled", "已撤销"


class SupplementState(models.TextChoices):
    """补充安排: money for what an approval left 待安排."""

    DRAFTED = "drafted", "市工信局拟定"
    CHECKED = "checked", "市工信局已复核"
    REVIEWED = "reviewed", "市财政局已审核"
    AGREED = "agreed", "两局已商定，资金已落实"
    CANCELLED = "cancelled", "已作废"


class TakeOverState(models.TextChoices):
    """接续清单: running projects of earlier years, imported by one and confirmed by two."""

    IMPORTED = "imported", "待复核"
    CHECKED = "checked", "市工信局已复核"
    CONFIRMED = "confirmed", "已接续"
    DISCARDED = "discarded", "已作废"


# How a status tag says it: done, needs a person, over, wrong. What is not named is under way.
TONES = {
    "approved": "ok", "in_force": "ok", "paid": "ok", "completed": "ok", "complete": "ok", "passed": "ok",
    "confirmed": "ok", "refused": "off",
    "planned": "", "cancelled": "off", "discarded": "off", "lapsed": "off", "ended": "off",
    "notified": "warn", "answered": "now", "signed": "stop", "dropped": "off", "withdrawn": "off",
    "failed": "stop", "returned": "stop", "referred": "stop", "rectifying": "warn", "demanded": "warn",
}  # fmt: skip
