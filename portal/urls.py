"""Every address of the portal, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("disbursement.urls")),
    path("", include("review.urls")),
    path("", include("applications.urls")),
    path("policy/", include("policy.urls")),
    path("", include("core.urls")),
    path("", include("portal.web")),  # last: /projects/<pk>/<tab>/ would swallow the rooms' own pages of a project
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
