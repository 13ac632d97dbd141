"""The summary list (汇总表) of a letter of recommendation: asked for in the deed's transaction, made by a job after commit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from core import files, jobs
from core.people import SYSTEM
from review.district_queries import opinions_of_letter
from review.models import RecommendationLetter
from review.recommendation_table import workbook_of

if TYPE_CHECKING:
    from core.models import Job, StoredFile
    from core.people import Actor

KIND = "review.recommendation_table"


def ask_for(letter: RecommendationLetter, *, by: Actor, at: datetime) -> Job:
    """Have the list made as Excel; asking again for the same letter gives the same job."""
    return jobs.enqueue(KIND, by=by, facts={"letter": letter.pk}, key=str(letter.pk), title="推荐项目汇总表", at=at)


def make(running: jobs.Running) -> StoredFile:
    """The job: the list as Excel, hung on its letter. Safe to repeat."""
    letter = RecommendationLetter.objects.select_related("district").get(pk=running.facts["letter"])
    if letter.table_id is None:
        name = f"推荐项目汇总表 {letter.number or letter.pk}.xlsx".replace("/", "-").replace("\\", "-")
        content = workbook_of(letter, opinions_of_letter(letter))
        letter.table = files.store_bytes(content, name=name, kind=KIND, by=SYSTEM, at=timezone.now())
        letter.save(update_fields=["table"])
    return letter.table
