"""What is typed on the pages of the pool of experts and of the groups of companies."""

from __future__ import annotations

from typing import Any

from django import forms

from core.codes import clean_uscc
from core.forms import DayInput, PortalForm, UploadField
from core.models import District
from core.sheet_reading import Reading, read_rows
from review.fields import FIELDS
from review.models import Expert, RelationKind
from review.pool_sheet import LAYOUT, LOGIN, NO_LOGIN

STANDINGS = {"": "声明：全部", "yes": "声明有效", "no": "没有有效声明"}
PLACES = {"": "状态：在库", "out": "已出库", "all": "全部"}


class PoolFilter(PortalForm):
    """Filters over the pool (GET)."""

    q = forms.CharField(
        label="查找", required=False, widget=forms.TextInput({"placeholder": "姓名、单位、代号", "size": 20})
    )
    field = forms.ChoiceField(
        label="专业", required=False, choices=[("", "专业：全部"), *[(one, one) for one in FIELDS]]
    )
    district = forms.ModelChoiceField(
        label="区县", required=False, queryset=District.objects.all(), empty_label="区县：全部"
    )
    declared = forms.ChoiceField(label="声明", required=False, choices=list(STANDINGS.items()))
    place = forms.ChoiceField(label="状态", required=False, choices=list(PLACES.items()))


class ExpertForm(PortalForm):
    """What the pool says of an expert."""

    fields_of = forms.MultipleChoiceField(
        label="专业领域", choices=[(one, one) for one in FIELDS], widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个专业领域。"},
    )  # fmt: skip
    title = forms.CharField(label="职称", max_length=40, required=False)
    district = forms.ModelChoiceField(
        label="区县", required=False, queryset=District.objects.all(), empty_label="外地或不适用"
    )
    is_active = forms.TypedChoiceField(
        label="状态", choices=[("yes", "在库，参加抽取"), ("no", "出库，不再抽取")], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    inactive_because = forms.CharField(
        label="出库原因", max_length=200, required=False, help_text="出库时必填。在评的项目不受影响。"
    )

    @classmethod
    def of(cls, expert: Expert, data: Any) -> ExpertForm:
        known = [one for one in expert.fields if one in FIELDS]
        return cls(data, initial={
            "fields_of": known, "title": expert.title, "district": expert.district_id,
            "is_active": "yes" if expert.is_active else "no", "inactive_because": expert.inactive_because,
        })  # fmt: skip

    def said(self) -> dict[str, Any]:
        """The cleaned data by the service's names."""
        found = dict(self.cleaned_data)
        return {"fields": found.pop("fields_of"), **found}


class NewExpertForm(PortalForm):
    """One expert, by the columns of the sheet."""

    username = forms.RegexField(
        label="登录名", regex=rf"^{LOGIN}\Z", help_text="3 至 40 位字母、数字和 . _ -。",
        error_messages={"invalid": NO_LOGIN},
    )  # fmt: skip
    name = forms.CharField(label="姓名", max_length=40)
    email = forms.EmailField(label="邮箱", max_length=254, help_text="接收评审邀请。")
    title = forms.CharField(label="职称", max_length=40, required=False)
    fields_of = forms.MultipleChoiceField(
        label="专业领域", choices=[(one, one) for one in FIELDS], widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个专业领域。"},
    )  # fmt: skip
    employer = forms.CharField(label="工作单位", max_length=120, help_text="单位全称。")
    uscc = forms.CharField(
        label="单位统一社会信用代码", max_length=40, required=False, help_text="18 位，用于查找利害关系。"
    )
    district = forms.ModelChoiceField(
        label="区县", required=False, queryset=District.objects.all(), empty_label="外地或不适用",
        help_text="单位所在区、县（市）。",
    )  # fmt: skip

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_uscc(self) -> str | None:
        code = self.cleaned_data["uscc"]
        return clean_uscc(code) if code else None

    def said(self) -> dict[str, Any]:
        """The cleaned data by the service's names."""
        found = dict(self.cleaned_data)
        return {"fields": sorted(found.pop("fields_of")), **found}


class PoolSheetForm(PortalForm):
    """A workbook of experts; what is wrong inside it is told row by row in `reading`."""

    file = UploadField(label="Excel 文件", help_text=".xlsx，5 MB 以内，最多 2,000 名专家。")

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.reading: Reading = read_rows(upload, LAYOUT)
        if not self.reading.is_clean:
            self.refuse(len(self.reading.faults))
        return upload

    @staticmethod
    def refuse(count: int) -> None:
        """Raises the words over the report."""
        words = f"文件里有 {count} 处需要改正，一名也没有导入。请按下面的清单改好后重新选择文件。"
        raise forms.ValidationError(words, code="faults")


class RelationForm(PortalForm):
    """Two bodies of one group."""

    one = forms.CharField(label="一方的统一社会信用代码", max_length=40)
    kind = forms.ChoiceField(label="关系", choices=RelationKind.choices, help_text="控股：一方控股另一方。")
    other = forms.CharField(label="另一方的统一社会信用代码", max_length=40)
    source = forms.CharField(label="来源", max_length=200, help_text="例如国家企业信用信息公示系统，2026年3月5日查询。")
    from_on = forms.DateField(label="起", widget=DayInput())
    to_on = forms.DateField(label="止", widget=DayInput(), required=False, help_text="仍然存在的不填。")

    def clean_one(self) -> str:
        return clean_uscc(self.cleaned_data["one"])

    def clean_other(self) -> str:
        return clean_uscc(self.cleaned_data["other"])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("from_on") and said.get("to_on") and said["to_on"] < said["from_on"]:
            self.add_error("to_on", "结束日期早于开始日期。")
        return said


class EndForm(PortalForm):
    """When a relation ended."""

    to_on = forms.DateField(label="结束日期", widget=DayInput())
