"""The world of the money life: projects and pools, everything the money room holds, and a deed that is done or leaves nothing."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from applications.models import Hold, Project
from core import moves
from core.models import AuditEvent, Ground, OrganisationKind
from core.money import ZERO
from disbursement import funds
from disbursement.models import (
    Acceptance,
    Agreement,
    Award,
    AwardLine,
    Hearing,
    Instalment,
    InstalmentLine,
    JournalEntry,
    Payment,
    PaymentBatch,
    Pool,
    Posting,
    Proposal,
    ProposalItem,
    ProposalSplit,
    Recovery,
    RecoveryLine,
    RecoveryReceipt,
    Settlement,
    Source,
)  # fmt: skip
from disbursement.services import recoveries, settlements
from disbursement.services.refusal import Refused
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money

REFUSALS = (
    moves.Refusal, Refused, PermissionDenied, funds.PoolShort, funds.BeyondEntitlement, settlements.SettlementRefused,
    recoveries.ReceiptRefused,
)  # fmt: skip
INVESTMENTS = (50_000_000, 33_333_337, 70_000_001, 12_345_679)  # amounts that do not halve evenly
TABLES: dict[str, tuple[type, tuple[str, ...]]] = {
    "projects": (Project, ("state",)),
    "pools": (Pool, ("budget", "received", "committed", "in_payment", "paid", "returned")),
    "proposals": (Proposal, ("state",)),
    "items": (ProposalItem, ("proposal__state", "granted", "award", "live")),
    "splits": (ProposalSplit, ("pool", "amount")),
    "awards": (Award, ("entitlement", "in_payment", "paid", "returned", "demanded", "recovered")),
    "award_lines": (AwardLine, ("entitled", "committed", "paid", "returned")),
    "agreements": (Agreement, ("state",)),
    "instalments": (Instalment, ("state", "met_at", "condition")),
    "instalment_lines": (InstalmentLine, ("amount",)),
    "batches": (PaymentBatch, ("state",)),
    "payments": (Payment, ("state", "amount", "receipt_number")),
    "acceptances": (Acceptance, ("state", "audited_eligible")),
    "settlements": (Settlement, ("confirmed_at",)),
    "recoveries": (Recovery, ("state", "demanded", "recovered")),
    "hearings": (Hearing, ("state", "amount", "upheld")),
    "recovery_lines": (RecoveryLine, ("recovered",)),
    "receipts": (RecoveryReceipt, ("amount",)),
    "holds": (Hold, ("lifted_at",)),
}
APPENDED = (AuditEvent, Ground, JournalEntry, Posting)
TALLY: Counter[str] = Counter()  # what the walks did and what was refused them, by rule


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """What the money room holds now: rows as (key, …), and how long the appended tables are."""
    found = {
        name: list(model.objects.order_by("pk").values_list("pk", *columns))
        for name, (model, columns) in TABLES.items()
    }
    return found | {model.__name__: [(model.objects.count(),)] for model in APPENDED}


class World(RuleBasedStateMachine):
    """Four projects of three enterprises, three pools, central money that comes late; every deed through its service."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        self.serial = count(1)
        self.bank: dict[int, Decimal] = defaultdict(
            lambda: ZERO
        )  # what each project's enterprise got, by our own count
        self.now = everything()

    def teardown(self) -> None:
        self.undo.close()

    # --- the world --------------------------------------------------------------------------------------------------

    @initialize(central=st.integers(4, 20), came=st.integers(0, 10), city=st.integers(2, 12), begun=st.integers(0, 3))
    def open(self, central: int, came: int, city: int, begun: int) -> None:
        """Central money is short, and came in part; some projects are signed for already."""
        million = 1_000_000
        self.team = money.team()
        money.pool(Source.CENTRAL, budget=central * million, received=min(central, came) * million)
        money.pool(Source.CITY, budget=city * million, received=0)
        money.pool(Source.PROVINCIAL, budget=2 * million, received=0)
        call, shared = filings.call(), people.enterprise()
        owners = [shared, shared, people.enterprise(), people.enterprise()]
        projects = [
            money.awaiting_approval(of_call=call, enterprise=owner, investment=investment)
            for owner, investment in zip(owners, INVESTMENTS, strict=True)
        ]
        for owner in owners[1:]:
            money.bank_account(owner)
        self.assessors = people.body(OrganisationKind.THIRD_PARTY)
        self.assessor = people.assessor(self.assessors)
        staff = (self.team.officer, self.team.lead, self.team.finance_officer, self.team.finance_lead)
        self.everybody = (*staff, self.team.government, self.assessor, Project.objects.first().created_by)
        if begun:
            money.approved(*projects[-begun:], by=self.team)
            for project in projects[-begun:]:
                money.signed(project, self.team)
        self.now = everything()

    def keys(self, table: str, *states: str) -> list[int]:
        return [row[0] for row in self.now[table] if not states or row[1] in states]

    def one(self, model: Any, table: str, which: int, *states: str) -> Any:
        keys = self.keys(table, *states)
        return model.objects.get(pk=keys[which % len(keys)])

    def attempt(self, deed: Callable[[], Any]) -> Any:
        """Do it. Refused: nothing at all has changed. Returns what it gave, None where it was refused."""
        before, asked = self.now, sys._getframe(1).f_code.co_name
        try:
            given = deed()
        except REFUSALS as refused:
            TALLY[f"{asked} refused"] += 1
            assert str(refused).strip(), f"{refused!r} says nothing"
            assert everything() == before, f"{refused!r} left something behind"
            return None
        TALLY[asked] += 1
        self.now = everything()
        return given

    def heard_then(self, kind: str, project: Project, deed: Callable[[], Any]) -> Any:
        """Announce it, hear the enterprise, weigh, then do it: all of it or nothing."""
        with transaction.atomic():
            money.heard(project, kind)
            return deed()

    def number(self, kind: str) -> str:
        return f"示例{kind}〔2026〕{next(self.serial)}号"

    def anybody(self, actor: Any, stranger: int | None) -> Any:
        return actor if stranger is None else self.everybody[stranger % len(self.everybody)]
