"""Which instalments can be paid now, and what keeps the others back (第十二条); batches for their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from applications.models import BankAccount, DishonestyEntry, Hold
from core.models import ENTERPRISE_ROLES
from core.people import has_role
from disbursement.models import Instalment, InstalmentLine, Payment, PaymentBatch
from disbursement.states import LIVE_PAYMENTS, AgreementState, InstalmentState, PaymentState

CHECKS = (
    ("is_in_force", "任务书未生效"),
    ("notice_is_closed", "公示未结束"),
    ("has_account", "没有已确认的、与企业同名的收款账户"),
    ("account_is_settled", "收款账户近 30 日内变更，待另一人再次核实"),
    ("is_free", "有未解除的暂停"),
    ("is_honest", "在失信名单上"),
)
CHECK_NAMES = (
    "任务书有效",
    "公示已闭",
    "账户与企业同名",
    "近 30 日变更的账户已再次核实",
    "无未解除的暂停",
    "不在失信名单",
)
PAYABLE = Q(**{name: True for name, _ in CHECKS})


def checked_for_payment(instalments: QuerySet[Instalment], at: datetime) -> QuerySet[Instalment]:
    """With the six findings before payment as booleans, named as in CHECKS."""
    today = timezone.localdate(at)
    account = BankAccount.objects.in_use().filter(
        organisation=OuterRef("award__project__enterprise"), holder=OuterRef("award__project__enterprise__name")
    )
    changed = BankAccount.objects.unsettled(at).filter(organisation=OuterRef("award__project__enterprise"))
    dishonest = DishonestyEntry.objects.filter(
        Q(to_on=None) | Q(to_on__gte=today), organisation=OuterRef("award__project__enterprise"), from_on__lte=today
    )
    return instalments.annotate(
        is_in_force=Q(agreement__state=AgreementState.IN_FORCE),
        notice_is_closed=Q(award__project__notice_closed_at__isnull=False),
        has_account=Exists(account),
        account_is_settled=~Exists(changed),
        is_free=~Exists(Hold.objects.open().filter(project=OuterRef("award__project"))),
        is_honest=~Exists(dishonest),
    )


def kept_back_by(instalment: Any) -> list[str]:
    """Why a checked instalment cannot be paid now; empty when it can."""
    return [words for name, words in CHECKS if not getattr(instalment, name)]


def unpaid_lines() -> QuerySet[InstalmentLine]:
    """Lines with something to pay and no payment prepared, sent or made."""
    live = Payment.objects.filter(line=OuterRef("pk"), state__in=LIVE_PAYMENTS)
    return InstalmentLine.objects.filter(~Exists(live), amount__gt=0)


def met_instalments(at: datetime) -> QuerySet[Instalment]:
    """Planned instalments whose condition is met and that have something to pay, with their findings and their sum."""
    rows = Instalment.objects.filter(
        Exists(unpaid_lines().filter(instalment=OuterRef("pk"))), state=InstalmentState.PLANNED, met_at__isnull=False
    )
    return checked_for_payment(rows, at).select_related("award__project__enterprise", "award__project__district")


def payable_instalments(at: datetime) -> QuerySet[Instalment]:
    """Instalments that may be put into a batch now."""
    return met_instalments(at).filter(PAYABLE)


def payable_lines(at: datetime) -> QuerySet[InstalmentLine]:
    """Their lines, one per pool."""
    return (
        unpaid_lines().filter(instalment__in=payable_instalments(at)).select_related("award_line__pool", "instalment")
    )


def batches_with_totals(batches: QuerySet[PaymentBatch]) -> QuerySet[PaymentBatch]:
    """With `payment_count` and `total` (元) of their payments, cancelled ones left out."""
    counted = ~Q(payments__state=PaymentState.CANCELLED)
    return batches.annotate(
        payment_count=Count("payments", filter=counted), total=Sum("payments__amount", filter=counted)
    ).select_related("prepared_by")


def payments_for_page(batch: PaymentBatch) -> QuerySet[Payment]:
    """A batch's payments with all that its table shows."""
    return batch.payments.select_related(
        "project__enterprise", "pool__district", "line__instalment__award", "line__award_line", "account"
    ).order_by("project__number", "line__instalment", "pk")


def account_changed(batch: PaymentBatch) -> QuerySet[Payment]:
    """Prepared payments whose account was replaced since the batch was prepared."""
    return batch.payments.filter(state=PaymentState.PREPARED, account__replaced_at__isnull=False)


def payments_of_project(project: Any) -> QuerySet[Payment]:
    return Payment.objects.filter(project=project).annotate(position=F("line__instalment__position"))


def with_money(instalments: QuerySet[Instalment]) -> QuerySet[Instalment]:
    """With `unpaid` (元), the sum of their lines not yet paid or under way, and their lines' pools at hand."""
    lines = unpaid_lines().filter(instalment=OuterRef("pk")).order_by().values("instalment")
    total = Subquery(lines.annotate(total=Sum("amount")).values("total"))
    parts = InstalmentLine.objects.select_related("award_line__pool__district")
    return instalments.annotate(unpaid=total).prefetch_related(Prefetch("lines", parts))


def findings_of(batch: PaymentBatch, at: datetime) -> dict[int, list[str]]:
    """What speaks now against paying a batch's prepared instalments, by instalment id."""
    inside = Instalment.objects.filter(
        lines__payments__in=batch.payments.filter(state=PaymentState.PREPARED)
    ).distinct()
    found = {row.pk: kept_back_by(row) for row in checked_for_payment(inside, at)}
    for payment in account_changed(batch).select_related("line"):
        found.setdefault(payment.line.instalment_id, []).append("收款账户已变更")
    return found


def may_confirm(payment: Payment, user: Any) -> bool:
    """The receiving enterprise has not yet confirmed a payment that was made."""
    mine = has_role(user, *ENTERPRISE_ROLES) and user.organisation_id == payment.project.enterprise_id
    return mine and payment.state == PaymentState.PAID and payment.confirmed_at is None
