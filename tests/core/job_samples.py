"""Functions that sample jobs do."""

import sys
import time

from django.utils import timezone

from core import files, jobs


def three_steps(task):
    task.expect(3)
    for n in range(3):
        task.step(message=f"第 {n + 1} 份")
    return files.store_bytes(b"%PDF-1.7\n%%EOF\n", name="结果.pdf", kind="sample", by=task.by, at=timezone.now())


def refuses(task):
    raise jobs.JobRefused("没有可以导出的项目，请先放宽筛选条件。")


def breaks(task):
    raise ZeroDivisionError("secret detail")


def hangs(task):
    task.expect(10)
    task.step()
    sys.stdout.write("in the middle\n")
    sys.stdout.flush()
    time.sleep(60)
