"""The proof that whoever signs is the person of the account: the password again, and a one-time code where there is a device.

Guessing is stopped: after five wrong tries a person signs nothing for half an hour, whatever session asks.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django_otp import user_has_device

from core import one_time_codes

MOST_TRIES = 5
PAUSE = 30 * 60  # seconds


def prove_by_password(user: Any, typed: str) -> None:
    """Raises ValidationError for a wrong password, and for any after five wrong ones."""
    _prove(user, user.check_password(typed) if _tries(user) < MOST_TRIES else False, "密码不正确，没有签署")


def needs_code(user: Any) -> bool:
    """True where the account has a device that gives one-time codes."""
    return bool(user_has_device(user))


def prove_by_code(user: Any, typed: str) -> None:
    """Raises ValidationError for a code that no device of the account gave; a code serves once."""
    _prove(
        user,
        one_time_codes.is_right(user, typed) if _tries(user) < MOST_TRIES else False,
        "验证码不正确或已用过",
    )


def _prove(user: Any, is_right: bool, words: str) -> None:
    if is_right:
        cache.delete(_key(user))
        return
    if _tries(user) >= MOST_TRIES:
        raise ValidationError("连续输错 5 次，已暂停签署。请 30 分钟后再试；忘记密码请联系系统管理员。", code="paused")
    cache.add(_key(user), 0, PAUSE)
    left = MOST_TRIES - cache.incr(_key(user))
    raise ValidationError(
        f"{words}。还可以再试 {left} 次。" if left else f"{words}。已暂停签署 30 分钟。", code="password"
    )


def _tries(user: Any) -> int:
    return int(cache.get(_key(user), 0))


def _key(user: Any) -> str:
    return f"signing-tries:{user.pk}"
