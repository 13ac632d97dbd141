"""What can be asked of the project list: a GET form, nothing of it required."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.models import Call, Track
from applications.states import STEPS
from core.forms import PortalForm
from core.models import District

ENDED = "ended"
DONE = "done"


class ProjectFilter(PortalForm):
    """Words, step, track, district, call."""

    q = forms.CharField(label="编号、项目或企业", required=False, max_length=80)
    step = forms.ChoiceField(label="环节", required=False)
    track = forms.ChoiceField(label="类别", required=False, choices=[("", "全部类别"), *Track.choices])
    district = forms.ModelChoiceField(
        label="区县", required=False, queryset=District.objects.none(), to_field_name="slug", empty_label="全部区县"
    )
    call = forms.ModelChoiceField(label="批次", required=False, queryset=Call.objects.none(), empty_label="全部批次")

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data)
        steps = [(str(number), f"{number} {label}") for number, label in enumerate(STEPS, start=1)]
        self.fields["step"].choices = [("", "全部环节"), *steps, (DONE, "办结"), (ENDED, "已退出")]
        self.fields["district"].queryset = District.objects.all()
        self.fields["call"].queryset = Call.objects.visible_to(user)
        self.fields["q"].widget.attrs["placeholder"] = "编号、项目或企业"

    def wanted(self) -> dict[str, Any]:
        """What was asked and could be understood; the rest is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
