"""The addresses of the roof itself."""

from django.urls import include, path

from portal.views import accounts, corrections, desk, grounds, health, inbox, people, projects, public, styleguide

urlpatterns = [
    path("", public.home, name="home"),
    path("type-size/", public.type_size, name="type_size"),
    path("accounts/login/", accounts.sign_in, name="login"),
    path("accounts/demo-login/", accounts.demo_login, name="demo_login"),
    path("accounts/logout/", accounts.sign_out, name="logout"),
    path("accounts/session/", accounts.session, name="session"),
    path("accounts/password/", accounts.change_password, name="password_change"),
    path("accounts/forgotten/", public.forgotten, name="forgotten"),
    path("desk/", desk.desk, name="desk"),
    path("projects/", projects.projects, name="projects"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/<slug:tab>/", projects.project, name="project-tab"),
    path("search/", projects.search, name="search"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read"),
    path("documents/<int:pk>/", grounds.ground, name="ground"),
    path("documents/<int:pk>/correct/", corrections.correct, name="ground-correct"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/countersign/", corrections.countersign, name="correction-countersign"),
    path("corrections/<int:pk>/refuse/", corrections.refuse, name="correction-refuse"),
    path("documents/<int:pk>/file/", grounds.ground_file, name="ground-file"),
    path("accounts/people/", people.people, name="people"),
    path("accounts/people/new/", people.new, name="person-new"),
    path("accounts/people/<int:pk>/", people.person, name="person"),
    path("sandbox/", include("portal.sandbox.urls")),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
]
