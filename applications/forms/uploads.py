"""What the browser says of a large file before it sends the first part."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.models import CallMaterial, DraftMaterial, Project
from core.forms import PortalForm


class UploadForm(PortalForm):
    """Which entry of the call's list, which file of the draft it replaces, and what tells this file again."""

    requirement = forms.ModelChoiceField(queryset=CallMaterial.objects.none(), label="材料")
    replaces = forms.ModelChoiceField(queryset=DraftMaterial.objects.none(), label="替换", required=False)
    name = forms.CharField(label="文件名", max_length=400)
    size = forms.IntegerField(label="大小", min_value=0)
    mark = forms.CharField(label="识别标记", max_length=80)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", label="内容指纹", required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "requirement": CallMaterial.objects.filter(call=project.call_id),
            "replaces": DraftMaterial.objects.filter(draft__project=project),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class PartForm(PortalForm):
    """Where a part begins, in bytes."""

    offset = forms.IntegerField(min_value=0)
