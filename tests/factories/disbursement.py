"""Pools, awards and instalments for tests; money is brought through `funds`, so the ledger agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import BankAccount, Hold, HoldKind, Project
from applications.services.determinations import determine_again
from applications.services.holds import place_hold
from applications.states import State
from core import audit
from core.encryption import keyed_hash
from core.models import GroundKind, Organisation, OrganisationKind, User
from core.people import SYSTEM
from disbursement import funds
from disbursement.models import (
    Agreement,
    Approval,
    Award,
    AwardLine,
    BudgetEntry,
    BudgetLineKind,
    Hearing,
    HearingKind,
    Instalment,
    InstalmentLine,
    Payment,
    PaymentBatch,
    PlanTemplate,
    Pool,
    ProgressReport,
    Proposal,
    ProposalItem,
    Source,
    Spending,
    SpendingKind,
    Supplement,
)
from disbursement.plans import Part
from disbursement.services import agreements, approvals, batches, hearings, plans, pools, proposals, supplements
from disbursement.services import spending as spendings
from disbursement.states import AgreementState, EntryState, ProposalState
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW

YEAR = 2026


def pool(source: str = Source.CENTRAL, budget: int = 100_000_000, received: int = 100_000_000, **fields: Any) -> Pool:
    """A pool with budget and receipts in 元."""
    made = Pool.objects.create(source=source, year=YEAR, **fields)
    for kind, amount in ((BudgetLineKind.BUDGET, budget), (BudgetLineKind.RECEIPT, received)):
        if amount:
            _booked(made, kind, Decimal(amount))
    return Pool.objects.get(pk=made.pk)


def _booked(of_pool: Pool, kind: str, amount: Decimal) -> None:
    """Entered and confirmed by two persons of 市财政局 who have left since: no letter and no list of a test knows them."""
    maker, checker = (_former(name) for name in ("登记人 前", "复核人 前"))
    paper = {"document_number": "示例财指〔2026〕1号", "on": date(2026, 1, 5)}
    by = {"actor": checker, "at": NOW, "ground": people.ground(GroundKind.BUDGET_DOCUMENT, checker)}
    line = (funds.receive if kind == BudgetLineKind.RECEIPT else funds.bring_budget)(of_pool, amount, **paper, **by)
    entry = BudgetEntry.objects.create(
        pool=of_pool, kind=kind, amount=amount, line=line, state=EntryState.CONFIRMED, state_since=NOW, **paper,
        entered_at=NOW, entered_by=maker, confirmed_at=NOW, confirmed_by=checker,
    )  # fmt: skip
    audit.record(entry, "budget_entry.confirmed", label="复核入账", facts={"to": entry.state}, **by)


def _former(name: str) -> User:
    house = people.body(OrganisationKind.CITY_FINANCE)
    said = {"name": name, "organisation": house, "is_active": False}
    return User.objects.get_or_create(username=f"former-{name}", defaults=said)[0]


def brought(of_pool: Pool, kind: str, amount: Any, *, by: Team, number: str = "示例财指〔2026〕9号") -> Any:
    """Budget or money entered by one person of 市财政局 and confirmed by another; the line of the pool."""
    entry = pools.enter_budget(
        of_pool, kind, Decimal(amount), document_number=number, on=NOW.date(), actor=by.finance_officer, at=NOW
    )
    return pools.confirm_entry(entry, actor=by.finance_lead, at=NOW)


def spending(of_pool: Pool, amount: int = 300_000, *, by: Team, **fields: Any) -> Spending:
    """A training paid for from a local pool, entered and not yet confirmed."""
    said = {
        "kind": SpendingKind.TRAINING, "title": "智改数转网联培训", "payee": "示例培训中心",
        "document_number": "示例合同〔2026〕1号",
    } | fields  # fmt: skip
    return spendings.enter_spending(of_pool, amount=Decimal(amount), actor=by.officer, at=NOW, **said)


def spent(of_pool: Pool, amount: int = 300_000, *, by: Team, **fields: Any) -> Spending:
    """Confirmed and paid."""
    made = spendings.confirm_spending(spending(of_pool, amount, by=by, **fields), actor=by.finance_lead, at=NOW)
    return spendings.pay_spending(made, f"示例回单{made.pk}", actor=by.officer, at=NOW)


def supplement(of_award: Award, pool_parts: dict[Pool, int] | None = None, *, by: Team | None = None) -> Supplement:
    """A later allocation as it is drafted; without `by` only its row."""
    if by is None:
        return Supplement.objects.create(
            approval=of_award.approval, title="补充安排", drafted_at=NOW, drafted_by=people.bureau_officer()
        )
    parts = {of_award.pk: {where.pk: Decimal(part) for where, part in (pool_parts or {}).items()}}
    return supplements.draft_supplement(of_award.approval, "第一次补充安排", parts, actor=by.officer, at=NOW)


def supplemented(made: Supplement, by: Team) -> Supplement:
    """Through the four hands."""
    supplements.check_supplement(made, actor=by.lead, at=NOW)
    supplements.review_supplement(made, actor=by.finance_officer, at=NOW)
    return supplements.agree_supplement(made, actor=by.finance_lead, at=NOW)


def bank_account(organisation: Organisation) -> BankAccount:
    return BankAccount.objects.create(
        organisation=organisation, holder=organisation.name, bank="示例银行沈阳支行", cnaps="000221000000",
        number="0000000000000001", number_tail="0001", number_hash=keyed_hash("0000000000000001"),
        entered_at=NOW, entered_by=people.filer(organisation), confirmed_at=NOW, confirmed_by=people.bureau_officer(),
    )  # fmt: skip


def proposal(of_call: Any, state: str = ProposalState.AGREED) -> Proposal:
    made = Proposal.objects.create(
        title="2026年第一批资金方案", call=of_call, drafted_at=NOW, drafted_by=people.bureau_officer()
    )
    Proposal.objects.filter(pk=made.pk).update(state=state)
    return Proposal.objects.get(pk=made.pk)


def award(of_project: Project | None = None, *, amount: int = 7_500_000, parts: dict[Pool, int] | None = None) -> Award:
    """An approved award, committed on its pools (one central pool unless `parts` says otherwise)."""
    target = of_project or filings.project(State.AGREEMENT)
    parts = parts or {pool(): amount}
    made_proposal = proposal(target.call, ProposalState.APPROVED)
    determination = target.determinations.get(is_current=True)
    ProposalItem.objects.create(
        proposal=made_proposal, project=target, determination=determination, limit=determination.limit,
        ceiling=determination.ceiling, granted=amount, award=amount,
    )  # fmt: skip
    ground = people.ground(GroundKind.APPROVAL)
    approval = Approval.objects.create(
        proposal=made_proposal, number=f"示例政〔2026〕{made_proposal.pk}号", on=date(2026, 1, 28), ground=ground,
        recorded_at=NOW, recorded_by=people.government(),
    )  # fmt: skip
    central = sum(part for where, part in parts.items() if where.is_central)
    made = Award.objects.create(
        project=target, approval=approval, limit=determination.limit, ceiling=determination.ceiling, granted=amount,
        amount=amount, central=central, entitlement=amount,
    )  # fmt: skip
    lines = [
        AwardLine.objects.create(award=made, pool=where, entitled=part, committed=part) for where, part in parts.items()
    ]
    funds.commit(lines, actor=SYSTEM, at=NOW, ground=ground)
    return Award.objects.get(pk=made.pk)


def agreement(of_award: Award, state: str = AgreementState.IN_FORCE, amends: Agreement | None = None) -> Agreement:
    made = Agreement.objects.create(
        project=of_award.project, amends=amends, edition=2 if amends else 1, sign_by=date(2026, 3, 20), drawn_at=NOW,
        number=f"示例任务书〔2026〕{of_award.pk}号{'-B1' if amends else ''}",
    )  # fmt: skip
    Agreement.objects.filter(pk=made.pk).update(state=state)
    return Agreement.objects.get(pk=made.pk)


def instalments(of_award: Award, condition: str = "signed") -> list[Instalment]:
    """Two halves of the award, a line per pool; the first one's condition is met."""
    paper = agreement(of_award)
    made = []
    for position, name in ((1, condition), (2, "accepted")):
        instalment = Instalment.objects.create(
            award=of_award, agreement=paper, position=position, condition=name, share=5000,
            met_at=NOW if position == 1 else None,
        )  # fmt: skip
        for line in of_award.lines.all():
            InstalmentLine.objects.create(instalment=instalment, award_line=line, amount=line.committed / 2)
        made.append(instalment)
    return made


