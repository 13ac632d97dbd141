"""The rows of the review room."""

from review.models.district import (
    Conclusion,
    Defect,
    DefectList,
    MaterialCheck,
    Opinion,
    RecommendationLetter,
    RuleCheck,
    Verdict,
)
from review.models.draws import Draw, DrawEntry, DrawNumber, DrawSlot
from review.models.experts import (
    Assignment,
    Conflict,
    ConflictKind,
    EnterpriseRelation,
    Expert,
    InterestDeclaration,
    RelationKind,
)
from review.models.form_checks import Consultation, Department, FormAnswer, FormCheck, FormPoint, Stance
from review.models.moderation import (
    A_WIDE_SPREAD,
    ScoreChange,
    ScoreResult,
    SecondRound,
    SitePhoto,
    SiteVisit,
    SiteVisitor,
)
from review.models.notices import EntryOutcome, NoticeEntry, PublicNotice
from review.models.objections import InvestigationNote, Objection, ObjectionFile, Party, Statement
from review.models.panels import PanelConclusion, PanelItem, PanelMeeting, PanelMember
from review.models.scores import ItemScore, ReportEntry, ReviewReport, ScoreSheet
