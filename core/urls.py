"""The addresses of the ground floor."""

from django.urls import path

from core.views import calendar, delegations, jobs

urlpatterns = [
    path("calendar/", calendar.days, name="calendar"),
    path("calendar/new/", calendar.new_day, name="calendar_new_day"),
    path("calendar/<int:pk>/", calendar.day, name="calendar_day"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<int:pk>/revoke/", delegations.revoke, name="delegation-revoke"),
    path("declarations/", delegations.declarations, name="declarations"),
    path("declarations/<int:pk>/end/", delegations.end_declaration, name="declaration-end"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/result/", jobs.job_result, name="job_result"),
    path("jobs/<uuid:pk>/again/", jobs.job_again, name="job_again"),
]
