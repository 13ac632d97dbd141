"""A filing goes back with everything that is wrong at once (第九条二)."""

from datetime import date

import pytest

from applications.models import Project
from applications.states import State
from core import audit
from core.models import Notice
from core.moves import ConditionUnmet, NotYours, Overtaken
from review.models import DefectList
from review.services import district
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db
DEFECTS = [
    {"about": "备案证明", "what": "总投资少于申报投资", "todo": "提供备案变更证明"},
    {"about": "发票清单", "what": "第 7 行号码重复", "todo": "删除该行"},
]


def give_back(project, actor=None, defects=DEFECTS, **facts):
    return district.return_for_correction(project, defects, actor=actor or people.district_officer(), at=NOW, **facts)


def test_it_moves_counts_the_return_and_sets_the_term():
    moved = give_back(make.at_the_district()).project
    moved = Project.objects.get(pk=moved.pk)
    assert (moved.state, moved.returns, moved.due_on) == (State.CORRECTION, 1, date(2026, 3, 12))


def test_the_ground_carries_numbered_defects():
    kept = give_back(make.at_the_district())
    assert [(row["number"], row["todo"]) for row in kept.ground.facts["defects"]] == [
        (1, "提供备案变更证明"),
        (2, "删除该行"),
    ]
    assert list(kept.defects.values_list("number", "about")) == [(1, "备案证明"), (2, "发票清单")]
    assert kept.project.grounds.get().ground == kept.ground


def test_the_enterprise_is_written_to_with_all_defects_and_it_is_recorded():
    project = make.at_the_district()
    owner = people.approver(project.enterprise)
    give_back(project)
    body = Notice.objects.get(recipient=owner).body
    assert "提供备案变更证明" in body and "删除该行" in body and "2026年3月12日" in body
    assert audit.timeline_of(project).first().event == "project.returned_for_correction"


@pytest.mark.parametrize("who", ["approver", "bureau_lead", "expert", "supervisor", "administrator"])
def test_others_do_not_return(who):
    with pytest.raises(NotYours):
        give_back(make.at_the_district(), getattr(people, who)())


def test_a_project_elsewhere_is_not_returned():
    with pytest.raises(Overtaken):
        give_back(make.under_review())


def test_the_returns_are_limited_by_the_call():
    project = make.at_the_district(of_call=make.small_call(max_returns=1), returns=1)
    with pytest.raises(ConditionUnmet, match="退回补正次数已用完"):
        give_back(project)


@pytest.mark.parametrize("defects", [[], [{"about": "", "what": "", "todo": ""}], [{"about": "备案", "what": "不清"}]])
def test_an_empty_or_half_defect_is_refused(defects):
    with pytest.raises(ReviewRefused):
        give_back(make.at_the_district(), defects=defects)
    assert not DefectList.objects.exists()


def test_a_page_seen_before_somebody_moved_is_refused():
    with pytest.raises(Overtaken):
        give_back(make.at_the_district(), seen_version=7)


def test_a_stranger_sees_404_and_another_role_403(visit):
    project = make.at_the_district("tiexi")
    name = "district-return-for-correction"
    assert visit(people.district_officer("hunnan"), name, project.pk).status_code == 404
    assert visit(people.bureau_officer(), name, project.pk).status_code == 403


def test_the_page_prefills_the_doubts_and_returns(visit, post):
    project, officer = make.at_the_district(), people.district_officer()
    make.checked(project, officer, "questioned", "印章不清")
    assert "印章不清" in visit(officer, "district-return-for-correction", project.pk).content.decode()
    data = {"defects-TOTAL_FORMS": 1, "defects-INITIAL_FORMS": 0, "seen_version": project.version}
    data |= {"defects-0-about": "营业执照", "defects-0-what": "印章不清", "defects-0-todo": "重新盖章扫描"}
    assert post(officer, "district-return-for-correction", project.pk, data=data).status_code == 302
    assert DefectList.objects.get().defects.get().todo == "重新盖章扫描"
