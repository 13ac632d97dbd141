"""An enterprise registers itself; its district lists, verifies and refuses registrations."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from applications import services
from applications.forms.registrations import DecideRegistrationForm, RegisterForm
from applications.queries.registrations import TABS, in_tab, registrations_visible_to
from core import calendar, codes, guards, moves
from core.audit import timeline_of
from core.listing import page_of
from core.models import DISTRICT_ROLES
from core.throttle import too_often

AN_HOUR = 20  # registrations from one address; an industrial park may share one


@guards.public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
def register(request: HttpRequest) -> HttpResponse:
    """Ask for an account of a new enterprise."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not too_often(request, form, "register", most=AN_HOUR):
        try:
            made = services.register(**form.values, at=timezone.now())
        except services.RegistrationRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            for warning in filter(None, [codes.inner_code_warning(made.organisation.uscc)]):
                messages.warning(request, warning)
            messages.success(
                request,
                f"注册申请已提交，由{made.district.bureau_name}在 {services.DAYS_TO_VERIFY} 个工作日内核验。"
                "现在可以用邮箱登录，先填写企业档案。",
            )
            return redirect("login")
    return render(request, "accounts/register.html", {"form": form})


@guards.roles(*DISTRICT_ROLES)
@require_safe
def registrations(request: HttpRequest) -> HttpResponse:
    """Enterprises of the district that wait to be verified, by their clock; and those answered."""
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "waiting"
    page = page_of(request, in_tab(registrations_visible_to(request.user), tab))
    on = calendar.today(timezone.now())
    rows = [
        (one, calendar.clock(calendar.today(one.requested_at), one.due_on, on=on) if tab == "waiting" else None)
        for one in page
    ]
    tabs = [{"label": label, "url": f"?tab={key}", "current": key == tab} for key, label in TABS.items()]
    return render(request, "applications/registrations.html", {"rows": rows, "page_obj": page, "tabs": tabs})


@guards.roles(*DISTRICT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what was typed, and the district's answer."""
    record = get_object_or_404(registrations_visible_to(request.user), pk=pk)
    if request.method == "POST":
        moves.require(record, "verify", request.user)
    form = DecideRegistrationForm(request.POST or None, initial={"seen": record.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.decide_registration(
            record, verified=data["decision"] == "yes", reason=data["reason"], seen_version=data["seen"],
            actor=request.user, at=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"{record.organisation.name}的注册已答复，并已通知企业。")
        return redirect("registrations")
    context = {
        "record": record,
        "form": form,
        "open_moves": moves.open_moves(record, request.user),
        "code_warning": codes.inner_code_warning(record.organisation.uscc),
        "clock": calendar.clock(calendar.today(record.requested_at), record.due_on, on=calendar.today(timezone.now())),
        "events": timeline_of(record),
    }
    return render(request, "applications/registration.html", context)
