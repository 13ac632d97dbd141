"""A blind call: what could tell an expert who filed is put everywhere it might leak, and none of it reaches him."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import CallMaterial, Project, ProjectGroup, SubmissionMaterial
from core import files
from core.models import Notice
from core.people import SYSTEM
from review.blind import code_name
from review.conflicts import exclusions_of
from review.models import Assignment, Expert
from review.services import assignments, invitations, visits
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NAMED = "沈阳泄密重工有限公司"
TITLE = "泄密重工五轴产线改造"
TELLING = [NAMED, TITLE, "泄密重工", "泄密园区", "泄密协同组", "泄密县路 8 号", "5,000.00", "泄密文件"]


@pytest.fixture
def project():
    """A project of a blind call with telling words in every field an expert might come near."""
    call = make.small_call(1, blind_review=True)
    group = ProjectGroup.objects.create(
        call=call, track="line", name="泄密协同组", place="泄密园区", plan="泄密重工牵头", lead=people.enterprise("沈阳泄密集团"),
        created_at=NOW, created_by=people.approver(),
    )  # fmt: skip
    one = make.under_review(
        of_call=call, enterprise=people.enterprise(NAMED), title=TITLE, track="line", group=group
    )  # fmt: skip
    submission = type(one.current_submission).objects.filter(pk=one.current_submission_id)
    _untouched(submission, site="泄密县路 8 号", content="泄密重工的产线", benefit="泄密重工受益", contact="泄密人")
    for position, blind in ((1, False), (2, True)):
        entry = call.materials.get(position=position)
        CallMaterial.objects.filter(pk=entry.pk).update(blind=blind)
        stored = files.store_bytes(PDF, name=f"泄密文件{position}.pdf", kind="material", by=SYSTEM, at=NOW)
        SubmissionMaterial.objects.create(submission=one.current_submission, requirement=entry, file=stored)
    return Project.objects.get(pk=one.pk)


def _untouched(rows, **words):
    """Submissions are append-only; the words are written as if they had been filed so."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica" if connection.vendor == "postgresql" else "SELECT 1"
        )
        rows.update(**words)
        cursor.execute(
            "SET LOCAL session_replication_role = origin" if connection.vendor == "postgresql" else "SELECT 1"
        )


