"""Filing: submit a draft, submit again after a correction, recall before the deadline (第九条一、二)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from applications import letters
from applications.facts import completeness, sections
from applications.facts.reading import Reading
from applications.models import Project, Submission, SubmissionLine, SubmissionMaterial
from applications.services.checks import run_checks
from applications.services.determinations import store_determination
from applications.services.numbers import take_number
from core import moves
from core.calendar import add_working_days, today
from core.encryption import keyed_hash
from core.models import Ground, GroundKind, Organisation
from core.people import Actor, as_user

DECLARATION_VERSION = "2025-03"
DECLARATION = (
    "本企业承诺：所填内容和所交材料真实、完整、有效；项目投资不含已在其他项目或批次申报的设备和发票；"
    "同一项目已获得的其他财政支持均已如实填写；知悉申报材料弄虚作假将被取消申报资格并收回已经拨付的财政资金（第十三条）。"
)
HASHED = ("contact_phone",)  # submissions' digests hold keyed hashes of such values, never the values


def declaration_of(applicant: Organisation) -> str:
    """The text as this applicant signs it: an institution speaks as 本单位."""
    return DECLARATION.replace("本企业", "本单位") if applicant.is_institution else DECLARATION


class Incomplete(Exception):
    """The filing lacks something; `findings` say what and where."""

    def __init__(self, findings: Sequence[completeness.Finding]) -> None:
        super().__init__("申报内容还不完整：" + "".join(finding.message for finding in findings))
        self.findings = list(findings)


def submit(project: Project, *, actor: Actor, at: datetime, seen_draft: int | None = None) -> Project:
    """File the draft: a submission that never changes, its number, its determination; then the district has it.

    `seen_draft`: the version of the draft the person has checked; a later one is not signed unseen (Overtaken).
    Raises NotYours, Overtaken, ConditionUnmet (outside the window), Incomplete. All or nothing.
    """
    return _file(project, "submit", actor, at, seen_draft)


def resubmit(project: Project, *, actor: Actor, at: datetime, seen_draft: int | None = None) -> Project:
    """File the corrected draft as the next submission; the number stays. Raises as submit does."""
    return _file(project, "resubmit", actor, at, seen_draft)


def file_application(project: Project, *, actor: Actor, at: datetime, seen_draft: int | None = None) -> Project:
    """Submit or resubmit, whichever the project's state asks for."""
    return _file(project, sections.filing_move(project), actor, at, seen_draft)


def recall(project: Project, *, reason: str, actor: Actor, at: datetime, seen_version: int | None = None) -> Project:
    """Take the filing back to change it while the window is open and the district has not begun; number kept."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.SIGNED_REQUEST, title="撤回修改申请", by=actor, at=at, facts={"reason": reason}
        )
        return moves.perform(
            project, "recall", actor=actor, at=at, ground=ground, seen_version=seen_version, summary=reason,
            letters=letters.recalled,
        )  # fmt: skip


def _file(project: Project, move: str, actor: Actor, at: datetime, seen_draft: int | None) -> Project:
    with transaction.atomic():
        locked = _locked(project)
        moves.require(locked, move, actor, at=at)
        draft = locked.draft
        if seen_draft is not None and draft.version != seen_draft:
            changed = f"您核对之后，{draft.updated_by}又修改了申报内容，没有提交。请重新核对后再签署。"
            raise moves.Overtaken(changed, record=locked, move=move)
        reading = Reading(draft, at)
        missing = completeness.blocking_of(reading)
        if missing:
            raise Incomplete(missing)
        submission = _copy(reading, actor)
        facts = _facts_of(locked, move, submission, at)
        fresh = moves.perform(
            locked, move, actor=actor, at=at, ground=_declaration(submission, facts.get("number"), actor, at),
            letters=letters.submitted if move == "submit" else letters.resubmitted,
            summary=f"第 {submission.sequence} 次提交", audit_facts={"digest": submission.digest}, **facts,
        )  # fmt: skip
        store_determination(submission, actor=actor, at=at)
        run_checks(submission, at=at, sheet=reading.sheet.as_filed(submission))
    return fresh


def _locked(project: Project) -> Project:
    rows = Project.objects.select_for_update(of=("self",)).select_related("call", "enterprise", "district", "draft")
    return rows.get(pk=project.pk)


def _facts_of(project: Project, move: str, submission: Submission, at: datetime) -> dict[str, Any]:
    """What the transition is told: the submission, the district's deadline, and the number at the first filing."""
    if move == "resubmit":  # the term stood still while the enterprise corrected: what was left of it goes on
        left = project.days_kept or project.call.district_days
        return {"submission": submission, "due_on": add_working_days(today(at), left)}
    due_on = add_working_days(today(at), project.call.district_days)
    number = project.number or take_number(project.district, today(at).year)
    return {"submission": submission, "due_on": due_on, "number": number}


