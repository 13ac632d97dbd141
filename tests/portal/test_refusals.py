"""Every refusing move reaches the enterprise with its reasons, its clause and where to turn: in a letter, and on the project's page."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from applications.models import Project
from applications.services import exits, registrations
from applications.states import State
from core.models import Notice
from disbursement.services import agreements, closing, ending
from review.services import decisions, district, objections, panels
from tests.disbursement import situations as given
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
WHY = "设备清单与合同不符"
DECISION = {"reasons": WHY, "clause": "第九条", "at": NOW}
PAPER = {"reason": WHY, "number": "示例决〔2026〕1号", "at": NOW}


def returned(project):
    officer = people.district_officer()
    make.checked(project, officer, "questioned", "印章不清")
    listed = [{"about": "合同", "what": WHY, "todo": "重新上传"}]
    district.return_for_correction(Project.objects.get(pk=project.pk), listed, actor=officer, at=NOW)


def by_the_panel(conclusion):
    def act(project):
        meeting = make.panel(project)
        said = {project.pk: panels.Said(conclusion, WHY)}
        panels.save_table(meeting, said, minutes="纪要", actor=people.bureau_officer(), at=NOW)
        panels.issue_report(meeting, number="示例评审〔2026〕5号", text="。", actor=people.bureau_lead(), at=NOW)

    return act


def upheld(outcome):
    def act(project):
        objection = make.investigated(make.objection(project.notice_entries.get().notice))
        said = {"answer": "属实。", "told": WHY}
        objections.answer_objection(objection, outcome=outcome, **said, actor=people.bureau_lead(), at=NOW)

    return act


def failed(project):
    acceptance = given.reported(project)
    money.heard(acceptance.project, "fail")
    closing.fail(acceptance, **PAPER, actor=people.bureau_lead())


def heard_then(kind, decide):
    def act(project):
        money.heard(project, kind)
        decide(project, **PAPER, actor=people.bureau_lead())

    return act


def to_rectify(project):
    closing.require_rectification(given.reported(project), text=WHY, actor=people.bureau_lead(), at=NOW)


def scored():
    return make.scored(make.under_review(of_call=make.small_call()), [80])


def shown():
    return make.published().entries.get().project


def unsigned():
    project = filings.project(State.AGREEMENT, notice_closed_at=NOW, due_on=NOW.date())
    money.agreement(money.award(project), state="drawn")
    return project


def uncorrected():
    project = filings.project(State.CORRECTION, due_on=NOW.date())
    return project


REFUSALS = {
    "退回补正": (make.at_the_district, returned),
    "区县不予推荐": (make.at_the_district, lambda p: decisions.decline(p, **DECISION, actor=people.district_lead())),
    "评审不予支持": (scored, lambda p: decisions.decline(p, **DECISION, actor=people.bureau_lead())),
    "公示期不予支持": (shown, lambda p: decisions.decline(p, **DECISION, actor=people.bureau_lead())),
    "市政府不予批准": (
        lambda: filings.project(State.GOVERNMENT_APPROVAL, notice_closed_at=NOW),
        lambda p: decisions.decline(p, **DECISION, actor=people.government()),
    ),
    "评审会不予支持": (scored, by_the_panel("decline")),
    "评审会再议": (scored, by_the_panel("again")),
    "退回区县": (scored, lambda p: decisions.send_back(p, reasons=WHY, actor=people.bureau_lead(), at=NOW)),
    "异议成立，重新评审": (shown, upheld("review_again")),
    "异议成立，不予支持": (shown, upheld("decline")),
    "补正逾期": (uncorrected, lambda p: exits.lapse_overdue(moment(days=3))),
    "任务书逾期": (unsigned, lambda p: agreements.lapse_agreements(moment(days=90))),
    "整改": (given.half_paid, to_rectify),
    "验收不通过": (given.half_paid, failed),
    "终止": (given.half_paid, heard_then("terminate", ending.terminate)),
    "取消资格": (given.half_paid, heard_then("revoke", ending.revoke)),
}
BY_THE_CLOCK = {"补正逾期": "没有在补正期限内", "任务书逾期": "没有在期限内"}
CLAUSE, WHERE = re.compile(r"第[一二三四五六七八九十]+、?[一二三四五六七八九十]*条"), re.compile("行政复议|联系")
GOES_ON = {"退回区县", "评审会再议", "异议成立，重新评审"}  # the project is on its way again: the letter tells


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_reaches_the_enterprise_with_reasons_clause_and_where_to_turn(refusal):
    make_project, refuse = REFUSALS[refusal]
    project = make_project()
    owner, reasons = project.created_by, BY_THE_CLOCK.get(refusal, WHY)
    before = set(Notice.objects.values_list("pk", flat=True))
    refuse(Project.objects.get(pk=project.pk))

    letters = Notice.objects.filter(recipient=owner).exclude(pk__in=before)
    told = [letter.body for letter in letters if reasons in letter.body]
    assert [bool(CLAUSE.search(body) and WHERE.search(body)) for body in told] == [True], [one.body for one in letters]


@pytest.mark.parametrize("refusal", [name for name in REFUSALS if name not in GOES_ON])
def test_the_project_page_says_it_too(refusal):
    make_project, refuse = REFUSALS[refusal]
    project = make_project()
    refuse(Project.objects.get(pk=project.pk))
    client = Client()
    client.force_login(project.created_by)
    page = client.get(project.get_absolute_url()).content.decode()
    if refusal not in BY_THE_CLOCK:
        assert WHY in page
    assert WHERE.search(page.partition("看原文")[2][:1500]), refusal


def test_a_refused_registration_says_why_and_where_to_turn():
    registration = filings.registration()
    registrations.decide_registration(
        registration, verified=False, reason=WHY, actor=people.district_officer(), at=NOW + timedelta(hours=1)
    )
    body = Notice.objects.get(recipient=registration.applicant, subject="注册未通过").body
    assert WHY in body and CLAUSE.search(body) and WHERE.search(body)
