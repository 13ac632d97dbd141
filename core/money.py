"""Money: whole 分 in the database, Decimal 元 with two places in Python, and the words amounts are printed in.

SQLite keeps DecimalField as a floating number (1,000 × 0.10 sums to 99.9999999999986), so the column is an integer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable, CombinedExpression, Value, register_combinable_fields
from django.db.models.query_utils import DeferredAttribute

if TYPE_CHECKING:
    from django import forms
    from django.db.backends.base.base import BaseDatabaseWrapper

    _Field: TypeAlias = models.Field[Any, Any]
else:
    _Field = models.Field

Fen: TypeAlias = int
Yuan: TypeAlias = "Decimal | int | str"

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LIMIT_FEN: Fen = 10**15
NONE_SHOWN = "—"
MINUS = "−"

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")


class NotAnAmount(ValueError):
    """The value is not an amount of 元 in whole 分; the text is fit for a person."""


def to_fen(value: Yuan) -> Fen:
    """分 of an amount in 元. Raises NotAnAmount for more than two decimals or 10 万亿元 and above, TypeError for floats."""
    return int(exact(value).scaleb(2))


def from_fen(fen: Fen) -> Decimal:
    """元, with exactly two places, of a whole number of 分."""
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"分 are whole numbers, not {type(fen).__name__}")
    return Decimal(fen).scaleb(-2)


def exact(value: Yuan) -> Decimal:
    """The amount in 元 with exactly two places; nothing is rounded. Raises as to_fen does."""
    if isinstance(value, (bool, float)) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"An amount is a Decimal, an int or a str of 元, never {type(value).__name__}: {value!r}")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise NotAnAmount(f"“{value}”不是金额，请填写数字，例如 1500000.00。") from None
    if not amount.is_finite():
        raise NotAnAmount("金额必须是有限的数字。")
    if abs(amount) >= LIMIT_FEN // 100:
        raise NotAnAmount("金额过大：不得达到 10 万亿元，请检查单位是否为元。")
    rounded = amount.quantize(CENT)
    if rounded != amount:
        raise NotAnAmount("金额最多两位小数（精确到分）。")
    return rounded if rounded else ZERO  # no −0.00


def round_down(value: Decimal) -> Decimal:
    """The amount in 元 cut to whole 分 towards zero: the one rounding the 办法 leaves room for."""
    return value.quantize(CENT, rounding=ROUND_DOWN)


# --- as people read it ----------------------------------------------------------------------------------------------


def yuan(value: Yuan | None) -> str:
    """元 to the 分 with thousands separated: 15,000,000.00; — for no amount."""
    return NONE_SHOWN if value is None else _signed(exact(value))


def wan(value: Yuan | None) -> str:
    """万元 for reading, two places, half rounded up: 1,500.00; — for no amount. Never for an amount that binds."""
    if value is None:
        return NONE_SHOWN
    return _signed(exact(value).scaleb(-4).quantize(CENT, rounding=ROUND_HALF_UP))


def percent(ratio: Decimal | int | None, places: int = 1) -> str:
    """A ratio of one as a percentage, half rounded up: Decimal("0.735") is 73.5%; — for none."""
    if ratio is None:
        return NONE_SHOWN
    if isinstance(ratio, float):
        raise TypeError("A ratio of money is a Decimal, never a float")
    return _signed((Decimal(ratio) * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)) + "%"


def _signed(value: Decimal) -> str:
    shown = f"{abs(value):,}"
    return MINUS + shown if value < 0 else shown


def capitals(value: Yuan) -> str:
    """The amount in 大写, e.g. 人民币壹仟伍佰万元整 (支付结算办法 附件一).

    整 after 元, none after 角 or 分; 零 before 角 where the 元 digit is 0, so that one amount has one form.
    """
    fen = to_fen(value)
    whole, rest = divmod(abs(fen), 100)
    dime, cent = divmod(rest, 10)
    words = _capital_integer(whole) + "元" if whole else ""
    if not rest:
        words = (words or "零元") + "整"
    elif whole and (dime == 0 or whole % 10 == 0):
        words += "零"
    if dime:
        words += DIGITS[dime] + "角"
    if cent:
        words += DIGITS[cent] + "分"
    return "人民币" + ("负" if fen < 0 else "") + words


def _capital_integer(number: int) -> str:
    """Words of a positive whole number: 亿 above 万, each half by the same rule."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _capital_integer(high) + unit + gap + (_capital_integer(low) if low else "")
    words, after_zero = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            words += ("零" if after_zero and words else "") + DIGITS[digit] + PLACES[power]
        after_zero = digit == 0
    return words


