"""The tables of the filing room."""

from applications.models.calls import (
    REFORM_TRACKS,
    Call,
    CallAttachment,
    CallGroupObjectPermission,
    CallMaterial,
    Direction,
    Need,
    NumberSeries,
    RubricItem,
    Track,
)
from applications.models.checks import CheckOutcome, CheckResult, CheckWaiver
from applications.models.eligibility import CallRule, RuleKind, RuleWeight
from applications.models.enterprises import BankAccount, ChainLeaderCertificate, DishonestyEntry, EnterpriseProfile
from applications.models.filings import (
    NOT_ELIGIBLE,
    Category,
    DefectAnswer,
    Determination,
    Draft,
    DraftLine,
    DraftMaterial,
    Filing,
    InvestmentLine,
    OfSubmissionQuerySet,
    Submission,
    SubmissionLine,
    SubmissionMaterial,
)
from applications.models.invoices import ReadInvoice
from applications.models.members import Invitation
from applications.models.projects import (
    GroupMembership,
    Hold,
    HoldKind,
    OfProjectQuerySet,
    Project,
    ProjectGround,
    ProjectGroup,
    ProjectQuerySet,
)
from applications.models.registrations import Registration
from applications.models.sealing import SealReading, SealSheet
from applications.models.unsaved import UnsavedText
from applications.models.uploads import MaterialUpload, MaterialVersion, UploadPart
