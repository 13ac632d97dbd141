"""What is typed on the pages of ranking, second rounds and visits on site."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.models import Call, Track
from core.forms import DayInput, PortalForm

STANDINGS = {"": "进度：全部", "in": "评分已齐", "wide": "分歧较大", "open": "评分中", "below": "低于合格线"}


class RankingFilter(PortalForm):
    """Filters over the ranking (GET); without a call the newest one is shown."""

    call_of = forms.ModelChoiceField(label="批次", queryset=None, required=False, empty_label=None)
    track = forms.ChoiceField(label="类别", required=False, choices=[("", "类别：全部"), *Track.choices])
    standing = forms.ChoiceField(label="进度", required=False, choices=list(STANDINGS.items()))

    def __init__(self, data: Any, *, calls: Any) -> None:
        super().__init__(data)
        self.fields["call_of"].queryset = calls
        self.calls = calls

    def call(self) -> Call | None:
        """The call asked for, or the newest one that has scores."""
        asked = self.cleaned_data.get("call_of") if self.is_valid() else None
        scored = self.calls.filter(score_results__isnull=False).order_by("-opens_at", "-pk")
        found = asked or scored.first()
        if found and not asked:
            self.data = {**self.data.dict(), "call_of": found.pk}
        return found

    def wanted(self) -> dict[str, str]:
        said = self.cleaned_data if self.is_valid() else {}
        return {name: said.get(name, "") for name in ("track", "standing")}


class SecondRoundForm(PortalForm):
    """Why the same experts score anew, and until when."""

    reason = forms.CharField(
        label="复评理由", max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text="专家会收到这段话。写明分歧在哪些评分项；不要写任何专家的姓名和分数。",
    )  # fmt: skip
    due_on = forms.DateField(label="评分期限", widget=DayInput())


class VisitForm(PortalForm):
    """A visit to plan."""

    planned_on = forms.DateField(label="核查日期", widget=DayInput())
    place = forms.CharField(label="地点", max_length=200)
    purpose = forms.CharField(
        label="核查内容", max_length=1000, widget=forms.Textarea({"rows": 4}), help_text="看什么、核对什么。"
    )
    visitors = forms.ModelMultipleChoiceField(
        label="核查人员", queryset=None, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一名核查人员。"},
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visitors"].queryset = people
        self.fields["visitors"].label_from_instance = lambda one: f"{one} · {one.organisation or ''}"

    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "visitors": list(self.cleaned_data["visitors"])}


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, each cleaned like one."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFilesField, self).clean(one, initial) for one in given if one]


class VisitReportForm(PortalForm):
    """What was found on site, with photos."""

    visited_on = forms.DateField(label="实际核查日期", widget=DayInput())
    findings = forms.CharField(label="核查情况", max_length=4000, widget=forms.Textarea({"rows": 6}))
    blind_findings = forms.CharField(
        label="给评分专家看的核查情况", max_length=4000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text="本批次匿名评审：不得出现企业名称、地址、人名和能认出企业的内容。照片不给评分专家看。不填则专家看不到核查情况。",
    )  # fmt: skip
    photos = ManyFilesField(
        label="照片", required=False, widget=ManyFiles({"accept": "image/jpeg,image/png"}),
        help_text="JPG 或 PNG，最多 12 张，可一次选多张。",
    )  # fmt: skip

    def __init__(self, *args: Any, blind: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not blind:
            del self.fields["blind_findings"]
