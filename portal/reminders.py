"""Reminders of nearing deadlines: one letter a deadline to the people whose desk it is, two working days before.

Of an unsigned 任务书 `agreement_reminders` writes, more than once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from applications.models import Project
from applications.states import ENDED, State
from core import audit, calendar, notices
from core.models import AuditEvent, Role, User
from core.notices import Letter
from core.people import SYSTEM
from core.templatetags.text_tags import cn_date
from portal.holders import holder_of

EVENT = "project.reminded"
DAYS_BEFORE = 2

_AT_THE_ENTERPRISE = (State.CORRECTION, State.RECTIFICATION)
_AT_THE_BUREAU = (State.CITY_REVIEW,)
_ELSEWHERE = (State.AGREEMENT,)  # reminded of by its paper


def remind(at: datetime) -> int:
    """Write to those whose term ends within two working days and who were not reminded of it; returns how many terms."""
    today = calendar.today(at)
    soon = calendar.add_working_days(today, DAYS_BEFORE)
    due = Project.objects.exclude(state__in=(*ENDED, *_ELSEWHERE)).filter(due_on__gte=today, due_on__lte=soon)
    count = 0
    for project in due.select_related("enterprise", "district").order_by("pk"):
        if not _was_reminded(project):
            _remind(project, at)
            count += 1
    return count


def _was_reminded(project: Project) -> bool:
    """True when this very deadline was written of; the chain of the project remembers it."""
    rows = AuditEvent.objects.filter(stream=project.audit_stream(), event=EVENT)
    return rows.filter(facts__due_on=project.due_on.isoformat()).exists()


def _remind(project: Project, at: datetime) -> None:
    until = cn_date(project.due_on)
    letter = Letter(
        recipients=list(people_with(project)),
        subject=f"期限提醒：{project.title}，{until}前",
        body=f"“{project.get_state_display()}”的期限是 {until}，现在由{holder_of(project)}办理。",
        link=project.get_absolute_url(),
    )
    with transaction.atomic():
        audit.record(
            project, EVENT, actor=SYSTEM, at=at, label="期限提醒", summary=f"{until}前",
            facts={"due_on": project.due_on.isoformat()},
        )  # fmt: skip
        notices.send([letter], at=at)


def people_with(project: Project) -> Iterable[User]:
    """The people whose desk the project lies on."""
    asked = Q(pk__in=[])
    if project.state in _AT_THE_ENTERPRISE:
        asked |= Q(organisation=project.enterprise_id)
    if project.state == State.DISTRICT_REVIEW:
        asked |= Q(organisation__kind="district_bureau", organisation__district=project.district_id)
    if project.state in _AT_THE_BUREAU:
        asked |= Q(groups__name__in=[Role.BUREAU_OFFICER, Role.BUREAU_LEAD])
    return User.objects.filter(asked, is_active=True).distinct()
