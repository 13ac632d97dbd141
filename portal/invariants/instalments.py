"""Invariants of what makes an instalment payable: progress that was checked, accounts a third person looked at."""

from __future__ import annotations

from portal.invariants.money import WITH_THE_BANK
from portal.invariants.question import Question
from portal.invariants.registry import Invariant

# An instalment that waits for progress was met only by a checked report that reached it.
PROGRESS_WAS_CHECKED = Question(
    rows="disbursement_instalment instalment",
    where="instalment.condition = 'progress' AND instalment.met_at IS NOT NULL",
    broken="""NOT EXISTS (SELECT 1 FROM disbursement_progressreport report WHERE report.ground_id = instalment.evidence_id
        AND report.state = 'confirmed' AND report.progress >= COALESCE(instalment.progress, 0))""",
    told="instalment.id",
    say=lambda instalment: f"分批款 {instalment}：以进度为条件，却没有核对属实、达到进度的报告。",
)

# Nothing went to an account changed less than thirty days before, unless a third person had looked at it.
CHANGED_ACCOUNTS_WERE_RECHECKED = Question(
    rows="""disbursement_payment payment JOIN disbursement_paymentbatch batch ON batch.id = payment.batch_id
        JOIN applications_bankaccount account ON account.id = payment.account_id""",
    where=f"payment.state IN {WITH_THE_BANK}",
    broken="""account.waits_until IS NOT NULL AND batch.sent_at < account.waits_until
        AND (account.rechecked_at IS NULL OR account.rechecked_at > batch.sent_at
        OR account.rechecked_by_id IN (account.entered_by_id, account.confirmed_by_id))""",
    told="payment.id",
    say=lambda payment: f"拨付 {payment}：收款账户在 30 日内变更，没有由第三人再次核实。",
)

INVARIANTS = [
    Invariant.asking("3d", "以进度为条件的分批款凭核对属实的进度报告成就", PROGRESS_WAS_CHECKED),
    Invariant.asking("6j", "近 30 日内变更的账户经第三人核实后拨付", CHANGED_ACCOUNTS_WERE_RECHECKED),
]
