"""A notice over several projects, ended project by project when its period is over and no objection is open (第九条三)."""

from datetime import date

import pytest

from applications.models import Project
from applications.states import State
from core import audit
from core.models import Notice
from core.moves import ConditionUnmet, NotYours
from review.models import EntryOutcome, PublicNotice
from review.services import notices, objections
from review.services.refusals import ReviewRefused
from review.states import NoticeState
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
LAST_DAY, DAY_AFTER = moment(days=7), moment(days=8)  # 5 working days from Thursday 5 March: 12 March


def two_in_a_notice():
    call = make.small_call()
    one, two = make.concluded(call), make.concluded(call)
    return one, two, make.published(one, two)


def test_publishing_sets_the_last_day_and_is_recorded_on_each_project():
    one, two, notice = two_in_a_notice()
    assert (notice.state, notice.ends_on) == (NoticeState.PUBLISHED, date(2026, 3, 12))
    assert set(Project.objects.values_list("due_on", flat=True)) == {date(2026, 3, 12)}
    for project in (one, two):
        event = audit.timeline_of(project).first()
        assert (event.event, event.ground) == ("project.notice_published", notice.ground)


def test_it_copies_the_published_fields():
    project = make.concluded()
    entry = make.published(project).entries.get()
    assert (entry.number, entry.project_title, entry.enterprise_name, entry.track_name, entry.district_name) == (
        project.number, project.title, project.enterprise.name, "点", "铁西区",
    )  # fmt: skip


def test_the_enterprise_is_written_to():
    project = make.concluded()
    owner = people.approver(project.enterprise)
    make.published(project)
    assert "2026年3月12日" in Notice.objects.get(recipient=owner).body


@pytest.mark.parametrize("who", ["approver", "district_lead", "bureau_officer", "expert", "supervisor"])
def test_others_do_not_publish(who):
    project = make.concluded()
    with pytest.raises(NotYours):
        make.published(project, lead=getattr(people, who)())
    assert not PublicNotice.objects.exists()


def test_a_used_number_mixed_calls_and_a_project_not_waiting_are_refused():
    shown = make.concluded()
    make.published(shown)
    with pytest.raises(ReviewRefused, match="已经用过"):
        make.published(make.concluded())
    with pytest.raises(ReviewRefused, match="同一批次"):
        make.published(make.concluded(), make.concluded(), number="示例公示〔2026〕2号")
    for unfit in (shown, make.under_review()):
        with pytest.raises(ReviewRefused, match="不在等待公示"):
            make.published(unfit, number="示例公示〔2026〕3号")


def test_it_does_not_close_on_its_last_day_and_closes_the_day_after():
    _one, _two, notice = two_in_a_notice()
    assert notices.close_notices_due(LAST_DAY) == 0
    assert notices.close_notices_due(DAY_AFTER) == 2
    assert set(Project.objects.values_list("state", flat=True)) == {State.GOVERNMENT_APPROVAL}
    assert PublicNotice.objects.get(pk=notice.pk).state == NoticeState.CLOSED
    assert notices.close_notices_due(DAY_AFTER) == 0


def test_an_open_objection_keeps_its_project_only():
    one, two, notice = two_in_a_notice()
    objection = make.objection(notice, one)
    assert notices.close_notices_due(DAY_AFTER) == 1
    assert Project.objects.get(pk=one.pk).state == State.PUBLIC_NOTICE
    assert Project.objects.get(pk=two.pk).state == State.GOVERNMENT_APPROVAL
    lead = people.bureau_lead()
    with pytest.raises(ConditionUnmet, match="未解除的暂停"):
        notices.close_notice(Project.objects.get(pk=one.pk), actor=lead, at=DAY_AFTER)
    objections.answer_objection(
        make.investigated(objection), outcome="dismiss", answer="经查不实。", actor=lead, at=DAY_AFTER
    )
    assert notices.close_notices_due(DAY_AFTER) == 1
    assert PublicNotice.objects.get(pk=notice.pk).state == NoticeState.CLOSED


def test_too_early_or_by_another_it_is_refused():
    project = make.concluded()
    make.published(project)
    project = Project.objects.get(pk=project.pk)
    with pytest.raises(ConditionUnmet, match="公示期未满"):
        notices.close_notice(project, actor=people.bureau_lead(), at=LAST_DAY)
    for who in ("approver", "district_lead", "government", "supervisor"):
        with pytest.raises(NotYours):
            notices.close_notice(project, actor=getattr(people, who)(), at=DAY_AFTER)


def test_a_project_that_leaves_otherwise_is_taken_out_by_the_clock():
    project = make.concluded()
    notice = make.published(project)
    Project.objects.filter(pk=project.pk).update(state=State.WITHDRAWN)
    notices.close_notices_due(NOW)
    assert notice.entries.get().outcome == EntryOutcome.REMOVED
    assert PublicNotice.objects.get().state == NoticeState.CLOSED


def test_the_page_publishes_and_shows(post, visit):
    project, lead = make.concluded(), people.bureau_lead()
    assert visit(people.bureau_officer(), "notice-new").status_code == 403
    data = {"projects": [project.pk], "number": "示例公示〔2026〕9号", "title": "", "days": ""}
    assert post(lead, "notice-new", data=data).status_code == 302
    notice = PublicNotice.objects.get()
    assert project.title in visit(None, "notice", notice.pk).content.decode()
    assert notice.number in visit(None, "notices").content.decode()


def test_a_draft_notice_is_nobodys_page(visit):
    notice = PublicNotice.objects.create(call=make.small_call(), number="未发布", title="未发布", days=5)
    assert visit(None, "notice", notice.pk).status_code == 404
    assert "未发布" not in visit(None, "notices").content.decode()
