"""Whether an enterprise is verified, and the words for one that is not yet."""

from __future__ import annotations

from applications.models import Registration
from applications.states import RegistrationState
from core.models import Organisation


def unverified(enterprise: Organisation | int) -> Registration | None:
    """The registration that keeps an enterprise from filing; None for one verified or entered by the administrator."""
    latest = Registration.objects.filter(organisation=enterprise).select_related("district").order_by("-pk").first()
    return None if latest is None or latest.state == RegistrationState.VERIFIED else latest


def why_not_yet(registration: Registration) -> str:
    """What a person of the enterprise is told."""
    bureau = registration.district.bureau_name
    if registration.state == RegistrationState.REFUSED:
        return f"{bureau}没有通过本单位的注册：{registration.reason}。请按说明更正后重新注册。"
    day = f"{registration.due_on.year}年{registration.due_on.month}月{registration.due_on.day}日"
    return f"注册由{bureau}核验，{day}前答复。在此之前可以填写企业档案，核验通过后即可开始申报。"
