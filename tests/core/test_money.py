"""Money: exactness of the field, and the words and figures amounts are printed in (practice §3.5)."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Max, Q, Sum
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    DIGITS,
    NotAnAmount,
    YuanField,
    amount,
    capitals,
    exact,
    from_fen,
    percent,
    round_down,
    to_fen,
    wan,
    yuan,
)

CAPITALS = {
    "0": "零元整",
    "0.01": "壹分",
    "0.10": "壹角",
    "0.35": "叁角伍分",
    "1": "壹元整",
    "10": "壹拾元整",
    "100.01": "壹佰元零壹分",
    "325.04": "叁佰贰拾伍元零肆分",
    "1409.50": "壹仟肆佰零玖元伍角",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "6007.14": "陆仟零柒元壹角肆分",
    "10001": "壹万零壹元整",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "1010000": "壹佰零壹万元整",
    "4500000": "肆佰伍拾万元整",
    "9999999.99": "玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "10000000": "壹仟万元整",
    "10000001": "壹仟万零壹元整",
    "14999980": "壹仟肆佰玖拾玖万玖仟玖佰捌拾元整",
    "15000000": "壹仟伍佰万元整",
    "100000001": "壹亿零壹元整",
    "100010000": "壹亿零壹万元整",
    "300000000": "叁亿元整",
    "1000000000000": "壹万亿元整",
    "9999900000000.01": "玖万玖仟玖佰玖拾玖亿元零壹分",
}
amounts_in_fen = st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1)


@pytest.mark.parametrize(("figure", "words"), CAPITALS.items())
def test_capitals_follow_the_settlement_rules(figure, words):
    assert capitals(figure) == "人民币" + words


def _value_of(words: str) -> int:
    """分 read back from 大写: an independent reader of the whole-yuan part and the 角 and 分."""
    sizes = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = fen = 0
    for sign in words.removeprefix("人民币").removeprefix("负"):
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif sign in sizes:
            section, digit = section + digit * sizes[sign], 0
        elif sign == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif sign == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif sign == "元":
            fen, total, section, digit = (total + section + digit) * 100, 0, 0, 0
        elif sign in "角分":
            fen, digit = fen + digit * (10 if sign == "角" else 1), 0
    return fen


@given(amounts_in_fen)
def test_capitals_can_be_read_back(fen):
    words = capitals(from_fen(fen))
    assert _value_of(words) == abs(fen)
    assert "零零" not in words
    assert words.endswith("整") == (fen % 100 == 0)


@given(amounts_in_fen)
def test_fen_and_yuan_are_the_same_amount(fen):
    assert to_fen(from_fen(fen)) == fen
    assert from_fen(fen).as_tuple().exponent == -2
    assert to_fen(str(from_fen(fen))) == fen


NO_AMOUNTS = {
    "1.005": "金额最多两位小数（精确到分）。",
    Decimal("0.001"): "金额最多两位小数（精确到分）。",
    "abc": "“abc”不是金额，请填写数字，例如 1500000.00。",
    "": "“”不是金额，请填写数字，例如 1500000.00。",
    "NaN": "金额必须是有限的数字。",
    "Infinity": "金额必须是有限的数字。",
    "10000000000000": "金额过大：不得达到 10 万亿元，请检查单位是否为元。",
    "-1e13": "金额过大：不得达到 10 万亿元，请检查单位是否为元。",
}


@pytest.mark.parametrize(("value", "why"), NO_AMOUNTS.items())
def test_what_is_not_an_amount_is_refused_in_words(value, why):
    with pytest.raises(NotAnAmount) as refused:
        to_fen(value)
    assert str(refused.value) == why


@pytest.mark.parametrize("value", [1.0, 0.1, True, None, b"1"])
def test_floats_and_other_types_are_refused(value):
    with pytest.raises(TypeError):
        to_fen(value)


@pytest.mark.parametrize("value", [1.0, True, Decimal(1), "1", None])
def test_fen_are_whole_numbers(value):
    with pytest.raises(TypeError, match=type(value).__name__):
        from_fen(value)


def test_figures_are_printed_with_unit_and_sign_of_their_own():
    assert yuan("15000000") == "15,000,000.00"
    assert wan("15000000") == "1,500.00"
    assert wan("-24000") == "−2.40"
    assert yuan(None) == wan(None) == percent(None) == "—"
    assert str(exact("-0.00")) == "0.00"
    assert wan("-0.01") == "0.00"
    assert percent(Decimal("0.735")) == "73.5%"
    assert round_down(Decimal("3333.339")) == Decimal("3333.33")


def test_the_field_refuses_typed_nonsense_in_chinese():
    with pytest.raises(ValidationError, match="最多两位小数"):
        YuanField().to_python("1.234")
    with pytest.raises(ValidationError):
        YuanField().to_python(1.5)
    assert YuanField().to_python("12") == Decimal("12.00")


def test_the_field_can_be_written_into_a_migration():
    _, path, args, kwargs = YuanField(null=True).deconstruct()
    assert (path, args, kwargs) == ("core.money.YuanField", [], {"null": True})


@pytest.fixture
def purse(db):
    with isolate_apps("core"):

        class Purse(models.Model):
            budget = YuanField(default=0)
            used = YuanField(null=True)

            class Meta:
                app_label = "core"
                db_table = "test_purse"
                constraints = [
                    models.CheckConstraint(name="used_within_budget", condition=Q(used__lte=F("budget"))),
                    models.CheckConstraint(name="budget_not_above_a_billion", condition=Q(budget__lte=10**9)),
                ]

        with connection.schema_editor(atomic=False) as editor:
            editor.create_model(Purse)
        yield Purse
        if not connection.features.can_rollback_ddl:
            with connection.schema_editor() as editor:
                editor.delete_model(Purse)


def test_a_thousand_dimes_are_a_hundred_yuan(purse):
    purse.objects.bulk_create([purse(budget="1", used=Decimal("0.10")) for _ in range(1000)])
    assert purse.objects.aggregate(s=Sum("used"))["s"] == Decimal("100.00")
    assert purse.objects.filter(used="0.10").count() == 1000
    with connection.cursor() as cursor:
        cursor.execute("select distinct used from test_purse")
        assert cursor.fetchall() == [(10,)]


def test_lookups_aggregates_and_annotations_speak_yuan(purse):
    purse.objects.create(budget=1000, used="250.25")
    purse.objects.create(budget=10, used=None)
    assert [p.budget for p in purse.objects.filter(budget__gte="10.01")] == [Decimal("1000.00")]
    assert purse.objects.filter(budget__in=[10, 11], used__isnull=True).count() == 1
    assert purse.objects.filter(budget__range=(Decimal("9.99"), 10)).count() == 1
    assert purse.objects.filter(used__lt=F("budget") - amount("749.74")).count() == 1
    assert purse.objects.filter(used__lt=F("budget") - amount("749.75")).count() == 0
    assert purse.objects.aggregate(s=Sum("used", default=0), m=Max("budget"))["m"] == Decimal("1000.00")
    assert purse.objects.none().aggregate(s=Sum("used", default=0))["s"] == Decimal("0.00")
    row = purse.objects.filter(used__isnull=False).annotate(left=F("budget") - F("used")).get()
    assert str(row.left) == "749.75"
    assert purse.objects.order_by("budget").values_list("budget", flat=True).first() == Decimal("10.00")


def test_a_conditional_update_counts_in_yuan(purse):
    row = purse.objects.create(budget="8000", used="0")
    assert purse.objects.filter(pk=row.pk, used__lte=F("budget") - amount(3000)).update(used=F("used") + amount(3000))
    row.refresh_from_db()
    assert row.used == Decimal("3000.00")
    row.used = F("used") - amount("0.01")
    row.save()
    row.refresh_from_db()
    assert str(row.used) == "2999.99"
    purse.objects.bulk_update([row], ["used"])
    row.used = Decimal("5.50")
    purse.objects.bulk_update([row], ["used"])
    assert purse.objects.get().used == Decimal("5.50")


def test_a_bare_number_beside_a_column_is_refused(purse):
    with pytest.raises(TypeError, match="amount"):
        purse.objects.update(used=F("used") + Decimal(5))
    with pytest.raises(TypeError, match="amount"):
        purse.objects.filter(used__lte=F("budget") - 5).count()


def test_the_instance_carries_exact_yuan_from_the_moment_of_assignment(purse):
    assert str(purse(budget=5, used="1.5").used) == "1.50"
    with pytest.raises(TypeError):
        purse(budget=0.1)
    with pytest.raises(NotAnAmount):
        purse(budget="1.001")
    with pytest.raises(TypeError):
        purse.objects.filter(budget__gte=0.1).count()


def test_constraints_are_checked_in_the_same_unit(purse):
    with pytest.raises(ValidationError):
        purse(budget="10", used="10.01").full_clean()
    purse(budget="10", used="10.00").full_clean()
    with connection.cursor() as cursor:
        cursor.execute("insert into test_purse (budget, used) values (%s, %s)", [10**11, 10])


def test_a_form_field_reads_and_refuses(purse):
    field = YuanField().formfield()
    assert field.clean("12.50") == Decimal("12.50")
    with pytest.raises(ValidationError):
        field.clean("12.505")
