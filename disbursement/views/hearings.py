"""Pages of 告知与陈述申辩: the notice before a decision, the enterprise's answer, how it was weighed, the signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Project
from core import moves
from core.audit import timeline_of
from core.calendar import clock
from core.files import file_response, store
from core.filetypes import PAPERS
from core.guards import roles, signed_in
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES
from core.people import has_role
from disbursement.forms.hearings import AnswerForm, NotifyForm, SignForm, WeighForm
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.models import CONSEQUENCES, Hearing, HearingFile, HearingKind
from disbursement.queries import closing as closing_queries
from disbursement.queries import hearings as queries
from disbursement.services import closing, ending, hearings
from disbursement.views.deeds import Step, attempt, form_of, open_steps, typed
from disbursement.views.tables import hearing_flow

ACT = (*BUREAU_ROLES, *ENTERPRISE_ROLES)


def _answer(hearing: Hearing, said: dict[str, Any], *, actor: Any, at: datetime) -> Hearing:
    files = [store(one, kind="hearing", by=actor, at=at, allowed=PAPERS) for one in said["files"]]
    return hearings.answer(hearing, words=said["words"], files=files, actor=actor, at=at)


def _weigh(hearing: Hearing, said: dict[str, Any], *, actor: Any, at: datetime) -> Hearing:
    return hearings.weigh(hearing, upheld=said["upheld"], reasons=said["reasons"], actor=actor, at=at)


def _sign(hearing: Hearing, said: dict[str, Any], *, actor: Any, at: datetime) -> Any:
    """The decision itself: the one service call of its kind."""
    file = store(said["file"], kind="decision", by=actor, at=at, allowed=PAPERS) if said["file"] else None
    paper = {"reason": said["reason"], "number": said["number"], "file": file, "actor": actor, "at": at}
    if hearing.kind == HearingKind.FAIL:
        return closing.fail_announced(hearing.project, **paper)
    return (ending.revoke if hearing.kind == HearingKind.REVOKE else ending.terminate)(hearing.project, **paper)


def _drop(hearing: Hearing, said: dict[str, Any], *, actor: Any, at: datetime) -> Hearing:
    return hearings.drop(hearing, actor=actor, at=at, seen_version=said["seen_version"])


def _withdraw(hearing: Hearing, said: dict[str, Any], *, actor: Any, at: datetime) -> Hearing:
    return hearings.withdraw(hearing, said["reason"], actor=actor, at=at)


STEPS = {
    "answer": Step("answer", "answer_notice", _answer, AnswerForm, "提交陈述申辩",
                   "提交后不能修改。由市工业和信息化局复核，并书面回应是否采纳及理由。", "陈述申辩已提交，市工业和信息化局将复核。"),
    "weigh": Step("weigh", "weigh", _weigh, WeighForm, "记录复核意见",
                  "记录后由告知人、复核人以外的负责人签发决定；采纳的，由其确认不作决定。", "复核意见已记录，交负责人办理。"),
    "sign": Step("sign", "sign_decision", _sign, SignForm, "签发决定",
                 "签发后立即生效：未拨资金停止，已拨资金列入追回，企业和区县收到通知。",
                 "决定已签发，企业和区县已收到通知。", "btn-danger"),
    "drop": Step("drop", "drop_intention", _drop, SeenForm, "确认采纳，不作决定",
                 "项目恢复原状，暂停解除；涉及审定投资的，退回第三方复核。", "已采纳，不作这一决定。"),
    "withdraw": Step("withdraw", "withdraw_notice", _withdraw, ReasonForm, "撤回告知",
                     "事实或金额有变时撤回，再重新告知。", "告知已撤回。", "btn-secondary"),
}  # fmt: skip


@signed_in
@require_safe
def hearings_list(request: HttpRequest) -> HttpResponse:
    """Intended decisions this person works on, answers, or supervises."""
    rows = ordered(request, queries.hearings_visible_to(request.user), queries.HEARING_COLUMNS, "-notified")
    return render(request, "disbursement/hearings.html", {"page_obj": page_of(request, rows)})


@roles(*BUREAU_ROLES)
def begin(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The notice that comes before a decision; leads on to the one that runs already."""
    project = get_object_or_404(
        Project.objects.visible_to(request.user).select_related("enterprise", "district", "call"), pk=pk
    )
    running = queries.open_hearing_of(project, request.user)
    if running:
        return redirect(running)
    if not hearings.stands_where(project, kind):
        raise moves.Overtaken(
            "项目不在可以作出这一决定的环节。", record=project, move=hearings.MOVE_OF[HearingKind(kind)]
        )
    form = NotifyForm(typed(request))
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "actor": request.user, "at": timezone.now()}
        done = attempt(form, hearings.notify, project, kind, **said)
        if done:
            messages.success(request, "告知书已发出，企业已收到通知。听取陈述申辩期间暂停拨付。")
            return redirect(done.result)
    context = {
        "project": project, "form": form, "word": HearingKind(kind).label, "consequence": CONSEQUENCES[HearingKind(kind)],
        "amount": hearings.at_stake(project, kind), "award": closing_queries.award_with_lines(project),
    }  # fmt: skip
    return render(request, "disbursement/hearing_new.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def hearing(request: HttpRequest, pk: int) -> HttpResponse:
    """One intended decision: what is intended, what was answered, how it was weighed, and this person's step."""
    return _page(request, _found(request, pk), at=timezone.now())


@roles(*ACT)
@require_POST
def hearing_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Answer, weigh, sign, let go or withdraw."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    found, at = _found(request, pk), timezone.now()
    form = _form(step, found, request)
    if form.is_valid() and attempt(form, step.service, found, form.cleaned_data, actor=request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found, at=at, bound={slug: form})


@signed_in
@require_safe
def hearing_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """拟决定告知书 as PDF."""
    found = _found(request, pk)
    if found.paper is None:
        messages.info(request, "告知书正在生成，请稍后再试。")
        return redirect(found)
    return file_response(found.paper, as_attachment=False)


@signed_in
@require_safe
def hearing_file(request: HttpRequest, file_pk: int) -> HttpResponse:
    """What the enterprise handed in, to both sides."""
    found = get_object_or_404(HearingFile.objects.visible_to(request.user).select_related("file"), pk=file_pk)
    return file_response(found.file, as_attachment=True)


# --- parts ------------------------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: int) -> Hearing:
    return get_object_or_404(queries.hearings_visible_to(request.user).select_related("paper"), pk=pk)


def _form(step: Step, found: Hearing, request: HttpRequest) -> SeenForm:
    """The step's form bound to what was sent, its files with it."""
    form = form_of(step, found, request.user, request.POST)
    form.files = request.FILES
    return form


def _page(
    request: HttpRequest, found: Hearing, *, at: datetime, bound: dict[str, SeenForm] | None = None
) -> HttpResponse:
    steps = [one for one in open_steps(STEPS, found, request.user, at=at, bound=bound) if not one.blocked_by]
    settles = found.kind == HearingKind.SETTLE
    context = {
        "hearing": found, "project": found.project, "files": found.files.select_related("file"),
        "flow": hearing_flow(found, request.user, at),
        "steps": [one for one in steps if not (settles and one.step.slug == "sign")],
        "sign_at_settlement": settles and any(one.step.slug == "sign" for one in steps),
        "clock": clock(timezone.localdate(found.notified_at), found.answer_by, on=timezone.localdate(at))
        if found.answered_at is None and found.closed_at is None else None,
        "forms": list((bound or {}).values()), "events": timeline_of(found)[:20],
        "is_ours": has_role(request.user, *BUREAU_ROLES),
    }  # fmt: skip
    for one in steps:
        if one.step.slug == "sign" and not one.form.is_bound:
            one.form.initial["reason"] = found.facts
    return render(request, "disbursement/hearing.html", context, status=422 if bound else 200)
