"""The addresses of the money room."""

from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from disbursement.views import acceptance, recovery


class SettlementStep(SlugConverter):
    regex = "prepare|confirm|discard|close"


register_converter(SettlementStep, "settlement_step")

urlpatterns = [
    path("projects/<int:pk>/completion/", acceptance.completion, name="completion"),
    path("acceptances/", acceptance.acceptances, name="acceptances"),
    path("acceptances/<int:pk>/", acceptance.acceptance, name="acceptance"),
    path("acceptances/<int:pk>/assign/", acceptance.assign, name="acceptance-assign"),
    path("acceptances/<int:pk>/report/", acceptance.report, name="acceptance-report"),
    path("acceptances/<int:pk>/report-file/", acceptance.report_file, name="acceptance-report-file"),
    path("acceptances/<int:pk>/conclude/", acceptance.conclude, name="acceptance-conclude"),
    path("projects/<int:pk>/settlement/", recovery.settlement, name="settlement"),
    path("projects/<int:pk>/settlement/<settlement_step:step>/", recovery.settlement_step, name="settlement-step"),
    path("recoveries/", recovery.recoveries_list, name="recoveries"),
    path("recoveries/<int:pk>/", recovery.recovery, name="recovery"),
    path("recoveries/<int:pk>/demand/", recovery.demand, name="recovery-demand"),
    path("recoveries/<int:pk>/receipt/", recovery.receipt, name="recovery-receipt"),
    path("recoveries/<int:pk>/refer/", recovery.refer, name="recovery-refer"),
    path("projects/<int:pk>/terminate/", recovery.terminate, name="project-terminate"),
    path("projects/<int:pk>/revoke/", recovery.revoke, name="project-revoke"),
]
