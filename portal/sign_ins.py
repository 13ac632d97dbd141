"""What the audit trail keeps of signing in and out: on each person's own chain."""

from datetime import datetime

from core import audit
from core.models import User
from core.people import SYSTEM


def record_sign_in(user: User, *, at: datetime) -> None:
    """The person came in."""
    audit.record(user, "person.signed_in", actor=user, at=at, label="登录")


def record_sign_out(user: User, *, at: datetime) -> None:
    """The person left."""
    audit.record(user, "person.signed_out", actor=user, at=at, label="退出登录")


def record_refused_sign_in(username: str, *, at: datetime) -> None:
    """A wrong password for an account that exists. Unknown names are not kept: people type passwords there."""
    user = User.objects.filter(username=username).first()
    if user:
        audit.record(user, "person.sign_in_refused", actor=SYSTEM, at=at, label="登录被拒绝", refused=True)


def record_password_change(user: User, *, at: datetime) -> None:
    """The person chose a new password."""
    audit.record(user, "person.changed_password", actor=user, at=at, label="修改密码")


def record_refused_page(user: User, path: str, *, at: datetime) -> None:
    """Somebody knocked at a page of another desk."""
    audit.record(
        user, "person.page_refused", actor=user, at=at, label="越权访问被拒绝", summary=path[:200], refused=True
    )
