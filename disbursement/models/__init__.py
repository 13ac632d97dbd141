"""The tables of the money room."""

from disbursement.models.awards import (
    Agreement,
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
from disbursement.models.payments import Condition, Instalment, InstalmentLine, Payment, PaymentBatch
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
