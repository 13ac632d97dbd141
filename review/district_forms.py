"""What is typed at the district's desk: filters, checklist, hand-over, signature."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.forms.signing import SigningForm
from applications.models import CallMaterial, Project
from core.forms import Choices, PortalForm, UploadField
from core.models import User
from review.checklist import Checklist
from review.forms import QueueFilter
from review.models import Verdict

QUIET = {"class": "form-control-sm"}


class DistrictFilter(QueueFilter):
    """Filters over the district's queue (GET); the tab is the state."""

    due = forms.ChoiceField(label="时限", required=False)
    holder = forms.ModelChoiceField(
        label="经办人", required=False, queryset=User.objects.none(), empty_label="经办人：全部"
    )
    tab = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, bands: dict[str, Any], holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].choices = [("", "时限：全部"), *((key, band.label) for key, band in bands.items())]
        self.fields["holder"].queryset = holders

    def wanted(self) -> dict[str, Any]:
        """What was asked and could be understood; the rest is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ChecklistForm(PortalForm):
    """Verdict and note for each entry of the list, evidence for each rule, in one plain form post."""

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        for entry in checklist.materials:
            self._ask(f"{entry.pk}", entry.name, checklist.material_checks.get(entry.pk))
        for result in checklist.rules:
            self._ask(f"rule_{result.rule}", result.label, checklist.judgement_of(result), evidence=True)

    def _ask(self, key: str, name: str, check: Any, evidence: bool = False) -> None:
        self.fields[f"verdict_{key}"] = forms.ChoiceField(
            label=name, choices=Verdict.choices, widget=Choices(), required=False,
            initial=check.verdict if check else None,
        )  # fmt: skip
        self.fields[f"note_{key}"] = forms.CharField(
            label=f"{name}说明", required=False, max_length=500, initial=check.note if check else "",
            widget=forms.TextInput({**QUIET, "placeholder": "说明（判为存疑时必填）"}),
        )  # fmt: skip
        if evidence:
            keys = [entry.pk for entry in self.checklist.materials]
            self.fields[f"material_{key}"] = forms.ModelChoiceField(
                label=f"{name}依据的材料", required=False, queryset=CallMaterial.objects.filter(pk__in=keys),
                empty_label="依据材料", initial=check.material_id if check else None,
                widget=forms.Select({"class": "form-select-sm"}),
            )  # fmt: skip
            self.fields[f"page_{key}"] = forms.IntegerField(
                label=f"{name}依据的页码", required=False, min_value=1, max_value=9999,
                initial=check.page if check else None,
                widget=forms.TextInput({**QUIET, "placeholder": "页码", "inputmode": "numeric", "size": 5}),
            )  # fmt: skip
            self.fields[f"upload_{key}"] = UploadField(
                label=f"{name}本单位核查的文件", required=False, widget=forms.FileInput(QUIET)
            )

    def clean(self) -> dict[str, Any]:
        for name, value in list(self.cleaned_data.items()):
            if name.startswith("verdict_") and value == Verdict.QUESTIONED:
                note = name.replace("verdict_", "note_", 1)
                if not self.cleaned_data.get(note) and note not in self.errors:
                    self.add_error(note, "请写明存疑的原因，企业要照着改。")
        return self.cleaned_data

    def judged(self) -> dict[int, tuple[str, str]]:
        """Verdict and note by the material's key, of those that were judged or changed."""
        found = {}
        for entry in self.checklist.materials:
            check = self.checklist.material_checks.get(entry.pk)
            said = (self.cleaned_data.get(f"verdict_{entry.pk}"), self.cleaned_data.get(f"note_{entry.pk}", ""))
            if said[0] and (check is None or said != (check.verdict, check.note)):
                found[entry.pk] = said
        return found

    def judged_rules(self) -> dict[str, dict[str, Any]]:
        """Verdict, note, material, page, upload by rule, of those that were judged or changed."""
        found = {}
        for result in self.checklist.rules:
            key, check = f"rule_{result.rule}", self.checklist.judgement_of(result)
            parts = ("verdict", "note", "material", "page", "upload")
            said = {part: self.cleaned_data.get(f"{part}_{key}") for part in parts}
            before = check and (check.verdict, check.note, check.material_id, check.page)
            now = (said["verdict"], said["note"] or "", said["material"] and said["material"].pk, said["page"])
            if said["verdict"] and (said["upload"] or now != before):
                found[result.rule] = {**said, "note": said["note"] or ""}
        return found


class HandOverForm(PortalForm):
    to = forms.ModelChoiceField(label="移交给", queryset=User.objects.none(), empty_label="请选择同事")
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues
        self.fields["to"].label_from_instance = lambda one: f"{one}（{one.title}）" if one.title else str(one)


class RefuseOpinionForm(PortalForm):
    reason = forms.CharField(
        label="不予签批的理由", max_length=500, widget=forms.Textarea({"rows": 4}), help_text="初审员会收到全文。"
    )


class RecommendForm(SigningForm):
    """The number of the letter, and the lead's signature."""

    field_order = ("number", "password")
    number = forms.CharField(
        label="推荐文号", max_length=60, required=False,
        help_text="本部门推荐函的文号，例如 示例工信推〔2026〕3号；没有可以不填。",
    )  # fmt: skip
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RecommendManyForm(SigningForm):
    """Several projects with one letter; each carries the version the lead had on screen."""

    field_order = ("number", "password")
    number = RecommendForm.base_fields["number"]
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def versions(self) -> dict[int, int]:
        """Version by project, as the preview showed them."""
        pairs = [pair.split(":") for pair in self.cleaned_data.get("seen", "").split(",") if pair.count(":") == 1]
        return {int(key): int(version) for key, version in pairs if key.isdigit() and version.isdigit()}


def seen_of(projects: list[Project]) -> str:
    """The versions of these projects as the form carries them."""
    return ",".join(f"{one.pk}:{one.version}" for one in projects)
