"""更正: two persons of the issuing body put a slip right beside the paper; the paper stays, and wherever it is shown a mark tells."""

import pytest
from django.db import IntegrityError, transaction

from core import audit
from core.models import Correction, Ground
from core.moves import NotYours, Overtaken
from core.services import corrections
from core.services.corrections import CorrectionRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db
RIGHT = "示例公示〔2026〕11号"


@pytest.fixture
def notice():
    return make.published(lead=people.bureau_lead())


def proposed(paper, **said):
    said = {"field": "number", "after": RIGHT, "reason": "文号误植。", **said}
    return corrections.propose(paper, **said, actor=paper.issued_by, at=NOW)


def in_force(paper, **said):
    return corrections.countersign(proposed(paper, **said), actor=people.bureau_lead(), at=NOW)


def get(client, user, path):
    if user:
        client.force_login(user)
    return client.get(path)


def test_the_paper_stays_and_the_record_stands_beside_it(notice):
    paper, before = notice.ground, notice.ground.digest
    one = in_force(paper)
    fresh = Ground.objects.get(pk=paper.pk)
    assert (fresh.number, fresh.digest, fresh.compute_digest()) == (notice.number, before, before)
    assert (one.before, one.after, one.record.kind) == (notice.number, RIGHT, "correction_record")
    assert corrections.value_of(paper, "number") == RIGHT
    assert [event.event for event in audit.timeline_of(one)] == ["correction.countersigned"]


def test_one_person_is_not_two(notice):
    one = proposed(notice.ground)
    with pytest.raises(NotYours):
        corrections.countersign(one, actor=one.proposed_by, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=one.pk).update(decided_by=one.proposed_by)


@pytest.mark.parametrize("who", ["district_lead", "finance_lead", "bureau_officer", "approver", "supervisor", "expert"])
def test_others_do_not_countersign(notice, who):
    with pytest.raises(NotYours):
        corrections.countersign(proposed(notice.ground), actor=getattr(people, who)(), at=NOW)


def test_another_body_an_equal_value_and_a_second_at_a_time_are_refused(notice):
    paper = notice.ground
    with pytest.raises(CorrectionRefused, match="出具这份文件的单位"):
        said = {"field": "number", "after": RIGHT, "reason": "误植。"}
        corrections.propose(paper, **said, actor=people.district_lead(), at=NOW)
    with pytest.raises(CorrectionRefused, match="相同"):
        proposed(paper, after=paper.number)
    proposed(paper)
    with pytest.raises(CorrectionRefused, match="待复核"):
        proposed(paper, after="示例公示〔2026〕12号")


def test_refused_it_changes_nothing_and_is_over(notice):
    one = corrections.refuse(proposed(notice.ground), reason="原件无误。", actor=people.bureau_lead(), at=NOW)
    assert corrections.value_of(notice.ground, "number") == notice.number
    with pytest.raises(Overtaken):
        corrections.countersign(one, actor=people.bureau_lead(), at=NOW)


def test_the_public_reads_the_corrected_number_and_the_record_without_names(notice, client):
    one = in_force(notice.ground)
    for path in (
        "/notices/",
        f"/notices/{notice.pk}/",
        f"/notices/{notice.pk}/projects/{notice.entries.get().project_id}/",
    ):
        page = get(client, None, path).content.decode()
        assert RIGHT in page and f"/corrections/{one.pk}/" in page
    record = get(client, None, f"/corrections/{one.pk}/").content.decode()
    assert notice.number in record and RIGHT in record and one.proposed_by.name not in record


def test_a_correction_that_waits_is_its_bodys_own(notice, client):
    one = proposed(notice.ground)
    readers = {None: 404, people.approver(): 404, people.district_lead(): 404, people.bureau_officer(): 200}
    assert {who: get(client, who, f"/corrections/{one.pk}/").status_code for who in readers} == readers


def test_the_district_corrects_its_opinion_and_the_project_page_says_so(client):
    project = make.concluded()
    opinion = make.district_hand(project, people.district_officer())
    paper = Ground.issue(
        kind="opinion", title="初审意见", number="示例推〔2026〕1号", by=people.district_officer(), at=NOW
    )
    type(opinion).objects.filter(pk=opinion.pk).update(
        ground=paper, countersigned_at=NOW, countersigned_by=people.district_lead()
    )
    project.take_ground(paper, move="recommend", at=NOW)
    one = proposed(paper, field="issued_on", after="2026年3月4日")
    corrections.countersign(one, actor=people.district_lead(), at=NOW)
    assert "2026年3月4日" in get(client, people.bureau_officer(), f"/review/{project.pk}/").content.decode()
    assert one.ground_id and "更正" in get(client, people.bureau_officer(), f"/documents/{paper.pk}/").content.decode()


def test_the_pages_propose_and_countersign(notice, client):
    paper = notice.ground
    client.force_login(paper.issued_by)
    assert (
        client.post(
            f"/documents/{paper.pk}/correct/", {"field": "issued_on", "after": "昨天", "reason": "误"}
        ).status_code
        == 200
    )
    said = {"field": "issued_on", "after": "2026-03-04", "reason": "误植。"}
    made = client.post(f"/documents/{paper.pk}/correct/", said)
    one = Correction.objects.get()
    assert (made.status_code, one.before, one.after) == (302, "2026年3月5日", "2026年3月4日")
    client.force_login(people.bureau_lead())
    client.post(f"/corrections/{one.pk}/countersign/")
    assert "2026年3月4日" in client.get(f"/notices/{notice.pk}/").content.decode()


def test_a_list_asks_once_for_all_marks(client):
    in_force(make.published().ground)
    client.get("/notices/")
    with Questions() as one:
        client.get("/notices/")
    for number in (8, 9):
        in_force(make.published(number=f"示例公示〔2026〕{number}号").ground, after=f"示例公示〔2026〕8{number}号")
    with Questions() as three:
        client.get("/notices/")
    assert one.count == three.count
