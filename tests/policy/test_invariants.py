"""What must hold for every project, not only for the worked cases (policy cases, section 4)."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from policy.rules import (
    AcceptanceFacts,
    ChangeFacts,
    Facts,
    InstalmentFacts,
    PoolFacts,
    allocate,
    change,
    determine,
    instalment,
    settle,
)
from tests.policy.builders import LAW

PILOT = ("3411", "3562", "3741", "3821")
OTHER = ("3670", "2614", "6513", "3973", "4343")
ZERO = Decimal(0)


def cents(low: int = 0, high: int = 30_000_000_000) -> st.SearchStrategy[Decimal]:
    """Amounts to the 分; whole 万元 as often as odd ones."""
    odd = st.integers(low, high)
    round_ones = st.integers(low // 1_000_000, high // 1_000_000).map(lambda wan: max(low, wan * 1_000_000))
    return st.one_of(odd, round_ones).map(lambda fen: Decimal(fen) / 100)


def sheets(**fixed: st.SearchStrategy) -> st.SearchStrategy[Facts]:
    values = {
        "mode": st.sampled_from(("DIAN", "XIAN", "MIAN")),
        "chain_leader": st.booleans(),
        "industry4": st.sampled_from(PILOT + OTHER),
        "demo_recognised": st.booleans(),
        "invest_total": cents(low=1),
        "land_infra": cents(high=5_000_000_000),
        "input_vat": cents(high=100_000_000),
        "dup_invoice": cents(high=100_000_000),
        "other_local_entitlement": st.one_of(st.just(ZERO), cents(high=2_000_000_000)),
        "other_received": st.one_of(st.just(ZERO), cents(high=2_000_000_000)),
        "central_pool": st.one_of(st.none(), cents(high=3_000_000_000)),
        "local_pool": st.one_of(st.none(), cents(high=3_000_000_000)),
    }
    return st.builds(Facts, **{**values, **fixed})


plain = {"other_local_entitlement": st.just(ZERO), "input_vat": st.just(ZERO), "dup_invoice": st.just(ZERO)}


@given(sheets(industry4=st.sampled_from(PILOT)), st.integers(0, 100))
def test_an_award_stays_within_ceiling_and_cap(facts, percent):
    ceiling = determine(facts, LAW).ceiling
    if ceiling is None:
        return
    approved = (ceiling * percent / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
    answer = determine(replace(facts, approved=approved), LAW)
    standard = LAW.standards[facts.standard_key]
    assert ZERO <= approved <= answer.ceiling <= standard.cap
    assert answer.ceiling <= standard.rate * answer.eligible
    assert answer.central <= answer.ceiling
    assert answer.total <= answer.limit


@given(sheets(industry4=st.sampled_from(PILOT), **plain))
def test_central_local_and_unfunded_make_up_what_is_due(facts):
    answer = determine(facts, LAW)
    if not answer.refused:
        due = max(ZERO, answer.ceiling - facts.other_received)
        assert answer.central + answer.local + answer.unfunded == due
        assert answer.total == answer.central + answer.local


@given(sheets(industry4=st.sampled_from(OTHER)))
def test_central_money_never_leaves_the_pilot_industries(facts):
    answer = determine(facts, LAW)
    assert answer.refused or answer.central == 0


@given(sheets(project_kind=st.sampled_from(("PLATFORM", "INFRA", "SERVICE", "TRAINING"))))
def test_local_directions_take_no_central_money(facts):
    answer = determine(facts, LAW)
    assert answer.refused or (answer.central == 0 and answer.verdict == "OK_LOCAL_EXISTING_POLICY")


@given(sheets())
def test_no_pool_pays_more_than_it_holds_and_nothing_is_negative(facts):
    answer = determine(facts, LAW)
    if answer.refused:
        assert all(value is None for name, value in answer.figures.items() if name != "ceiling")
        return
    assert facts.central_pool is None or answer.central <= facts.central_pool
    assert facts.local_pool is None or answer.local <= facts.local_pool
    assert all(value >= 0 for value in answer.figures.values() if value is not None)


@given(st.lists(sheets(), min_size=1, max_size=6), cents(high=3_000_000_000), cents(high=3_000_000_000), st.booleans())
def test_shared_pools_are_never_overspent(cases, central, local, ranks):
    version = LAW.varied(settings={"pool_method": "RANK" if ranks else "PRORATA"})
    answers = allocate(PoolFacts(cases=tuple(cases), central_pool=central, local_pool=local), version)
    alone = [determine(replace(case, central_pool=None, local_pool=None), version) for case in cases]
    claims = [case.central or ZERO for case in alone]
    shares = [answer.central or ZERO for answer in answers]
    assert sum(shares) == min(central, sum(claims))
    assert sum(answer.local or ZERO for answer in answers) <= local
    assert all(share <= claim for share, claim in zip(shares, claims, strict=True))
    for answer, single in zip(answers, alone, strict=True):
        if not answer.refused:
            assert answer.central + answer.local + answer.unfunded == single.total


@given(sheets(**plain), cents(low=1, high=1_000_000_000))
def test_more_investment_never_lowers_the_ceiling(facts, more):
    before = determine(facts, LAW).ceiling
    after = determine(replace(facts, invest_total=facts.invest_total + more), LAW).ceiling
    assert before is None or after >= before


@given(sheets(industry4=st.sampled_from(PILOT), **plain, land_infra=st.just(ZERO)))
def test_the_ceiling_is_flat_above_cap_over_rate(facts):
    standard = LAW.standards[facts.standard_key]
    if standard.rate * facts.invest_total >= standard.cap:
        assert determine(facts, LAW).ceiling == standard.cap


@given(sheets(chain_leader=st.just(False)))
def test_a_chain_leader_is_never_worse_off_and_a_point_project_no_better(facts):
    other, leader = determine(facts, LAW), determine(replace(facts, chain_leader=True), LAW)
    assert leader.verdict == other.verdict
    if not other.refused:
        assert leader.total + leader.unfunded >= other.total + other.unfunded
    if facts.mode == "DIAN":
        assert leader.same_figures(other)


acceptances = st.builds(
    AcceptanceFacts,
    mode=st.sampled_from(("DIAN", "XIAN", "MIAN")),
    chain_leader=st.booleans(),
    approved=cents(high=1_500_000_000),
    audited_eligible=cents(),
    planned_eligible=st.one_of(st.none(), cents(low=1)),
    paid=cents(high=1_500_000_000),
    other_received=cents(high=500_000_000),
    fraud=st.booleans(),
    central_committed=st.one_of(st.none(), cents(high=1_500_000_000)),
    central_paid=cents(high=1_500_000_000),
    local_paid=cents(high=1_500_000_000),
)


@given(acceptances, st.sampled_from(("MIN_RATE_AUDITED", "PRORATA_PLAN")), st.sampled_from(("LOCAL_FIRST", "PRORATA")))
def test_a_settlement_never_exceeds_the_award_and_pays_or_claims_back_not_both(facts, method, order):
    answer = settle(facts, LAW.varied(settings={"reduce_method": method, "clawback_order": order}))
    if answer.refused:
        assert method == "PRORATA_PLAN" and facts.planned_eligible is None
        return
    assert ZERO <= answer.final <= facts.approved
    assert answer.payable == 0 or answer.clawback == 0
    assert answer.final - facts.paid == answer.payable - answer.clawback
    if answer.central is not None:
        assert answer.central + answer.local == answer.final
        assert answer.central >= 0 and answer.local >= 0
    if facts.fraud:
        assert (answer.final, answer.clawback) == (0, facts.paid)


@given(sheets(industry4=st.sampled_from(PILOT)), cents(high=1_500_000_000), cents(high=1_500_000_000), st.booleans())
def test_a_change_never_raises_an_award(facts, approved, paid, major):
    answer = change(ChangeFacts(project=facts, approved=approved, paid=paid, change_major=major), LAW)
    if not answer.refused:
        assert ZERO <= answer.final <= approved
        assert answer.clawback == max(ZERO, paid - answer.final)


@given(cents(high=1_500_000_000), st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_instalments_add_up_to_the_award_to_the_cent(award, weights):
    whole = sum(weights)
    plan = [(Decimal(weight) / whole).quantize(Decimal("0.00000001"), "ROUND_DOWN") for weight in weights[:-1]]
    plan.append(1 - sum(plan, ZERO))
    paid = ZERO
    for number in range(1, len(plan) + 1):
        answer = instalment(InstalmentFacts(approved=award, plan=tuple(plan), tranche_no=number, paid=paid), LAW)
        assert answer.payable >= 0
        paid += answer.payable
        assert paid <= award
    assert paid == award


@given(sheets())
def test_every_explanation_reads_and_comes_back_as_it_was_stored(facts):
    answer = determine(facts, LAW)
    stored = type(answer).from_dict(answer.as_dict())
    assert stored.same_figures(answer)
    assert stored.steps == answer.steps
    assert stored.facts == facts
    assert all(step.sentence().endswith("。") and "{" not in step.sentence() for step in answer.steps)
    assert sum(step.binds for step in answer.steps) == 1
