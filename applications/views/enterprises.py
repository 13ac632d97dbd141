"""一企一档: profile, certificates, bank account; and the second person's confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications import services
from applications.facts import honesty, industries, registrations
from applications.forms.enterprises import AccountForm, ConfirmAccountForm, ProfileForm
from applications.models import BankAccount, ChainLeaderCertificate, EnterpriseProfile
from applications.queries.filings import accounts_seen, accounts_to_recheck, accounts_waiting
from applications.queries.members import invitations_with_roles, members_with_roles
from core import codes
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES, FINANCE_ROLES, Role
from core.people import has_role

MOST_SHOWN = 100  # changed accounts on the page of those that wait


@roles(*ENTERPRISE_ROLES)
def enterprise(request: HttpRequest) -> HttpResponse:
    """The file of the person's own enterprise."""
    own, today = request.user.organisation, timezone.localdate()
    profile = EnterpriseProfile.objects.visible_to(request.user).filter(organisation=own).first()
    accounts = BankAccount.objects.visible_to(request.user).filter(organisation=own, replaced_at=None)
    waiting = registrations.unverified(own)
    context = {
        "enterprise": own,
        "profile": profile,
        "industry": industries.label_of(profile.industry) if profile else "",
        "certificates": ChainLeaderCertificate.objects.filter(organisation=own),
        "accounts": [(account, codes.mask(account.number)) for account in accounts.select_related("entered_by")],
        "unsettled": set(accounts.unsettled(timezone.now()).values_list("pk", flat=True)),
        "confirmable": [account.pk for account in accounts if services.may_confirm(account, request.user)],
        "dishonesty": honesty.dishonesty_of(own, today),
        "members": members_with_roles(request.user),
        "invitations": invitations_with_roles(request.user, timezone.now()),
        "may_invite": services.may_invite(request.user, own),
        "not_yet": registrations.why_not_yet(waiting) if waiting else "",
        "code_warning": codes.inner_code_warning(own.uscc),
    }
    return render(request, "applications/enterprise.html", context)


@roles(*ENTERPRISE_ROLES)
def enterprise_profile(request: HttpRequest) -> HttpResponse:
    """Change the profile that every new filing starts from."""
    own = request.user.organisation
    profile = EnterpriseProfile.objects.visible_to(request.user).filter(organisation=own).first()
    initial = {name: getattr(profile, name) for name in ProfileForm.base_fields} if profile else {}
    form = ProfileForm(request.POST or None, initial=initial, institution=own.is_institution)
    if request.method == "POST" and form.is_valid():
        services.save_profile(own, values=form.cleaned_data, actor=request.user, at=timezone.now())
        messages.success(request, "企业档案已保存。")
        return redirect("enterprise")
    return render(request, "applications/enterprise_profile.html", {"form": form, "enterprise": own})


@roles(*ENTERPRISE_ROLES)
def enterprise_account(request: HttpRequest) -> HttpResponse:
    """Enter a bank account; another person confirms it."""
    own = request.user.organisation
    form = AccountForm(request.POST or None, enterprise=own, initial={"holder": own.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_account(own, **form.cleaned_data, actor=request.user, at=timezone.now())
            messages.success(request, "收款账户已录入，由另一人复核后启用。")
            return redirect("enterprise")
        except services.AccountRefused as refused:
            form.add_error(None, str(refused))
    return render(request, "applications/enterprise_account.html", {"form": form, "enterprise": own})


@roles(*BUREAU_ROLES, *FINANCE_ROLES, Role.ENTERPRISE_APPROVER)
def bank_accounts(request: HttpRequest) -> HttpResponse:
    """Accounts that wait for a second person, and changed ones that wait for a third."""
    at = timezone.now()
    changed = accounts_to_recheck(request.user, at)
    context = {
        "page_obj": page_of(request, accounts_waiting(request.user)),
        "changed": [(one, services.may_recheck(one, request.user, at)) for one in changed[:MOST_SHOWN]],
        "more": max(0, changed.count() - MOST_SHOWN),
        "may_confirm": has_role(request.user, *BUREAU_ROLES, Role.ENTERPRISE_APPROVER),
    }
    return render(request, "applications/bank_accounts.html", context)


@roles(*BUREAU_ROLES, *FINANCE_ROLES)
def bank_account_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """The third person asks the enterprise by telephone and types the number again."""
    at = timezone.now()
    account = accounts_to_recheck(request.user, at).filter(pk=pk).first()
    if account is None:
        return _too_late(request, pk)
    if not services.may_recheck(account, request.user, at):
        raise PermissionDenied("这个账户由您录入或复核，须由另一人再次核实。")
    form = ConfirmAccountForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            services.recheck_account(account, actor=request.user, at=at)
            said = f"{account.organisation.name}变更后的账户（尾号 {account.number_tail}）已再次核实，可以拨付。"
            messages.success(request, said)
            return redirect("bank-accounts")
        except services.AccountRefused as refused:  # somebody was quicker
            form.add_error(None, str(refused))
    return render(request, "applications/bank_account_recheck.html", {"form": form, "account": account})


@roles(*BUREAU_ROLES, Role.ENTERPRISE_APPROVER)
def bank_account_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person types the number again; who entered it cannot."""
    account = accounts_waiting(request.user).filter(pk=pk).first()
    if account is None:
        return _too_late(request, pk)
    if not services.may_confirm(account, request.user):
        raise PermissionDenied("这个账户是您录入的，须由另一人复核。")
    form = ConfirmAccountForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm_account(account, actor=request.user, at=timezone.now())
            messages.success(request, f"{account.organisation.name}的收款账户（尾号 {account.number_tail}）已启用。")
            return redirect("bank-accounts")
        except services.AccountRefused as refused:  # somebody was quicker
            form.add_error(None, str(refused))
    return render(request, "applications/bank_account_confirm.html", {"form": form, "account": account})


def _too_late(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the list with the news of an account that another person saw to; 404 for one this person never saw."""
    account = get_object_or_404(accounts_seen(request.user), pk=pk)
    messages.info(request, services.settled_already(account) or "这个账户现在不用办理。")
    return redirect("bank-accounts")
