"""The addresses of the policy room."""

from django.urls import path

from policy.views import adoptions, calculator, clauses

app_name = "policy"

urlpatterns = [
    path("calculator/", calculator.calculator, name="calculator"),
    path("calculator/sheet.pdf", calculator.calculator_pdf, name="calculator_pdf"),
    path("clauses/", clauses.clause_page, name="clauses"),
    path("adoptions/", adoptions.adoptions, name="adoptions"),
    path("adoptions/<int:pk>/", adoptions.adoption, name="adoption"),
    path("adoptions/<int:pk>/agree/", adoptions.agree, name="adoption_agree"),
    path("adoptions/<int:pk>/refuse/", adoptions.refuse, name="adoption_refuse"),
    path("adoptions/<int:pk>/withdraw/", adoptions.withdraw, name="adoption_withdraw"),
    path("versions/<slug:key>/propose/", adoptions.propose, name="propose"),
]
