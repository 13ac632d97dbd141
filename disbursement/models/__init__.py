"""The tables of the money room."""

from disbursement.models.allocations import (
    PublishedResult,
    ResultNotice,
    SpecialDecision,
    Supplement,
    SupplementItem,
)
from disbursement.models.awards import (
    Agreement,
    AgreementScan,
    Approval,
    Award,
    AwardLine,
    Proposal,
    ProposalItem,
    ProposalSplit,
)
from disbursement.models.closing import (
    Acceptance,
    Recovery,
    RecoveryLine,
    RecoveryReason,
    RecoveryReceipt,
    Settlement,
)
from disbursement.models.hearings import CONSEQUENCES, Hearing, HearingFile, HearingKind
from disbursement.models.payments import (
    Condition,
    Instalment,
    InstalmentLine,
    Payment,
    PaymentBatch,
    ResultImport,
)
from disbursement.models.plans import PlanTemplate
from disbursement.models.pools import (
    MONEY_READERS,
    AccountKind,
    BudgetLine,
    BudgetLineKind,
    JournalEntry,
    LedgerAccount,
    Pool,
    Posting,
    Source,
)
from disbursement.models.progress import ProgressPaper, ProgressReport
from disbursement.models.reconciliation import (
    BankLine,
    BankStatement,
    Explanation,
    ExplanationVerdict,
    MonthStatement,
)
from disbursement.models.spending import BudgetEntry, Spending, SpendingKind
from disbursement.models.take_over import OpeningBalance, TakeOverPaper, TakeOverRow, TakeOverSheet