@pytest.fixture
def asked(project):
    (one,) = make.assigned(project)
    Assignment.objects.update(due_on=None)
    return one


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def told(answer):
    """Everything an answer says: head, body, headers."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers} {body.decode('utf-8', 'replace')}"


def assert_tells_nothing(answer, project):
    text = told(answer)
    for word in [*TELLING, project.number, project.enterprise.uscc, f"/projects/{project.pk}/"]:
        assert word not in text, (answer.request["PATH_INFO"], word)


def pages_of(one):
    yield reverse("expert-desk")
    yield reverse("expert-interests")
    yield reverse("desk")
    yield reverse("inbox")
    yield reverse("projects")
    yield reverse("search") + "?q=泄密重工"
    for name in ("expert-score", "expert-submit", "expert-step-aside"):
        yield reverse(name, args=[one.pk])


def test_no_page_of_the_expert_tells_who_filed(project, asked):
    client = client_of(asked.expert.user)
    for address in pages_of(asked):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if "q=" not in address:  # the search repeats what was typed
            assert_tells_nothing(answer, project)
    assert code_name(project) in client.get(reverse("expert-score", args=[asked.pk])).content.decode()


def test_a_search_for_the_enterprise_finds_nothing(project, asked):
    text = client_of(asked.expert.user).get(reverse("search"), {"q": project.number}).content.decode()
    assert code_name(project) not in text and NAMED not in text and TITLE not in text


def test_the_project_its_files_and_its_group_are_not_there_for_him(project, asked):
    client = client_of(asked.expert.user)
    material = SubmissionMaterial.objects.filter(submission__project=project).first()
    for name, key in (("project", project.pk), ("material-file", material.pk), ("review-group", project.group_id)):
        assert client.get(reverse(name, args=[key])).status_code == 404, name
    assert not Project.objects.visible_to(asked.expert.user).exists()


def test_only_the_blind_copy_is_read_and_under_a_name_that_tells_nothing(project, asked):
    client = client_of(asked.expert.user)
    named, blind = SubmissionMaterial.objects.filter(submission__project=project).order_by("requirement__position")
    assert client.get(reverse("expert-material", args=[asked.pk, named.pk])).status_code == 404
    answer = client.get(reverse("expert-material", args=[asked.pk, blind.pk]))
    assert answer.status_code == 200
    assert_tells_nothing(answer, project)
    text = client.get(reverse("expert-score", args=[asked.pk])).content.decode()
    assert re.findall(r"/materials/(\d+)/", text) and f"/{named.pk}/" not in text.replace(f"/{blind.pk}/", "")


def test_another_expert_gets_no_file_of_it(project, asked):
    blind = SubmissionMaterial.objects.get(submission__project=project, requirement__blind=True)
    other = make.expert()
    address = reverse("expert-material", args=[asked.pk, blind.pk])
    assert client_of(other.user).get(address).status_code == 404
    Assignment.objects.filter(pk=asked.pk).update(open=False)
    assert client_of(asked.expert.user).get(address).status_code == 404


def test_letters_and_invitations_use_the_code_name(project):
    expert = make.declared()
    make.drawn(project)
    (one,) = project.assignments.all()
    client = client_of(expert.user)
    assert_tells_nothing(client.get(reverse("expert-invitation", args=[one.pk])), project)
    invitations.accept_invitation(one, actor=expert.user, at=NOW)
    letters = Notice.objects.filter(recipient=expert.user)
    assert letters.count() == 2
    for letter in letters:
        assert code_name(project) in letter.subject
        assert not [word for word in [*TELLING, project.number] if word in letter.subject + letter.body + letter.link]


def test_a_refusal_tells_nothing_either(project, asked):
    make.handed_in(asked)
    client = client_of(asked.expert.user)
    answer = client.post(reverse("expert-step-aside", args=[asked.pk]), {"because": "认出来了"})
    assert answer.status_code == 409
    assert_tells_nothing(answer, project)
    assert_tells_nothing(client.post(reverse("expert-score", args=[asked.pk]), {"comment": "x"}), project)


def test_a_visit_is_told_in_the_words_written_for_scorers_alone(project, asked):
    officer = people.bureau_officer()
    visit = visits.plan_visit(
        project, planned_on=NOW.date(), place="泄密园区", purpose="看设备", visitors=[officer], actor=officer, at=NOW
    )
    visits.report_visit(
        visit,
        visited_on=NOW.date(),
        findings="泄密重工设备到位",
        blind_findings="主要设备已到位",
        actor=officer,
        at=NOW,
    )
    answer = client_of(asked.expert.user).get(reverse("expert-score", args=[asked.pk]))
    assert "主要设备已到位" in answer.content.decode()
    assert_tells_nothing(answer, project)
    assert client_of(asked.expert.user).get(reverse("site-visit", args=[visit.pk])).status_code == 404


def test_a_scorer_of_a_blind_call_does_not_go_along(project, asked):
    officer = people.bureau_officer()
    with pytest.raises(Exception, match="匿名评审"):
        visits.plan_visit(
            project,
            planned_on=NOW.date(),
            place="厂区",
            purpose="看",
            visitors=[asked.expert.user],
            actor=officer,
            at=NOW,
        )


def test_an_expert_who_went_along_is_not_drawn_for_a_blind_call(project):
    officer, went = people.bureau_officer(), make.declared()
    visits.plan_visit(
        project, planned_on=NOW.date(), place="厂区", purpose="看", visitors=[went.user], actor=officer, at=NOW
    )  # fmt: skip
    [[told]] = exclusions_of(project, NOW.date()).values()
    assert (told.expert, told.kind) == (went.pk, "visit")


def test_the_bureau_still_reads_the_names(project, asked):
    text = client_of(people.bureau_officer()).get(reverse("review-project", args=[project.pk])).content.decode()
    assert NAMED in text and TITLE in text


def test_the_expert_of_an_open_call_sees_the_project():
    (one,) = make.assigned(make.under_review(title="公开的项目"))
    assert "公开的项目" in client_of(one.expert.user).get(reverse("expert-desk")).content.decode()


def test_declaring_an_interest_in_the_enterprise_takes_him_off(project, asked):
    expert = Expert.objects.get(pk=asked.expert_id)
    assignments.declare_own_interest(expert, project.enterprise.uscc, kind="kin", actor=expert.user, at=NOW)
    assert not Assignment.objects.visible_to(expert.user).exists()
