"""What every tab of the project page shows: head, eight steps, next action, amounts, documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from applications.models import Determination, Hold, Project
from applications.states import State
from core import calendar
from core.audit import timeline_of
from core.models import AuditEvent, Role
from core.people import roles_of
from core.services.corrections import in_force_of
from core.templatetags.text_tags import cn_date
from disbursement.models import Award
from portal.addresses import address_of
from portal.holders import holder_of, what_comes_next
from portal.next_actions import NextAction, next_action, side_actions
from portal.queries.journey import Step, steps_of
from portal.queries.money_rows import award_of
from portal.queries.papers import kinds_closed_to
from portal.queries.places import place_in
from portal.queries.reasons import Reasons, reasons_of
from portal.queries.timeline import named

TABS = {
    "filing": "申报内容",
    "materials": "材料",
    "review": "评审",
    "money": "资金",
    "agreement": "任务书与验收",
    "records": "记录",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """One step of an explained amount, as the explain component reads it."""

    label: str
    amount: Decimal | None
    clause: str
    note: str
    binds: bool


@dataclass(slots=True)
class Page:
    """The frame of the project page around its tab."""

    project: Project
    events: list[AuditEvent]  # oldest first
    steps: list[Step]
    holder: str
    afterwards: str
    clock: calendar.Clock | None
    action: NextAction | None
    aside: list[NextAction]
    holds: list[Hold]
    determination: Determination | None
    award: Award | None
    tabs: list[dict[str, Any]]
    explained: list[Explained] = field(default_factory=list)
    closed_kinds: frozenset[str] = frozenset()
    corrected: frozenset[int] = frozenset()  # papers beside which a correction lies
    bar_words: dict[str, str] = field(default_factory=lambda: {"paid": "已拨", "free": "未拨"})

    @property
    def reasons(self) -> Reasons | None:
        """Why it was returned, refused or ended, from the paper that says so."""
        return reasons_of(self.project, self.events, self.closed_kinds)

    @property
    def unpaid(self) -> Decimal:
        """What is in force and not paid yet, in 元."""
        return max(self.award.entitlement - self.award.net, Decimal(0)) if self.award else Decimal(0)

    @property
    def waiting(self) -> str:
        """Who has it, for somebody whose turn it is not."""
        return f"现在由{self.holder}办理"

    @property
    def waiting_note(self) -> str:
        """Until when, and what comes next."""
        until = f"期限 {cn_date(self.project.due_on)}。" if self.clock else ""
        return f"{until}现在没有需要您办理的事。"

    @property
    def stopped(self) -> str:
        """What is left of the district's term, which stands still while the enterprise corrects (第九条二)."""
        if self.project.state != State.CORRECTION or not self.project.days_kept:
            return ""
        return f"区县初审暂停计时，重新提交后还有 {self.project.days_kept} 个工作日"

    @property
    def money_url(self) -> str:
        return address_of("project-tab", self.project.pk, "money")

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The papers that moved it, newest first, each once."""
        grounds = {event.ground_id: event.ground for event in reversed(self.events) if event.ground_id}
        open_to_me = [ground for ground in grounds.values() if ground.kind not in self.closed_kinds]
        return [
            {
                "label": named(ground, self.corrected),
                "url": address_of("ground", ground.pk),
                "note": ground.issued_at,
                "icon": "pdf" if ground.file_id else "file",
            }
            for ground in open_to_me
        ]


def projects_for_pages(user: Any) -> QuerySet[Project]:
    """Projects this person sees, with what a project page names of each."""
    return Project.objects.visible_to(user).select_related(
        "call", "enterprise", "district", "current_submission", "group"
    )


def page_of(project: Project, user: Any, tab: str, *, at: datetime) -> Page:
    """The frame of the page as this person sees it at this moment."""
    events = list(timeline_of(project).reverse())
    holds = list(project.holds.filter(lifted_at=None))
    determination = project.determinations.filter(is_current=True).first()
    return Page(
        project=project,
        events=events,
        steps=steps_of(project, events),
        holder=holder_of(project),
        afterwards=what_comes_next(project),
        clock=clock_of(project, at=at, holds=holds),
        action=place_in(project, user, next_action(project, user)),
        aside=side_actions(project, user),
        holds=holds,
        determination=determination,
        award=award_of(project, user),
        tabs=_tabs(project, user, tab),
        explained=explained(determination),
        closed_kinds=kinds_closed_to(user),
        corrected=frozenset(in_force_of({event.ground_id for event in events if event.ground_id})),
    )


def clock_of(project: Project, *, at: datetime, holds: list[Hold] | None = None) -> calendar.Clock | None:
    """The clock of the step in hand; None where no deadline runs."""
    if project.due_on is None or project.is_ended:
        return None
    why = holds[0].get_kind_display() if holds else ""
    started = calendar.today(project.state_since)
    return calendar.clock(started, project.due_on, on=calendar.today(at), held_because=why)


def explained(determination: Determination | None) -> list[Explained]:
    """The steps of a stored determination, as it told them when it was made."""
    return told_steps(determination.result) if determination else []


def told_steps(result: dict[str, Any]) -> list[Explained]:
    """The steps of a stored result of the rules."""
    return [_explained(step) for step in result.get("steps", [])]


def _explained(step: dict[str, Any]) -> Explained:
    shown = step["change"] if step.get("change") is not None else step.get("result")
    return Explained(
        label=step["label"],
        amount=None if shown is None else Decimal(shown),
        clause=step.get("clause", ""),
        note="",
        binds=bool(step.get("binds")),
    )


def tabs_open_to(user: Any) -> list[str]:
    """The tabs this person may open: an expert judges what was filed and nothing that others said of it."""
    return ["filing", "materials"] if roles_of(user) <= {Role.EXPERT} else list(TABS)


def _tabs(project: Project, user: Any, tab: str) -> list[dict[str, Any]]:
    return [
        {
            "label": TABS[name],
            "url": address_of("project-tab", project.pk, name),
            "current": name == tab,
        }
        for name in tabs_open_to(user)
    ]
