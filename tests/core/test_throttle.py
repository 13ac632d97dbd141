"""A public form may be sent so many times an hour from one address; beyond it says so calmly and keeps what was typed."""

import pytest
from django import forms
from django.core.cache import cache
from django.test import RequestFactory

from core.throttle import TOO_OFTEN, address_of, too_often


@pytest.fixture(autouse=True)
def counting(settings):
    settings.THROTTLE = True
    cache.clear()


def sent(address="192.0.2.7", **headers):
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers=headers or None)
    form = forms.Form({})
    form.full_clean()
    return too_often(request, form, "test", most=3), form


def test_the_fourth_within_the_hour_is_refused_with_words():
    assert [sent()[0] for _ in range(4)] == [False, False, False, True]
    assert sent()[1].non_field_errors() == [TOO_OFTEN]


def test_addresses_are_counted_apart_and_not_kept(monkeypatch):
    keys, add = [], cache.add
    monkeypatch.setattr(cache, "add", lambda key, *given, **named: keys.append(key) or add(key, *given, **named))
    for _ in range(4):
        sent()
    assert sent("192.0.2.8")[0] is False
    assert len(set(keys)) == 2
    assert not any("192.0.2" in key for key in keys)


def test_a_forwarded_address_is_believed_behind_a_proxy_alone(settings):
    request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.9"})
    settings.BEHIND_PROXY = False
    assert address_of(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert address_of(request) == "192.0.2.9"


def test_off_nothing_is_counted(settings):
    settings.THROTTLE = False
    assert not any(sent()[0] for _ in range(5))
