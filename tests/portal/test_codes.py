"""One-time codes: enrolled by QR code and first code, asked for at each signature, turned off with password and code."""

import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from applications.forms.signing import DeclarationForm
from core import one_time_codes, signing
from core.models import AuditEvent, Authenticator, Notice
from tests.factories import core as people
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db
PASSWORD = "portal-test-2026"


@pytest.fixture
def lead():
    cache.clear()
    return people.bureau_lead()


@pytest.fixture
def browser(client, lead):
    client.force_login(lead)
    return client


def code_of(device, later=0):
    """What the authenticator shows; `later` steps from now."""
    return f"{totp(device.key, device.STEP, 0, device.DIGITS, later):06d}"


def kept():
    return set(StaticToken.objects.values_list("token", flat=True))


def enrolled(person):
    return one_time_codes.begin(person), one_time_codes.confirm(
        person, code_of(one_time_codes.being_enrolled(person)), at=NOW
    )


def test_the_page_shows_the_secret_as_a_picture_and_in_letters(browser, lead):
    browser.post(reverse("codes-begin"))
    page = browser.get(reverse("codes-enrol")).content.decode()
    secret = one_time_codes.secret_of(Authenticator.objects.get(user=lead))
    assert 'src="data:image/svg+xml' in page and secret[:4] in page
    assert not signing.needs_code(lead)


def test_the_first_code_enrols_and_shows_ten_recovery_codes_once(browser, lead):
    browser.post(reverse("codes-begin"))
    typed = {"first": code_of(Authenticator.objects.get()), "password": PASSWORD}
    page = browser.post(reverse("codes-enrol"), typed).content.decode()
    shown = set(re.findall(r'<li class="mono">(\w+)</li>', page))
    assert kept() == {one_time_codes.as_kept(code) for code in shown} and len(shown) == 10
    assert signing.needs_code(lead)
    assert not any(code in browser.get(reverse("codes")).content.decode() for code in shown)


@pytest.mark.parametrize("wrong", [{"first": "000000x"}, {"first": ""}, {"password": "falsch"}])
def test_a_wrong_code_or_password_enrols_nothing(browser, lead, wrong):
    browser.post(reverse("codes-begin"))
    typed = {"first": code_of(Authenticator.objects.get()), "password": PASSWORD, **wrong}
    assert browser.post(reverse("codes-enrol"), typed).status_code == 200
    assert not signing.needs_code(lead)


@pytest.mark.parametrize("what", ["renew", "off"])
def test_a_code_without_the_password_changes_nothing(browser, lead, what):
    _, codes = enrolled(lead)
    browser.post(reverse(f"codes-{what}"), {f"{what}-password": "falsch", f"{what}-code": codes[0]})
    assert signing.needs_code(lead) and kept() <= {one_time_codes.as_kept(code) for code in codes}


def test_neither_the_secret_nor_a_code_can_be_read_from_the_database(lead):
    device, codes = enrolled(lead)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM core_authenticator")
        [(stored,)] = cursor.fetchall()
    assert device.secret not in stored and kept().isdisjoint(codes)
    assert not one_time_codes.is_right(lead, min(kept()))


def test_authenticators_of_the_library_move_over_and_leave_no_secret_behind(lead):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE otp_totp_totpdevice"
            " (user_id bigint, name text, confirmed boolean, key text, drift integer, last_t bigint)"
        )
        cursor.execute("INSERT INTO otp_totp_totpdevice VALUES (%s, '验证器', true, '00ff', 1, 7)", [lead.pk])
    device = StaticDevice.objects.create(user=lead, name="恢复码")
    device.token_set.create(token="ABCDE23456")

    import_module("core.migrations.0012_secrets_of_codes_are_ciphertext").move_over(
        apps, SimpleNamespace(connection=connection)
    )

    moved = Authenticator.objects.get(user=lead)
    assert (moved.key, moved.confirmed, moved.drift, moved.last_step) == (b"\x00\xff", True, 1, 7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM otp_totp_totpdevice")
        assert cursor.fetchone() == (0,)
    assert one_time_codes.is_right(lead, "ABCDE23456")


def test_a_code_an_administrator_issued_serves(lead):
    call_command("addstatictoken", lead.username, token="abcd2345")
    assert one_time_codes.is_right(lead, "ABCD2345") and not one_time_codes.is_right(lead, "ABCD2345")


def test_every_signature_asks_for_the_code_then(lead):
    device, codes = enrolled(lead)
    assert "code" in DeclarationForm({"agreed": "on", "password": PASSWORD}, user=lead).errors
    assert DeclarationForm({"agreed": "on", "password": PASSWORD, "code": codes[0]}, user=lead).is_valid()
    assert not DeclarationForm({"agreed": "on", "password": PASSWORD, "code": codes[0]}, user=lead).is_valid()


def test_a_mistyped_code_of_the_authenticator_does_not_keep_out_a_recovery_code(lead):
    _, codes = enrolled(lead)
    assert not one_time_codes.is_right(lead, "000 000")
    assert Authenticator.objects.get(user=lead).throttling_failure_count == 1  # it pauses
    assert one_time_codes.is_right(lead, codes[0])


def test_a_mistyped_recovery_code_does_not_keep_out_the_authenticator(lead):
    device, codes = enrolled(lead)
    assert not one_time_codes.is_right(lead, "ABCDE23456")
    assert one_time_codes.is_right(lead, code_of(device, later=1))


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: f" {code[:5]} {code[5:]} ", lambda code: f"{code[:5]}-{code[5:]}"]
)
def test_a_recovery_code_serves_however_it_is_typed(lead, typed):
    _, codes = enrolled(lead)
    assert one_time_codes.is_right(lead, typed(codes[3]))


def test_turning_off_needs_password_and_code(browser, lead):
    _, codes = enrolled(lead)
    browser.post(reverse("codes-off"), {"off-password": PASSWORD})
    assert signing.needs_code(lead)
    browser.post(reverse("codes-off"), {"off-password": PASSWORD, "off-code": codes[0]})
    assert not signing.needs_code(lead) and not StaticToken.objects.exists()


def test_new_recovery_codes_put_the_old_ones_out_of_use(browser, lead):
    _, codes = enrolled(lead)
    browser.post(reverse("codes-renew"), {"renew-password": PASSWORD, "renew-code": codes[0]})
    assert len(kept()) == 10 and kept().isdisjoint(map(one_time_codes.as_kept, codes))


def test_each_step_is_audited_and_told_to_the_person(lead):
    enrolled(lead)
    one_time_codes.turn_off(lead, at=NOW)
    events = AuditEvent.objects.filter(stream=f"core.user:{lead.pk}").order_by("pk").values_list("event", flat=True)
    assert list(events)[-2:] == ["account.code_enrolled", "account.code_turned_off"]
    assert Notice.objects.filter(recipient=lead, subject__startswith="账号安全").count() == 2
