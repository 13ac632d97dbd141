"""申报书, 申报回执 and the complete package of each submission, and the public page that verifies them."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from applications import services
from applications.facts import sections
from applications.facts.line_reading import read_lines
from applications.facts.line_workbook import workbook_of
from applications.facts.papers import paper_of, short_code
from core import documents, files, jobs
from core.models.jobs import JobState
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed():
    return filing.filed()


def made(project, kind, actor=None):
    submission = project.submissions.first()
    job = services.ask_for_paper(submission, kind=kind, actor=actor or project.created_by, at=NOW)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(("kind", "word"), [("filing.pdf", "申报书"), ("filing.receipt", "申报回执")])
def test_a_paper_is_made_by_its_job(filed, kind, word):
    job = made(filed, kind)

    assert job.state == JobState.DONE
    assert job.result_file.original_name == f"{word} {filed.number} 第1次.pdf"
    assert files.read_stored(job.result_file).startswith(b"%PDF")


def test_the_filing_says_all_its_sections_with_the_amount_in_capitals(filed):
    submission = filed.submissions.get()
    html = documents.render_html("documents/filing.html", paper_of(submission, "申报书"), at=NOW)

    for words in (
        "机器人喷涂单元",
        "人民币贰仟捌佰陆拾万元整",
        submission.digest,
        "新建喷涂线。",
        submission.declaration,
    ):
        assert words in html
    assert "024-22721234" not in html


def test_the_package_holds_papers_lines_and_every_material(filed):
    job = made(filed, "filing.package")
    package = zipfile.ZipFile(io.BytesIO(files.read_stored(job.result_file)))
    names = package.namelist()

    assert (job.state, job.progress, job.result_file.content_type) == (JobState.DONE, job.total, "application/zip")
    assert names[:3] == ["申报书.pdf", "申报回执.pdf", "投资明细.xlsx"]
    assert len([name for name in names if name.startswith("材料/")]) == filed.submissions.get().materials.count()
    assert len(read_lines(io.BytesIO(package.read("投资明细.xlsx"))).rows) == 3


def test_the_package_of_a_recalled_filing_is_its_enterprises_alone(filed):
    officer = people.district_officer()
    services.recall(filed, reason="改明细", actor=filed.created_by, at=NOW)

    mine, theirs = made(filed, "filing.package"), made(filed, "filing.package", officer)

    packed = zipfile.ZipFile(io.BytesIO(files.read_stored(mine.result_file)))
    assert filed.submissions.get().digest in packed.read("清单.txt").decode("utf-8-sig")
    assert (theirs.state, theirs.result_file) == (JobState.FAILED, None)


def test_the_filing_and_its_package_name_contract_and_payment():
    line = {"category": "equipment", "name": "喷涂单元", "amount": Decimal("20000000"), "contract_number": "HT-1",
            "contracted_on": date(2026, 1, 15), "payee": "沈阳甲设备有限公司", "paid": Decimal("6780000.50")}  # fmt: skip
    submission = filing.filed(lines=[line]).submissions.get()

    html = documents.render_html("documents/filing.html", paper_of(submission, "申报书"), at=NOW)
    [packed] = read_lines(io.BytesIO(workbook_of(submission.lines.values(*sections.LINE_FIELDS)))).rows

    assert "合同 HT-1，2026年1月15日；付给 沈阳甲设备有限公司，6,780,000.50 元" in html
    assert {name: packed[name] for name in line} == line


def test_asking_twice_is_one_job(filed):
    assert made(filed, "filing.receipt").pk == made(filed, "filing.receipt").pk


def test_both_receipts_stand_after_recall_and_replacement(filed):
    services.recall(filed, reason="改明细", actor=filed.created_by, at=NOW)
    services.submit(filed, actor=filed.created_by, at=NOW)
    first, second = filed.submissions.order_by("sequence")

    asked = [
        services.ask_for_paper(one, kind="filing.receipt", actor=filed.created_by, at=NOW) for one in (first, second)
    ]
    for job in asked:
        jobs.run(job.pk)
        job.refresh_from_db()

    assert [job.result_file.original_name[-7:-4] for job in asked] == ["第1次", "第2次"]


def test_the_page_sends_to_the_job_and_a_stranger_nowhere(client, filed):
    client.force_login(filed.created_by)
    answer = client.post(f"/projects/{filed.pk}/filing-documents/", {"kind": "filing.pdf", "sequence": 1})
    client.force_login(people.approver())
    strange = client.post(f"/projects/{filed.pk}/filing-documents/", {"kind": "filing.pdf", "sequence": 1})

    assert answer.url.startswith("/jobs/")
    assert strange.status_code == 404


@pytest.mark.parametrize("data", [{"kind": "filing.secret", "sequence": 1}, {"kind": "filing.pdf", "sequence": 9}, {}])
def test_a_paper_that_is_none_is_not_found(client, filed, data):
    client.force_login(filed.created_by)

    assert client.post(f"/projects/{filed.pk}/filing-documents/", data).status_code == 404


def test_a_job_of_somebody_who_sees_it_no_more_says_so(filed):
    job = made(filed, "filing.pdf", actor=people.approver())

    assert (job.state, job.result_file, "看不到" in job.message) == (JobState.FAILED, None, True)


def page(client, **asked):
    return client.get("/verify/", asked).content.decode()


def test_anybody_verifies_by_digest_and_learns_kind_number_and_date_only(client, filed):
    submission = filed.submissions.get()
    said = page(client, digest=submission.digest)

    assert "由本平台出具" in said
    assert filed.number in said
    for secret in (submission.enterprise_name, submission.title, "28,600,000", submission.submitted_by.name):
        assert secret not in said


def test_or_by_number_and_code(client, filed):
    code = short_code(filed.submissions.get().digest)

    assert "由本平台出具" in page(client, number=filed.number, code=code)
    assert "没有查到" in page(client, number=filed.number, code="0" * 12)
    assert "请填写" in page(client, number=filed.number)


def test_or_by_the_fingerprint_of_the_file_itself(client, filed):
    job = made(filed, "filing.receipt")

    assert "申报回执" in page(client, digest=job.result_file.sha256)


@pytest.mark.parametrize("digest", ["0" * 64, "x", "%00", "'; --"])
def test_what_was_never_issued_is_not_found(client, filed, digest):
    assert "没有查到" in page(client, digest=digest)


def test_an_enterprises_own_upload_is_no_paper_of_ours(client, filed):
    material = filed.submissions.get().materials.select_related("file").first()

    assert "没有查到" in page(client, digest=material.file.sha256)
