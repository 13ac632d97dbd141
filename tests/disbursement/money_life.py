"""The whole money life as a state machine: what officers, enterprises and the bank may do in any order, and what then holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from applications.models import Hold, HoldKind, Project
from applications.services.holds import lift_hold, place_hold
from applications.states import State
from core.models import GroundKind
from core.money import ZERO
from disbursement.models import (
    Acceptance,
    Agreement,
    Award,
    Instalment,
    Payment,
    PaymentBatch,
    Pool,
    Proposal,
    ProposalItem,
    Recovery,
    Settlement,
)  # fmt: skip
from disbursement.services import (
    agreements,
    approvals,
    batches,
    closing,
    ending,
    proposals,
    recoveries,
    results,
    settlements,
)  # fmt: skip
from portal.invariants import ledger as of_ledger
from portal.invariants import money as of_money
from portal.invariants import pools as of_pools
from tests.disbursement.money_world import World
from tests.disbursement.situations import TEXTS
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment

CENT = Decimal("0.01")
LATER = moment(days=40)  # past the day a recovery is due
WHICH = st.integers(0, 11)  # one of what there is, counted round
PART = st.integers(1, 100)  # hundredths of an amount
SAYS = st.lists(st.sampled_from(("paid", "paid", "paid", "failed", "")), min_size=6, max_size=6)

PROMISES = [*of_money.INVARIANTS, *of_ledger.INVARIANTS, *of_pools.INVARIANTS]


def there_is(table: str, *states: str) -> Callable[[Any], bool]:
    """A precondition: a row of this table stands in one of these states."""
    return lambda life: bool(life.keys(table, *states))


class MoneyLife(World):
    """Every deed through its service, by the right person and now and then by a wrong one."""

    # --- pools ------------------------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(("money", "money", "hold", "elsewhere")), which=WHICH, much=PART, yes=st.booleans())
    def meanwhile(self, kind: str, which: int, much: int, yes: bool) -> None:
        """What comes from outside: money and budgets, an inspection, support received elsewhere."""
        if kind == "money":
            self.bring(which, much, yes)
        elif kind == "hold":
            self.hold_or_lift(which)
        else:
            self.determine_again(which, much % 8)

    def bring(self, which: int, hundred_thousands: int, money_came: bool) -> None:
        pool, kind = self.one(Pool, "pools", which), "receipt" if money_came else "budget"
        amount = hundred_thousands * Decimal(100_000) + CENT
        number = self.number("财指")
        self.attempt(lambda: money.brought(pool, kind, amount, by=self.team, number=number))

    # --- proposal and approval --------------------------------------------------------------------------------------

    @precondition(there_is("projects", State.GOVERNMENT_APPROVAL))
    @rule(first=WHICH, second=WHICH)
    def propose(self, first: int, second: int) -> None:
        waiting = Project.objects.filter(state=State.GOVERNMENT_APPROVAL).order_by("pk")
        free = list(waiting.exclude(proposal_items__live=True) or waiting)
        projects = {free[first % len(free)], free[second % len(free)]}

        def deed() -> None:
            with transaction.atomic():
                money.proposed(*projects, by=self.team)

        self.attempt(deed)

    @precondition(there_is("items", "drafted"))
    @rule(which=WHICH, granted=PART, parts=st.tuples(PART, PART, PART))
    def change(self, which: int, granted: int, parts: tuple[int, int, int]) -> None:
        item = self.one(ProposalItem, "items", which, "drafted")
        gross = (item.limit * granted / 100).quantize(CENT)
        splits = {p: (gross * part / 300).quantize(CENT) for p, part in zip(self.keys("pools"), parts, strict=True)}
        self.attempt(lambda: proposals.set_item(item, granted=gross, splits=splits, actor=self.team.officer, at=NOW))

    @precondition(there_is("proposals", "drafted", "checked", "reviewed"))
    @rule(which=WHICH, stranger=st.none() | WHICH)
    def pass_proposal_on(self, which: int, stranger: int | None) -> None:
        proposal, team = self.one(Proposal, "proposals", which, "drafted", "checked", "reviewed"), self.team
        deed, actor = {
            "drafted": (proposals.check_proposal, team.lead),
            "checked": (proposals.review_proposal, team.finance_officer),
            "reviewed": (proposals.agree, team.finance_lead),
        }[proposal.state]
        self.attempt(lambda: deed(proposal, actor=self.anybody(actor, stranger), at=NOW))

    @precondition(there_is("proposals", "drafted", "checked", "reviewed", "agreed"))
    @rule(which=WHICH, give_up=st.booleans())
    def give_proposal_back(self, which: int, give_up: bool) -> None:
        proposal = self.one(Proposal, "proposals", which)
        deed = proposals.cancel_proposal if give_up else proposals.send_back_proposal
        self.attempt(lambda: deed(proposal, "请调整。", actor=self.team.lead, at=NOW))

    @precondition(there_is("proposals", "agreed"))
    @rule(which=WHICH, decided=st.lists(st.sampled_from((0, 1, 60, 100, 100, 100)), min_size=4, max_size=4))
    def approve(self, which: int, decided: list[int]) -> None:
        proposal = self.one(Proposal, "proposals", which, "agreed")
        items = proposal.items.filter(live=True).order_by("pk")
        decisions: dict[int, approvals.Decision] = {
            item.pk: (item.granted * part / 100).quantize(CENT) if part else approvals.Declined("不予支持。")
            for item, part in zip(items, decided, strict=False)
        }
        number = self.number("政")
        self.attempt(lambda: approvals.record_approval(
            proposal, number=number, on=NOW.date(), decisions=decisions, actor=self.team.government, at=NOW))  # fmt: skip

    def determine_again(self, which: int, elsewhere: int) -> None:
        """Support received elsewhere becomes known, before or after the project stands in a proposal."""
        waiting = self.keys("projects", State.GOVERNMENT_APPROVAL)
        if waiting:
            project = Project.objects.get(pk=waiting[which % len(waiting)])
            self.attempt(lambda: money.determined_again(project, received_elsewhere=elsewhere * 250_000))

    # --- agreement --------------------------------------------------------------------------------------------------

    @precondition(there_is("agreements", "drawn", "half_signed"))
    @rule(which=WHICH, ours=st.booleans())
    def sign(self, which: int, ours: bool) -> None:
        paper = self.one(Agreement, "agreements", which, "drawn", "half_signed")
        actor = self.team.lead if ours else paper.project.created_by
        self.attempt(lambda: agreements.sign(paper, actor=actor, at=NOW))

    def sign_by_both(self, which: int) -> None:
        for ours in (True, False):
            if there_is("agreements", "drawn", "half_signed")(self):  # the first may have been the second signature
                self.sign(which, ours)

    @precondition(there_is("agreements", "drawn", "half_signed"))
    @rule(often=st.integers(0, 3))
    def lapse(self, often: int) -> None:
        if not often:
            self.attempt(lambda: agreements.lapse_agreements(moment(days=90)))

    # --- payment ----------------------------------------------------------------------------------------------------

    @precondition(there_is("instalments", "planned"))
    @rule(first=WHICH, second=WHICH)
    def prepare(self, first: int, second: int) -> None:
        self.put_in_batch({self.one(Instalment, "instalments", n, "planned").pk for n in (first, second)})

    def put_in_batch(self, keys: set[int]) -> None:
        chosen = list(Instalment.objects.filter(pk__in=keys))
        self.attempt(lambda: batches.prepare_batch(chosen, actor=self.team.officer, at=NOW))

    @precondition(there_is("batches", "prepared", "checked", "reviewed", "released"))
    @rule(which=WHICH, stranger=st.none() | st.none() | WHICH)
    def pass_batch_on(self, which: int, stranger: int | None) -> None:
        batch, team = self.one(PaymentBatch, "batches", which, "prepared", "checked", "reviewed", "released"), self.team
        deed, actor = {
            "prepared": (batches.check_batch, team.lead),
            "checked": (batches.review_batch, team.finance_officer),
            "reviewed": (batches.release, team.finance_lead),
            "released": (batches.send_to_bank, team.officer),
        }[batch.state]
        self.attempt(lambda: deed(batch, actor=self.anybody(actor, stranger), at=NOW))

    @precondition(there_is("batches", "prepared", "checked", "reviewed", "released"))
    @rule(which=WHICH, whole=st.booleans())
    def give_batch_back(self, which: int, whole: bool) -> None:
        batch, team = self.one(PaymentBatch, "batches", which), self.team
        if whole:
            self.attempt(lambda: batches.cancel_batch(batch, "账户有误。", actor=team.finance_lead, at=NOW))
        elif batch.payments.exists():
            instalment = batch.payments.order_by("pk").first().line.instalment
            self.attempt(lambda: batches.take_out(batch, instalment, "账户有误。", actor=team.officer, at=NOW))

    @precondition(there_is("batches", "sent"))
    @rule(which=WHICH, says=SAYS)
    def bank_says(self, which: int, says: list[str]) -> None:
        batch = self.one(PaymentBatch, "batches", which, "sent")
        given: dict[int, results.Result] = {}
        sent = {}
        for payment, said in zip(batch.payments.filter(state="sent").order_by("pk"), says, strict=False):
            if said:
                given[payment.pk] = results.Paid(f"HD{payment.pk}") if said == "paid" else results.Failed("户名不符")
                sent[payment.pk] = payment

        def deed() -> PaymentBatch:
            return results.record_results(batch, given, key="回单", actor=self.team.officer, at=NOW)

        if self.attempt(deed):
            for key, payment in sent.items():
                self.bank[payment.project_id] += payment.amount if isinstance(given[key], results.Paid) else ZERO
            before = self.now
            self.attempt(deed)
            assert self.now == before, "the same results twice changed something"

    @precondition(there_is("payments", "paid"))
    @rule(which=WHICH)
    def bank_returns(self, which: int) -> None:
        payment = self.one(Payment, "payments", which, "paid")
        if self.attempt(lambda: results.record_return(payment, "账户已销户", actor=self.team.officer, at=NOW)):
            self.bank[payment.project_id] -= payment.amount

    # --- acceptance and settlement ----------------------------------------------------------------------------------

    @precondition(there_is("projects", State.DISBURSEMENT, State.RECTIFICATION))
    @rule(which=WHICH)
    def complete(self, which: int) -> None:
        project = self.one(Project, "projects", which, State.DISBURSEMENT, State.RECTIFICATION)
        self.attempt(lambda: closing.apply_for_acceptance(
            project, completed_on=date(2026, 3, 1), summary="全部投产。", claimed_investment=Decimal(50_000_000),
            actor=project.created_by, at=NOW))  # fmt: skip

    @precondition(there_is("acceptances", "requested", "assigned", "reported"))
    @rule(
        which=WHICH, audited=st.integers(0, 120), ends=st.sampled_from(("accept", "accept", "accept", "again", "fail"))
    )
    def pass_acceptance_on(self, which: int, audited: int, ends: str) -> None:
        acceptance, lead = (
            self.one(Acceptance, "acceptances", which, "requested", "assigned", "reported"),
            self.team.lead,
        )
        planned = acceptance.project.determinations.get(is_current=True).eligible
        deeds = {
            "requested": lambda: closing.assign_assessor(
                acceptance, assessor=self.assessors, number=self.number("委"), actor=self.team.officer, at=NOW),
            "assigned": lambda: closing.report(
                acceptance, texts=TEXTS, audited_eligible=(planned * audited / 100).quantize(CENT), opinion="pass",
                actor=self.assessor, at=NOW),
            "accept": lambda: closing.accept(acceptance, text="同意通过。", actor=lead, at=NOW),
            "again": lambda: closing.require_rectification(acceptance, text="补齐铭牌。", actor=lead, at=NOW),
            "fail": lambda: self.heard_then(
                "fail", acceptance.project, lambda: closing.fail(
                    acceptance, reason="设备未到。", number=self.number("决"), actor=lead, at=NOW)),
        }  # fmt: skip
        self.attempt(deeds[ends if acceptance.state == "reported" else acceptance.state])

    @precondition(there_is("projects", State.SETTLEMENT))
    @rule(which=WHICH, step=st.sampled_from(("confirm", "confirm", "discard", "close")))
    def settle(self, which: int, step: str) -> None:
        project, lead = self.one(Project, "projects", which, State.SETTLEMENT), self.team.lead
        made = Settlement.objects.filter(project=project).first()
        if made is None:
            self.attempt(lambda: settlements.prepare_settlement(project, actor=self.team.officer, at=NOW))
        elif step == "confirm":
            confirm = partial(settlements.confirm_settlement, made, actor=lead, at=NOW)
            self.attempt(partial(self.heard_then, "settle", project, confirm) if made.clawback else confirm)
        elif step == "discard":
            self.attempt(lambda: settlements.discard_settlement(made, actor=lead, at=NOW) or True)
        else:
            self.attempt(lambda: settlements.close(project, actor=lead, at=NOW))

    # --- ways out ---------------------------------------------------------------------------------------------------

    @precondition(there_is("awards"))
    @rule(which=WHICH, false_papers=st.booleans(), often=st.integers(0, 2))
    def stop(self, which: int, false_papers: bool, often: int) -> None:
        project = self.one(Project, "projects", which)
        kind, deed = ("revoke", ending.revoke) if false_papers else ("terminate", ending.terminate)
        if not often:
            paper = {"reason": "伪造发票。", "number": self.number("决"), "actor": self.team.lead, "at": NOW}
            self.attempt(lambda: self.heard_then(kind, project, lambda: deed(project, **paper)))

    def hold_or_lift(self, which: int) -> None:
        project, by = self.one(Project, "projects", which), {"actor": self.team.lead, "at": NOW}
        hold = Hold.objects.open().filter(project=project, kind=HoldKind.INSPECTION).first()
        if hold:
            self.attempt(lambda: lift_hold(hold, ground=people.ground(GroundKind.DECISION), **by))
        elif which % 3 == 0:
            paper = people.ground(GroundKind.DECISION)
            self.attempt(lambda: place_hold(project, kind=HoldKind.INSPECTION, note="核查中", ground=paper, **by))

    @precondition(there_is("recoveries", "raised", "demanded", "referred"))
    @rule(which=WHICH, part=st.sampled_from((1, 33, 50, 100, 100, 101)), refer=st.booleans())
    def recover(self, which: int, part: int, refer: bool) -> None:
        recovery = self.one(Recovery, "recoveries", which, "raised", "demanded", "referred")
        number, team = self.number("追"), self.team
        if recovery.state == "raised":
            self.attempt(lambda: recoveries.demand(recovery, number=number, actor=team.lead, at=NOW))
        elif refer and recovery.state == "demanded":
            self.attempt(
                lambda: recoveries.refer(
                    recovery, reason="逾期未退。", number=number, to="人民法院", actor=team.lead, at=LATER
                )
            )
        else:
            amount = (recovery.outstanding * part / 100).quantize(CENT)
            booked = self.attempt(lambda: recoveries.record_receipt(
                recovery, amount=amount, receipt_number=number, on=NOW.date(), actor=team.finance_officer, at=NOW))  # fmt: skip
            self.bank[recovery.project_id] -= amount if booked else ZERO

    # --- the straight road ------------------------------------------------------------------------------------------

    @rule(which=WHICH, other=WHICH, part=PART, says=SAYS)
    def go_on(self, which: int, other: int, part: int, says: list[str]) -> None:
        """The next regular step of something that has one: without it walks would seldom come to the money's end."""
        met = [key for key, state, met_at, _ in self.now["instalments"] if state == "planned" and met_at]
        ready = Project.objects.filter(state=State.DISBURSEMENT).exclude(award__instalments__pk__in=met)
        steps: dict[str, tuple[bool, Callable[[], None]]] = {
            "propose": (there_is("projects", State.GOVERNMENT_APPROVAL)(self), lambda: self.propose(which, other)),
            "proposal": (
                there_is("proposals", "drafted", "checked", "reviewed")(self),
                lambda: self.pass_proposal_on(which, None),
            ),
            "approve": (there_is("proposals", "agreed")(self), lambda: self.approve(which, [100, 100, part, 100])),
            "sign": (
                there_is("agreements", "half_signed", "drawn")(self),
                lambda: self.sign_by_both(which),
            ),
            "prepare": (bool(met), lambda: self.put_in_batch({met[which % len(met)], met[other % len(met)]})),
            "batch": (
                there_is("batches", "prepared", "checked", "reviewed", "released")(self),
                lambda: self.pass_batch_on(which, None),
            ),
            "bank": (there_is("batches", "sent")(self), lambda: self.bank_says(which, says)),
            "complete": (ready.exists(), lambda: self.complete(which)),
            "accept": (
                there_is("acceptances", "requested", "assigned", "reported")(self),
                lambda: self.pass_acceptance_on(which, part, "accept"),
            ),
            "settle": (
                there_is("projects", State.SETTLEMENT)(self),
                lambda: self.settle(which, "close" if other % 2 else "confirm"),
            ),
            "recover": (
                there_is("recoveries", "raised", "demanded", "referred")(self),
                lambda: self.recover(which, 100 if other % 2 else 50, False),
            ),
        }
        open_steps = [step for there, step in steps.values() if there]
        if open_steps:
            open_steps[(which + part) % len(open_steps)]()

    @rule(which=WHICH, other=WHICH, part=PART, says=SAYS)
    def and_on(self, which: int, other: int, part: int, says: list[str]) -> None:
        self.go_on(which, other, part, says)

    @rule(which=WHICH, other=WHICH, part=PART, says=SAYS)
    def and_on_again(self, which: int, other: int, part: int, says: list[str]) -> None:
        for _ in range(3):
            self.go_on(which, other, part, says)

    # --- what holds, after every step -------------------------------------------------------------------------------

    @invariant()
    def money_holds(self) -> None:
        faults = [f"{one.key} {fault}" for one in PROMISES for fault in one.faults()]
        assert not faults, faults

    @invariant()
    def enterprises_hold_what_the_bank_moved(self) -> None:
        for award in Award.objects.all():
            assert award.net == self.bank[award.project_id], f"project {award.project_id}"
