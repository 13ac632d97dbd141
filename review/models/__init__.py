"""The rows of the review room."""

from review.models.district import Conclusion, Defect, DefectList, MaterialCheck, Opinion, Verdict
from review.models.experts import Assignment, Conflict, ConflictKind, Expert
from review.models.notices import EntryOutcome, NoticeEntry, PublicNotice
from review.models.objections import InvestigationNote, Objection, ObjectionFile, Party, Statement
from review.models.panels import PanelConclusion, PanelItem, PanelMeeting, PanelMember
from review.models.scores import ItemScore, ReportEntry, ReviewReport, ScoreSheet
