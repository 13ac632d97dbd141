"""The money of one project for its page: instalments with their payments, recoveries, the final settlement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.models import Project
from core.models import ENTERPRISE_ROLES
from core.money import ZERO
from core.people import has_role
from disbursement.models import Award, Hearing, Instalment, Payment, ProgressReport, Recovery, Settlement
from disbursement.states import InstalmentState, PaymentState
from portal.addresses import address_of

TONES = {
    InstalmentState.PLANNED: "",
    InstalmentState.IN_PAYMENT: "now",
    InstalmentState.PAID: "ok",
    InstalmentState.CANCELLED: "off",
}


@dataclass(frozen=True, slots=True)
class InstalmentRow:
    """One instalment: when it is due, from which pools, how far it is."""

    label: str
    condition: str
    sources: str
    amount: Decimal
    status: str
    tone: str
    ground: str
    ground_url: str
    confirm_url: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Money that reached an enterprise's account and was not confirmed yet."""

    position: int
    amount: Decimal
    tail: str
    paid_at: datetime
    url: str


def award_of(project: Project, user: Any) -> Award | None:
    """What the city granted, or None before that."""
    return Award.objects.visible_to(user).filter(project=project).select_related("approval__ground").first()


def instalment_rows(project: Project, user: Any) -> list[InstalmentRow]:
    """The instalments in their order."""
    rows = (
        Instalment.objects.visible_to(user)
        .filter(award__project=project)
        .select_related("evidence")
        .prefetch_related("lines__award_line__pool__district", "lines__payments")
        .order_by("position")
    )
    mine = has_role(user, *ENTERPRISE_ROLES) and user.organisation_id == project.enterprise_id
    return [_row(one, mine) for one in rows]


def _row(instalment: Instalment, mine: bool) -> InstalmentRow:
    lines = list(instalment.lines.all())
    paid = [one for line in lines for one in line.payments.all() if one.state == PaymentState.PAID]
    waiting = next((one for one in paid if one.confirmed_at is None), None)
    evidence = instalment.evidence
    return InstalmentRow(
        label=str(instalment),
        condition=instalment.condition_words,
        sources="、".join(str(line.award_line.pool) for line in lines if line.amount),
        amount=sum((line.amount for line in lines), ZERO),
        status=_status(instalment),
        tone=TONES[InstalmentState(instalment.state)],
        ground="、".join(f"回单 {one.receipt_number}" for one in paid) or (str(evidence) if evidence else "—"),
        ground_url=address_of("ground", evidence.pk) if evidence else "",
        confirm_url=address_of("payment", waiting.pk) if waiting and mine else "",
    )


def _status(instalment: Instalment) -> str:
    if instalment.state == InstalmentState.PLANNED and instalment.met_at is None:
        return "条件未成就"
    return instalment.get_state_display()


def arrived(project: Project, user: Any) -> Arrived | None:
    """The oldest payment this enterprise has still to confirm."""
    waiting = (
        Payment.objects.visible_to(user)
        .filter(project=project, state=PaymentState.PAID, confirmed_at=None)
        .select_related("line__instalment", "account")
        .order_by("paid_at", "pk")
        .first()
    )
    if waiting is None:
        return None
    return Arrived(
        position=waiting.line.instalment.position,
        amount=waiting.amount,
        tail=waiting.account.number_tail,
        paid_at=waiting.paid_at,
        url=address_of("payment", waiting.pk),
    )


def progress_of(project: Project, user: Any) -> list[ProgressReport]:
    """The latest reports of progress, newest first."""
    return list(ProgressReport.objects.visible_to(user).filter(project=project)[:6])


def recoveries_of(project: Project, user: Any) -> list[Recovery]:
    """What must come back, newest first."""
    return list(Recovery.objects.visible_to(user).filter(project=project).order_by("-raised_at"))


def hearings_of(project: Project, user: Any) -> list[Hearing]:
    """What was announced to the enterprise before it was decided, newest first."""
    return list(Hearing.objects.visible_to(user).filter(project=project))


def settlement_of(project: Project, user: Any) -> Settlement | None:
    """The final settlement once it is prepared."""
    return Settlement.objects.visible_to(user).filter(project=project).first()
