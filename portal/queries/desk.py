"""What waits for a person: the states his desk serves, counts, the tasks with the nearest deadlines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from applications.models import Call, Project, Track
from applications.states import ENDED, STEP_OF, STEPS, State
from core import calendar
from core.models import Notice, Role
from core.people import roles_of
from core.templatetags.text_tags import cn_date
from portal.addresses import address_of
from portal.queries import desk_work
from portal.queries.project_list import rows_of
from portal.queries.project_rows import Row, as_rows

SHOWN_TASKS = 10
READ_FOR_TASKS = 60
SHOWN_PROJECTS = 6
SHOWN_LETTERS = 6

# Which states wait for which role: the desk's queue. Each counts on the desk and links to its list.
WAITS_FOR: dict[str, tuple[State, ...]] = {
    Role.ENTERPRISE_FILER: (State.DRAFT, State.CORRECTION, State.AGREEMENT, State.DISBURSEMENT, State.RECTIFICATION),
    Role.DISTRICT_OFFICER: (State.DISTRICT_REVIEW,),
    Role.BUREAU_OFFICER: (
        State.CITY_REVIEW,
        State.PUBLIC_NOTICE,
        State.GOVERNMENT_APPROVAL,
        State.AGREEMENT,
        State.ACCEPTANCE,
        State.SETTLEMENT,
    ),
    Role.EXPERT: (State.CITY_REVIEW,),
    Role.FINANCE_OFFICER: (State.GOVERNMENT_APPROVAL, State.DISBURSEMENT, State.SETTLEMENT),
    Role.GOVERNMENT_OFFICE: (State.GOVERNMENT_APPROVAL,),
    Role.ASSESSOR: (State.ACCEPTANCE,),
}
# Whose tasks are projects themselves; the others' are batches, proposals, acceptances and scores (desk_work).
TAKES_PROJECTS = {Role.ENTERPRISE_FILER, Role.DISTRICT_OFFICER, Role.BUREAU_OFFICER}
NOT_A_TASK = {State.GOVERNMENT_APPROVAL}  # a proposal is, with many projects
AS = {
    Role.ENTERPRISE_APPROVER: Role.ENTERPRISE_FILER,
    Role.DISTRICT_LEAD: Role.DISTRICT_OFFICER,
    Role.BUREAU_LEAD: Role.BUREAU_OFFICER,
    Role.FINANCE_LEAD: Role.FINANCE_OFFICER,
}


@dataclass(slots=True)
class Desk:
    """One person's desk today."""

    tiles: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    waiting: int
    letters: list[Notice]

    @property
    def lede(self) -> str:
        """How much waits, and how urgent the first of it is."""
        if not self.waiting:
            return "现在没有等您办理的事。"
        clock = self.tasks[0]["clock"] if self.tasks else None
        return f"有 {self.waiting} 件事等您办理{f'，最近的一件{clock.words}' if clock else ''}。"


def states_that_wait_for(user: Any) -> list[str]:
    """The states whose projects may need this person."""
    roles = {AS.get(Role(role), Role(role)) for role in roles_of(user)}
    return list(dict.fromkeys(state for role in roles for state in WAITS_FOR.get(role, ())))


def desk_of(user: Any, *, at: datetime, own: list[Row] | None = None) -> Desk:
    """The desk of this person at this moment, with a fixed number of queries a role.

    `own`: the rows of `own_projects`, where they are read already; the queue is picked from them if none was left out.
    """
    waiting = states_that_wait_for(user)
    if own is not None and len(own) < READ_FOR_TASKS:
        rows = sorted((row for row in own if row.project.state in waiting), key=_by_due)
        counts = _counted(rows, at)
    else:
        queue = Project.objects.visible_to(user).filter(state__in=waiting)
        rows = as_rows(rows_of(queue).order_by(F("due_on").asc(nulls_last=True), "pk")[:READ_FOR_TASKS], user, at=at)
        counts = _counts(queue, at)
    tasks = [_task(row) for row in rows if row.action and _is_task(row, user)] + desk_work.tasks_of(user, at=at)
    tasks.sort(key=_urgency)
    return Desk(
        tiles=_tiles(counts),
        tasks=tasks[:SHOWN_TASKS],
        waiting=len(tasks),
        letters=list(Notice.objects.visible_to(user)[:SHOWN_LETTERS]),
    )


