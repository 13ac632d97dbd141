"""The district's queue as Excel, filtered as on screen: made by a job, of what the person who asked sees when it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core import files, jobs
from core.calendar import today
from core.models import DISTRICT_ROLES
from core.people import has_role
from core.sheet_writing import workbook_of
from core.templatetags.text_tags import cn_date
from review import district_queries as queries

if TYPE_CHECKING:
    from core.models import Job, StoredFile
    from core.people import Actor

KIND, AT_ONCE = "review.queue", 500
HEAD = (
    "项目编号", "项目名称", "申报企业", "统一社会信用代码", "类别", "批次", "状态", "办理期限", "投资总额（元）",
    "测算上限（元）", "已核验项", "存疑项", "经办人",
)  # fmt: skip
WIDTHS = (22, 40, 32, 22, 8, 30, 12, 14, 18, 18, 10, 10, 12)


def ask_for(tab: str, said: Mapping[str, Any], *, sort: str = "", by: Actor, at: datetime) -> Job:
    """`said`: what the filters ask for, by the names of queries.queue_of; rows among it go by their keys."""
    asked = {name: getattr(value, "pk", value) for name, value in said.items()}
    title = f"初审队列（{queries.TABS[tab]}）"
    return jobs.enqueue(KIND, by=by, facts={"tab": tab, "said": asked, "sort": sort}, title=title, at=at)


def make(running: jobs.Running) -> StoredFile:
    """The job. Raises JobRefused for somebody who is no longer of a district."""
    if not has_role(running.by, *DISTRICT_ROLES):
        raise jobs.JobRefused("您现在看不到这份清单。")
    facts, on = running.facts, today(timezone.now())
    found = queries.queue_of(running.by, facts["tab"], on, **facts["said"])
    keys = list(queries.in_order(found, facts["sort"]).values_list("pk", flat=True))
    running.expect(len(keys))
    content = workbook_of("初审队列", HEAD, WIDTHS, _rows(keys, running))
    name = f"初审队列 {queries.TABS[facts['tab']]} {on:%Y%m%d}.xlsx"
    return files.store_bytes(content, name=name, kind=KIND, by=running.by, at=timezone.now())


def _rows(keys: Sequence[int], running: jobs.Running) -> Iterator[Sequence[Any]]:
    for first in range(0, len(keys), AT_ONCE):
        part = queries.rows_of(keys[first : first + AT_ONCE])
        for one in part:
            due = cn_date(one.due_on) if one.due_on else ""
            yield (
                one.number, one.title, one.enterprise.name, one.enterprise.uscc or "", one.get_track_display(),
                str(one.call), one.get_state_display(), due, one.current_submission.investment, one.limit, one.checks,
                one.doubts, str(one.taken_by or ""),
            )  # fmt: skip
        running.step(len(part))
