"""Addresses of the review room: the district's desk, the bureau's, the expert's, and the public's."""

from django.urls import path

from review.views import bureau, checks, decisions, district, expert, objections, public

urlpatterns = [
    path("district/", district.queue, name="district-queue"),
    path("district/<int:pk>/", district.review, name="district-review"),
    path(
        "district/<int:pk>/return-for-correction/",
        district.return_for_correction,
        name="district-return-for-correction",
    ),
    path("district/<int:pk>/checks/<slug:rule>/waive/", checks.waive, name="check-waive"),
    path("district/<int:pk>/opinion/", district.write_opinion, name="district-opinion"),
    path("district/<int:pk>/recommend/", district.recommend, name="district-recommend"),
    path("opinions/<int:pk>/file/", district.opinion_file, name="opinion-file"),
    path("projects/<int:pk>/decline/", decisions.decline, name="project-decline"),
    path("review/", bureau.board, name="review-board"),
    path("review/<int:pk>/", bureau.project, name="review-project"),
    path("review/<int:pk>/assign/", bureau.assign, name="review-assign"),
    path("review/<int:pk>/prolong/", bureau.prolong, name="review-prolong"),
    path("review/<int:pk>/conclude/", bureau.conclude, name="review-conclude"),
    path("review/<int:pk>/send-back/", bureau.send_back, name="review-send-back"),
    path("review/<int:pk>/close-notice/", bureau.close_notice, name="review-close-notice"),
    path("review-reports/<int:pk>/file/", bureau.report_file, name="review-report-file"),
    path("expert/", expert.desk, name="expert-desk"),
    path("expert/interests/", expert.interests, name="expert-interests"),
    path("expert/<int:pk>/", expert.score, name="expert-score"),
    path("expert/<int:pk>/submit/", expert.submit, name="expert-submit"),
    path("expert/<int:pk>/step-aside/", expert.step_aside, name="expert-step-aside"),
    path("notices/", public.notices, name="notices"),
    path("notices/new/", bureau.publish_notice, name="notice-new"),
    path("notices/receipts/", public.find_receipt, name="objection-find"),
    path("notices/receipts/<str:receipt>/", public.receipt, name="objection-receipt"),
    path("notices/<int:pk>/", public.notice, name="notice"),
    path("notices/<int:pk>/file/", public.notice_file, name="notice-file"),
    path("notices/<int:notice_pk>/projects/<int:project_pk>/object/", public.object_to, name="objection-new"),
    path("objections/", objections.queue, name="objections"),
    path("objections/<int:pk>/", objections.objection, name="objection"),
    path("objections/<int:pk>/evidence/", objections.evidence, name="objection-evidence"),
]
