"""Which materials a filing owes: the entry's condition against what the filing says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from django.db.models import Q, QuerySet

from applications.facts import amounts
from applications.models import CallMaterial, ChainLeaderCertificate, Draft, DraftLine, Need, Submission


class Case(TypedDict):
    """What the conditions of a material list ask about; the investment in 元."""

    track: str
    chain_leader: bool
    begun: bool
    investment: Decimal


def of_draft(draft: Draft, *, totals: amounts.Totals, chain_leader: bool, begun: bool | None = None) -> Case:
    """A draft; 链主 by the city's list. `begun`: whether its lines are 已实施, where that is known."""
    begun = begun_in(draft.lines.all()).exists() if begun is None else begun
    return Case(track=draft.project.track, chain_leader=chain_leader, begun=begun, investment=totals.investment)


def of_drafts(drafts: Sequence[Draft], *, on: date, totals: dict[int, amounts.Totals]) -> dict[int, Case]:
    """The same for several drafts, by two queries together."""
    standing = ChainLeaderCertificate.objects.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    enterprises = [draft.project.enterprise_id for draft in drafts]
    leaders = set(standing.filter(organisation__in=enterprises).values_list("organisation", flat=True))
    lines = begun_in(DraftLine.objects.filter(draft__in=drafts))
    begun = set(lines.order_by().values_list("draft", flat=True).distinct())
    return {
        draft.pk: Case(
            track=draft.project.track, chain_leader=draft.project.enterprise_id in leaders, begun=draft.pk in begun,
            investment=totals[draft.pk].investment,
        )
        for draft in drafts
    }  # fmt: skip


def of_submission(submission: Submission) -> Case:
    """A filing as it was filed."""
    return Case(
        track=submission.track, chain_leader=submission.chain_leader, begun=begun_in(submission.lines.all()).exists(),
        investment=submission.investment,
    )  # fmt: skip


def begun_in(lines: QuerySet[Any]) -> QuerySet[Any]:
    """已实施: those of these lines that name an invoice. A contract alone is not enough: its invoice could not be uploaded."""
    return lines.exclude(invoice_number="", invoiced_on=None)


def is_begun(line: Mapping[str, Any]) -> bool:
    """The same of one line that is read already."""
    return bool(line["invoice_number"] or line["invoiced_on"])


def due(entries: Iterable[CallMaterial], case: Case) -> list[CallMaterial]:
    """The entries of a list that must be uploaded; a confidential one is handed over on paper instead."""
    return [entry for entry in entries if not entry.confidential and entry.is_needed_for(**case)]


def concerns(entry: CallMaterial, case: Case) -> bool:
    """False for an entry of another track alone, which this filing has nothing to do with."""
    only_one = entry.need in (Need.POINT_ONLY, Need.LINE_ONLY, Need.AREA_ONLY)
    return not only_one or entry.is_needed_for(**case)


def status_of(entry: CallMaterial, case: Case) -> dict[str, Any]:
    """How a page shows an entry: whether it is owed, and whether it may be uploaded at all."""
    return {"needed": entry.is_needed_for(**case), "offline": entry.confidential}
