"""Encrypted text columns (phone, ID, bank account) and keyed hashes to find such values without keeping them.

Each stored value carries the id of its key, so that FIELD_KEY can be changed: the former one goes into FIELD_KEY_OLD
and every value still reads; it is written with the new key when its row is saved next.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class UnreadableField(Exception):
    """A stored value was written with a key that is no longer configured, or was changed in the database."""


@lru_cache(maxsize=16)
def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal field " + purpose).derive(secret.encode())


@lru_cache(maxsize=8)
def _cipher(secret: str) -> tuple[str, Fernet]:
    """The id (first 8 hex digits of a derived value, tells nothing of the key) and the cipher of one secret."""
    key_id = _derived(secret, b"id").hex()[:8]
    return key_id, Fernet(base64.urlsafe_b64encode(_derived(secret, b"encryption")))


def _secrets() -> list[str]:
    return [settings.FIELD_KEY, *getattr(settings, "FIELD_KEY_OLD", [])]


def encrypt(value: str) -> str:
    """`<key id>:<token>`; the same value gives another token each time. Empty stays empty."""
    if not value:
        return ""
    key_id, cipher = _cipher(settings.FIELD_KEY)
    return f"{key_id}:{cipher.encrypt(value.encode()).decode()}"


def decrypt(stored: str) -> str:
    """The plain value. Raises UnreadableField for a missing key or a changed value."""
    if not stored:
        return ""
    key_id, _, token = stored.partition(":")
    ciphers = dict(_cipher(secret) for secret in _secrets())
    try:
        return ciphers[key_id].decrypt(token.encode()).decode()
    except (KeyError, InvalidToken):
        raise UnreadableField(
            "加密字段无法读取：密钥已更换或数据被改动，请系统管理员检查 FIELD_KEY 与 FIELD_KEY_OLD。"
        ) from None


def keyed_hash(value: str) -> str:
    """HMAC-SHA256 (hex) of a value with a key of its own: finds equal values, tells nothing without the key.

    Follows FIELD_KEY: after a change of key, stored hashes must be computed again from their encrypted values.
    """
    return hmac.new(_derived(settings.FIELD_KEY, b"lookup"), value.strip().encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is ciphertext in the database. It cannot be searched: keep a keyed_hash beside it to find a row."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if isinstance(value, str) else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`: a token never equals another, so any other lookup would quietly find nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        return None
