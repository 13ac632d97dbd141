"""Every machine, every move, every state, every role: open to those the law names, refused to all others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from applications.workflow import nothing_is_announced
from core import moves
from core.models import GroundKind, Role
from core.people import SYSTEM
from core.workflow import GroundMissing
from disbursement.models import (
    Acceptance,
    Agreement,
    BudgetEntry,
    Hearing,
    Instalment,
    Payment,
    PaymentBatch,
    ProgressReport,
    Proposal,
    Recovery,
    SpecialDecision,
    Spending,
    Supplement,
    TakeOverSheet,
)
from policy.models import PolicyAdoption
from review.models import Expert, ScoreSheet
from tests.architecture.machines import CLOCK, LAWS, WAITS_WHILE_HEARD, may
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import review as reviewing
from tests.factories import take_over as sheets
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db

MACHINES = {model._meta.label: model for model in moves.machines()}
CASES = [(label, move) for label in sorted(MACHINES) for move in moves.moves_of(MACHINES[label])]


def states_of(model: type[Model]) -> list[str]:
    return [value for value, _ in model._meta.get_field("state").choices]


# --- one record of each machine, and the right person of each role for it ---------------------------------------------


def a_project() -> Any:
    return filings.project("district_review")


def an_award() -> Any:
    return money.award(filings.project("agreement"))


def a_sheet() -> ScoreSheet:
    [assignment] = reviewing.assigned(reviewing.under_review())
    return ScoreSheet.objects.get(assignment=assignment)


def a_draw() -> Any:
    reviewing.declared()
    return reviewing.committed(reviewing.under_review(of_call=reviewing.small_call()))


def an_objection() -> Any:
    return reviewing.assigned_objection(reviewing.objection(reviewing.published()))


def a_correction() -> Any:
    return people.correction(people.ground(by=people.bureau_officer()))


def a_batch() -> PaymentBatch:
    return a_payment().batch


def a_payment() -> Payment:
    [payment] = money.payments(money.instalments(an_award())[0])
    return payment


def an_instalment() -> Instalment:
    return money.instalments(an_award())[0]


def an_agreement() -> Agreement:
    return money.agreement(an_award())


def a_progress_report() -> ProgressReport:
    return money.progress_report(filings.project("disbursement"))


def a_proposal() -> Proposal:
    return money.proposal(filings.call())


def an_acceptance() -> Acceptance:
    project = filings.project("acceptance")
    return Acceptance.objects.create(
        project=project, requested_at=NOW, requested_by=project.created_by, completed_on=NOW.date(), summary="竣工",
        claimed_investment=1, assessor=people.body("third_party"),
    )  # fmt: skip


def a_recovery() -> Recovery:
    project = filings.project("terminated")
    return Recovery.objects.create(
        project=project, reason="terminated", ground=people.ground(), demanded=100, raised_at=NOW
    )


def a_hearing() -> Hearing:
    return money.hearing(filings.project("disbursement"))


def a_budget_entry() -> BudgetEntry:
    return BudgetEntry.objects.create(
        pool=money.pool(), kind="budget", amount=100, document_number="示例财指〔2026〕2号", on=NOW.date(), entered_at=NOW,
        entered_by=people.finance_officer(),
    )  # fmt: skip


def a_spending() -> Spending:
    return money.spending(money.pool("city"), by=money.team())


def a_special_decision() -> SpecialDecision:
    return SpecialDecision.objects.create(
        project=filings.project("city_review"), amount=100, number="示例政纪〔2026〕1号", on=NOW.date(), entered_at=NOW,
        entered_by=people.bureau_officer(),
    )  # fmt: skip


def a_take_over_sheet() -> TakeOverSheet:
    return TakeOverSheet.objects.create(
        title="2024年接续清单", file=sheets.paper(), sha256="0" * 64, imported_at=NOW,
        imported_by=people.bureau_officer(),
    )  # fmt: skip


def a_supplement() -> Supplement:
    return money.supplement(an_award())


def an_adoption() -> PolicyAdoption:
    return PolicyAdoption.objects.create(
        version_key="2025-03", version_digest="0" * 64, reason="试点", proposed_by=people.bureau_lead(), proposed_at=NOW
    )


RECORDS = {
    "applications.Project": a_project,
    "applications.Call": filings.call,
    "applications.Registration": filings.registration,
    "review.ScoreSheet": a_sheet,
    "review.Draw": a_draw,
    "review.PublicNotice": reviewing.published,
    "review.Objection": an_objection,
    "core.Correction": a_correction,
    "disbursement.Proposal": a_proposal,
    "disbursement.Agreement": an_agreement,
    "disbursement.Instalment": an_instalment,
    "disbursement.PaymentBatch": a_batch,
    "disbursement.ProgressReport": a_progress_report,
    "disbursement.Payment": a_payment,
    "disbursement.Acceptance": an_acceptance,
    "disbursement.Recovery": a_recovery,
    "disbursement.Hearing": a_hearing,
    "disbursement.BudgetEntry": a_budget_entry,
    "disbursement.SpecialDecision": a_special_decision,
    "disbursement.Spending": a_spending,
    "disbursement.TakeOverSheet": a_take_over_sheet,
    "disbursement.Supplement": a_supplement,
    "policy.PolicyAdoption": an_adoption,
}


def the_right_people(record: Any) -> dict[str, Any]:
    """One person of each role, where a role has a place, of the place of this record; and the clock."""
    project = record if record._meta.label == "applications.Project" else getattr(record, "project", None)
    enterprise = project.enterprise if project else people.enterprise()
    cast = {role: make() for role, make in people.EVERY_ROLE.items() if role not in (Role.EXPERT,)}
    cast[Role.ENTERPRISE_FILER] = people.filer(enterprise)
    cast[Role.ENTERPRISE_APPROVER] = people.person("审批人", Role.ENTERPRISE_APPROVER, organisation=enterprise)
    if getattr(record, "assigned_to", None) is not None:
        cast[Role.BUREAU_OFFICER] = record.assigned_to
    cast[Role.EXPERT] = record.assignment.expert.user if isinstance(record, ScoreSheet) else people.expert()
    return {**cast, CLOCK: SYSTEM}


def strangers(record: Any) -> dict[str, Any]:
    """The same roles in the wrong place: another enterprise, another district, another expert, another body."""
    return {
        "another enterprise": people.approver(),
        "another district": people.district_lead("hunnan"),
        "another expert": Expert.objects.create(user=people.expert()).user,
        **({"another investigator": people.bureau_officer()} if hasattr(record, "assigned_to") else {}),
        "another third party": people.assessor(people.body("third_party", "另一家事务所")),
        "nobody": people.person("无岗位"),
    }


def put_in(record: Any, state: str) -> Any:
    """The record as if it stood there; in memory only, for questions of state and person."""
    record.__dict__["state"] = state
    return record


def answer(record: Any, move: str, actor: Any) -> str:
    try:
        moves.require(record, move, actor, at=NOW, conditions=False)
    except moves.NotYours:
        return "not yours"
    except moves.Overtaken:
        return "overtaken"
    return "open"


def expected(label: str, move: str, state: str, who: str) -> str:
    if state not in LAWS[label][move][0]:
        return "overtaken"
    return "open" if who in may(label, move, state) else "not yours"


# --- the walk ---------------------------------------------------------------------------------------------------------


def test_the_law_names_every_machine_and_every_move():
    assert {label: set(law) for label, law in LAWS.items()} == {
        label: set(moves.moves_of(model)) for label, model in MACHINES.items()
    }


def test_what_waits_while_a_decision_is_heard_says_so():
    waits: dict[str, set[str]] = {}
    for label, move in CASES:
        for transition in getattr(MACHINES[label], move)._django_fsm.transitions.values():
            if any(getattr(one, "because", "") == nothing_is_announced.because for one in transition.conditions):
                waits.setdefault(label, set()).add(move)

    assert waits == WAITS_WHILE_HEARD


@pytest.mark.parametrize(("label", "move"), CASES)
def test_a_move_is_open_in_its_states_to_its_people_and_to_nobody_else(label, move):
    record = RECORDS[label]()
    cast = the_right_people(record)
    wrong = []
    for state in states_of(MACHINES[label]):
        for who, actor in cast.items():
            found, law = answer(put_in(record, state), move, actor), expected(label, move, state, who)
            if found != law:
                wrong.append((state, str(who), found, f"the law says {law}"))

    assert wrong == []


@pytest.mark.parametrize(("label", "move"), CASES)
def test_a_move_is_never_open_to_the_right_role_in_the_wrong_place(label, move):
    record = RECORDS[label]()
    wrong = [
        (state, who)
        for state in states_of(MACHINES[label])
        for who, actor in strangers(record).items()
        if answer(put_in(record, state), move, actor) == "open"
    ]

    assert wrong == []


@pytest.mark.parametrize(("label", "move"), CASES)
def test_a_move_demands_its_ground(label, move):
    record = RECORDS[label]()
    method = getattr(MACHINES[label], move)
    transition = next(iter(method._django_fsm.transitions.values()))
    bare = method.__wrapped__  # what runs once state, person and conditions are right
    wrong_kind = next(kind for kind in GroundKind.values if kind not in transition.custom["ground"])

    for ground in (None, people.ground(wrong_kind)):
        with pytest.raises(GroundMissing):
            bare(record, ground=ground, actor=SYSTEM, at=moment())


@pytest.mark.parametrize(("label", "move"), CASES)
def test_a_move_says_its_label_and_a_dotted_past_event(label, move):
    method = getattr(MACHINES[label], move)
    for transition in method._django_fsm.transitions.values():
        assert transition.custom["label"]
        assert transition.custom["event"].count(".") == 1
