"""The room's documents are made by a job after commit, and hang on their rows."""

from __future__ import annotations

import pytest

from core import jobs
from core.models import Job
from core.models.jobs import JobState
from review.models import RecommendationLetter, ReviewReport
from review.services import district
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def printed(row):
    job = Job.objects.get(kind="review.paper", facts__pk=row.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    row.refresh_from_db(fields=["file"])
    return job, row.file


def test_the_letter_of_recommendation_is_printed():
    project = make.with_opinion(make.at_the_district())
    district.countersign_and_recommend(project, number="示例推〔2026〕1号", actor=people.district_lead(), at=NOW)
    job, file = printed(RecommendationLetter.objects.get())
    assert (job.state, file.content_type) == (JobState.DONE, "application/pdf")


def test_report_and_notice_are_printed_and_a_second_run_keeps_the_file():
    notice = make.published()
    Job.objects.filter(facts__paper="letter").delete()
    report = ReviewReport.objects.get()
    for row, paper in ((report, "report"), (notice, "notice")):
        job = Job.objects.get(facts__paper=paper)
        jobs.run(job.pk)
        row.refresh_from_db(fields=["file"])
        assert row.file.content_type == "application/pdf"
        job.refresh_from_db()
        assert jobs.function_of(job.kind)(jobs.Running(job, 1)) == row.file
