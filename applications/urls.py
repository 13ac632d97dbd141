"""Addresses of the filing room."""

from django.urls import path

from applications.views import bureau, enterprises, filing, grids, groups, materials, public, reach, signing

urlpatterns = [
    path("calls/", public.calls, name="calls"),
    path("calls/new/", bureau.call_new, name="call-new"),
    path("calls/<int:pk>/", public.call, name="call"),
    path("calls/<int:pk>/edit/", bureau.call_edit, name="call-edit"),
    path("calls/<int:pk>/publish/", bureau.call_publish, name="call-publish"),
    path("calls/<int:pk>/extend/", bureau.call_extend, name="call-extend"),
    path("filing/new/<int:pk>/", filing.filing_new, name="filing-new"),
    path("filing/<int:pk>/", filing.filing, name="filing"),
    path("filing/<int:pk>/basics/", filing.section, {"name": "basics"}, name="filing-basics"),
    path("filing/<int:pk>/content/", filing.section, {"name": "content"}, name="filing-content"),
    path("filing/<int:pk>/funding/", filing.section, {"name": "funding"}, name="filing-funding"),
    path("filing/<int:pk>/lines/", grids.filing_lines, name="filing-lines"),
    path("filing/<int:pk>/indicators/", grids.filing_indicators, name="filing-indicators"),
    path("filing/<int:pk>/defects/", filing.filing_defects, name="filing-defects"),
    path("filing/<int:pk>/materials/", materials.filing_materials, name="filing-materials"),
    path("filing/<int:pk>/materials/<int:material>/", materials.draft_material_file, name="draft-material-file"),
    path("filing/<int:pk>/materials/<int:material>/replace/", materials.material_replace, name="material-replace"),
    path("filing/<int:pk>/materials/<int:material>/remove/", materials.material_remove, name="material-remove"),
    path("filing/<int:pk>/submit/", signing.filing_submit, name="filing-submit"),
    path("filing/<int:pk>/submitted/", signing.filing_submitted, name="filing-submitted"),
    path("filing/<int:pk>/receipt/", signing.filing_receipt, name="filing-receipt"),
    path("filing/<int:pk>/recall/", signing.filing_recall, name="filing-recall"),
    path("projects/<int:pk>/withdraw/", signing.project_withdraw, name="project-withdraw"),
    path("policy/adoptions/<int:pk>/projects/", reach.adoption_reach, name="adoption-reach"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/<int:pk>/", groups.group_new, name="group-new"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/answer/", groups.group_answer, name="group-answer"),
    path("materials/<int:pk>/", materials.material_file, name="material-file"),
    path("enterprise/", enterprises.enterprise, name="enterprise"),
    path("enterprise/profile/", enterprises.enterprise_profile, name="enterprise-profile"),
    path("enterprise/account/", enterprises.enterprise_account, name="enterprise-account"),
    path("enterprise/accounts/", enterprises.bank_accounts, name="bank-accounts"),
    path("enterprise/accounts/<int:pk>/confirm/", enterprises.bank_account_confirm, name="bank-account-confirm"),
]
