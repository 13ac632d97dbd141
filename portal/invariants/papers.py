"""Invariants 7 and 9: what was submitted stays as it was, numbers have no gaps, files are whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db import connection
from django.db.models import F, Q, Sum

from applications.models import Call, NumberSeries, Project, Submission, SubmissionMaterial
from applications.services.publishing import notice_facts
from core.append_only import is_protected
from core.files import open_stored
from core.models import AuditEvent, StoredFile
from core.models.files import FIT_FOR_OTHERS, ScanState
from portal.invariants.registry import Invariant

PROTECTED = (
    "applications_submission",
    "applications_submissionline",
    "applications_submissionmaterial",
    "applications_projectground",
    "core_auditevent",
)


AS_PUBLISHED = ("title", "text", "direction", "tracks", "tasks", "rules", "materials", "rubric", "attachments")


def calls_are_as_published() -> Iterator[str]:
    """What a call says, asks and scores is what its notice said when it was published; only its window may grow."""
    grounds = {
        event.stream: event.ground.facts
        for event in AuditEvent.objects.filter(event="call.published", refused=False).select_related("ground")
    }
    for call in Call.objects.published().order_by("pk"):
        said, now = grounds.get(call.audit_stream()), notice_facts(call)
        changed = [name for name in AS_PUBLISHED if said is not None and said.get(name) != now[name]]
        if changed:
            yield f"申报通知 {call.pk}：发布后变动了 {'、'.join(changed)}。"


def submissions_are_protected() -> Iterator[str]:
    """The database itself refuses to change or delete what was submitted."""
    for table in PROTECTED:
        if not is_protected(connection, table):
            yield f"{table}：数据库没有拒绝修改和删除。"


def submissions_are_counted() -> Iterator[str]:
    """The submissions of a project are numbered from 1 without a gap, and its current one is the last."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for project, sequence in Submission.objects.order_by("project", "sequence").values_list("project", "sequence"):
        numbers[project].append(sequence)
    for project, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"项目 {project}：提交的次序为 {found}。"
    for row in Project.objects.exclude(current_submission=None).select_related("current_submission"):
        if row.current_submission.project_id != row.pk or row.current_submission.sequence != len(numbers[row.pk]):
            yield f"项目 {row.pk}：现行提交不是最后一次。"


def lines_add_up() -> Iterator[str]:
    """The investment of a submission is the sum of its lines."""
    for row in Submission.objects.annotate(total=Sum("lines__amount")).order_by("pk"):
        if row.total is not None and row.total != row.investment:
            yield f"提交 {row.pk}：投资总额 {row.investment} 元，明细合计 {row.total} 元。"


def numbers_have_no_gaps() -> Iterator[str]:
    """Project numbers of a year and district run from 1 to the last of their series."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in Project.objects.exclude(number=None).values_list("number", flat=True):
        _, year, district, serial = number.split("-")
        found[(year, district)].append(int(serial))
    for series in NumberSeries.objects.select_related("district"):
        key = (str(series.year), series.district.code[3:])
        if sorted(found.pop(key, [])) != list(range(1, series.last + 1)):
            yield f"编号 {'-'.join(key)}：到 {series.last} 为止有缺号或重号。"
    for key in found:
        yield f"编号 {'-'.join(key)}：没有编号序列。"


def files_are_there() -> Iterator[str]:
    """Every stored file lies in private storage with its whole size."""
    seen: set[str] = set()
    for row in StoredFile.objects.order_by("pk").iterator(chunk_size=2000):
        if row.sha256 in seen:
            continue
        seen.add(row.sha256)
        try:
            with open_stored(row) as content:
                size = content.seek(0, 2)
        except FileNotFoundError:
            yield f"文件 {row.pk}（{row.original_name}）：内容不在。"
            continue
        if size != row.size:
            yield f"文件 {row.pk}（{row.original_name}）：大小不符。"


def materials_have_their_hash() -> Iterator[str]:
    """Every filed material points at a file with a whole fingerprint."""
    for pk in SubmissionMaterial.objects.exclude(file__sha256__regex=r"^[0-9a-f]{64}$").values_list("pk", flat=True):
        yield f"申报材料 {pk}：没有内容指纹。"


def materials_passed_the_scanner() -> Iterator[str]:
    """Nothing was filed that the virus scanner has not let pass, where there is one."""
    unfit = SubmissionMaterial.objects.exclude(file__scan_state__in=FIT_FOR_OTHERS)
    for pk, state in unfit.values_list("pk", "file__scan_state"):
        yield f"申报材料 {pk}：{ScanState(state).label}，不应已经提交。"


def versions_and_seals_stay_at_home() -> Iterator[str]:
    """What a material replaces, and the sheet its seal was set on, are of the same project."""
    filed = SubmissionMaterial.objects.exclude(replaces=None, sheet=None)
    of_project = F("submission__project")
    strays = ~Q(replaces=None) & ~Q(replaces__submission__project=of_project)
    strays |= ~Q(sheet=None) & ~Q(sheet__draft__project=of_project)
    for pk in filed.filter(strays).values_list("pk", flat=True):
        yield f"申报材料 {pk}：替换的材料或盖章稿属于另一个项目。"


INVARIANTS = [
    Invariant("7a", "已提交的内容由数据库拒绝修改和删除", lambda: len(PROTECTED), submissions_are_protected),
    Invariant("7g", "已发布的申报通知与发布时一致", Call.objects.published().count, calls_are_as_published),
    Invariant("7b", "每次提交依次编号，现行的是最后一次", Submission.objects.count, submissions_are_counted),
    Invariant("7c", "投资总额等于明细之和", Submission.objects.count, lines_add_up),
    Invariant("7d", "项目编号每年每区连续无缺", NumberSeries.objects.count, numbers_have_no_gaps),
    Invariant("7e", "每份文件都在且大小相符", StoredFile.objects.count, files_are_there),
    Invariant("7f", "每份申报材料都有内容指纹", SubmissionMaterial.objects.count, materials_have_their_hash),
    Invariant(
        "7h", "提交的材料都已通过查毒，或平台没有查毒", SubmissionMaterial.objects.count, materials_passed_the_scanner
    ),
    Invariant(
        "7i", "替换的材料和盖章稿属于同一项目", SubmissionMaterial.objects.count, versions_and_seals_stay_at_home
    ),
]
