"""Who is written to when a policy version is proposed or decided."""

from __future__ import annotations

from django.urls import reverse

from core.models import Role
from core.notices import Letter
from core.recipients import people_with
from policy.models import PolicyAdoption
from policy.states import AdoptionState


def proposed(adoption: PolicyAdoption) -> list[Letter]:
    body = f"市工信局提出采用{adoption}。理由：{adoption.reason} 须由市财政局同意（第十七条）。"
    return [Letter(people_with(Role.FINANCE_LEAD), f"请审阅：采用{adoption}", body, _address(adoption))]


def decided(adoption: PolicyAdoption) -> list[Letter]:
    agreed = adoption.state == AdoptionState.ADOPTED
    subject = f"市财政局{'同意' if agreed else '不同意'}采用{adoption}"
    body = f"适用范围：{adoption.get_reaches_display()}。" if agreed else "请查看理由后重新提出。"
    return [Letter(people_with(Role.BUREAU_LEAD), subject, body, _address(adoption))]


def _address(adoption: PolicyAdoption) -> str:
    return reverse("policy:adoption", args=[adoption.pk])
