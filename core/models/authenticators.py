"""What gives one-time codes: an app on a phone. Its secret is ciphertext in the database, unlike the library's own device."""

from __future__ import annotations

import time
from typing import Any, ClassVar, Self

from django.db import models
from django_otp.models import Device, DeviceManager, ThrottlingMixin
from django_otp.oath import TOTP
from django_otp.util import random_hex

from core.encryption import EncryptedTextField
from core.models.scoped import ScopedQuerySet

SECRET_BYTES = 20


def new_secret() -> str:
    return str(random_hex(SECRET_BYTES))


class AuthenticatorQuerySet(ScopedQuerySet):
    """Authenticators by whose they are."""

    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(user=user)


class Authenticator(ThrottlingMixin, Device):  # type: ignore[misc]
    """An app that makes a code of six digits every thirty seconds (TOTP, RFC 6238); `confirmed` once it showed one."""

    STEP, DIGITS, TOLERANCE = 30, 6, 1  # seconds; digits; steps before and after that are taken as well

    secret = EncryptedTextField("密钥", default=new_secret)  # hex
    drift = models.SmallIntegerField("时钟偏差", default=0)  # steps the phone is known to be ahead
    last_step = models.BigIntegerField("最近用过的时段", default=-1)  # a code serves once

    objects: ClassVar[Any] = DeviceManager.from_queryset(AuthenticatorQuerySet)()

    class Meta(Device.Meta):
        verbose_name = "验证器"
        verbose_name_plural = "验证器"

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.secret)

    def verify_token(self, token: str) -> bool:
        """True for a code of now that was not used before. Each wrong one makes the device pause longer."""
        allowed, _ = self.verify_is_allowed()
        if not allowed:
            return False
        clock = TOTP(self.key, self.STEP, 0, self.DIGITS, self.drift)
        clock.time = time.time()
        if not token.isdecimal() or not clock.verify(int(token), self.TOLERANCE, self.last_step + 1):
            self.throttle_increment()
            return False
        self.last_step, self.drift = clock.t(), clock.drift
        self.throttle_reset(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        return 1