# --- as the database keeps it ---------------------------------------------------------------------------------------


class YuanAttribute(DeferredAttribute):
    """Turns what is assigned into exact 元 at once, so an instance never carries a float or a third decimal."""

    field: YuanField

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is not None and not hasattr(value, "resolve_expression"):
            value = exact(value)
        instance.__dict__[self.field.attname] = value


class YuanField(_Field):
    """An amount of money: bigint of 分 in the database, Decimal of 元 in Python, in lookups and in aggregates.

    Not a subclass of BigIntegerField: that one rounds floats in lookups and makes F("a") + F("b") a plain integer.
    In expressions a bare number beside a column would be read as 分; write `F("paid") + amount(x)`. The bare one is refused.
    """

    description = "金额（元，精确到分）"
    descriptor_class = YuanAttribute
    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: int | None, expression: Any, connection: BaseDatabaseWrapper) -> Decimal | None:
        return None if value is None else from_fen(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return exact(value)
        except (NotAnAmount, TypeError) as refused:
            message = str(refused) if isinstance(refused, NotAnAmount) else "金额的格式不正确。"
            raise ValidationError(message, code="invalid") from refused

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return to_fen(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        refuse_bare_numbers(value)
        return "%s"

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        from django import forms

        try:
            from core.forms import YuanFormField
        except ImportError:
            defaults: dict[str, Any] = {"form_class": forms.DecimalField, "max_digits": 15, "decimal_places": 2}
        else:
            defaults = {"form_class": YuanFormField}
        return super().formfield(**{**defaults, **kwargs})


def amount(value: Yuan) -> Value:
    """An amount in 元 for use in an expression beside money columns: `F("paid_yuan") + amount(fee)`."""
    return Value(exact(value), output_field=YuanField())


def refuse_bare_numbers(expression: Any) -> None:
    """Raise TypeError where a number without unit is added to or taken from a money column (it would count as 分)."""
    if not hasattr(expression, "flatten"):
        return
    for node in expression.flatten():
        if isinstance(node, CombinedExpression) and node.connector in (Combinable.ADD, Combinable.SUB):
            for side in (node.lhs, node.rhs):
                if isinstance(side, Value) and side.value and not _is_money(side):
                    raise TypeError(
                        f"A bare number beside a money column is 分: write core.money.amount({side.value!r})"
                    )


def _is_money(value: Any) -> bool:
    return isinstance(value._output_field_or_none, YuanField)


def _money_lookup(base: type[models.Lookup[Any]]) -> type[models.Lookup[Any]]:
    def get_prep_lookup(self: Any) -> Any:
        refuse_bare_numbers(self.rhs)
        return base.get_prep_lookup(self)

    return type(f"Yuan{base.__name__}", (base,), {"get_prep_lookup": get_prep_lookup})


_COMPARISONS: Sequence[type[models.Lookup[Any]]] = (
    models.lookups.Exact,
    models.lookups.GreaterThan,
    models.lookups.GreaterThanOrEqual,
    models.lookups.LessThan,
    models.lookups.LessThanOrEqual,
)
for _comparison in _COMPARISONS:
    YuanField.register_lookup(_money_lookup(_comparison))

_register: Callable[..., None] = register_combinable_fields
for _connector in (Combinable.ADD, Combinable.SUB):
    _register(YuanField, _connector, YuanField, YuanField)
for _connector in (Combinable.MUL, Combinable.DIV):
    _register(YuanField, _connector, models.IntegerField, YuanField)