def payments(of_instalment: Instalment) -> list[Payment]:
    """A prepared batch with one payment a line; nothing reserved yet."""
    project = of_instalment.award.project
    account = project.enterprise.bank_accounts.first() or bank_account(project.enterprise)
    batch = PaymentBatch.objects.create(
        number=f"2026-{PaymentBatch.objects.count() + 1:03d}", prepared_at=NOW, prepared_by=people.bureau_officer(),
        ground=people.ground(GroundKind.PAYMENT_APPLICATION),
    )  # fmt: skip
    return [
        Payment.objects.create(
            batch=batch,
            line=line,
            project=project,
            pool=line.award_line.pool,
            amount=line.amount,
            account=account,
            account_holder=account.holder,
            account_bank=account.bank,
            account_cnaps=account.cnaps,
            account_number=account.number,
        )
        for line in of_instalment.lines.all()
    ]


def progress_report(of_project: Project, progress: int = 60) -> ProgressReport:
    """As the enterprise reports it; nobody has checked it."""
    return ProgressReport.objects.create(
        project=of_project, as_of=NOW.date(), invested=30_000_000, progress=progress, summary="设备已到货。",
        reported_at=NOW, reported_by=of_project.created_by,
    )  # fmt: skip


def plan(name: str, *parts: Part, by: Team, is_default: bool = True) -> PlanTemplate:
    """A template drafted by one and adopted by the other."""
    made = plans.draft_plan(name, parts, reason="试点", is_default=is_default, actor=by.officer, at=NOW)
    return plans.adopt_plan(made, actor=by.lead, at=NOW)


