"""Long tasks as the person who asked for them sees them: list, progress, result."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import files, guards
from core.jobs import start_again
from core.models import Job

PAGE = 25


@guards.signed_in
def jobs(request: HttpRequest) -> HttpResponse:
    """My tasks, newest first."""
    mine = Job.objects.visible_to(request.user).select_related("result_file")
    return render(request, "core/jobs.html", {"page": Paginator(mine, PAGE).get_page(request.GET.get("page"))})


@guards.signed_in
def job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far one task is; the page asks again by itself until it is finished, or by a link without JavaScript."""
    return render(request, "core/job.html", {"job": _mine(request, pk)})


@guards.signed_in
def job_result(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file a task made."""
    found = _mine(request, pk)
    if found.result_file is None:
        raise Http404("这个任务没有结果文件。")
    return files.file_response(found.result_file)


@guards.signed_in
@require_POST
def job_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Start a failed task again."""
    start_again(_mine(request, pk), at=timezone.now())
    return redirect("job", pk=pk)


def _mine(request: HttpRequest, pk: uuid.UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("result_file"), pk=pk)