def _declaration(submission: Submission, number: str | None, actor: Actor, at: datetime) -> Ground:
    return Ground.issue(
        kind=GroundKind.DECLARATION, title="申报声明", number=number or "", by=actor, at=at,
        facts={
            "text": submission.declaration, "version": DECLARATION_VERSION, "digest": submission.digest,
            "sequence": submission.sequence, "submission": submission.pk,
        },
    )  # fmt: skip


def _copy(reading: Reading, actor: Actor) -> Submission:
    """The draft as an unchangeable submission with its lines and materials."""
    draft, at, lines = reading.draft, reading.at, reading.lines
    project, totals, materials = draft.project, reading.totals, reading.files
    submission = Submission(
        project=project,
        sequence=len(reading.sheet.own) + 1,
        submitted_at=at,
        submitted_by=as_user(actor),
        track=project.track,
        chain_leader=reading.chain_leader,
        enterprise_name=project.enterprise.name,
        uscc=project.enterprise.uscc,
        investment=totals.investment,
        land_and_building=totals.land_and_building,
        declaration=declaration_of(project.enterprise),
        **{name: getattr(draft, name) for name in sections.FILING_FIELDS},
    )
    submission.digest = digest_of(submission, lines, [(row.requirement.code, row.file.sha256) for row in materials])
    submission.save(force_insert=True)
    SubmissionLine.objects.bulk_create(
        [
            SubmissionLine(submission=submission, position=one.position, **line, **one.keys)
            for line, one in zip(lines, reading.sheet.lines, strict=True)
        ],
        batch_size=500,
    )
    SubmissionMaterial.objects.bulk_create(_filed(submission, materials))
    return submission  # fmt: skip


def _filed(submission: Submission, materials: list[Any]) -> list[SubmissionMaterial]:
    """The draft's files as filed; one that changed since the last submission says what it replaces."""
    last = SubmissionMaterial.objects.filter(submission__project=submission.project, drafted_as__isnull=False)
    before = {row.drafted_as: row for row in last.order_by("submission__sequence")} if submission.sequence > 1 else {}
    return [
        SubmissionMaterial(
            submission=submission, requirement=row.requirement, file=row.file, drafted_as=row.pk, version=row.version,
            sheet_id=row.sheet_id, added_at=row.added_at, added_by_id=row.added_by_id,
            replaces=old if (old := before.get(row.pk)) and old.file_id != row.file_id else None,
        )
        for row in materials
    ]  # fmt: skip


def digest_of(submission: Submission, lines: list[dict[str, Any]], materials: list[tuple[str, str]]) -> str:
    """SHA-256 over everything that was filed: fields, lines, content hashes of the files."""
    fields = {name: getattr(submission, name) for name in sections.FILING_FIELDS}
    fields |= {name: keyed_hash(fields[name]) for name in HASHED}
    said = {
        "fields": fields,
        "lines": sections.as_told(lines),
        "materials": sorted(materials),
        "of": [submission.enterprise_name, submission.uscc, submission.track, submission.chain_leader],
        "declaration": submission.declaration,
        "sequence": submission.sequence,
    }
    text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
