"""The addresses of the money room."""

from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from disbursement.views import (
    acceptance,
    agreements,
    approvals,
    bank_results,
    batches,
    budgeting,
    hearings,
    payments,
    plans,
    pools,
    progress,
    proposals,
    reconciliation,
    recovery,
    results,
    special,
    spending,
    supplements,
    take_over,
)


class SettlementStep(SlugConverter):
    regex = "prepare|confirm|discard|close"


register_converter(SettlementStep, "settlement_step")


class SigningStep(SlugConverter):
    regex = "first|second"


register_converter(SigningStep, "signing_step")


class Paper(SlugConverter):
    regex = "pdf|excel"


register_converter(Paper, "paper")

urlpatterns = [
    path("pools/", pools.pools, name="pools"),
    path("pools/new/", pools.pool_new, name="pool-new"),
    path("pools/export/", pools.pools_export, name="pools-export"),
    path("pools/<int:pk>/", pools.pool, name="pool"),
    path("pools/<int:pk>/postings/", pools.pool_postings, name="pool-postings"),
    path("budget-entries/<int:pk>/steps/<slug:slug>/", pools.entry_step, name="budget-entry-step"),
    path("budgeting/", budgeting.budgeting, name="budgeting"),
    path("budgeting/export/", budgeting.budgeting_export, name="budgeting-export"),
    path("pools/<int:pk>/months/", reconciliation.month_close, name="month-close"),
    path("month-statements/<int:pk>/", reconciliation.month_statement, name="month-statement"),
    path("month-statements/<int:pk>/<paper:form>/", reconciliation.month_file, name="month-file"),
    path("bank-statements/", reconciliation.statements, name="bank-statements"),
    path("bank-statements/template/", reconciliation.statement_template, name="bank-statement-template"),
    path("bank-statements/<int:pk>/", reconciliation.statement, name="bank-statement"),
    path("differences/<int:pk>/", reconciliation.difference, name="difference"),
    path("differences/<int:pk>/close/", reconciliation.difference_close, name="difference-close"),
    path("differences/<int:pk>/refuse/", reconciliation.difference_refuse, name="difference-refuse"),
    path("differences/<int:pk>/file/", reconciliation.difference_file, name="difference-file"),
    path("differences/<slug:kind>/<int:pk>/", reconciliation.explain, name="difference-explain"),
    path("take-overs/", take_over.take_overs, name="take-overs"),
    path("take-overs/template/", take_over.take_over_template, name="take-over-template"),
    path("take-overs/<int:pk>/", take_over.take_over, name="take-over"),
    path("take-overs/<int:pk>/steps/<slug:slug>/", take_over.take_over_step, name="take-over-step"),
    path("take-overs/rows/<int:row_pk>/papers/", take_over.take_over_paper, name="take-over-paper"),
    path("take-overs/papers/<int:paper_pk>/", take_over.take_over_paper_file, name="take-over-paper-file"),
    path("spending/", spending.spendings, name="spendings"),
    path("spending/new/", spending.spending_new, name="spending-new"),
    path("spending/<int:pk>/", spending.spending, name="spending"),
    path("spending/<int:pk>/steps/<slug:slug>/", spending.spending_step, name="spending-step"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/new/", proposals.proposal_new, name="proposal-new"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/projects/", proposals.proposal_projects, name="proposal-projects"),
    path("proposals/<int:pk>/amounts/", proposals.proposal_amounts, name="proposal-amounts"),
    path("proposals/<int:pk>/items/<int:item_pk>/", proposals.proposal_item, name="proposal-item"),
    path("proposals/<int:pk>/items/<int:item_pk>/remove/", proposals.proposal_remove, name="proposal-remove"),
    path("proposals/<int:pk>/steps/<slug:slug>/", proposals.proposal_step, name="proposal-step"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/record/", approvals.record, name="approval-record"),
    path("approvals/<int:approval_pk>/publish/", results.publish, name="result-publish"),
    path("proposals/<int:pk>/request/", approvals.request_paper, name="proposal-request"),
    path("proposals/<int:pk>/list/", approvals.request_list, name="proposal-list"),
    path("results/", results.results, name="public_results"),
    path("results/<int:pk>/", results.result, name="result"),
    path("projects/<int:project_pk>/special-decision/", special.special_decision, name="special-decision"),
    path("special-decisions/<int:pk>/steps/<slug:slug>/", special.special_step, name="special-step"),
    path("supplements/", supplements.supplements, name="supplements"),
    path("supplements/<int:pk>/", supplements.supplement, name="supplement"),
    path("supplements/<int:pk>/steps/<slug:slug>/", supplements.supplement_step, name="supplement-step"),
    path("approvals/<int:approval_pk>/supplement/", supplements.supplement_new, name="supplement-new"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/sign/<signing_step:slug>/", agreements.agreement_sign, name="agreement-sign"),
    path("agreements/<int:pk>/file/", agreements.agreement_file, name="agreement-file"),
    path("agreements/<int:pk>/scans/", agreements.scan_add, name="agreement-scan-add"),
    path("agreements/<int:pk>/scans/<int:scan_pk>/", agreements.scan_file, name="agreement-scan"),
    path("projects/<int:pk>/amendment/", agreements.amendment_new, name="amendment-new"),
    path("projects/<int:pk>/agreement-to-sign/", agreements.of_project, name="project-agreement"),
    path("agreements/<int:pk>/plan/", plans.plan_choose, name="agreement-plan"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan-new"),
    path("plans/<int:pk>/adopt/", plans.plan_adopt, name="plan-adopt"),
    path("progress-reports/", progress.reports, name="progress-reports"),
    path("progress-reports/<int:pk>/", progress.report, name="progress-report"),
    path("progress-reports/<int:pk>/steps/<slug:slug>/", progress.report_step, name="progress-step"),
    path("progress-reports/<int:pk>/papers/<int:progress_paper_pk>/", progress.paper, name="progress-paper"),
    path("projects/<int:pk>/report-progress/", progress.report_new, name="progress-new"),
    path("batches/", batches.batches, name="batches"),
    path("batches/new/", batches.batch_new, name="batch-new"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/steps/<slug:slug>/", batches.batch_step, name="batch-step"),
    path("batches/<int:pk>/results/", bank_results.batch_results, name="batch-results"),
    path("batches/<int:pk>/results/import/", bank_results.results_import, name="batch-results-import"),
    path("batches/<int:pk>/results/template/", bank_results.results_template, name="batch-results-template"),
    path("batches/<int:pk>/results/<int:import_pk>/", bank_results.results_file, name="batch-results-file"),
    path("batches/<int:pk>/bank-file/", batches.bank_file, name="batch-bank-file"),
    path("batches/<int:pk>/take-out/<int:instalment_pk>/", batches.take_out, name="batch-take-out"),
    path("payments/<int:pk>/", payments.payment, name="payment"),
    path("payments/<int:pk>/confirm/", payments.confirm, name="payment-confirm"),
    path("payments/<int:pk>/return/", payments.record_return, name="payment-return"),
    path("payments/<int:pk>/notice/", payments.notice, name="payment-notice"),
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
    path("recoveries/<int:pk>/notice/", recovery.notice_paper, name="recovery-notice"),
    path("recoveries/<int:pk>/referral/", recovery.referral_paper, name="recovery-referral"),
    path("projects/<int:pk>/terminate/", hearings.begin, {"kind": "terminate"}, name="project-terminate"),
    path("projects/<int:pk>/revoke/", hearings.begin, {"kind": "revoke"}, name="project-revoke"),
    path("projects/<int:pk>/fail/", hearings.begin, {"kind": "fail"}, name="project-fail"),
    path("projects/<int:pk>/settlement/announce/", hearings.begin, {"kind": "settle"}, name="settlement-announce"),
    path("hearings/", hearings.hearings_list, name="hearings"),
    path("hearings/<int:pk>/", hearings.hearing, name="hearing"),
    path("hearings/<int:pk>/steps/<slug:slug>/", hearings.hearing_step, name="hearing-step"),
    path("hearings/<int:pk>/paper/", hearings.hearing_paper, name="hearing-paper"),
    path("hearings/files/<int:file_pk>/", hearings.hearing_file, name="hearing-file"),
]
