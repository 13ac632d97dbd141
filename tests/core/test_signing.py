"""Whoever signs proves who he is; guessing ends after five tries."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django_otp.plugins.otp_static.models import StaticDevice

from core import signing
from disbursement.forms.money import PasswordForm
from tests.factories import core as people

pytestmark = pytest.mark.django_db
PASSWORD = "portal-test-2026"


@pytest.fixture
def lead():
    cache.clear()
    person = people.bureau_lead()
    person.set_password(PASSWORD)
    person.save()
    return person


def signed(lead, **typed):
    return PasswordForm({"seen_version": 1, **typed}, user=lead)


def test_after_five_wrong_tries_the_right_password_does_not_serve_either(lead):
    left = [signed(lead, password="falsch").errors["password"][0] for _ in range(5)]
    assert "还可以再试 4 次" in left[0] and "已暂停签署" in left[4]
    assert "30 分钟后再试" in signed(lead, password=PASSWORD).errors["password"][0]


def test_the_right_password_ends_the_count(lead):
    for typed in ("falsch", PASSWORD):
        signed(lead, password=typed).is_valid()
    with pytest.raises(ValidationError, match="还可以再试 4 次"):
        signing.prove_by_password(lead, "falsch")


def test_an_account_with_a_device_signs_with_a_code_that_serves_once(lead):
    device = StaticDevice.objects.create(user=lead, name="备用码")
    device.token_set.create(token="123456")
    assert "code" in signed(lead, password=PASSWORD).errors
    assert signed(lead, password=PASSWORD, code="123456").is_valid()
    assert not signed(lead, password=PASSWORD, code="123456").is_valid()


def test_an_account_without_a_device_is_asked_for_no_code(lead):
    assert "code" not in signed(lead).fields
