"""How often one address may send a public form: counted in the cache, refused calmly, with what was typed kept on the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core.encryption import keyed_hash

HOUR = 3600
TOO_OFTEN = "这个网络地址一小时内提交得太多了，这一次没有收下。您填写的内容还在本页，请稍后再提交，或直接联系受理单位。"


def too_often(request: HttpRequest, form: Any, name: str, *, most: int) -> bool:
    """Count one sending of a public form; beyond `most` an hour the form says so and True comes back.

    Without Redis each process counts for itself, so that the limit is a little wider there.
    """
    if not settings.THROTTLE or _count(request, name) <= most:
        return False
    form.add_error(None, TOO_OFTEN)
    return True


def _count(request: HttpRequest, name: str) -> int:
    """How many this address has sent within the hour, this one included. The key holds a keyed hash, no address."""
    key = f"throttle:{name}:{keyed_hash(address_of(request))[:32]}"
    cache.add(key, 0, timeout=HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        cache.set(key, 1, timeout=HOUR)
        return 1


def address_of(request: HttpRequest) -> str:
    """Whoever asks: the peer, or behind a proxy what that proxy added last to X-Forwarded-For."""
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() if settings.BEHIND_PROXY else ""
    return forwarded or str(request.META.get("REMOTE_ADDR", ""))
