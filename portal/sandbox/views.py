"""政策沙盘: the saved scenarios, a new one, one result with its explanations, several side by side, Excel."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import has_role
from policy import versions
from policy.rules import Version
from portal.sandbox import figures, queries, services
from portal.sandbox.comparison import side_by_side
from portal.sandbox.forms import ScenarioForm
from portal.sandbox.models import Scenario, ScenarioResult

MAKERS = (*BUREAU_ROLES, *FINANCE_ROLES)
READERS = (*MAKERS, Role.SUPERVISOR)
MOST_COMPARED = 4


@roles(*READERS)
@require_safe
def scenarios(request: HttpRequest) -> HttpResponse:
    """The saved scenarios of this person's side, newest first."""
    page = page_of(request, queries.scenarios(request.user))
    context = {"page_obj": page, "rows": [_saved(one) for one in page], "may_make": has_role(request.user, *MAKERS)}
    return render(request, "portal/sandbox/list.html", context)


@roles(*MAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new scenario, over a base version or like a saved one."""
    like = _like(request)
    base = _base(request, like)
    form = ScenarioForm(request.POST or None, user=request.user, base=base, like=like)
    if request.method == "POST" and form.is_valid():
        made = services.save_scenario(form.scenario_fields(), actor=request.user, at=timezone.now())
        return redirect(made)
    context = {"form": form, "base": base, "like": like}
    return render(request, "portal/sandbox/new.html", context)


@roles(*READERS)
@require_safe
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """One scenario: what it changes, what comes out, who gains and loses, and every project."""
    found = _readable(request, pk)
    context = {
        "scenario": found,
        "may_make": has_role(request.user, *MAKERS),
        "is_mine": found.created_by == request.user,
    }
    result = ScenarioResult.objects.visible_to(request.user).filter(scenario=found).first()
    if result is None:
        return render(request, "portal/sandbox/waiting.html", context)
    return render(request, "portal/sandbox/scenario.html", context | _result_page(request, found, result))


def _result_page(request: HttpRequest, found: Scenario, result: ScenarioResult) -> dict:
    shown = figures.shown(found, result)
    who, binding = request.GET.get("who", ""), request.GET.get("step", "")
    rows = figures.listed(figures.rows_of(result), sort=request.GET.get("sort", ""), who=who, binding=binding)
    page = page_of(request, rows)
    projects = queries.titles(request.user, [row.project for row in page])
    narrowed = figures.WHO_WORDS.get(who, "") or figures.step_words(shown.bindings, binding)
    return {
        "shown": shown,
        "page_obj": page,
        "lines": figures.lines(page, projects, shown.bindings),
        "narrowed": narrowed,
    }


@roles(*READERS)
@require_safe
def project(request: HttpRequest, pk: int, project: int) -> HttpResponse:
    """One project under the base and under the scenario, every step with its clause."""
    found = _readable(request, pk)
    seen = queries.titles(request.user, [project]).get(project)
    answers = services.explained(found, project) if seen else None
    if answers is None:
        raise Http404("这个方案不包含这个项目。")
    before, after = answers
    facts = [seen.number, seen.enterprise.name, seen.district.name]
    answers = [figures.Answer(before, f"基准版本 {found.base_version}"), figures.Answer(after, f"方案：{found.name}")]
    context = {"scenario": found, "project": seen, "facts": facts, "answers": answers}
    return render(request, "portal/sandbox/project.html", context)


@roles(*READERS)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four saved scenarios side by side: ?s=1&s=2."""
    wanted = [int(key) for key in dict.fromkeys(request.GET.getlist("s")) if key.isdecimal()][:MOST_COMPARED]
    found = {one.pk: one for one in queries.scenarios(request.user).filter(pk__in=wanted, result__isnull=False)}
    chosen = [found[key] for key in wanted if key in found]
    table = side_by_side(chosen) if len(chosen) > 1 else None
    return render(request, "portal/sandbox/compare.html", {"scenarios": chosen, "table": table})


@roles(*MAKERS)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Work a saved scenario out anew, over today's projects."""
    return redirect(services.work_out_again(_readable(request, pk), actor=request.user, at=timezone.now()))


@roles(*MAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a scenario away: a page first, then the deed."""
    found = _readable(request, pk)
    if found.created_by != request.user:
        raise PermissionDenied("只有建立方案的人可以删除它。")
    if request.method != "POST":
        return render(request, "portal/sandbox/discard.html", {"scenario": found})
    services.discard(found, actor=request.user)
    messages.success(request, f"已删除方案“{found.name}”，项目不受影响。")
    return redirect("sandbox")


@roles(*MAKERS)
@require_POST
def excel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the result as Excel; the job's page shows how far it is."""
    found = get_object_or_404(queries.scenarios(request.user).filter(result__isnull=False), pk=pk)
    return redirect("job", pk=services.export(found, actor=request.user, at=timezone.now()).pk)


def _readable(request: HttpRequest, pk: int) -> Scenario:
    return get_object_or_404(Scenario.objects.visible_to(request.user).select_related("created_by", "job"), pk=pk)


def _saved(one: Scenario) -> dict:
    """A saved scenario as the list shows it; without a result while its job runs."""
    result = getattr(one, "result", None)
    return {"scenario": one, "shown": result and figures.shown(one, result)}


def _like(request: HttpRequest) -> Scenario | None:
    key = request.GET.get("like", "")
    return Scenario.objects.visible_to(request.user).filter(pk=key).first() if key.isdecimal() else None


def _base(request: HttpRequest, like: Scenario | None) -> Version:
    """The base asked for, that of the copied scenario, or the version in force today."""
    known = {version.key: version for version in versions.all_versions()}
    asked = request.POST.get("base") or request.GET.get("base") or (like and like.base_version)
    if asked in known:
        return known[asked]
    try:
        return versions.in_force(timezone.localdate())
    except versions.NoVersionInForce:
        return versions.all_versions()[-1]
