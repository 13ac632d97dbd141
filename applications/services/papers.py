"""Asking for the papers of a submission; a job makes them, and asking again gives the same job."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from applications.models import Project, Submission
from core import jobs
from core.models import Job
from core.people import Actor, as_user

PAPERS = {"filing.pdf": "申报书", "filing.receipt": "申报回执", "filing.package": "完整申报材料"}


def ask_for_paper(submission: Submission, *, kind: str, actor: Actor, at: datetime) -> Job:
    """The job that makes one of PAPERS of this submission for this person."""
    project, person = submission.project, as_user(actor)
    title = f"{PAPERS[kind]}：{project.number}（第 {submission.sequence} 次提交）"
    facts = {"submission": submission.pk, "back": reverse("project", args=[project.pk])}
    key = f"submission-{submission.pk}-person-{person.pk}"
    return jobs.enqueue(kind, by=actor, facts=facts, key=key, title=title, at=at)


def ask_for_export(project: Project, *, actor: Actor, at: datetime) -> Job:
    """The job that packs a draft as it stands for this person: what was typed, in Excel, and its files."""
    person, draft = as_user(actor), project.draft
    facts = {"draft": draft.pk, "back": reverse("filing", args=[project.pk])}
    key = f"draft-{draft.pk}-version-{draft.version}-person-{person.pk}"
    return jobs.enqueue("filing.export", by=actor, facts=facts, key=key, title=f"导出：{project.title}", at=at)
