"""The law as the architecture tells it, written out by hand: per machine, each move's sources and who may make it.

Not computed from the code: when a workflow changes, this page must be changed too, with the architecture beside it.
"""

from __future__ import annotations

from core.models import Role

# --- who: short names for the right person of each role (of this enterprise, district, call, assignment) --------------
FILER, APPROVER = Role.ENTERPRISE_FILER, Role.ENTERPRISE_APPROVER
OFFICER, LEAD = Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD
BUREAU, BUREAU_LEAD = Role.BUREAU_OFFICER, Role.BUREAU_LEAD
FINANCE, FINANCE_LEAD = Role.FINANCE_OFFICER, Role.FINANCE_LEAD
CITY, EXPERT, ASSESSOR = Role.GOVERNMENT_OFFICE, Role.EXPERT, Role.ASSESSOR
CLOCK = "the clock"

BOTH_BUREAUX = {BUREAU, BUREAU_LEAD, FINANCE, FINANCE_LEAD}
BEFORE_AWARD = {"draft", "district_review", "correction", "city_review", "public_notice", "government_approval"}
AFTER_AWARD = {"agreement", "disbursement", "acceptance", "rectification", "settlement"}

Law = dict[str, tuple[set[str], set[str]]]

PROJECT: Law = {
    "submit": ({"draft"}, {APPROVER}),
    "recall": ({"district_review"}, {APPROVER}),
    "lapse": ({"draft", "correction", "agreement"}, {CLOCK}),
    "return_for_correction": ({"district_review"}, {OFFICER, LEAD}),
    "resubmit": ({"correction"}, {APPROVER}),
    "recommend": ({"district_review"}, {LEAD}),
    "decline": ({"district_review", "city_review", "public_notice", "government_approval"}, set()),  # by step: below
    "conclude": ({"city_review"}, {BUREAU_LEAD}),
    "send_back": ({"city_review"}, {BUREAU, BUREAU_LEAD}),
    "close_notice": ({"public_notice"}, {BUREAU, BUREAU_LEAD, CLOCK}),
    "uphold_objection": ({"public_notice"}, {BUREAU_LEAD}),
    "take_over": ({"draft"}, {FINANCE_LEAD}),
    "approve": ({"government_approval"}, {CITY}),
    "sign": ({"agreement"}, {BUREAU_LEAD, APPROVER}),
    "apply_for_acceptance": ({"disbursement"}, {APPROVER}),
    "accept": ({"acceptance"}, {BUREAU_LEAD}),
    "require_rectification": ({"acceptance"}, {BUREAU_LEAD}),
    "reapply": ({"rectification"}, {APPROVER}),
    "fail": ({"acceptance", "rectification"}, {BUREAU_LEAD}),
    "close": ({"settlement"}, {BUREAU_LEAD}),
    "reopen_acceptance": ({"settlement"}, {BUREAU_LEAD}),
    "withdraw": (BEFORE_AWARD, {APPROVER}),
    "terminate": (AFTER_AWARD, {BUREAU_LEAD}),
    "revoke": ((BEFORE_AWARD - {"draft"}) | AFTER_AWARD | {"settled", "terminated"}, {BUREAU_LEAD}),
}
WHO_DECLINES = {
    "district_review": {LEAD},
    "city_review": {BUREAU_LEAD},
    "public_notice": {BUREAU_LEAD},
    "government_approval": {CITY},
}

