"""Pages of 拨付计划模板: every edition, a new one, its adoption by a second person; the plan of an unsigned 任务书."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, Role
from disbursement.forms.progress import ChoosePlanForm, PlanForm
from disbursement.models import MONEY_READERS, Agreement, Condition, PlanTemplate
from disbursement.plans import Part, plan_from
from disbursement.queries.progress import plans_visible_to
from disbursement.services import plans as services
from disbursement.views.deeds import attempt, typed

HALVES = (Part(5000, Condition.SIGNED), Part(5000, Condition.ACCEPTED))


@roles(*MONEY_READERS)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every template with its editions, the newest first."""
    page = page_of(request, plans_visible_to(request.user))
    default = PlanTemplate.objects.visible_to(request.user).in_use().filter(is_default=True).first()
    rows = [
        (one, plan_from(one.parts), services.may_adopt(one, request.user), services.adoption_ends(one, default))
        for one in page
    ]
    context = {"page_obj": page, "rows": rows, "may_draft": services.may_draft(request.user)}
    return render(request, "disbursement/plans.html", context)


@roles(*BUREAU_ROLES)
def plan_new(request: HttpRequest) -> HttpResponse:
    """A new template, or a new edition of one."""
    begun = plans_visible_to(request.user).filter(pk=_number(request.GET.get("from"))).first()
    plan = plan_from(begun.parts) if begun else list(HALVES)
    initial = {"name": begun.name, "is_default": begun.is_default} if begun else {}
    form = PlanForm(typed(request), plan=plan, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "reason", "is_default")}
        name = said.pop("name")
        done = attempt(form, services.draft_plan, name, form.parts(), **said, actor=request.user, at=timezone.now())
        if done:
            messages.success(request, f"{done.result}已编制，由市工信局负责人采用后启用。")
            return redirect("plans")
    return render(request, "disbursement/plan_new.html", {"form": form})


@roles(Role.BUREAU_LEAD)
@require_POST
def plan_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an edition in use."""
    found = get_object_or_404(PlanTemplate.objects.visible_to(request.user), pk=pk)
    services.adopt_plan(found, actor=request.user, at=timezone.now())
    messages.success(request, f"{found}已采用，用于此后生成的任务书。")
    return redirect("plans")


@roles(*BUREAU_ROLES)
@require_POST
def plan_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a 任务书 nobody has signed another plan."""
    found = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    form = ChoosePlanForm(request.POST, plans=PlanTemplate.objects.visible_to(request.user).in_use())
    if form.is_valid() and attempt(
        form, services.choose_plan, found, form.cleaned_data["plan"], actor=request.user, at=timezone.now()
    ):
        messages.success(request, "拨付计划已换，任务书已按新的计划重新生成。")
    for words in [words for errors in form.errors.values() for words in errors]:
        messages.error(request, words)
    return redirect(found)


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else None
