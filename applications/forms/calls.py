"""The parts of a call as forms: the notice, its window, its material list, its rubric and review, its terms."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.facts import reference
from applications.facts.call_parts import FULL_MARKS
from applications.forms.grids import GridFormSet
from applications.models import REFORM_TRACKS, Direction, Need
from core.forms import MomentInput, PortalForm, UploadField, YuanFormField, YuanInput
from policy.queries import versions_for_calls

REFORM = "改造项目（“点、线、面”，中央和地方资金，第五、六条）"
DAY_LABELS = {
    "district_days": "区县初审",
    "correction_days": "补正",
    "review_days": "市级评审",
    "notice_days": "公示",
    "objection_days": "异议复核",
    "agreement_days": "签署任务书",
    "rectification_days": "整改",
}
STEPS = [("0.5", "0.5 分"), ("1.0", "1 分"), ("2.0", "2 分"), ("5.0", "5 分")]


class _PartForm(PortalForm):
    """A part of a call; `seen` is its fingerprint when it was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def keep_after(self, conflict: Exception, fingerprint: str) -> None:
        """Say that somebody was faster; what was typed stays, and saves when it is sent again."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint
        self.add_error(None, str(conflict))


class _WindowMixin(forms.Form):
    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        opens, closes = found.get("opens_at"), found.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "截止时间须晚于开始时间，请核对。")
        return found


class StartCallForm(_WindowMixin, PortalForm):
    """What a call begins with; everything else is filled with the defaults of its kind."""

    direction = forms.ChoiceField(
        label="支持什么", required=False, widget=forms.RadioSelect, choices=[("", REFORM), *Direction.choices],
        help_text="第五条、第七条（二）。除改造项目外都是地方方向，只用地方资金，高校、协会、园区等也可以申报。",
    )  # fmt: skip
    title = forms.CharField(label="标题", max_length=120)
    year = forms.IntegerField(label="年度", min_value=2024, max_value=2100)
    opens_at = forms.DateTimeField(label="开始时间", widget=MomentInput)
    closes_at = forms.DateTimeField(label="截止时间", widget=MomentInput)


class TextForm(_PartForm):
    title = forms.CharField(label="标题", max_length=120)
    year = forms.IntegerField(label="年度", min_value=2024, max_value=2100)
    text = forms.CharField(
        label="正文", widget=forms.Textarea(attrs={"rows": 14}),
        help_text="支持重点、申报程序和要求（第八条）。空一行分段。",
    )  # fmt: skip
    tracks = forms.MultipleChoiceField(
        label="受理类别", choices=[(track.value, track.label) for track in REFORM_TRACKS],
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "请至少选择一个类别。"},
    )  # fmt: skip
    tasks = forms.TypedMultipleChoiceField(
        label="方案任务", coerce=int, widget=forms.CheckboxSelectMultiple, required=False,
        help_text="试点工作方案第三部分的十一项任务；每个项目对应其中一项。全部不选即不限。",
    )  # fmt: skip

    def __init__(self, *args: Any, local: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"].choices = [
            (number, f"{number}. {name}（{track.label}）")
            for track in REFORM_TRACKS for number, name in reference.tasks_for(track)
        ]  # fmt: skip
        if local:
            del self.fields["tracks"], self.fields["tasks"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = set(found.get("tasks") or [])
        for track in found.get("tracks") or []:
            if chosen and chosen.isdisjoint(number for number, _ in reference.tasks_for(track)):
                self.add_error("tasks", f"“{dict(self.fields['tracks'].choices)[track]}”类没有可选的方案任务，请补选。")
        return found


class WindowForm(_WindowMixin, _PartForm):
    opens_at = forms.DateTimeField(label="开始时间", widget=MomentInput, help_text="从这一刻起可以提交。")
    closes_at = forms.DateTimeField(label="截止时间", widget=MomentInput, help_text="到这一刻为止；发布后只能延长。")
    grace_minutes = forms.IntegerField(
        label="截止宽限（分钟）", min_value=0, max_value=1440, required=False,
        help_text="截止时正在填写的，在这段时间内仍可提交；不能新建申报。不填为 0。",
    )  # fmt: skip

    def clean_grace_minutes(self) -> int:
        return self.cleaned_data["grace_minutes"] or 0


class TermsForm(_PartForm):
    policy_version = forms.ChoiceField(label="政策版本", help_text="只有两局已采用的版本才能发布（第三、十七条）。")
    district_days = forms.IntegerField(min_value=1, max_value=250)
    correction_days = forms.IntegerField(min_value=1, max_value=250)
    max_returns = forms.IntegerField(label="最多退回补正次数", min_value=0, max_value=9)
    review_days = forms.IntegerField(min_value=1, max_value=250)
    notice_days = forms.IntegerField(min_value=1, max_value=250)
    objection_days = forms.IntegerField(min_value=1, max_value=250)
    agreement_days = forms.IntegerField(min_value=1, max_value=250)
    rectification_days = forms.IntegerField(min_value=1, max_value=250)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy_version"].choices = [(choice.key, choice.label) for choice in versions_for_calls()]
        for name, label in DAY_LABELS.items():
            self.fields[name].label = f"{label}（工作日）"
            self.fields[name].error_messages["required"] = f"请填写{label}的工作日数。"


class ReviewForm(_PartForm):
    experts_needed = forms.IntegerField(
        label="每项目最少专家人数", min_value=1, max_value=15, help_text="不少于 5 人，单数为宜。"
    )
    pass_mark = forms.IntegerField(label="通过分数", min_value=1, max_value=100)
    reason_below = forms.IntegerField(label="总分低于多少须写理由", min_value=0, max_value=100)
    reason_above = forms.IntegerField(label="总分高于多少须写理由", min_value=0, max_value=100)
    blind_review = forms.BooleanField(
        label="匿名评审", required=False, help_text="专家看不到企业名称，只看材料清单中标明“匿名稿可见”的材料。"
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        below, above = found.get("reason_below"), found.get("reason_above")
        if below is not None and above is not None and below > above:
            self.add_error("reason_above", "须不低于前一个分数，请核对。")
        return found


class MaterialRowForm(PortalForm):
    grid_columns = (
        ("order", "顺序"), ("name", "材料名称"), ("need", "要求"), ("amount", "投资额（元）"), ("hint", "说明"),
        ("blind", "匿名稿可见"), ("confidential", "涉密，不上传"),
    )  # fmt: skip

    code = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    order = forms.IntegerField(
        label="顺序", required=False, min_value=0, max_value=999, widget=forms.NumberInput({"size": 3})
    )
    name = forms.CharField(label="材料名称", max_length=80)
    need = forms.ChoiceField(label="要求", choices=Need, initial=Need.REQUIRED)
    amount = YuanFormField(label="投资额", required=False, widget=YuanInput(unit=None))
    hint = forms.CharField(label="说明", max_length=200, required=False)
    blind = forms.BooleanField(label="匿名稿可见", required=False)
    confidential = forms.BooleanField(label="涉密，不上传", required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("need") == Need.FROM_AMOUNT and found.get("amount") is None:
            self.add_error("amount", "“达到投资额的必交”须填写投资额。")
        if found.get("need") != Need.FROM_AMOUNT:
            found["amount"] = None
        if found.get("blind") and found.get("confidential"):
            self.add_error("blind", "涉密材料不上传，不能列入匿名稿。")
        return found


class MaterialRows(GridFormSet):
    """The material list in the order that was typed; a new entry gets a code of its own."""

    def clean(self) -> None:
        names = [form.cleaned_data.get("name") for form in self.forms if form.is_valid() and form.has_changed()]
        if len(names) != len(set(names)):
            raise forms.ValidationError("材料清单中有同名的材料，请合并或改名。")

    @property
    def rows(self) -> list[dict[str, Any]]:
        found = super().rows
        taken = {row["code"] for row in found}
        last = len(found) + 1
        ordered = sorted(found, key=lambda row: last if row["order"] is None else row["order"])
        for row in ordered:
            number = 1
            while not row["code"]:
                code = f"material-{number}"
                row["code"], number = ("" if code in taken else code), number + 1
            taken.add(row["code"])
        return [{name: value for name, value in row.items() if name != "order"} for row in ordered]


class RubricRowForm(PortalForm):
    grid_columns = (
        ("dimension", "维度"), ("name", "评分项"), ("points", "分值"), ("step", "评分间隔"), ("guide", "评分说明"),
    )  # fmt: skip

    dimension = forms.CharField(label="维度", max_length=40)
    name = forms.CharField(label="评分项", max_length=80)
    points = forms.IntegerField(label="分值", min_value=1, max_value=100)
    step = forms.ChoiceField(label="评分间隔", choices=STEPS, initial="0.5")
    guide = forms.CharField(label="评分说明", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        points, step = found.get("points"), found.get("step")
        if points and step and (points * 10) % int(float(step) * 10):
            self.add_error("step", f"{points} 分不能按 {float(step):g} 分一档评满，请改间隔或分值。")
        return found


class RubricRows(GridFormSet):
    """The rubric; its points make one hundred."""

    def clean(self) -> None:
        if any(self.errors):
            return
        points = sum(row["points"] for row in self.rows)
        if points != FULL_MARKS:
            raise forms.ValidationError(f"评分表各项合计应为 {FULL_MARKS} 分，现在是 {points} 分。")


MaterialRowFormSet = forms.formset_factory(MaterialRowForm, formset=MaterialRows, extra=2, can_delete=True, max_num=60)
RubricRowFormSet = forms.formset_factory(RubricRowForm, formset=RubricRows, extra=2, can_delete=True, max_num=60)


class AttachmentForm(PortalForm):
    title = forms.CharField(
        label="名称", max_length=80, required=False, help_text="例如 附件1 申报书样式；不填用文件名。"
    )
    file = UploadField(label="文件", help_text="PDF、OFD、Word、Excel 或图片。")


class PublishForm(PortalForm):
    when = forms.ChoiceField(
        label="什么时候发布",
        choices=[("now", "现在发布"), ("later", "定时发布")],
        initial="now",
        widget=forms.RadioSelect,
    )
    publish_at = forms.DateTimeField(
        label="发布时间",
        widget=MomentInput,
        required=False,
        help_text="选择定时发布时填写；到时由系统发布，五分钟之内。",
    )
    number = forms.CharField(
        label="文号", max_length=60, required=False, help_text="例如 沈工信发〔2026〕12号；没有的可不填。"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("when") == "later" and not found.get("publish_at") and "publish_at" not in self.errors:
            self.add_error("publish_at", "请填写发布时间。")
        return found


class UnscheduleForm(PortalForm):
    reason = forms.CharField(label="取消的理由", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class ExtendForm(PortalForm):
    closes_at = forms.DateTimeField(label="新的截止时间", widget=MomentInput)
    reason = forms.CharField(
        label="延长的理由",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="理由会公开，并通知有草稿、可撤回修改或受邀加入协同组的单位。",
    )
