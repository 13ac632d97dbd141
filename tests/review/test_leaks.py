"""What the public reads holds no phone, no score, no amount and no objector, though all of them are there to leak."""

from decimal import Decimal

import pytest

from applications.models import Project
from core import jobs
from core.documents import render_html
from core.models import Job
from review.services import conclusions
from review.services.papers import PAPERS, context_of
from tests.factories import applications as filed
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db
PHONE, SCORE, AMOUNT = "13811112222", "87.5", "54321678"


@pytest.fixture
def notice():
    project = make.under_review(of_call=make.small_call(), investment=int(AMOUNT))
    owner = people.approver(project.enterprise)
    owner.phone = PHONE
    owner.save(update_fields=["phone"])
    make.scored(project, [Decimal(SCORE)])
    lead = people.bureau_lead()
    conclusions.conclude([project], number="示例评审〔2026〕1号", text="通过。", actor=lead, at=NOW)
    return make.published(Project.objects.get(pk=project.pk), lead=lead)


def amounts():
    limit = f"{int(AMOUNT) * 15 // 100:,}"
    return [AMOUNT, f"{int(AMOUNT):,}", "5,432.16", "8,148,251", limit, "814.82"]


def test_public_pages_say_only_the_published_fields(notice, visit):
    objection = make.objection(notice)
    secrets = [PHONE, "87.50", SCORE, "实名人 钱", "13900001234", "设备与申报不符", *amounts()]
    for name, *args in (
        ("notices",),
        ("notice", notice.pk),
        ("objection-receipt", objection.receipt),
        ("objection-find",),
    ):
        text = visit(None, name, *args).content.decode()
        assert [secret for secret in secrets if secret in text] == [], name
    assert objection.receipt not in visit(None, "notice", notice.pk).content.decode()


def test_the_printed_notice_says_no_more(notice):
    html = render_html(PAPERS["notice"].template, context_of("notice", notice), at=NOW)
    assert notice.entries.get().project_title in html
    assert [secret for secret in (PHONE, SCORE, *amounts()) if secret in html] == []


def test_the_notices_file_is_public_once_it_is_made(notice, visit):
    assert visit(None, "notice-file", notice.pk).status_code == 404
    jobs.run(Job.objects.get(facts__paper="notice").pk)
    printed = visit(None, "notice-file", notice.pk)
    assert b"".join(printed).startswith(b"%PDF")
    printed.close()


def test_a_districts_lists_hold_its_own_projects_only(visit):
    own, other = make.at_the_district("tiexi", title="本区项目"), make.at_the_district("hunnan", title="他区项目")
    text = visit(people.district_officer("tiexi"), "district-queue").content.decode()
    assert own.title in text and other.title not in text and other.enterprise.name not in text
    found = visit(people.district_officer("tiexi"), "district-queue", q="他区").content.decode()
    assert other.number not in found
    assert visit(people.district_officer("tiexi"), "district-review", other.pk).status_code == 404


def test_an_experts_desk_holds_his_assignments_only(visit):
    project, other = make.under_review(title="给他的"), make.under_review(title="别人的")
    (mine,) = make.assigned(project)
    make.assigned(other)
    text = visit(mine.expert.user, "expert-desk").content.decode()
    assert "给他的" in text and "别人的" not in text
    filed.project("city_review", title="没有指派的")
    assert visit(mine.expert.user, "review-board").status_code == 403
