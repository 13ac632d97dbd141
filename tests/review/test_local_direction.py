"""A university's filing in a local direction walks page by page: 申报 → 区县初审 → 市级评审 → 公示 (第七条二)."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from applications.models import Project
from review.models import Assignment, ReportEntry
from tests.applications.test_institutions import local_call, ready, university
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import moment

pytestmark = pytest.mark.django_db
PASSWORD = "portal-test-2026"


class Fields(HTMLParser):
    """What a person finds in the form of a page and leaves as it is; of each choice the first, which is the good one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type")
        if tag == "textarea" and name:
            self.found.setdefault(name, "")
        elif tag == "input" and name and kind not in ("checkbox", "file", "submit"):
            self.found.setdefault(name, given.get("value") or "")


@pytest.fixture
def fill(visit, post):
    """fill(user, name, *args, **typed): open the page as that person, fill in what is given, send it."""

    def send(user: Any, name: str, *args: Any, **typed: Any) -> Any:
        page = visit(user, name, *args)
        assert page.status_code == 200, page.content.decode()[-2000:]
        reader = Fields()
        reader.feed(page.content.decode())
        answer = post(user, name, *args, data={**reader.found, **typed})
        assert answer.status_code == 302, Project.objects.get().state + answer.content.decode()
        return answer

    return send


def test_it_walks_from_the_university_to_the_public_notice(fill, post):
    project = ready(local_call(experts_needed=1, opens_at=moment(-10)), university())
    slug = project.district.slug
    officer, lead = people.district_officer(slug), people.district_lead(slug)
    bureau, expert = people.bureau_officer(), make.declared()

    fill(project.created_by, "filing-submit", project.pk, agreed="on", password=PASSWORD)
    fill(officer, "district-review", project.pk)
    fill(officer, "district-opinion", project.pk, conclusion="recommend", text="材料齐全，建议推荐。")
    fill(lead, "district-recommend", project.pk, number="示例铁工信〔2026〕8号", password=PASSWORD)
    assert Project.objects.get().state == "city_review"
    post(bureau, "review-form-check-take", project.pk)
    fill(bureau, "review-form-check", project.pk)
    fill(bureau, "review-form-check-pass", project.pk)
    fill(bureau, "review-assign", project.pk, experts=[expert.pk])
    asked = Assignment.objects.get()
    rubric = list(project.call.rubric.all())
    given = {f"item_{item.pk}": str(item.points) for item in rubric} | {
        f"reason_{item.pk}": "领先。" for item in rubric
    }
    fill(expert.user, "expert-score", asked.pk, comment="服务内容具体。", **given)
    fill(expert.user, "expert-submit", asked.pk, agreed="on", password=PASSWORD)
    fill(
        people.bureau_lead(),
        "review-conclude",
        project.pk,
        number="示例评审〔2026〕8号",
        text="通过。",
        password=PASSWORD,
    )

    assert Project.objects.get().state == "public_notice"
    assert ReportEntry.objects.get().mean == 100
