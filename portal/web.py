"""The addresses of the roof itself."""

from django.urls import path

from portal.views import accounts, desk, health, public, styleguide

urlpatterns = [
    path("", public.home, name="home"),
    path("type-size/", public.type_size, name="type_size"),
    path("accounts/login/", accounts.sign_in, name="login"),
    path("accounts/demo-login/", accounts.demo_login, name="demo_login"),
    path("accounts/logout/", accounts.sign_out, name="logout"),
    path("accounts/password/", accounts.change_password, name="password_change"),
    path("accounts/forgotten/", public.forgotten, name="forgotten"),
    path("desk/", desk.desk, name="desk"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
]
