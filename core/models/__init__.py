"""The tables of the ground floor."""

from core.models.audit import AuditCheckpoint, AuditEvent, AuditStream
from core.models.authenticators import Authenticator
from core.models.calendar import *  # noqa: F403 - the calendar's tables, named in its __all__
from core.models.corrections import CorrectedField, Correction, CorrectionState
from core.models.delegations import OFFICIALS, Delegation, Interest, InterestKind
from core.models.files import Preview, StoredFile
from core.models.grounds import Ground, GroundKind
from core.models.jobs import Job
from core.models.notices import Notice
from core.models.people import (
    APPLICANT_KINDS,
    BUREAU_ROLES,
    DISTRICT_ROLES,
    ENTERPRISE_ROLES,
    FINANCE_ROLES,
    INSTITUTION_KINDS,
    District,
    DistrictGroupObjectPermission,
    OpenQuerySet,
    Organisation,
    OrganisationKind,
    Role,
    User,
    Zone,
)
from core.models.scoped import ScopedQuerySet