CALL: Law = {
    "publish": ({"draft", "scheduled"}, {BUREAU_LEAD}),  # by the clock where it was set: below
    "schedule": ({"draft"}, {BUREAU_LEAD}),
    "unschedule": ({"scheduled"}, {BUREAU_LEAD}),
    "extend": ({"published"}, {BUREAU_LEAD}),
    "close": ({"published"}, {CLOCK}),
}
REGISTRATION: Law = {
    "verify": ({"requested"}, {OFFICER, LEAD}),
    "refuse": ({"requested"}, {OFFICER, LEAD}),
}
SCORE_SHEET: Law = {"submit": ({"draft"}, {EXPERT})}
DRAW: Law = {
    "draw_lots": ({"committed"}, {CLOCK}),
    "cancel_draw": ({"committed"}, {BUREAU, BUREAU_LEAD}),
}
NOTICE: Law = {
    "publish": ({"draft"}, {BUREAU_LEAD}),
    "close": ({"published"}, {BUREAU_LEAD, CLOCK}),
}
INVESTIGATOR = BUREAU  # the officer it was assigned to
OBJECTION: Law = {
    "assign": ({"received", "assigned", "reported"}, {BUREAU_LEAD}),
    "prolong": ({"assigned"}, {BUREAU_LEAD}),
    "report": ({"assigned"}, {INVESTIGATOR}),
    "dismiss": ({"reported"}, {BUREAU_LEAD}),
    "uphold": ({"reported"}, {BUREAU_LEAD}),
}
CORRECTION: Law = {
    "countersign": ({"proposed"}, {BUREAU_LEAD}),  # of the body that issued the paper: the bureau, in the walk
    "refuse": ({"proposed"}, {BUREAU_LEAD}),
}
PROPOSAL: Law = {
    "check_proposal": ({"drafted"}, {BUREAU_LEAD}),
    "review_proposal": ({"checked"}, {FINANCE}),
    "agree": ({"reviewed"}, {FINANCE_LEAD}),
    "send_back_proposal": ({"checked", "reviewed", "agreed"}, BOTH_BUREAUX),
    "record_approval": ({"agreed"}, {CITY}),
    "cancel_proposal": ({"drafted", "agreed"}, {BUREAU_LEAD}),
}
AGREEMENT: Law = {
    "sign_first": ({"drawn"}, {BUREAU_LEAD, APPROVER}),
    "sign_second": ({"half_signed"}, {BUREAU_LEAD, APPROVER}),
    "take_over_agreement": ({"drawn"}, {FINANCE_LEAD}),
    "lapse_agreement": ({"drawn", "half_signed"}, {CLOCK}),
    "end_agreement": ({"drawn", "half_signed", "in_force"}, {BUREAU_LEAD}),
}
PROGRESS: Law = {
    "confirm_progress": ({"reported"}, {OFFICER, LEAD, BUREAU, BUREAU_LEAD}),
    "return_progress": ({"reported"}, {OFFICER, LEAD, BUREAU, BUREAU_LEAD}),
}
INSTALMENT: Law = {
    "put_in_batch": ({"planned"}, {BUREAU}),
    "settle_instalment": ({"in_payment"}, {BUREAU, BUREAU_LEAD}),
    "back_to_plan": ({"in_payment", "paid"}, BOTH_BUREAUX),
    "cancel_instalment": ({"planned"}, {BUREAU_LEAD, CLOCK}),
}
BATCH: Law = {
    "check_batch": ({"prepared"}, {BUREAU_LEAD}),
    "review_batch": ({"checked"}, {FINANCE}),
    "release": ({"reviewed"}, {FINANCE_LEAD}),
    "send_to_bank": ({"released"}, {BUREAU, BUREAU_LEAD}),
    "complete": ({"sent"}, {BUREAU, BUREAU_LEAD}),
    "cancel_batch": ({"prepared", "checked", "reviewed", "released"}, BOTH_BUREAUX),
}
PAYMENT: Law = {
    "send": ({"prepared"}, {BUREAU, BUREAU_LEAD}),
    "confirm_paid": ({"sent"}, {BUREAU, BUREAU_LEAD}),
    "fail_payment": ({"sent"}, {BUREAU, BUREAU_LEAD}),
    "return_payment": ({"paid"}, {BUREAU, BUREAU_LEAD}),
    "cancel_payment": ({"prepared"}, BOTH_BUREAUX),
}
BUDGET_ENTRY: Law = {
    "confirm_entry": ({"entered"}, {FINANCE, FINANCE_LEAD}),
    "refuse_entry": ({"entered"}, {FINANCE, FINANCE_LEAD}),
}
SPECIAL_DECISION: Law = {
    "confirm_decision": ({"entered"}, {BUREAU_LEAD}),
    "refuse_decision": ({"entered"}, {BUREAU_LEAD}),
}
TAKE_OVER: Law = {
    "check_take_over": ({"imported"}, {BUREAU_LEAD}),
    "confirm_take_over": ({"checked"}, {FINANCE_LEAD}),
    "discard_take_over": ({"imported", "checked"}, BOTH_BUREAUX),
}
SPENDING: Law = {
    "confirm_spending": ({"entered"}, {FINANCE_LEAD}),
    "pay_spending": ({"committed"}, {BUREAU, FINANCE}),
    "return_spending": ({"paid"}, {BUREAU, FINANCE}),
    "cancel_spending": ({"entered", "committed"}, {FINANCE, FINANCE_LEAD}),
}
SUPPLEMENT: Law = {
    "check_supplement": ({"drafted"}, {BUREAU_LEAD}),
    "review_supplement": ({"checked"}, {FINANCE}),
    "agree_supplement": ({"reviewed"}, {FINANCE_LEAD}),
    "cancel_supplement": ({"drafted", "checked", "reviewed"}, BOTH_BUREAUX),
}
ACCEPTANCE: Law = {
    "assign": ({"requested", "assigned"}, {BUREAU, BUREAU_LEAD}),
    "report": ({"assigned"}, {ASSESSOR}),
    "pass_acceptance": ({"reported"}, {BUREAU_LEAD}),
    "demand_rectification": ({"reported"}, {BUREAU_LEAD}),
    "fail_acceptance": ({"reported", "rectifying"}, {BUREAU_LEAD}),
    "reassess": ({"passed"}, {BUREAU_LEAD}),
}
RECOVERY: Law = {
    "demand": ({"raised"}, {BUREAU_LEAD}),
    "complete_recovery": ({"demanded", "referred"}, {FINANCE, FINANCE_LEAD}),
    "refer": ({"demanded"}, {BUREAU_LEAD}),
}
HEARING: Law = {
    "answer_notice": ({"notified"}, {APPROVER}),
    "lapse_hearing": ({"notified"}, {CLOCK}),
    "weigh": ({"answered"}, {BUREAU, BUREAU_LEAD}),
    "sign_decision": ({"weighed", "lapsed"}, {BUREAU_LEAD}),
    "drop_intention": ({"weighed"}, {BUREAU_LEAD}),
    "withdraw_notice": ({"notified", "answered", "lapsed", "weighed"}, {BUREAU_LEAD}),
}
# While an intended decision is being heard nobody leaves by another door (第十三条).
WAITS_WHILE_HEARD = {
    "applications.Project": {"recall", "lapse", "withdraw", "accept", "require_rectification"},
    "disbursement.Acceptance": {"pass_acceptance", "demand_rectification"},
}
ADOPTION: Law = {
    "agree": ({"proposed"}, {FINANCE_LEAD}),
    "refuse": ({"proposed"}, {FINANCE_LEAD}),
    "withdraw": ({"proposed"}, {BUREAU_LEAD}),
}

