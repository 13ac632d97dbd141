"""The enterprise's text: start a project, save its sections, its lines and its files. Nothing typed is overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from applications.facts import amounts, defects, registrations, sections
from applications.models import (
    DefectAnswer,
    Draft,
    DraftLine,
    EnterpriseProfile,
    Project,
    ProjectGroup,
    Track,
)
from applications.services import anonymity, last_filing
from core import audit, moves
from core.models import ENTERPRISE_ROLES, Ground, Organisation
from core.people import Actor, as_user, has_role

MOST_LINES = 2000


class DraftRefused(Exception):
    """The draft cannot be begun or changed this way; the text is for the person."""


class Conflict(Exception):
    """Somebody else changed the section since this person opened it. Nothing was written; `current` is what stands."""

    def __init__(self, current: Any, fingerprint: str, save: sections.Save) -> None:
        super().__init__(f"您打开这一节之后，{save.by}保存了新的内容。两份都在下面，请选择后再保存。")
        self.current = current
        self.fingerprint = fingerprint
        self.save = save


def start_project(
    *,
    call: Any,
    enterprise: Organisation,
    track: str,
    title: str,
    actor: Actor,
    at: datetime,
    group: ProjectGroup | None = None,
    from_last: bool = False,
) -> Project:
    """Begin a project of an enterprise in its own district (第九条一), with a draft filled from its profile.

    `from_last`: and from the enterprise's last submission; what belongs to one project only is left out.

    Raises DraftRefused before the district verified the enterprise, outside the window, for a track the call does
    not take, or for a group it may not file in.
    """
    _own(enterprise, actor)
    _verified(enterprise)
    _refuse_to_start(call, enterprise, track, group, at)
    profile = EnterpriseProfile.objects.filter(organisation=enterprise).first()
    with transaction.atomic():
        project = Project.objects.create(
            call=call,
            enterprise=enterprise,
            district=enterprise.district,
            group=group,
            title=title,
            track=track,
            created_at=at,
            created_by=as_user(actor),
            state_since=at,
        )
        draft = Draft.objects.create(
            project=project,
            title=title,
            updated_at=at,
            updated_by=as_user(actor),
            industry=profile.industry if profile else "",
            site=profile.address if profile else "",
            contact=profile.contact if profile else "",
            contact_phone=profile.phone if profile else "",
        )
        if from_last:
            last_filing.copy_into(draft)
        audit.record(project, "project.started", actor=actor, at=at, label="新建申报", summary=title)
    return project  # fmt: skip


def _own(enterprise: Organisation, actor: Actor) -> None:
    if not has_role(actor, *ENTERPRISE_ROLES) or actor.organisation_id != enterprise.pk:
        raise DraftRefused("只能为自己所在的企业申报。")


def _verified(enterprise: Organisation) -> None:
    waiting = registrations.unverified(enterprise)
    if waiting:
        raise DraftRefused(registrations.why_not_yet(waiting))


def _refuse_to_start(call: Any, enterprise: Organisation, track: str, group: ProjectGroup | None, at: datetime) -> None:
    if enterprise.is_institution and not call.is_local:
        raise DraftRefused(
            "改造项目由企业申报（第九条一）；高校、院所、社会组织和园区请看地方方向的申报通知（第七条二）。"
        )
    if not call.accepts_at(at):
        raise DraftRefused("不在申报时间内，请看申报通知的起止时间（第八条）。")
    if track not in call.tracks:
        raise DraftRefused(f"本批次不受理“{Track(track).label}”类项目，请看申报通知。")
    if group is None:
        return
    if track == Track.POINT or group.track != track or group.call_id != call.pk:
        raise DraftRefused("协同组的类别或批次与项目不同，请重新选择。")
    joined = group.memberships.filter(enterprise=enterprise, confirmed_at__isnull=False).exists()
    if group.lead_id != enterprise.pk and not joined:
        raise DraftRefused("本企业还没有确认加入这个协同组，请先由审批人确认。")


def save_section(
    project: Project, section: str, *, values: dict[str, Any], actor: Actor, at: datetime, seen: str | None = None
) -> Draft:
    """Save one section of the draft. `seen`: the section's fingerprint when the person opened it.

    Raises Conflict when the section has changed since, Overtaken when the draft is out of the enterprise's hands.
    """
    with transaction.atomic():
        draft = open_draft(project, actor)
        _refuse_conflict(draft, section, seen)
        before, names = sections.fingerprint_of(draft, section), (draft.contact, draft.contact_phone)
        for name in sections.SECTIONS[section]:
            if name in values:
                setattr(draft, name, values[name])
        if sections.fingerprint_of(draft, section) == before:
            return draft  # saved by itself without a change: no new version, which would void a colleague's check
        touch(draft, actor, at, section)
        if "title" in values:
            Project.objects.filter(pk=project.pk).update(title=values["title"])
        if names != (draft.contact, draft.contact_phone) and draft.project.call.blind_review:
            anonymity.read_again([draft.pk], at=at)
    return draft


def save_basics(project: Project, *, values: dict[str, Any], actor: Actor, at: datetime) -> Draft:
    """Save any fields of the sections basics, content and funding at once (no conflict is looked for)."""
    with transaction.atomic():
        for section in ("basics", "content", "funding"):
            given = {name: values[name] for name in sections.SECTIONS[section] if name in values}
            draft = save_section(project, section, values=given, actor=actor, at=at)
    return draft


def save_indicators(
    project: Project, *, indicators: list[dict[str, Any]], actor: Actor, at: datetime, seen: str | None = None
) -> Draft:
    """Replace the indicators: dicts with kind, name, unit, direction, baseline, target, source."""
    return save_section(project, "indicators", values={"indicators": indicators}, actor=actor, at=at, seen=seen)


def save_lines(
    project: Project, *, lines: Iterable[dict[str, Any]], actor: Actor, at: datetime, seen: str | None = None
) -> amounts.Totals:
    """Replace all investment lines in one transaction; amounts in 元 without VAT. Raises as save_section does."""
    rows = [exact_line(row) for row in lines]
    if len(rows) > MOST_LINES:
        raise DraftRefused(f"投资明细最多 {MOST_LINES:,} 行，现在有 {len(rows):,} 行，请合并同类设备。")
    with transaction.atomic():
        draft = open_draft(project, actor)
        _refuse_conflict(draft, "lines", seen)
        draft.lines.all().delete()
        DraftLine.objects.bulk_create(
            [DraftLine(draft=draft, position=place, **row) for place, row in enumerate(rows, start=1)], batch_size=500
        )
        touch(draft, actor, at, "lines")
    return amounts.sums_of(rows)


def exact_line(row: dict[str, Any]) -> dict[str, Any]:
    """Every field of one line, what was left out by its default, amounts exact in 元."""
    defaults = {
        "model": "", "quantity": 1, "tax": 0, "supplier": "", "domestic": True, "invoice_number": "",
        "serial_number": "", "supplier_uscc": "", "contract_number": "", "payee": "",
    }  # fmt: skip
    line = {name: row.get(name, defaults.get(name)) for name in sections.LINE_FIELDS}
    held = DraftLine(**{name: line[name] for name in IN_YUAN})  # exact 元, whatever was given
    return {**line, **{name: getattr(held, name) for name in IN_YUAN}}


IN_YUAN = ("amount", "tax", "contract_amount", "paid")


def answer_defects(
    project: Project, ground: Ground, *, answers: dict[int, str], actor: Actor, at: datetime, seen: str | None = None
) -> Draft:
    """Store the enterprise's answer to each entry of a defect list, by the entry's number. Raises as save_section does."""
    with transaction.atomic():
        draft = open_draft(project, actor)
        standing = defects.answers_of(project, ground)
        now = defects.fingerprint_of(project, ground)
        if seen is not None and seen != now:
            raise Conflict(standing, now, sections.last_save(draft, "defects"))
        changed = {number: answer for number, answer in answers.items() if standing.get(number, "") != answer}
        DefectAnswer.objects.bulk_create(
            [
                DefectAnswer(
                    project=project, ground=ground, number=number, answer=answer, answered_at=at,
                    answered_by=as_user(actor),
                )
                for number, answer in changed.items()
            ],
            update_conflicts=True,
            unique_fields=["ground", "project", "number"],
            update_fields=["answer", "answered_at", "answered_by"],
        )  # fmt: skip
        if changed:
            touch(draft, actor, at, "defects")
    return draft


def require_open(project: Project, actor: Actor) -> None:
    """Raise NotYours or Overtaken unless this person may change the draft now; for the page before the deed."""
    if not has_role(actor, *ENTERPRISE_ROLES) or actor.organisation_id != project.enterprise_id:
        raise moves.NotYours("只有申报企业自己可以修改申报内容。", record=project, move="submit")
    if not sections.may_be_edited(project):
        raise moves.Overtaken(
            f"申报内容现在不能修改：项目已在“{project.get_state_display()}”。", record=project, move="submit"
        )


def open_draft(project: Project, actor: Actor, *, lock: bool = True) -> Draft:
    """The draft, locked, when it is in the hands of this person's enterprise. Raises NotYours, Overtaken."""
    projects = Project.objects.select_for_update(of=("self",)) if lock else Project.objects
    fresh = projects.get(pk=project.pk)
    require_open(fresh, actor)
    return Draft.objects.select_related("project__call", "updated_by").get(project=fresh)


def _refuse_conflict(draft: Draft, section: str, seen: str | None) -> None:
    if seen is None:
        return
    now = sections.fingerprint_of(draft, section)
    if now != seen:
        current = sections.lines_of(draft) if section == "lines" else sections.values_of(draft, section)
        raise Conflict(current, now, sections.last_save(draft, section))


def touch(draft: Draft, actor: Actor, at: datetime, section: str) -> None:
    """A section of the draft has changed by this person's hand."""
    draft.version += 1
    draft.saves[section] = [str(actor), at.isoformat()]
    draft.updated_at, draft.updated_by = at, as_user(actor)
    draft.save()