def _is_task(row: Row, user: Any) -> bool:
    roles = {AS.get(Role(role), Role(role)) for role in roles_of(user)}
    return bool(roles & TAKES_PROJECTS) and row.project.state not in NOT_A_TASK


def _urgency(task: dict[str, Any]) -> tuple[int, int]:
    """The nearest deadline first, then what has none."""
    clock = task["clock"]
    return (0, clock.left) if clock else (1, 0)


def _by_due(row: Row) -> tuple[bool, Any, int]:
    """The order of the queue: the nearest day first, then what has none."""
    return row.project.due_on is None, row.project.due_on or date.max, row.project.pk


def own_projects(user: Any, *, at: datetime) -> list[Row]:
    """The projects of an enterprise, the newest first; more of them than a page shows, for its desk."""
    mine = Project.objects.visible_to(user)
    return as_rows(rows_of(mine).order_by("-state_since", "pk")[:READ_FOR_TASKS], user, at=at)


def open_calls(user: Any, *, at: datetime) -> list[dict[str, Any]]:
    """Calls that take filings now, the one that closes first at the top."""
    rows = Call.objects.visible_to(user).open_at(at).defer("text").order_by("closes_at")[:3]
    return [
        {
            "title": call.title,
            "url": address_of("call", call.pk),
            "closes_at": call.closes_at,
            "track_words": "、".join(str(Track(track).label) for track in call.tracks),
        }
        for call in rows
    ]


def by_step(user: Any) -> list[dict[str, Any]]:
    """How many projects stand on each step, for the chart and the table beside it."""
    counts = dict(Project.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk")))
    rows = [
        {
            "label": label,
            "value": sum(counts.get(s, 0) for s, n in STEP_OF.items() if n == number and s != State.SETTLED),
            "url": f"{reverse('projects')}?step={number}",
        }
        for number, label in enumerate(STEPS, start=1)
    ]
    left = sum(counts.get(state, 0) for state in ENDED if state != State.SETTLED)
    rows.append({"label": "办结", "value": counts.get(State.SETTLED, 0), "url": f"{reverse('projects')}?step=done"})
    rows.append({"label": "已退出", "value": left, "url": f"{reverse('projects')}?step=ended"})
    return rows


def _counts(queue: QuerySet[Project], at: datetime) -> dict[str, Any]:
    today = calendar.today(at)
    soon = calendar.add_working_days(today, 2)
    over, close = Q(due_on__lt=today), Q(due_on__gte=today, due_on__lte=soon)
    rows = list(
        queue.order_by()
        .values("state")
        .annotate(number=Count("pk"), over=Count("pk", filter=over), soon=Count("pk", filter=close))
    )
    clocks = {name: sum(row[name] for row in rows) for name in ("over", "soon")}
    states = {row["state"]: row["number"] for row in rows}
    return {"states": states, **clocks}


def _counted(rows: list[Row], at: datetime) -> dict[str, Any]:
    """The same of rows that are read already."""
    today = calendar.today(at)
    close = calendar.add_working_days(today, 2)
    days = [row.project.due_on for row in rows if row.project.due_on]
    return {
        "states": Counter(row.project.state for row in rows),
        "over": sum(day < today for day in days),
        "soon": sum(today <= day <= close for day in days),
    }


def _tiles(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """A figure for each step of the queue, five at most, and how many are overdue."""
    by_step: dict[int, int] = {}
    for state, number in counts["states"].items():
        step = STEP_OF[State(state)]
        by_step[step] = by_step.get(step, 0) + number
    tiles = [
        {"label": STEPS[step - 1], "value": number, "unit": "个", "url": f"{reverse('projects')}?step={step}"}
        for step, number in sorted(by_step.items())
    ][:5]
    if tiles:
        by_due = f"{reverse('projects')}?sort=due"
        late = {"label": "已超期", "value": counts["over"], "unit": "个", "url": by_due, "icon": "warn"}
        soon = {"label": "两天内到期", "value": counts["soon"], "unit": "个", "url": by_due, "icon": "clock"}
        tiles += [soon, late] if len(tiles) < 5 else [late]
    return tiles


def _task(row: Row) -> dict[str, Any]:
    until = f"，{cn_date(row.project.due_on)}前" if row.clock else ""
    return {
        "title": f"{row.action.title}：{row.project.title}",
        "url": row.action.url or row.project.get_absolute_url(),
        "note": f"{row.project.enterprise.name}，{row.words}{until}",
        "clock": row.clock,
        "tag": None if row.clock else (row.project.get_state_display(), row.project.tone),
    }
