"""Accounts: the list, opening one, closing and reopening; the administrator's desk alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core import accounts
from core.audit import timeline_of
from core.guards import roles
from core.listing import ordered, page_of
from core.models import Role
from portal.account_forms import OpenAccountForm, SwitchAccountForm
from portal.queries import accounts as kept


@roles(Role.ADMINISTRATOR)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """All accounts, searched, sorted, paged."""
    words = request.GET.get("q", "").strip()[:60]
    rows = kept.found(request.user, words)
    if "closed" in request.GET:
        rows = rows.filter(is_active=False)
    page = page_of(request, ordered(request, rows, kept.COLUMNS, "username"))
    people = [(account, kept.role_labels(account)) for account in page]
    return render(request, "portal/people.html", {"people": people, "page_obj": page, "words": words})


@roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def new(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    form = OpenAccountForm(request.POST or None, user=request.user)
    if form.is_valid():
        account = accounts.open_account(**form.cleaned_data, actor=request.user, at=timezone.now())
        messages.success(request, f"已开立账号 {account.username}（{account.name}）。")
        return redirect("person", account.pk)
    return render(request, "portal/person_new.html", {"form": form})


@roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: roles, its record, closing or reopening it."""
    account = get_object_or_404(kept.accounts_visible_to(request.user), pk=pk)
    form = SwitchAccountForm(request.POST or None)
    if form.is_valid():
        switch = accounts.close_account if account.is_active else accounts.reopen_account
        switch(account, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        return redirect("person", account.pk)
    context = {
        "account": account,
        "role_labels": kept.role_labels(account),
        "form": form,
        "events": timeline_of(account)[:30],
    }
    return render(request, "portal/person.html", context)
