"""Formats of figures, days and clauses as the portal writes them."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html

from core import money
from core.clauses import anchor_of

register = template.Library()
MINUS = "−"
WEEKDAYS = "一二三四五六日"
NOTHING = "—"


def _decimal(value) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _signed(number: Decimal, text) -> str:
    """The text of the magnitude with a true minus before it."""
    return (MINUS if number < 0 else "") + text(abs(number))


def _amount(number: Decimal, text) -> str:
    """As money prints it; a figure money refuses (averages, sums beyond its limit) is still shown."""
    try:
        return text(money.round_down(number))
    except money.NotAnAmount:
        return f"{number:,.2f}"


@register.filter
def wan(value) -> str:
    """元 as 万元 to read: 15000000 -> 1,500.00; nothing -> —."""
    number = _decimal(value)
    return NOTHING if number is None else _amount(number, money.wan)


@register.filter
def yuan(value) -> str:
    """元 to the 分: 15000000 -> 15,000,000.00; nothing -> —."""
    number = _decimal(value)
    return NOTHING if number is None else _amount(number, money.yuan)


@register.filter
def capitals(value) -> str:
    """The amount in 大写, 人民币 first; nothing -> ""."""
    number = _decimal(value)
    return "" if number is None else money.capitals(money.round_down(number))


@register.filter
def percent(value, places=1) -> str:
    """A fraction as percent: 0.735 -> 73.5%."""
    number = _decimal(value)
    return NOTHING if number is None else _signed(number, lambda n: f"{n * 100:.{int(places)}f}%")


@register.filter
def figure(value, places=2) -> str:
    """A plain figure with thousands: 1234.5 -> 1,234.50; nothing -> —."""
    number = _decimal(value)
    return NOTHING if number is None else _signed(number, lambda n: f"{n:,.{int(places)}f}")


def local(value):
    """A moment in Shanghai; a date stays a date; ISO text is read; anything else is None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value if isinstance(value, date) else None


@register.filter
def cn_date(value) -> str:
    """2026年3月5日."""
    day = local(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else NOTHING


@register.filter
def cn_datetime(value) -> str:
    """2026年3月5日 14:32; a bare date has no time."""
    moment = local(value)
    if not moment:
        return NOTHING
    return f"{cn_date(moment)} {moment:%H:%M}" if isinstance(moment, datetime) else cn_date(moment)


@register.filter
def cn_month(value) -> str:
    """2026年3月."""
    day = local(value)
    return f"{day.year}年{day.month}月" if day else NOTHING


@register.filter
def cn_day(value) -> str:
    """3月5日, for lists that lie within one year."""
    day = local(value)
    return f"{day.month}月{day.day}日" if day else NOTHING


@register.filter
def cn_day_time(value) -> str:
    """3月5日 14:32."""
    moment = local(value)
    if not moment:
        return NOTHING
    return f"{cn_day(moment)} {moment:%H:%M}" if isinstance(moment, datetime) else cn_day(moment)


@register.filter
def weekday(value) -> str:
    """星期四."""
    day = local(value)
    return f"星期{WEEKDAYS[day.weekday()]}" if day else ""


@register.filter
def tail(value, length=4) -> str:
    """The last characters of an account: 尾号."""
    return str(value)[-int(length) :] if value else NOTHING


@register.filter
def size(value) -> str:
    """Bytes as 214 KB, 3.2 MB or 20 MB."""
    number = _decimal(value)
    if number is None:
        return NOTHING
    if number < 1024 * 1024:
        return f"{max(1, round(number / 1024))} KB"
    return f"{number / (1024 * 1024):.1f}".removesuffix(".0") + " MB"


def url_or(name: str, default: str = "", *args) -> str:
    """The address of a name, or the default while that room has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return default


@register.simple_tag
def clause(citation="", label=""):
    """A citation as a link to its place on the page of clauses; plain text when it names no article."""
    if not citation:
        return ""
    anchor = anchor_of(str(citation))
    if not anchor:
        return format_html('<span class="clause">{}</span>', label or citation)
    address = url_or("policy:clauses", "/policy/clauses/")
    return format_html('<a class="clause" href="{}#{}">{}</a>', address, anchor, label or citation)
