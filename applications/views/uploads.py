"""Large materials in parts, for the script of the materials page: JSON in and out; the plain form works without it.

open: POST name, size, mark … → where to send and from which byte. PUT ?offset=n a part, GET where it stands, and at
last POST to finish. A part out of step answers 409 with the byte to go on from.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from applications import services
from applications.forms.uploads import PartForm, UploadForm
from applications.models import MaterialUpload
from applications.queries.filings import uploads_of
from applications.views.filing import own_project
from core import parts
from core.files import FileRefused
from core.guards import roles
from core.models import ENTERPRISE_ROLES


@require_POST
@roles(*ENTERPRISE_ROLES)
def filing_uploads(request: HttpRequest, pk: int) -> JsonResponse:
    """Begin to send a file, or learn how much of it has come already."""
    project = own_project(request, pk)
    form = UploadForm(request.POST, project=project)
    if not form.is_valid():
        return _refused("没有这项材料，或文件信息不完整；请刷新页面后重新选择文件。")
    try:
        upload = services.open_upload(project, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except (FileRefused, services.DraftRefused) as refused:
        return _refused(str(refused))
    return JsonResponse(_standing(upload), status=201)


@require_http_methods(["GET", "PUT"])
@roles(*ENTERPRISE_ROLES)
def filing_upload(request: HttpRequest, pk: int, upload: uuid.UUID) -> JsonResponse:
    """One file on its way: where it stands, or one more part."""
    found = _found(request, pk, upload)
    if request.method == "GET":
        return JsonResponse(_standing(found))
    form = PartForm(request.GET)
    if not form.is_valid():
        return _refused("分段的位置不正确，请刷新页面后重新选择文件。")
    content = request.read(parts.MOST_PART_BYTES + 1)
    try:
        now = services.put_part(
            found, offset=form.cleaned_data["offset"], content=content, actor=request.user, at=timezone.now()
        )
    except services.OutOfStep as gap:
        return JsonResponse({"received": gap.received}, status=409)
    except FileRefused as refused:
        return _refused(str(refused))
    return JsonResponse(_standing(now))


@require_POST
@roles(*ENTERPRISE_ROLES)
def filing_upload_finish(request: HttpRequest, pk: int, upload: uuid.UUID) -> JsonResponse:
    """All parts have come: check the whole and put it to the draft."""
    found = _found(request, pk, upload)
    try:
        added = services.finish_upload(found, actor=request.user, at=timezone.now())
    except services.OutOfStep as gap:
        return JsonResponse({"received": gap.received}, status=409)
    except (FileRefused, services.DraftRefused) as refused:
        return _refused(str(refused))
    messages.success(request, f"“{found.requirement.name}”已上传：{added.file.original_name}。{added.file.warning}")
    return JsonResponse({"next": reverse("filing-materials", args=[pk])})


@require_POST
@roles(*ENTERPRISE_ROLES)
def filing_upload_cancel(request: HttpRequest, pk: int, upload: uuid.UUID) -> HttpResponse:
    """Give a file up that was not sent to its end."""
    found = _found(request, pk, upload)
    services.cancel_upload(found, actor=request.user)
    messages.success(request, f"“{found.name}”不再上传，已收到的部分已删除。")
    return redirect("filing-materials", pk)


def _found(request: HttpRequest, pk: int, upload: uuid.UUID) -> MaterialUpload:
    return get_object_or_404(uploads_of(request.user), pk=upload, draft__project=pk)


def _standing(upload: MaterialUpload) -> dict[str, Any]:
    """Where to send the next part, and from which byte of the file."""
    address = [upload.draft.project_id, upload.pk]
    return {
        "received": upload.received,
        "size": upload.size,
        "part": parts.PART_BYTES,
        "url": reverse("filing-upload", args=address),
        "finish": reverse("filing-upload-finish", args=address),
    }


def _refused(message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=422)
