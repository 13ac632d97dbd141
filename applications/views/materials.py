"""Materials: put, replaced and removed one by one; handed out to those who see the filing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.facts import anonymity, requirements, sealing, sections
from applications.facts.reading import Reading
from applications.facts.task_list import materials_note
from applications.forms.signing import ACCEPTED, MaterialForm
from applications.models import SubmissionMaterial
from applications.queries.filings import (
    draft_materials,
    filed_materials,
    old_versions,
    readable_draft_materials,
    uploads_of,
)
from applications.views.filing import own_project
from core import previews, virusscan
from core.files import FileRefused, file_response
from core.guards import roles, signed_in
from core.models import ENTERPRISE_ROLES


@roles(*ENTERPRISE_ROLES)
def filing_materials(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of materials with what was put to each; one upload at a time."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    reading = Reading(project.draft, timezone.now())
    entries = _entries(reading)
    if request.method == "POST":
        entry = next((one for one in entries if str(one["requirement"].pk) == request.POST.get("requirement")), None)
        form = _bound(request)
        if entry and form.is_valid() and _put(request, project, entry["requirement"], form):
            return redirect("filing-materials", project.pk)
        if entry:
            entry["form"] = form
    context = {
        "project": project,
        "chapters": _chapters(entries),
        "note": materials_note(reading),
        "accepted": ACCEPTED,
        "limit": settings.MATERIAL_LIMIT_BYTES,
        "total": settings.MATERIALS_LIMIT_BYTES,
        "unread": anonymity.not_read(reading.files),
        "used": sum(one.file.size for one in reading.files),  # services.bytes_used, of rows that are read already
        "scanned": virusscan.is_on(),
        "unfinished": uploads_of(request.user).filter(draft=project.draft).select_related("opened_by"),
        "refused": next((entry["form"] for entry in entries if entry["form"].is_bound), None),
    }
    return render(request, "applications/filing_materials.html", context)


def _chapters(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The demanded materials first, then those that are free."""
    parts = [("必交材料", True), ("选交材料", False)]
    found = [(title, [entry for entry in entries if entry["needed"] is needed]) for title, needed in parts]
    return [{"title": title, "aside": f"{len(rows)} 项", "entries": rows} for title, rows in found if rows]


def _bound(request: HttpRequest) -> MaterialForm:
    prefix = f"m{request.POST.get('requirement', '')}"
    return MaterialForm(request.POST, request.FILES, prefix=prefix)


def _put(request: HttpRequest, project: Any, requirement: Any, form: MaterialForm, replaces: Any = None) -> bool:
    """Hand one upload to the service; a refused file is said at its field."""
    try:
        added = services.add_material(
            project, requirement, upload=form.cleaned_data["file"], actor=request.user, at=timezone.now(),
            replaces=replaces,
        )  # fmt: skip
    except (FileRefused, services.DraftRefused) as refused:
        form.add_error("file", str(refused))
        return False
    messages.success(request, f"“{requirement.name}”已上传：{added.file.original_name}。{added.file.warning}")
    return True


def _entries(reading: Reading) -> list[dict[str, Any]]:
    """Each entry of the call's list that concerns this filing, with its files and its own upload form."""
    given: dict[int, list[Any]] = {}
    for material in reading.files:
        given.setdefault(material.requirement_id, []).append(material)
    seals = {seal.material.pk: seal for seal in sealing.seals_of(reading.draft, reading.files)}
    return [
        {
            "requirement": requirement,
            "form": MaterialForm(prefix=f"m{requirement.pk}"),
            "files": [(one, seals.get(one.pk)) for one in given.get(requirement.pk, [])],
            "is_sealed": requirement.code == sealing.SEALED,
            "is_blind": requirement.blind and reading.draft.project.call.blind_review,
            **requirements.status_of(requirement, reading.case),
        }
        for requirement in reading.entries
        if requirements.concerns(requirement, reading.case)
    ]


@roles(*ENTERPRISE_ROLES)
def material_replace(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Another file in place of one; what was submitted earlier keeps the old one."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    old = get_object_or_404(draft_materials(request.user), pk=material, draft=project.draft)
    form = MaterialForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _put(request, project, old.requirement, form, replaces=old):
        return redirect("filing-materials", project.pk)
    context = {
        "project": project, "material": old, "form": form, "accepted": ACCEPTED,
        "limit": settings.MATERIAL_LIMIT_BYTES,
    }  # fmt: skip
    return render(request, "applications/material_replace.html", context)


@require_POST
@roles(*ENTERPRISE_ROLES)
def material_remove(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Take a file off the draft."""
    found = get_object_or_404(draft_materials(request.user), pk=material, draft__project=pk)
    services.remove_material(found, actor=request.user, at=timezone.now())
    messages.success(request, f"“{found.file.original_name}”已移除。")
    return redirect("filing-materials", pk)


@roles(*ENTERPRISE_ROLES)
def draft_material(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """One file of a draft: its pages, its versions, what can be done with it."""
    found = get_object_or_404(draft_materials(request.user).select_related("added_by"), pk=material, draft__project=pk)
    file = found.file
    context = {
        "project": found.draft.project,
        "material": found,
        "editable": sections.may_be_edited(found.draft.project),
        "preview": previews.previews_of([file]).get(file.sha256),
        "versions": old_versions(request.user).filter(material=found).select_related("added_by", "replaced_by"),
        "facts": [
            ("大小", file.size_shown),
            ("查毒", file.get_scan_state_display()),
            ("内容指纹", f"{file.sha256[:16]}…"),
        ],
    }
    return render(request, "applications/draft_material.html", context)


@roles(*ENTERPRISE_ROLES)
def draft_material_file(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """A file of a draft, to its own enterprise alone."""
    found = get_object_or_404(readable_draft_materials(request.user), pk=material, draft__project=pk)
    return file_response(found.file, as_attachment="download" in request.GET)


@roles(*ENTERPRISE_ROLES)
def draft_material_page(request: HttpRequest, pk: int, material: int, page: int) -> HttpResponse:
    """The image of one page of a draft's file, to its own enterprise alone."""
    found = get_object_or_404(readable_draft_materials(request.user), pk=material, draft__project=pk)
    return previews.page_response(found.file, page)


@roles(*ENTERPRISE_ROLES)
def draft_version_file(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """A file that was replaced while the filing was a draft, to its own enterprise alone."""
    found = get_object_or_404(old_versions(request.user), pk=version, draft__project=pk)
    return file_response(found.file, as_attachment="download" in request.GET)


@signed_in
def material_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of a submission, to those who see the submission."""
    found: SubmissionMaterial = get_object_or_404(filed_materials(request.user), pk=pk)
    return file_response(found.file, as_attachment="download" in request.GET)


@signed_in
def material_page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """The image of one page of a submission's file, to those who see the submission."""
    found: SubmissionMaterial = get_object_or_404(filed_materials(request.user), pk=pk)
    return previews.page_response(found.file, page)