@dataclass(frozen=True)
class Team:
    """One person for each hand a proposal and a batch go through."""

    officer: User
    lead: User
    finance_officer: User
    finance_lead: User
    government: User


def team() -> Team:
    return Team(
        people.bureau_officer(),
        people.bureau_lead(),
        people.finance_officer(),
        people.finance_lead(),
        people.government(),
    )


def awaiting_approval(**fields: Any) -> Project:
    """A project whose notice is closed and that waits for the city."""
    return filings.project(State.GOVERNMENT_APPROVAL, notice_closed_at=NOW, **fields)


def approver_of(project: Project) -> User:
    return people.approver(project.enterprise)


def proposed(*projects: Project, by: Team, at: Any = NOW) -> Proposal:
    """A draft with the projects in it, as the policy splits them."""
    made = proposals.draft_proposal(projects[0].call, "2026年第一批资金方案", actor=by.officer, at=at)
    proposals.add_projects(made, projects, actor=by.officer, at=at)
    return made


def agreed(made: Proposal, by: Team, at: Any = NOW) -> Proposal:
    """The proposal after both bureaux, two persons of each."""
    proposals.check_proposal(made, actor=by.lead, at=at)
    proposals.review_proposal(made, actor=by.finance_officer, at=at)
    return proposals.agree(made, actor=by.finance_lead, at=at)


def approved(*projects: Project, by: Team, at: Any = NOW) -> Approval:
    """Proposed, agreed and approved as proposed."""
    made = agreed(proposed(*projects, by=by, at=at), by, at)
    return approvals.record_approval(
        made, number=f"示例政〔2026〕{made.pk}号", on=at.date(), actor=by.government, at=at
    )


def signed(project: Project, by: Team, at: Any = NOW) -> Agreement:
    """Both signatures under the 任务书 of an approved project."""
    paper = project.agreements.latest("edition")
    agreements.sign(paper, actor=approver_of(project), at=at)
    return agreements.sign(paper, actor=by.lead, at=at)


def payable(by: Team, parts: int = 1, **fields: Any) -> list[Instalment]:
    """First instalments of so many projects, signed for and with accounts: payable now."""
    of_call = filings.call()
    projects = [awaiting_approval(of_call=of_call, **fields) for _ in range(parts)]
    approved(*projects, by=by)
    for project in projects:
        signed(Project.objects.get(pk=project.pk), by)
        bank_account(project.enterprise)
    return list(Instalment.objects.filter(award__project__in=projects, position=1).order_by("pk"))


def released(batch: PaymentBatch, by: Team, at: Any = NOW) -> PaymentBatch:
    batches.check_batch(batch, actor=by.lead, at=at)
    batches.review_batch(batch, actor=by.finance_officer, at=at)
    return batches.release(batch, actor=by.finance_lead, at=at)


def sent(batch: PaymentBatch, by: Team, at: Any = NOW) -> PaymentBatch:
    """Through all hands to the bank."""
    return batches.send_to_bank(released(batch, by, at), actor=by.officer, at=at)


def held(project: Project, kind: str = HoldKind.INSPECTION) -> Hold:
    """An open hold on a project."""
    return place_hold(project, kind=kind, note="核查中", ground=people.ground(), actor=SYSTEM, at=NOW)


def determined_again(project: Project, *, received_elsewhere: int) -> None:
    """A new determination of the same submission: the same project got support elsewhere."""
    received = Decimal(received_elsewhere)
    determine_again(project, actor=SYSTEM, at=NOW, reason="补录已获支持", other_received=received)


def hearing(project: Project, kind: str = HearingKind.REVOKE, *, by: User | None = None, at: Any = NOW) -> Hearing:
    """An intended decision as it was announced to the enterprise."""
    return hearings.notify(
        project, kind, number=f"示例告〔2026〕{project.pk}号", facts="设备发票与开票方存根不符。",
        actor=by or people.bureau_officer(), at=at,
    )  # fmt: skip


def heard(project: Project, kind: str = HearingKind.REVOKE, *, at: Any = NOW, upheld: bool = False) -> Hearing:
    """Announced, answered and weighed by one officer: a lead may sign now."""
    officer = people.bureau_officer()
    made = hearing(project, kind, by=officer, at=at)
    made = hearings.answer(made, words="发票由供应商补开，设备确已到货。", actor=approver_of(project), at=at)
    return hearings.weigh(made, upheld=upheld, reasons="经与税务机关核对。", actor=officer, at=at)