LAWS: dict[str, Law] = {
    "applications.Project": PROJECT,
    "applications.Call": CALL,
    "applications.Registration": REGISTRATION,
    "review.ScoreSheet": SCORE_SHEET,
    "review.Draw": DRAW,
    "review.PublicNotice": NOTICE,
    "review.Objection": OBJECTION,
    "core.Correction": CORRECTION,
    "disbursement.Proposal": PROPOSAL,
    "disbursement.Agreement": AGREEMENT,
    "disbursement.ProgressReport": PROGRESS,
    "disbursement.Instalment": INSTALMENT,
    "disbursement.PaymentBatch": BATCH,
    "disbursement.Payment": PAYMENT,
    "disbursement.BudgetEntry": BUDGET_ENTRY,
    "disbursement.SpecialDecision": SPECIAL_DECISION,
    "disbursement.Spending": SPENDING,
    "disbursement.TakeOverSheet": TAKE_OVER,
    "disbursement.Supplement": SUPPLEMENT,
    "disbursement.Acceptance": ACCEPTANCE,
    "disbursement.Recovery": RECOVERY,
    "disbursement.Hearing": HEARING,
    "policy.PolicyAdoption": ADOPTION,
}


def may(label: str, move: str, state: str) -> set[str]:
    """Who may make this move from this state; empty where nobody may."""
    sources, actors = LAWS[label][move]
    if state not in sources:
        return set()
    if (label, move) == ("applications.Project", "decline"):
        return WHO_DECLINES[state]
    return actors | {CLOCK} if (label, move, state) == ("applications.Call", "publish", "scheduled") else actors
