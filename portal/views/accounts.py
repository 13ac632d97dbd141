"""Signing in and out, one-click entry of the demonstration, changing the password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, views
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core import guards
from portal import demo_accounts, session_time, sign_ins
from portal.forms import ChangePasswordForm, SignInForm


class SignIn(views.LoginView):
    """The login page; in demo mode with the accounts beside it."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            query = self.request.GET.get("q", "").strip()
            rows = demo_accounts.accounts(query, everyone="all" in self.request.GET)
            context |= {
                "demo_groups": demo_accounts.grouped(rows),
                "demo_others": demo_accounts.others(),
                "demo_password": demo_accounts.PASSWORD,
                "demo_query": query,
            }
        return context

    def form_valid(self, form):
        response = super().form_valid(form)
        sign_ins.record_sign_in(self.request.user, at=timezone.now())
        return response

    def form_invalid(self, form):
        sign_ins.record_refused_sign_in(self.request.POST.get("username", ""), at=timezone.now())
        return super().form_invalid(form)


class SignOut(views.LogoutView):
    """Signing out, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            sign_ins.record_sign_out(request.user, at=timezone.now())
        return super().post(request, *args, **kwargs)


class ChangePassword(views.PasswordChangeView):
    """A new password for oneself; other sessions end."""

    template_name = "accounts/password_change.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("password_change")

    def form_valid(self, form):
        response = super().form_valid(form)
        sign_ins.record_password_change(self.request.user, at=timezone.now())
        messages.success(self.request, "密码已修改。其他设备上的登录已经失效。")
        return response


@guards.signed_in
@require_http_methods(["GET", "POST"])
def session(request):
    """How long this sign-in still lasts, in seconds; by POST it begins anew."""
    if request.method == "POST":
        session_time.renew(request)
    return JsonResponse({"left": session_time.seconds_left(request)})


@guards.public
@require_POST
def demo_login(request):
    """Enter as a demonstration account; outside demo mode there is no such page."""
    if not settings.DEMO:
        raise Http404
    user = authenticate(request, username=request.POST.get("username", ""), password=demo_accounts.PASSWORD)
    if user is None:
        messages.error(request, "没有这个演示账号，或它的密码已被修改。请从列表中另选一个。")
        return redirect("login")
    login(request, user)
    sign_ins.record_sign_in(user, at=timezone.now())
    return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))


sign_in = guards.public(sensitive_post_parameters("password")(SignIn.as_view()))
sign_out = guards.public(SignOut.as_view())
change_password = guards.signed_in(ChangePassword.as_view())
