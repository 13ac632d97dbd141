"""What every page of a filing that is typed into shares: its project, its saving in the background, its plain post."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.facts import defects, sections
from applications.facts.tickets import ticket_for
from applications.facts.windows import deadline_of, said
from applications.forms.drafts import SECTION_FORMS, SECTION_TITLES, AnswersForm
from applications.forms.indicators import IndicatorsForm
from applications.forms.typed import TypedForm
from applications.models import Project
from applications.queries.filings import own_projects
from applications.queries.unsaved import unsaved_sections
from core.guards import roles
from core.models import ENTERPRISE_ROLES

SECTION_NAMES = {**SECTION_TITLES, "lines": "投资明细", "indicators": "绩效目标", "defects": "答复补正通知"}
TYPED_INTO = {*SECTION_FORMS, "indicators", "defects"}


def own_project(request: HttpRequest, pk: int) -> Project:
    """The project of the person's own enterprise, or 404."""
    return get_object_or_404(own_projects(request.user), pk=pk)


def left_unsaved(request: HttpRequest, project: Project) -> list[tuple[str, str]]:
    """Title and address of each section in which this person left something unsaved."""
    return [
        (SECTION_NAMES[section], reverse(f"filing-{section}", args=[project.pk]))
        for section in unsaved_sections(request.user, project)
    ]


def typing_context(request: HttpRequest, project: Project, form: Any) -> dict[str, Any]:
    """What the template of a section needs to save by itself and to lose nothing."""
    draft = project.draft
    return {
        "project": project,
        "draft": draft,
        "form": form,
        "section": form.section,
        "save": sections.last_save(draft, form.section),
        "saved_words": saved_words(draft, form.section),
        "autosave": reverse("filing-autosave", args=[project.pk, form.section]),
        "ticket": ticket_for(request.user, project, form.section),
        "kept": form.kept if request.method != "POST" else None,
        "deadline": deadline_of(project, timezone.now()),
    }


def save_typed(request: HttpRequest, project: Project, form: Any) -> bool | None:
    """The plain post of a section. True: saved. False: what was left unsaved is given up. None: the page comes back, and
    what was typed is kept until it is saved."""
    at = timezone.now()
    if request.POST.get("action") == "discard":
        services.forget_typed(project, form.section, actor=request.user)
        return False
    if not form.is_valid():
        services.keep_typed(
            project, form.section, typed=form.typed, seen=form.data.get("seen", ""), actor=request.user, at=at
        )
        return None
    try:
        services.autosave(
            project, form.section, values=form.readable, unread={}, typed=form.typed,
            seen=form.data.get("seen") or None, actor=request.user, at=at,
        )  # fmt: skip
    except services.Conflict as conflict:
        form.lay_beside()
        form.add_error(None, str(conflict))
        return None
    return True


@require_POST
@roles(*ENTERPRISE_ROLES)
def filing_autosave(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Save a section in the background: what reads goes in, the rest is kept with its message; both texts on conflict."""
    project, at = own_project(request, pk), timezone.now()
    if name not in TYPED_INTO:
        raise Http404
    form = _form_of(request, project, name)
    form.is_valid()
    try:
        mark = services.autosave(
            project, name, values=form.readable, unread=form.unread, typed=form.typed,
            seen=form.data.get("seen") or None, actor=request.user, at=at,
        )  # fmt: skip
    except services.Conflict as conflict:
        words = f"{conflict.save.by}保存了这一节的新内容，您填写的已另外留好，没有覆盖。"
        return JsonResponse({"said": words, "conflict": True}, status=409)
    return JsonResponse({"said": saved_at(at, form.faults), "seen": mark, "faults": form.faults})


def saved_words(draft: Any, section: str) -> str:
    """2026年3月5日 14:32 保存 · 林一; that nobody has saved it yet, where nobody has."""
    if section not in draft.saves:
        return "还没有修改过"
    save = sections.last_save(draft, section)
    return f"{said(save.at)} 保存 · {save.by}"


def saved_at(at: Any, faults: Sized) -> str:
    """已自动保存 14:32; and what could not be read, if anything."""
    words = f"已自动保存 {timezone.localtime(at):%H:%M}"
    return f"{words}，有 {len(faults)} 处还不能识别，已按原样留好" if faults else words


def _form_of(request: HttpRequest, project: Project, name: str) -> TypedForm | IndicatorsForm:
    if name == "defects":
        return AnswersForm(request.POST, defects=defects.defects_of(project))
    if name == "indicators":
        return IndicatorsForm(request.POST, draft=project.draft)
    return SECTION_FORMS[name](request.POST, draft=project.draft)
