"""The working-day calendar as officials see and keep it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from core import calendar, calendar_table, guards
from core.calendar_forms import FIRST_YEAR, LAST_YEAR, DayForm, NewDayForm
from core.models import DayOverride, Role

KEEPERS = (Role.ADMINISTRATOR, Role.BUREAU_LEAD)


@guards.roles(*KEEPERS)
def days(request: HttpRequest) -> HttpResponse:
    """All published days of one year."""
    this_year = calendar.today(timezone.now()).year
    year = _year(request.GET.get("year", this_year))
    context = {
        "year": year,
        "days": DayOverride.objects.visible_to(request.user).of_year(year).select_related("edited_by"),
        "is_uncertain": calendar.is_uncertain(year),
        "years": [
            {"label": f"{one} 年", "url": f"?year={one}", "current": one == year}
            for one in range(this_year - 2, this_year + 3)
        ],
    }
    return render(request, "core/calendar.html", context)


@guards.roles(*KEEPERS)
def new_day(request: HttpRequest) -> HttpResponse:
    """Write down a day that is not in the table."""
    form = NewDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _written(request, form.cleaned_data)
    return render(request, "core/calendar_day.html", {"form": form, "title": "登记一天"})


@guards.roles(*KEEPERS)
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is written of a day."""
    row = get_object_or_404(DayOverride.objects.visible_to(request.user), pk=pk)
    initial = {"is_workday": "1" if row.is_workday else "0", "name": row.name, "source": row.source}
    form = DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _written(request, {**form.cleaned_data, "date": row.date})
    return render(request, "core/calendar_day.html", {"form": form, "row": row, "title": "修改这一天"})


def _written(request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
    row = calendar_table.set_day(
        said["date"],
        is_workday=said["is_workday"],
        name=said["name"],
        source=said["source"],
        actor=request.user,
        at=timezone.now(),
    )
    messages.success(
        request, f"已登记：{row.date.year}年{row.date.month}月{row.date.day}日{'上班' if row.is_workday else '放假'}。"
    )
    return redirect(f"{reverse('calendar')}?year={row.date.year}")


def _year(asked: Any) -> int:
    try:
        year = int(asked)
    except ValueError:
        raise Http404("没有这一年。") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("没有这一年。")
    return year
