"""One-time codes of an account: enrolling an authenticator (TOTP), recovery codes, turning them off; each step audited."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from core import audit, notices
from core.codes import half_width
from core.encryption import keyed_hash
from core.models import Authenticator
from core.notices import Letter

if TYPE_CHECKING:
    from core.models import User

ISSUER = "技改通"
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
KEPT_LENGTH = 16  # of a hash; longer than any code, so that a hash is never taken for one
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is mistaken for another


def device_of(user: User) -> Authenticator | None:
    """The authenticator in use."""
    return Authenticator.objects.filter(user=user, confirmed=True).first()


def being_enrolled(user: User) -> Authenticator | None:
    """The authenticator that was begun and has not shown a code yet."""
    return Authenticator.objects.filter(user=user, confirmed=False).first()


def begin(user: User) -> Authenticator:
    """A new secret, good for nothing until a code made from it was typed. Raises ValidationError where one is in use."""
    with transaction.atomic():
        if device_of(user):
            raise ValidationError("一次性验证码已经启用。要换手机，请先停用再重新启用。")
        Authenticator.objects.filter(user=user, confirmed=False).delete()
        return Authenticator.objects.create(user=user, name="验证器", confirmed=False)


def address_of(device: Authenticator) -> str:
    """The otpauth:// address an authenticator reads from the QR code."""
    from urllib.parse import quote, urlencode

    label = quote(f"{ISSUER}:{device.user.get_username()}")
    said = {"secret": secret_of(device), "issuer": ISSUER, "digits": device.DIGITS, "period": device.STEP}
    return f"otpauth://totp/{label}?{urlencode(said)}"


def secret_of(device: Authenticator) -> str:
    """The secret in Base32, for typing by hand."""
    return base64.b32encode(device.key).decode().rstrip("=")


def confirm(user: User, code: str, *, at: datetime) -> list[str]:
    """Put the begun authenticator in use by its first code; returns the recovery codes, shown this once.

    Raises ValidationError for a wrong code, or where nothing was begun.
    """
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None:
            raise ValidationError("启用已经完成或还没有开始，请重新打开本页。")
        if not device.verify_token(as_made(code)):
            raise ValidationError("验证码不正确。请核对手机时间是否准确，填写当前显示的 6 位数字。")
        device.confirmed = True
        device.save()
        _tell(user, "account.code_enrolled", "启用一次性验证码", "今后签署须同时填写验证码。", at)
        return _new_recovery_codes(user)


def as_made(typed: str) -> str:
    """A code as it was made, however it was typed: without spaces and dashes, half-width, in capitals."""
    return re.sub(r"[\s\-]", "", half_width(typed)).upper()


def is_right(user: User, typed: str) -> bool:
    """True for a code of the authenticator, or a recovery code, that was not used before; it is used up by this.

    Only what its form belongs to is asked: each pauses longer after every wrong code, and a mistyped code of the
    authenticator must not keep out the recovery code that is tried next.
    """
    code = as_made(typed)
    with transaction.atomic():
        if code.isdecimal() and len(code) < RECOVERY_LENGTH:
            phones = list(Authenticator.objects.select_for_update().filter(user=user, confirmed=True))
            if phones:
                return any(phone.verify_token(code) for phone in phones)
        papers = StaticDevice.objects.select_for_update().filter(user=user, confirmed=True)
        return any(paper.verify_token(_as_kept(paper, code)) for paper in papers)


def as_kept(code: str) -> str:
    """What is stored of a recovery code: a keyed hash. It follows FIELD_KEY: after a change of key, codes are made anew."""
    return keyed_hash(code)[:KEPT_LENGTH]


def _as_kept(paper: StaticDevice, code: str) -> str:
    """The code as it was stored: by its hash, or as an administrator issued it by command, in small letters."""
    issued = paper.token_set.filter(token__iexact=code).first() if len(code) < KEPT_LENGTH else None
    return issued.token if issued else as_kept(code)


def renew_recovery_codes(user: User, *, at: datetime) -> list[str]:
    """Ten new recovery codes; the earlier ones serve no more."""
    with transaction.atomic():
        _tell(user, "account.recovery_codes_renewed", "更换恢复码", "原来的恢复码已经作废。", at)
        return _new_recovery_codes(user)


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def turn_off(user: User, *, at: datetime) -> None:
    """No code is asked for any more. The form has asked for password and code."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        _tell(user, "account.code_turned_off", "停用一次性验证码", "今后签署只核对密码。", at)


def _new_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="恢复码")
    codes = ["".join(secrets.choice(SIGNS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=as_kept(code)) for code in codes)
    return codes


def _tell(user: User, event: str, label: str, what: str, at: datetime) -> None:
    audit.record(user, event, actor=user, at=at, label=label)
    body = f"您的账号刚刚{label}。{what}如果不是您本人操作，请立即修改密码并联系系统管理员。"
    notices.send([Letter([user], f"账号安全：{label}", body)], at=at)
