"""Long tasks of the filing room: 申报书, 申报回执 and the complete package of a submission. Safe to repeat."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile

from django.utils import timezone

from applications.facts import papers, sealing, sections
from applications.facts.draft_workbook import workbook_of_draft
from applications.facts.line_workbook import workbook_of
from applications.models import Draft, DraftMaterial, SealSheet, Submission
from applications.services import anonymity, scanning
from applications.services.sealing import read_seal as read_the_seal
from applications.services.submissions import declaration_of
from core import documents, files
from core.jobs import JobRefused, Running
from core.models import StoredFile
from core.virusscan import ScannerSilent

IN_MEMORY = 20 * 1024 * 1024
UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')  # signs some system refuses in a file's name
STAMP = (1980, 1, 1, 0, 0, 0)


def print_filing(task: Running) -> StoredFile:
    """The 申报书 of one submission as PDF."""
    submission = _submission(task)
    task.expect(1)
    name = f"申报书 {submission.project.number} 第{submission.sequence}次.pdf"
    stored = files.store_bytes(_filing(submission), name=name, kind="filing", by=task.by, at=timezone.now())
    task.step()
    return stored


def print_sheet(task: Running) -> StoredFile:
    """The 申报书 of a draft, to be printed and sealed; only as long as the draft says what it said."""
    sheet = (
        SealSheet.objects.visible_to(task.by).select_related("draft__project", "printed_by").get(pk=task.facts["sheet"])
    )
    task.expect(1)
    if sealing.content_of_draft(sheet.draft) != sheet.content:
        raise JobRefused("申报内容在生成期间有修改，请回到申报材料重新生成申报书。")
    context = papers.sheet_of(sheet.draft, sheet, declaration_of(sheet.draft.project.enterprise))
    content = documents.render_pdf("documents/filing.html", context, at=sheet.printed_at)
    name = f"申报书（盖章稿）{sealing.code_of(sheet)}.pdf"
    stored = files.store_bytes(content, name=name, kind="filing_sheet", by=task.by, at=timezone.now())
    task.step()
    return stored


def read_seal(task: Running) -> None:
    """Look for the QR code of a 申报书 on its sealed scan; a scan that was taken away or replaced is left alone."""
    material = (
        DraftMaterial.objects.filter(pk=task.facts["material"], file=task.facts["file"]).select_related("file").first()
    )
    if material is not None:
        read_the_seal(material)


def read_blind_copy(task: Running) -> None:
    """Look for names of the applicant in a 匿名稿; one that was taken away or replaced is left alone."""
    rows = DraftMaterial.objects.filter(pk=task.facts["material"], file=task.facts["file"])
    material = rows.select_related("file").first()
    if material is not None:
        anonymity.read_blind_copy(material)


def print_receipt(task: Running) -> StoredFile:
    """The 申报回执 of one submission as PDF; a later submission has one of its own."""
    submission = _submission(task)
    task.expect(1)
    name = f"申报回执 {submission.project.number} 第{submission.sequence}次.pdf"
    stored = files.store_bytes(_receipt(submission), name=name, kind="filing_receipt", by=task.by, at=timezone.now())
    task.step()
    return stored


def scan_material(task: Running) -> None:
    """Ask the virus scanner about one file of a draft; a scanner that is silent is asked again by the clock."""
    try:
        scanning.scan_material(StoredFile.objects.get(pk=task.facts["file"]), at=timezone.now())
    except ScannerSilent:
        raise JobRefused("查毒服务暂时没有响应，稍后自动再查。") from None


def pack_filing(task: Running) -> StoredFile:
    """Everything of one submission in a zip: 申报书, receipt, lines in Excel, every material, and their hashes."""
    submission = _submission(task)
    materials = list(submission.materials.select_related("requirement", "file"))
    if not all(material.file.is_fit_for_others for material in materials):
        raise JobRefused("有材料正在查毒，请稍后再取完整材料。")
    task.expect(len(materials) + 3)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
            _add(package, "申报书.pdf", _filing(submission))
            task.step(message="申报书已生成")
            _add(package, "申报回执.pdf", _receipt(submission))
            task.step()
            _add(
                package,
                "投资明细.xlsx",
                workbook_of(submission.lines.order_by("position").values(*sections.LINE_FIELDS)),
            )
            task.step()
            listed = [f"内容摘要 {submission.digest}"]
            for number, material in enumerate(materials, start=1):
                place = f"材料/{number:02d} {_fit(material.requirement.name)}/{_fit(material.file.original_name)}"
                _add(package, place, files.read_stored(material.file))
                listed.append(f"{material.file.sha256}  {place}")
                task.step(message=f"已收入 {number} 份材料，共 {len(materials)} 份")
            _add(package, "清单.txt", "\r\n".join(listed).encode("utf-8-sig"))
        name = f"申报材料 {submission.project.number} 第{submission.sequence}次.zip"
        return files.store_archive(kept, name=name, kind="filing_package", by=task.by, at=timezone.now())


def pack_draft(task: Running) -> StoredFile:
    """Everything an enterprise typed and uploaded, submitted or not: the text and the lines in Excel, and each file."""
    draft = Draft.objects.visible_to(task.by).select_related("project__call", "updated_by").get(pk=task.facts["draft"])
    materials = list(draft.materials.select_related("requirement", "file"))
    task.expect(len(materials) + 2)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
            _add(package, "填报内容.xlsx", workbook_of_draft(draft))
            task.step()
            _add(package, "投资明细.xlsx", workbook_of(sections.lines_of(draft)))
            task.step()
            for number, material in enumerate(materials, start=1):
                place = f"材料/{number:02d} {_fit(material.requirement.name)}/{_fit(material.file.original_name)}"
                _add(package, place, files.read_stored(material.file))
                task.step(message=f"已收入 {number} 份材料，共 {len(materials)} 份")
        name = f"填报内容 {_fit(draft.title)}.zip"
        return files.store_archive(kept, name=name, kind="filing_export", by=task.by, at=timezone.now())


def _submission(task: Running) -> Submission:
    """The submission, if the person who asked still sees it."""
    rows = Submission.objects.visible_to(task.by).select_related("project__call", "project__district", "submitted_by")
    found = rows.filter(pk=task.facts["submission"]).first()
    if found is None:
        raise JobRefused("您现在看不到这次提交，不能取得它的文件。")
    return found


def _filing(submission: Submission) -> bytes:
    context = papers.paper_of(submission, "申报书")
    return documents.render_pdf("documents/filing.html", context, at=submission.submitted_at)


def _receipt(submission: Submission) -> bytes:
    context = papers.paper_of(submission, "申报回执")
    return documents.render_pdf("documents/filing_receipt.html", context, at=submission.submitted_at)


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with package.open(entry, "w") as place:
        place.write(io.BytesIO(content).getbuffer())


def _fit(name: str) -> str:
    return UNFIT.sub("_", name).strip(". ")[:120] or "_"
