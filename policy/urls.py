"""The addresses of the policy room."""

from django.urls import path

from policy.views import calculator, clauses

app_name = "policy"

urlpatterns = [
    path("calculator/", calculator.calculator, name="calculator"),
    path("calculator/sheet.pdf", calculator.calculator_pdf, name="calculator_pdf"),
    path("clauses/", clauses.clause_page, name="clauses"),
]
