"""What is typed about one day of the calendar."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from core.forms import PortalForm
from core.models import DayOverride

FIRST_YEAR, LAST_YEAR = 2020, 2040


class DayForm(PortalForm):
    """One day: working or not, its name, and the notice that says so."""

    is_workday = forms.TypedChoiceField(
        label="这一天",
        choices=[("0", "放假"), ("1", "上班")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="名称", max_length=40, help_text="例如：国庆节、国庆节调休上班。")
    source = forms.CharField(label="来源", max_length=200, help_text="通知的名称或文号，例如：国办发明电〔2025〕7号。")


class NewDayForm(DayForm):
    """A day that is not in the table yet."""

    date = forms.DateField(label="日期")
    field_order = ("date", "is_workday", "name", "source")

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"日期应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间，请检查年份。", code="year")
        if DayOverride.objects.filter(date=day).exists():
            raise ValidationError("这一天已在表中，请在列表中找到它修改。", code="known")
        return day
