"""Invariants 7 and 9: what was submitted stays as it was, numbers have no gaps, files are whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import F, Q

from applications.models import Call, SubmissionMaterial
from applications.services.publishing import notice_facts
from core.append_only import is_protected
from core.files import open_stored
from core.models import AuditEvent, StoredFile
from core.models.files import FIT_FOR_OTHERS, ScanState
from core.money import from_fen
from portal.invariants.question import Evened, Part, Question
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


def _miscounted(project: int, count: int, first: int, last: int, is_last: bool) -> Iterator[str]:
    if (first, last) != (1, count):
        yield f"项目 {project}：提交了 {count} 次，次序却从 {first} 到 {last}。"
    if not is_last:
        yield f"项目 {project}：现行提交不是最后一次。"


IS_LAST = "(current.id IS NULL OR (current.project_id = project.id AND current.sequence = filed.last))"

# The submissions of a project are numbered from 1 without a gap, and its current one is the last.
SUBMISSIONS_ARE_COUNTED = Question(
    rows="""applications_project project
        LEFT JOIN (SELECT project_id, COUNT(*) AS times, MIN(sequence) AS first, MAX(sequence) AS last
        FROM applications_submission GROUP BY project_id) filed ON filed.project_id = project.id
        LEFT JOIN applications_submission current ON current.id = project.current_submission_id""",
    where="filed.times > 0 OR current.id IS NOT NULL",
    broken=f"COALESCE(filed.first, 1) <> 1 OR filed.last <> filed.times OR filed.last IS NULL OR NOT {IS_LAST}",
    told=f"project.id, COALESCE(filed.times, 0), COALESCE(filed.first, 1), COALESCE(filed.last, 0), {IS_LAST}",
    say=_miscounted,
    # so many different whole numbers with the sum n(n+1)/2 are 1 to n
    evened=Evened(
        (
            Part("applications_submission", (("project_id * 2", "1"), ("project_id * 2 + 1", "sequence"))),
            Part(
                "applications_project project JOIN applications_submission current ON current.id = project.current_submission_id",
                (
                    ("project.id * 2", "-current.sequence"),
                    ("project.id * 2 + 1", "-current.sequence * (current.sequence + 1) / 2"),
                    ("1", "CASE WHEN current.project_id <> project.id THEN 1 ELSE 0 END"),
                ),
            ),
        ),
        index="submissions_are_counted",
    ),
)

# The investment of a submission is the sum of its lines.
LINES_ADD_UP = Question(
    rows="""applications_submission submission JOIN (
        SELECT submission_id, SUM(amount) AS total FROM applications_submissionline GROUP BY submission_id) line
        ON line.submission_id = submission.id""",
    broken="line.total <> submission.investment",
    told="submission.id, submission.investment, line.total",
    say=lambda row, investment, total: (
        f"提交 {row}：投资总额 {from_fen(investment)} 元，明细合计 {from_fen(int(total))} 元。"
    ),
)

# Project numbers of a year and district run from 1 to the last of their series: no two are the same (a constraint).
NUMBERS_HAVE_NO_GAPS = Question(
    rows="""(SELECT series_name, SUM(times) AS times, MIN(first) AS first, MAX(last) AS last, MAX(series) AS series FROM (
        SELECT SUBSTR(number, 6, 8) AS series_name, COUNT(*) AS times,
        MIN(CAST(SUBSTR(number, 15) AS bigint)) AS first, MAX(CAST(SUBSTR(number, 15) AS bigint)) AS last, NULL AS series
        FROM applications_project WHERE number IS NOT NULL GROUP BY SUBSTR(number, 6, 8)
        UNION ALL SELECT CAST(year AS char(4)) || '-' || SUBSTR(district.code, 4), 0, NULL, NULL, last
        FROM applications_numberseries series JOIN core_district district ON district.id = series.district_id) part
        GROUP BY series_name) numbered""",
    broken="series IS NULL OR times <> series OR COALESCE(first, 1) <> 1 OR COALESCE(last, 0) <> series",
    told="series_name, series",
    say=lambda name, series: (
        f"编号 {name}：" + ("没有编号序列。" if series is None else f"到 {series} 为止有缺号或重号。")
    ),
)


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
    Invariant.asking("7b", "每次提交依次编号，现行的是最后一次", SUBMISSIONS_ARE_COUNTED),
    Invariant.asking("7c", "投资总额等于明细之和", LINES_ADD_UP),
    Invariant.asking("7d", "项目编号每年每区连续无缺", NUMBERS_HAVE_NO_GAPS),
    Invariant("7e", "每份文件都在且大小相符", StoredFile.objects.count, files_are_there),
    Invariant("7f", "每份申报材料都有内容指纹", SubmissionMaterial.objects.count, materials_have_their_hash),
    Invariant(
        "7h", "提交的材料都已通过查毒，或平台没有查毒", SubmissionMaterial.objects.count, materials_passed_the_scanner
    ),
    Invariant(
        "7i", "替换的材料和盖章稿属于同一项目", SubmissionMaterial.objects.count, versions_and_seals_stay_at_home
    ),
]
