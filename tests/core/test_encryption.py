"""Encrypted columns: nothing readable in the database, former keys still read, hashes find equals."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from core.encryption import UnreadableField, decrypt, encrypt, keyed_hash
from core.models import User

PHONE = "13800001111"


@pytest.mark.django_db
def test_the_row_contains_no_plain_value():
    user = User.objects.create(username="wang", name="王建国", phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("select * from core_user")
        row = " ".join(str(value) for value in cursor.fetchone())
    assert "wang" in row
    assert PHONE not in row
    assert User.objects.get(pk=user.pk).phone == PHONE


@pytest.mark.django_db
def test_an_encrypted_column_cannot_be_searched():
    with pytest.raises(FieldError):
        User.objects.filter(phone=PHONE).exists()


def test_two_tokens_of_one_value_differ_and_empty_stays_empty():
    assert encrypt(PHONE) != encrypt(PHONE)
    assert decrypt(encrypt(PHONE)) == PHONE
    assert encrypt("") == decrypt("") == ""


def test_a_former_key_still_reads_and_a_lost_one_says_so(settings):
    stored = encrypt(PHONE)
    settings.FIELD_KEY, settings.FIELD_KEY_OLD = "another-key", [settings.FIELD_KEY]
    assert decrypt(stored) == PHONE
    assert encrypt(PHONE).split(":")[0] != stored.split(":")[0]
    settings.FIELD_KEY_OLD = []
    with pytest.raises(UnreadableField, match="FIELD_KEY_OLD"):
        decrypt(stored)


def test_a_changed_token_is_noticed():
    stored = encrypt(PHONE)
    with pytest.raises(UnreadableField):
        decrypt(stored[:-4] + ("AAA=" if not stored.endswith("AAA=") else "BBB="))


def test_keyed_hashes_find_equals_and_need_the_key(settings):
    first = keyed_hash(PHONE)
    assert first == keyed_hash(f" {PHONE} ") != keyed_hash("13800001112")
    settings.FIELD_KEY = "another-key"
    assert keyed_hash(PHONE) != first
