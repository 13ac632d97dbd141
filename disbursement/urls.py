"""The addresses of the money room."""

from django.http import Http404
from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from core.guards import signed_in
from disbursement.views import acceptance, recovery


class SettlementStep(SlugConverter):
    regex = "prepare|confirm|discard|close"


register_converter(SettlementStep, "settlement_step")


@signed_in
def todo(request, **places):
    """The page follows."""
    raise Http404


urlpatterns = [
    path("pools/", todo, name="pools"),
    path("pools/new/", todo, name="pool-new"),
    path("pools/<int:pk>/bring/", todo, name="pool-bring"),
    path("proposals/", todo, name="proposals"),
    path("proposals/new/", todo, name="proposal-new"),
    path("proposals/<int:pk>/", todo, name="proposal"),
    path("proposals/<int:pk>/projects/", todo, name="proposal-projects"),
    path("proposals/<int:pk>/items/<int:item_pk>/", todo, name="proposal-item"),
    path("proposals/<int:pk>/items/<int:item_pk>/remove/", todo, name="proposal-remove"),
    path("proposals/<int:pk>/<str:deed>/", todo, name="proposal-deed"),
    path("approvals/", todo, name="approvals"),
    path("approvals/<int:pk>/record/", todo, name="approval-record"),
    path("agreements/<int:pk>/", todo, name="agreement"),
    path("agreements/<int:pk>/file/", todo, name="agreement-file"),
    path("batches/", todo, name="batches"),
    path("batches/new/", todo, name="batch-new"),
    path("batches/<int:pk>/", todo, name="batch"),
    path("batches/<int:pk>/results/", todo, name="batch-results"),
    path("batches/<int:pk>/bank-file/", todo, name="batch-bank-file"),
    path("batches/<int:pk>/take-out/<int:instalment_pk>/", todo, name="batch-take-out"),
    path("batches/<int:pk>/<str:deed>/", todo, name="batch-deed"),
    path("payments/<int:pk>/return/", todo, name="payment-return"),
    path("payments/<int:pk>/confirm/", todo, name="payment-confirm"),
    path("payments/<int:pk>/notice/", todo, name="payment-notice"),
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
