"""Drafts (mutable, the enterprise's alone) and submissions (immutable), with their investment lines and materials."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from applications.models.projects import OfProjectQuerySet, Project
from core.encryption import EncryptedTextField
from core.models import ScopedQuerySet
from core.money import YuanField


class Filing(models.Model):
    """What an enterprise says of its project. Amounts in 元, excluding VAT unless the name says tax."""

    title = models.CharField("项目名称", max_length=120)
    industry = models.CharField("项目行业（GB/T 4754 四位码）", max_length=4, blank=True)
    task = models.PositiveSmallIntegerField("方案任务（1–11）", null=True, blank=True)
    site = models.CharField("建设地点", max_length=200, blank=True)
    filing_number = models.CharField("备案文号", max_length=60, blank=True)
    filing_date = models.DateField("备案日期", null=True, blank=True)
    credit_report_date = models.DateField("信用报告查询日期", null=True, blank=True)
    start_on = models.DateField("开工日期", null=True, blank=True)
    end_on = models.DateField("竣工日期", null=True, blank=True)
    content = models.TextField("建设内容", blank=True)
    benefit = models.TextField("预期成效", blank=True)
    own_funds = YuanField("自有资金", default=0)
    bank_loan = YuanField("银行贷款", default=0)
    received_elsewhere = YuanField("同一项目已获其他财政支持", default=0)
    contact = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = EncryptedTextField("联系电话", blank=True, default="")
    indicators = models.JSONField("绩效目标", default=list, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        abstract = True


class Draft(Filing):
    """The mutable text of a project, seen by its enterprise alone."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="draft")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField("更新时间")
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saves = models.JSONField("各节的保存", default=dict, blank=True)  # section → [who, when (ISO 8601)]

    class DraftQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(project__enterprise=user.organisation_id, project__enterprise__isnull=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "申报草稿"

    def __str__(self) -> str:
        return f"草稿：{self.title}"


class Submission(Filing):
    """What was filed, as it was filed. Never changed; a correction makes the next one."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="submissions")
    sequence = models.PositiveSmallIntegerField("第几次提交")
    submitted_at = models.DateTimeField("提交时间")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    track = models.CharField("类别", max_length=8)
    chain_leader = models.BooleanField("经认定的链主企业", default=False)
    enterprise_name = models.CharField("企业名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    investment = YuanField("投资总额")
    land_and_building = YuanField("土地、厂房等基础建设投资")
    input_vat = YuanField("可抵扣进项税额", default=0)
    declaration = models.TextField("申报声明")
    digest = models.CharField("内容摘要", max_length=64)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "申报提交"
        ordering = ["project", "sequence"]
        constraints = [
            models.UniqueConstraint(name="submissions_are_counted", fields=["project", "sequence"]),
            models.CheckConstraint(name="an_investment_is_not_negative", condition=Q(investment__gte=0)),
            models.CheckConstraint(
                name="land_and_building_within_the_investment",
                condition=Q(land_and_building__gte=0, land_and_building__lte=models.F("investment")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.sequence} 次提交）"


class Category(models.TextChoices):
    """Investment categories; land and building do not count (第六条二)."""

    EQUIPMENT = "equipment", "设备"
    SOFTWARE = "software", "软件"
    SERVICE = "service", "服务"
    INSTALLATION = "installation", "安装"
    LAND = "land", "土地"
    BUILDING = "building", "厂房基建"


NOT_ELIGIBLE = (Category.LAND, Category.BUILDING)


class InvestmentLine(models.Model):
    """One line of the 投资明细表: amount without VAT, and the VAT beside it."""

    position = models.PositiveIntegerField("序号")
    category = models.CharField("类别", max_length=12, choices=Category)
    name = models.CharField("名称", max_length=120)
    model = models.CharField("型号规格", max_length=80, blank=True)
    quantity = models.PositiveIntegerField("数量", default=1)
    amount = YuanField("金额（不含税）")
    tax = YuanField("税额", default=0)
    supplier = models.CharField("供应商", max_length=120, blank=True)
    supplier_uscc = models.CharField("供应商统一社会信用代码", max_length=18, blank=True, default="")
    domestic = models.BooleanField("国产", default=True)
    contract_number = models.CharField("合同编号", max_length=60, blank=True, default="")
    contracted_on = models.DateField("合同签订日期", null=True, blank=True)
    contract_amount = YuanField(
        "合同金额（含税）", null=True, blank=True
    )  # of the whole contract, on each of its lines
    invoice_number = models.CharField("发票号码", max_length=40, blank=True)
    invoiced_on = models.DateField("开票日期", null=True, blank=True)
    serial_number = models.CharField("设备编号", max_length=60, blank=True)
    payee = models.CharField("收款方", max_length=120, blank=True, default="")
    paid_on = models.DateField("付款日期", null=True, blank=True)  # the last payment for the line
    paid = YuanField("已付金额（含税）", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position"]


class DraftLine(InvestmentLine):
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="lines")
    slot = models.CharField(
        "页面上的位置", max_length=16, blank=True, default=""
    )  # tells a row sent twice from two rows

    class DraftPartQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(draft__in=Draft.objects.visible_to(user))

    objects = DraftPartQuerySet.as_manager()

    class Meta(InvestmentLine.Meta):
        verbose_name = "投资明细（草稿）"
        constraints = [
            models.CheckConstraint(name="a_draft_line_is_not_negative", condition=Q(amount__gte=0, tax__gte=0)),
            models.UniqueConstraint(name="a_row_is_saved_once", fields=["draft", "slot"], condition=~Q(slot="")),
        ]

    def __str__(self) -> str:
        return self.name


class OfSubmissionQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(submission__in=Submission.objects.visible_to(user))


class SubmissionLine(InvestmentLine):
    """A line as it was filed, with the keys under which duplicates are looked for across all applications."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="lines")
    invoice_key = models.CharField("发票键", max_length=40, blank=True, default="")
    serial_key = models.CharField("设备键", max_length=60, blank=True, default="")
    seller_key = models.CharField("销售方键", max_length=120, blank=True, default="")

    objects = OfSubmissionQuerySet.as_manager()

    class Meta(InvestmentLine.Meta):
        verbose_name = "投资明细"
        indexes = [
            models.Index(name="line_by_invoice", fields=["invoice_key"]),
            models.Index(name="line_by_serial", fields=["serial_key"]),
            models.Index(name="line_by_seller", fields=["seller_key", "invoiced_on", "amount"]),
        ]
        constraints = [
            models.CheckConstraint(name="a_filed_line_is_not_negative", condition=Q(amount__gte=0, tax__gte=0))
        ]

    def __str__(self) -> str:
        return self.name


class DraftMaterial(models.Model):
    """A file put to one entry of the call's list."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="materials")
    requirement = models.ForeignKey("applications.CallMaterial", models.PROTECT, related_name="+")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField("第几版", default=1)
    sheet = models.ForeignKey("applications.SealSheet", models.SET_NULL, null=True, blank=True, related_name="+")
    seal_reading = models.CharField("盖章件", max_length=8, blank=True, default="")  # of SealReading
    blind_signs = models.JSONField(
        "泄露身份的内容", default=list, null=True, blank=True
    )  # of a 匿名稿; None: being read
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DraftLine.DraftPartQuerySet.as_manager()

    class Meta:
        verbose_name = "申报材料（草稿）"
        ordering = ["requirement__position", "pk"]

    def __str__(self) -> str:
        return f"{self.requirement_id}:{self.file_id}"


class SubmissionMaterial(models.Model):
    """A file as it was filed, by content hash; `replaces` is what stood in its place in an earlier submission."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="materials")
    requirement = models.ForeignKey("applications.CallMaterial", models.PROTECT, related_name="+")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    drafted_as = models.PositiveBigIntegerField(
        "草稿中的编号", null=True, blank=True
    )  # DraftMaterial's key, gone or not
    version = models.PositiveSmallIntegerField("第几版", default=1)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    sheet = models.ForeignKey("applications.SealSheet", models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("上传时间", null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "申报材料"
        ordering = ["requirement__position", "pk"]

    def __str__(self) -> str:
        return f"{self.requirement_id}:{self.file_id}"


class Determination(models.Model):
    """A stored result of the policy engine: facts + version + digest in, figures and steps out; replayable for ever."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="determinations")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="determinations")
    policy_version = models.CharField("政策版本", max_length=40)
    policy_digest = models.CharField("政策摘要", max_length=64)
    facts = models.JSONField("事实", encoder=DjangoJSONEncoder)
    result = models.JSONField("结果与步骤", encoder=DjangoJSONEncoder)
    verdict = models.CharField("结论", max_length=40)
    eligible = YuanField("合格投资", null=True)
    ceiling = YuanField("第六条上限", null=True)
    limit = YuanField("支持上限", null=True)
    central = YuanField("中央部分", null=True)
    total = YuanField("可支持合计", null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_current = models.BooleanField(default=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "金额测算"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_current_determination_a_project", fields=["project"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(
                name="a_determination_is_within_ceiling_and_limit",
                condition=Q(central__lte=F("ceiling"), total__lte=F("limit")),  # what is not known breaks nothing
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.verdict}"


class DefectAnswer(models.Model):
    """What the enterprise says to one entry of a defect list; shown to the district beside the entry."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="defect_answers")
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("缺陷序号")
    answer = models.TextField("答复")
    answered_at = models.DateTimeField("答复时间")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "补正答复"
        ordering = ["ground", "number"]
        constraints = [models.UniqueConstraint(name="one_answer_a_defect", fields=["ground", "project", "number"])]

    def __str__(self) -> str:
        return f"{self.project_id} {self.number}"
