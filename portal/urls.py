"""Every address of the portal, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("applications.urls")),
    path("", include("review.urls")),  # rooms before the roof: its /projects/<pk>/<tab>/ would take their pages
    path("", include("portal.web")),
    path("policy/", include("policy.urls")),
    path("", include("core.urls")),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
