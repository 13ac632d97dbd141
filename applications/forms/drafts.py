"""The sections of a draft as forms: messages at the field, and both texts where two people wrote at once."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.facts import reference, sections
from applications.forms.industry import IndustryField
from applications.forms.typed import TypedForm
from applications.models import Draft, ProjectGroup, Track
from core import codes
from core.forms import DayInput, PortalForm, YuanFormField


class StartForm(PortalForm):
    """What a filing begins with: its track, its group, its name."""

    track = forms.ChoiceField(label="项目类别", choices=Track, widget=forms.RadioSelect, help_text="第六条（二）")
    group = forms.ModelChoiceField(
        label="协同组", queryset=ProjectGroup.objects.none(), required=False, empty_label="不属于协同组（点）",
        help_text="“线”“面”项目须属于一个协同组；牵头企业先在“协同组”中新建，成员确认后各自申报。",
    )  # fmt: skip
    title = forms.CharField(label="项目名称", max_length=120)
    from_last = forms.BooleanField(label="从上次申报带入", required=False)

    def __init__(self, *args: Any, call: Any, groups: Any, last: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if last is None:
            del self.fields["from_last"]
        else:
            self.fields[
                "from_last"
            ].help_text = f"带入“{last.title}”的基本情况、建设内容、绩效指标和投资明细；备案文号、日期、资金、发票和设备编号不带入。"
        if call.is_local:  # no 点, 线 or 面, and nobody to file beside (第七条二)
            self.fields["track"].widget, self.fields["track"].initial = forms.HiddenInput(), Track.LOCAL
            self.fields["group"].widget = forms.HiddenInput()
        self.fields["track"].choices = [choice for choice in Track.choices if choice[0] in call.tracks]
        self.fields["group"].queryset = groups

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        track, group = found.get("track"), found.get("group")
        if track in (Track.LINE, Track.AREA) and group is None:
            self.add_error("group", f"“{Track(track).label}”类项目须属于一个协同组，请选择；还没有的，先新建协同组。")
        elif track and group is not None and group.track != track:
            self.add_error("group", "协同组的类别与所选项目类别不同，请核对。")
        return found


class SectionForm(TypedForm):
    """A section of the draft."""

    section = ""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        self.draft = draft
        standing = sections.values_of(draft, self.section)
        super().__init__(*args, standing=standing, marks=sections.fingerprint_of(draft, self.section), **kwargs)


class BasicsForm(SectionForm):
    section = "basics"
    title = forms.CharField(label="项目名称", max_length=120)
    industry = IndustryField(
        label="项目行业（GB/T 4754 四位代码）", required=False,
        help_text="按项目产品所属行业填写：输入代码或名称搜索四个试点大类（34、35、37、38）的小类；其他行业填四位代码。",
    )  # fmt: skip
    task = forms.TypedChoiceField(label="方案任务", coerce=int, empty_value=None, required=False)
    filing_number = forms.CharField(
        label="项目备案或核准文号", max_length=60, required=False, help_text="例如 沈铁发改备〔2025〕037号"
    )
    filing_date = forms.DateField(label="备案日期", required=False, widget=DayInput, help_text="见备案或核准文件。")
    credit_report_date = forms.DateField(
        label="信用报告查询日期", required=False, widget=DayInput, help_text="在“信用中国”查询并下载信用报告的日期。"
    )
    site = forms.CharField(
        label="建设地点", max_length=200, required=False, help_text="须在申报的区县内（属地原则，第九条一）。"
    )
    contact = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=30, required=False)

    def adjust(self) -> None:
        project = self.draft.project
        if project.call.is_local:
            self._of_a_direction(project.call)
            return
        wanted = project.call.tasks
        tasks = [one for one in reference.tasks_for(project.track) if not wanted or one[0] in wanted]
        self.fields["task"].choices = [("", "请选择"), *[(number, f"{number}. {name}") for number, name in tasks]]

    def _of_a_direction(self, call: Any) -> None:
        """A local direction asks for no task; industry and 备案 are given where there are any (第七条二)."""
        self.fields["task"].widget, self.fields["task"].choices = forms.HiddenInput(), [("", "")]
        self.fields["industry"].help_text = "申报单位有国民经济行业代码的填写，没有的不填。"
        self.fields["filing_number"].help_text = "办理了备案或核准的填写，没有的不填。"
        self.fields["site"].label, self.fields["site"].help_text = (
            "实施地点",
            "须在申报的区县内（属地原则，第九条一）。",
        )

    def clean_contact_phone(self) -> str:
        typed = self.cleaned_data["contact_phone"]
        return codes.clean_phone(typed) if typed else ""


class ContentForm(SectionForm):
    section = "content"
    start_on = forms.DateField(label="开工日期", required=False, widget=DayInput)
    end_on = forms.DateField(label="竣工日期", required=False, widget=DayInput, help_text="计划竣工的日期。")
    content = forms.CharField(
        label="建设内容", required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="主要设备、软件、工艺和场地。获批后须严格按此实施（第十条）。",
    )  # fmt: skip
    benefit = forms.CharField(label="预期成效", required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("start_on"), found.get("end_on")
        if start and end and end < start:
            self.add_error("end_on", f"竣工日期早于开工日期（{start.year}年{start.month}月{start.day}日），请核对。")
        return found


class FundingForm(SectionForm):
    section = "funding"
    own_funds = YuanFormField(label="自有资金", required=False)
    bank_loan = YuanFormField(label="银行贷款", required=False)
    received_elsewhere = YuanFormField(
        label="同一项目已获其他财政支持", required=False,
        help_text="没有的填 0。已获支持按就高不重复原则扣减（第五条）；隐瞒不报按第十三条处理。",
    )  # fmt: skip

    @property
    def readable(self) -> dict[str, Any]:
        return {name: value or 0 for name, value in super().readable.items()}


SECTION_FORMS: dict[str, type[SectionForm]] = {form.section: form for form in (BasicsForm, ContentForm, FundingForm)}
SECTION_TITLES = {"basics": "项目基本信息", "content": "建设内容与进度", "funding": "资金来源"}


class AnswersForm(TypedForm):
    """One answer for each entry of a defect list."""

    section = "defects"

    def __init__(self, *args: Any, defects: Any, **kwargs: Any) -> None:
        self.defects = list(defects)
        answers = {f"answer_{defect.number}": defect.answer for defect in self.defects}
        marks = sections.marks_of(answers.values())
        super().__init__(*args, standing=answers, marks=marks, **kwargs)

    def adjust(self) -> None:
        for defect in self.defects:
            self.fields[f"answer_{defect.number}"] = forms.CharField(
                label=f"对第 {defect.number} 条的答复", required=False, initial=defect.answer, max_length=2000,
                help_text=f"{defect.about}：{defect.what}" if defect.about else defect.what,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    @property
    def readable(self) -> dict[Any, Any]:
        """Answers by the number of the entry."""
        return {int(name.removeprefix("answer_")): answer for name, answer in super().readable.items()}
