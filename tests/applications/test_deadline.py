"""The deadline while a form is open: the grace, what is said, and what an enterprise takes home afterwards."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from applications import services
from applications.facts.windows import deadline_of
from applications.models import Project
from applications.states import State
from core import jobs, moves
from core.files import read_stored
from core.models import Job
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    call = filings.call(closes_at=NOW + timedelta(hours=3), grace_minutes=15)
    return filing.ready(of_call=call)


def closed(project, **after):
    return project.call.closes_at + timedelta(**after)


def test_in_the_grace_a_draft_is_still_taken(project):
    filed = services.submit(project, actor=project.created_by, at=closed(project, minutes=14))

    assert filed.state == State.DISTRICT_REVIEW


def test_after_the_grace_it_is_not(project):
    with pytest.raises(moves.ConditionUnmet, match="不在申报时间内"):
        services.submit(project, actor=project.created_by, at=closed(project, minutes=15))


def test_nothing_new_begins_in_the_grace(project):
    with pytest.raises(services.DraftRefused, match="不在申报时间内"):
        services.start_project(
            call=project.call, enterprise=project.enterprise, track="point", title="晚了", actor=project.created_by,
            at=closed(project, minutes=1),
        )  # fmt: skip


def test_the_clock_waits_for_the_grace_even_when_the_call_is_closed(project):
    services.close_calls(closed(project, minutes=1))

    assert services.lapse_overdue(closed(project, minutes=14)) == 0
    assert services.submit(project, actor=project.created_by, at=closed(project, minutes=14)).number


def test_after_the_grace_a_draft_is_not_submitted_in_its_own_word(project):
    assert services.lapse_overdue(closed(project, minutes=16)) == 1
    assert Project.objects.get(pk=project.pk).get_state_display() == "未提交"


def test_the_last_day_the_grace_and_the_end_are_told(project):
    call = project.call
    assert deadline_of(project, call.closes_at - timedelta(hours=25)) is None
    assert deadline_of(project, call.closes_at - timedelta(hours=2, minutes=5)).title == "离申报截止还有 2 小时 5 分"
    grace = deadline_of(project, closed(project, minutes=1))
    assert "还可以提交" in grace.title and "最后一次" in grace.text and grace.until == call.files_until.timestamp()
    assert deadline_of(project, closed(project, minutes=16)).title == "申报已经截止，没有提交"


def test_a_form_open_at_the_deadline_says_until_when_it_is_taken(client):
    call = filings.call(
        closes_at=timezone.now() - timedelta(minutes=1), opens_at=NOW - timedelta(days=400), grace_minutes=15
    )
    project = filings.project(of_call=call)
    client.force_login(project.created_by)

    page = client.get(f"/filing/{project.pk}/basics/").content.decode()

    assert "申报已经截止，这份草稿还可以提交" in page and "data-countdown" in page


def test_what_was_typed_and_uploaded_is_taken_home(client, project):
    services.lapse_overdue(closed(project, minutes=16))
    client.force_login(project.created_by)
    assert "这份申报没有提交" in client.get(f"/filing/{project.pk}/").content.decode()

    client.post(f"/filing/{project.pk}/export/")

    job = Job.objects.get(kind="filing.export")
    jobs.run(job.pk)
    with zipfile.ZipFile(io.BytesIO(read_stored(Job.objects.get(pk=job.pk).result_file))) as package:
        names = package.namelist()
    assert names == ["填报内容.xlsx", "投资明细.xlsx", "材料/01 营业执照/营业执照.pdf"]


def test_nobody_else_exports_it(client, project):
    client.force_login(people.approver())

    assert client.post(f"/filing/{project.pk}/export/").status_code == 404
