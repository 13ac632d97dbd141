"""The addresses of the policy sandbox."""

from django.urls import path

from portal.sandbox import views

urlpatterns = [
    path("", views.scenarios, name="sandbox"),
    path("new/", views.new, name="sandbox-new"),
    path("compare/", views.compare, name="sandbox-compare"),
    path("<int:pk>/", views.scenario, name="sandbox-scenario"),
    path("<int:pk>/again/", views.again, name="sandbox-again"),
    path("<int:pk>/discard/", views.discard, name="sandbox-discard"),
    path("<int:pk>/excel/", views.excel, name="sandbox-excel"),
    path("<int:pk>/projects/<int:project>/", views.project, name="sandbox-project"),
]
