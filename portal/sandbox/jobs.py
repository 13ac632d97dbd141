"""The sandbox's long tasks: a scenario over many projects, and a result as Excel. Safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from core import files
from core.jobs import JobRefused, Running
from core.models import StoredFile
from portal.sandbox import services
from portal.sandbox.models import Scenario
from portal.sandbox.workbook import workbook_of

STEPS = 5  # facts read, base version, varied version, sums, stored


def work_out(task: Running) -> None:
    """Work a scenario out and keep its result."""
    task.expect(STEPS)
    outcome = services.outcome_of(_scenario(task), lambda words: task.step(message=words))
    services.keep_result(_scenario(task), outcome, at=timezone.now())
    task.step(message=f"完成：{len(outcome.rows)} 个项目")


def write_excel(task: Running) -> StoredFile:
    """The result as it is kept, for the person who asked."""
    scenario = _scenario(task)
    task.expect(2)
    content = workbook_of(scenario, task.by)
    task.step(message="表格已写好")
    name = f"政策沙盘 {scenario.pk}.xlsx"
    stored = files.store_bytes(content, name=name, kind="sandbox", by=task.by, at=timezone.now())
    task.step()
    return stored


def _scenario(task: Running) -> Scenario:
    found = (
        Scenario.objects.visible_to(task.by).select_related("created_by", "result").filter(pk=task.facts["scenario"])
    )
    scenario = found.first()
    if scenario is None:
        raise JobRefused("方案已被删除，或您已看不到它。")
    return scenario
