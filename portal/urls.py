"""Every address of the portal, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.web")),
]
