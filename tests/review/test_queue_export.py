"""The filtered queue as Excel: what the person sees, filtered as on screen, and nothing of another district (第九条二)."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from core import jobs
from core.files import read_stored
from core.models import Job
from tests.factories import core as people
from tests.factories import review as make

pytestmark = pytest.mark.django_db


def exported(user, query=""):
    client = Client()
    client.force_login(user)
    assert client.post(reverse("district-export") + query).status_code == 302
    job = Job.objects.get(kind="review.queue")
    jobs.run(job.pk)
    job.refresh_from_db()
    return list(openpyxl.load_workbook(io.BytesIO(read_stored(job.result_file))).active.values)


def test_the_own_districts_projects_and_no_others_are_in_it():
    mine, other = make.at_the_district(title="=本区项目"), make.at_the_district("hunnan", title="邻区项目")
    head, row = exported(people.district_officer())
    assert (head[0], row[:2]) == ("项目编号", (mine.number, "=本区项目"))
    assert row[8] == mine.current_submission.investment
    assert other.number not in row


def test_it_is_filtered_as_the_page_is():
    call, officer = make.small_call(), people.district_officer()
    taken, free = (make.at_the_district(of_call=call) for _ in range(2))
    make.checked(taken, officer)
    rows = exported(officer, f"?tab=mine&holder={officer.pk}&call={call.pk}&sort=-limit")
    assert [row[0] for row in rows[1:]] == [taken.number]
    assert free.number not in str(rows)


def test_the_page_offers_it_with_its_filters(visit):
    page = visit(people.district_lead(), "district-queue", tab="mine", q="机床").content.decode()
    assert "district/export/?tab=mine" in page and "导出 Excel" in page
    assert visit(people.bureau_officer(), "district-export").status_code == 403
