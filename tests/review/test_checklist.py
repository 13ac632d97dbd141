"""Every entry of the material list and every rule not in order is judged, with its evidence, before the opinion."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from applications import services as filings
from applications.models import CheckResult, Project
from core.files import FileRefused
from review.checklist import checklist_of, checklists_of
from review.models import Conclusion, RuleCheck
from review.services import district
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW
from tests.factories.filing import PDF
from tests.questions import Questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    """On the desk, with a rule for a person to judge and one the system found in order."""
    row = make.at_the_district()
    for position, (rule, outcome) in enumerate((("permits", "manual"), ("district", "ok")), start=1):
        CheckResult.objects.create(
            submission=row.current_submission, position=position, rule=rule, label=rule, outcome=outcome,
            found="须人工核对环评手续。", todo="补交环评批复。", clause="第九条（二）", checked_at=NOW,
        )  # fmt: skip
    return row


def judge(project, verdict="verified", actor=None, **more):
    said = {"verdict": verdict, "note": "已看批复原件", **more}
    return district.check_rule(project, "permits", **said, actor=actor or people.district_officer(), at=NOW)


def write(project, actor, conclusion=Conclusion.RECOMMEND):
    return district.write_opinion(project, conclusion=conclusion, text="同意。", actor=actor, at=NOW)


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_no_opinion_before_every_entry_is_judged(project, conclusion):
    officer = people.district_officer()
    make.checked(project, officer)
    with pytest.raises(ReviewRefused, match="还有 1 项没有核验：permits"):
        write(project, officer, conclusion)
    judge(project, actor=officer)
    assert write(project, officer, conclusion).conclusion == conclusion


def test_what_the_system_found_in_order_needs_nobody(project):
    assert [row.rule for row in checklist_of(project).rules] == ["permits"]


def test_a_judgement_covers_only_what_was_found_then(project):
    officer = people.district_officer()
    make.checked(project, officer)
    judge(project, actor=officer)
    CheckResult.objects.filter(rule="permits").update(found="批复已过期。")
    assert checklist_of(project).unjudged == ["permits"]


def test_a_questioned_rule_goes_into_the_one_time_notice_with_what_to_do(project, visit):
    officer = people.district_officer()
    judge(project, "questioned", officer, note="批复名称与企业不符")
    assert checklist_of(project).doubts == [("permits", "批复名称与企业不符", "补交环评批复。")]
    page = visit(officer, "district-return-for-correction", project.pk).content.decode()
    assert "批复名称与企业不符" in page and "补交环评批复。" in page


def test_a_doubt_says_why(project):
    with pytest.raises(ReviewRefused, match="请写明存疑的原因"):
        judge(project, "questioned", note=" ")
    judge(project)
    with pytest.raises(IntegrityError, match="a_questioned_rule_says_why"), transaction.atomic():
        RuleCheck.objects.update(verdict="questioned", note="")


def test_the_page_keeps_evidence_of_a_material_a_page_and_a_file(project, post, visit, monkeypatch):
    monkeypatch.setattr(filings, "run_checks", lambda *_, **__: [])  # the fixture's answers stand as they are
    officer, entry = people.district_officer(), project.call.materials.first()
    upload = SimpleUploadedFile("现场核查.pdf", PDF, content_type="application/pdf")
    rule = "rule_permits"
    data = {f"verdict_{rule}": "verified", f"note_{rule}": "", f"material_{rule}": entry.pk, f"page_{rule}": "3"}
    post(officer, "district-review", project.pk, data={**data, f"upload_{rule}": upload})
    check = RuleCheck.objects.get()
    assert (check.material, check.page, check.file.original_name) == (entry, 3, "现场核查.pdf")
    assert b"".join(visit(officer, "rule-check-file", check.pk).streaming_content) == PDF
    assert visit(people.district_officer("hunnan"), "rule-check-file", check.pk).status_code == 404
    assert visit(people.approver(project.enterprise), "rule-check-file", check.pk).status_code == 403


def test_a_file_of_another_kind_comes_back_and_nothing_is_kept(project, post):
    officer = people.district_officer()
    upload = SimpleUploadedFile("脚本.sh", b"#!/bin/sh\n", content_type="text/plain")
    data = {"verdict_rule_permits": "verified", "note_rule_permits": "看过", "upload_rule_permits": upload}
    page = post(officer, "district-review", project.pk, data=data).content.decode()
    assert "看过" in page and not RuleCheck.objects.exists()
    assert FileRefused.__name__ not in page


def test_checklists_ask_the_same_of_one_and_of_many(project):
    others = [make.at_the_district(of_call=project.call) for _ in range(4)]
    counts = []
    for some in ([project], [project, *others]):
        rows = list(Project.objects.filter(pk__in=[one.pk for one in some]).select_related("current_submission"))
        with Questions() as asked:
            checklists_of(rows)
        counts.append(asked.count)
    assert counts[0] == counts[1] <= 6
