"""The page of a 任务书: what it says, who signed, signing it, its PDF (第九条三)."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Project
from core.audit import timeline_of
from core.calendar import clock
from core.files import file_response
from core.guards import roles, signed_in
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES, Role
from disbursement.agreement_text import end_on, indicators
from disbursement.forms.agreements import AmendmentForm, ScanForm
from disbursement.forms.money import PasswordForm, SeenForm
from disbursement.forms.progress import ChoosePlanForm
from disbursement.models import Agreement, AgreementScan, Condition, PlanTemplate
from disbursement.plans import Part
from disbursement.queries.closing import award_with_lines, instalments_of
from disbursement.services import agreements as services
from disbursement.services import amendments, plans
from disbursement.services.instalments import open_to_change
from disbursement.views.deeds import Step, attempt, form_of, open_steps, take, typed

SIGN_TEXT = "签署前请核对金额、批次与条件。签署后，您的姓名、单位和时间记入其中。"


def steps_of(kind: str) -> dict[str, Step]:
    """The two signatures under a 任务书 or a 补充协议."""
    done = "双方已签署，即时生效。"
    return {
        "first": Step("first", "sign_first", services.sign, PasswordForm, f"签署{kind}", SIGN_TEXT, "已签署，等待另一方签署。"),
        "second": Step("second", "sign_second", services.sign, PasswordForm, f"签署{kind}，即时生效", SIGN_TEXT, done),
    }  # fmt: skip


@signed_in
@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One 任务书, to whoever sees its project."""
    return _page(request, _found(request, pk), at=timezone.now())


@signed_in
@require_POST
def agreement_sign(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Sign for one's side; the password once more."""
    found, at = _found(request, pk), timezone.now()
    step = steps_of(found.kind)[slug]
    form = form_of(step, found, request.user, request.POST)
    if form.is_valid() and take(step, found, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found, at=at, bound={slug: form})


@signed_in
@require_safe
def agreement_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF."""
    found = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk, file__isnull=False)
    return file_response(found.file, as_attachment=False)


@signed_in
@require_safe
def scan_file(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponse:
    """The scan of the sealed paper."""
    rows = AgreementScan.objects.visible_to(request.user).filter(agreement=pk).select_related("file")
    return file_response(get_object_or_404(rows, pk=scan_pk).file, as_attachment=False)


@roles(*ENTERPRISE_ROLES, *BUREAU_ROLES)
@require_POST
def scan_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload the scan of the paper both sides sealed."""
    found, at = _found(request, pk), timezone.now()
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid() and attempt(
        form, services.add_scan, found, form.cleaned_data["file"], actor=request.user, at=at
    ):
        messages.success(request, "扫描件已保存，与本版内容绑定。")
        return redirect(found)
    return _page(request, found, at=at, scan_form=form)


@roles(Role.BUREAU_OFFICER)
def amendment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a 补充协议 of a project: what is left as it stands does not change."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("enterprise"), pk=pk)
    if not amendments.may_amend(project, request.user):
        messages.info(request, "项目不在分批拨付环节，或还有等待签署的任务书、补充协议，现在不能拟定。")
        return redirect(project)
    award, terms, at = award_with_lines(project), amendments.agreed_terms(project), timezone.now()
    planned = open_to_change(award)
    plan = [Part(one.share, one.condition, one.progress) for one in planned]
    targets = indicators(award, terms)
    form = AmendmentForm(typed(request), day=end_on(award, terms), targets=targets, plan=plan)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        change = amendments.Change(cleaned["reason"], cleaned["end_on"], form.targets(), form.parts())
        if done := attempt(form, amendments.draw_amendment, project, change, actor=request.user, at=at):
            messages.success(request, f"{done.result}已拟定，送双方签署。签署前仍按原约定执行。")
            return redirect(done.result)
    share = Part(sum(part.share for part in plan), Condition.SIGNED).share_words if plan else ""
    context = {"project": project, "form": form, "planned": planned, "share": share}
    return render(request, "disbursement/amendment_new.html", context)


@signed_in
@require_safe
def of_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The 任务书 or 补充协议 of a project that is to be signed or holds."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    return redirect(
        get_object_or_404(Agreement.objects.visible_to(request.user).filter(project=project).current_first()[:1])
    )


def _found(request: HttpRequest, pk: int) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related(
        "project__enterprise",
        "project__district",
        "project__call",
        "bureau_signed_by",
        "enterprise_signed_by",
        "amends",
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, found: Agreement, *, at: datetime, bound: dict[str, SeenForm] | None = None,
    scan_form: ScanForm | None = None,
) -> HttpResponse:  # fmt: skip
    waits = found.bureau_signed_at is None or found.enterprise_signed_at is None
    today = timezone.localdate(at)
    may_scan = not waits and services.may_add_scan(found, request.user)
    forms = [*(bound or {}).values(), *([scan_form] if scan_form else [])]
    context = {
        "agreement": found, "project": found.project, "text": found.text, "award": award_with_lines(found.project),
        "instalments": instalments_of(found.project), "steps": open_steps(steps_of(found.kind), found, request.user, at=at, bound=bound),
        "clock": clock(timezone.localdate(found.drawn_at), found.sign_by, on=today) if waits else None,
        "editions": found.project.agreements.order_by("edition"), "scans": found.scans.select_related("file", "added_by"),
        "scan_form": (scan_form or ScanForm()) if may_scan else None, "forms": forms,
        "plan_form": ChoosePlanForm(plans=PlanTemplate.objects.visible_to(request.user).in_use())
        if plans.may_choose(found, request.user) and PlanTemplate.objects.in_use().exists() else None,
        "may_amend": amendments.may_amend(found.project, request.user), "events": timeline_of(found)[:20],
    }  # fmt: skip
    return render(request, "disbursement/agreement.html", context)
