"""What the portal knows of an enterprise beside its name: profile, 链主 certificate, bank account, 失信 entries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.encryption import EncryptedTextField
from core.models import APPLICANT_KINDS, BUREAU_ROLES, FINANCE_ROLES, OpenQuerySet, Organisation, Role, ScopedQuerySet
from core.people import has_role
from core.written import answers


class OfOrganisationQuerySet(ScopedQuerySet):
    """Rows as visible as the organisation they describe."""

    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class EnterpriseProfile(models.Model):
    """一企一档: what every filing would otherwise ask again."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="profile", limit_choices_to={"kind__in": APPLICANT_KINDS}
    )
    address = models.CharField("注册地址", max_length=200)
    industry = models.CharField("行业（GB/T 4754 四位码）", max_length=4)
    above_scale = models.BooleanField("规上工业企业", default=False)
    legal_person = models.CharField("法定代表人", max_length=40)
    contact = models.CharField("联系人", max_length=40)
    phone = EncryptedTextField("联系电话", blank=True, default="")
    email = models.EmailField("邮箱", blank=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "企业档案"

    def __str__(self) -> str:
        return f"{self.organisation_id}"


class ChainLeaderCertificate(models.Model):
    """链主 by the city's dated list, never by claim (第六条二)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="chain_certificates")
    chain = models.CharField("产业链", max_length=40)
    document_number = models.CharField("认定文号", max_length=60)
    valid_from = models.DateField("生效")
    valid_to = models.DateField("失效", null=True, blank=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "链主认定"
        ordering = ["organisation", "valid_from"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.chain}"

    @classmethod
    def covers(cls, organisation_id: int, on: date) -> bool:
        """True when the enterprise stands on the list that day."""
        return bool(answers(_covering, organisation_id, on))


def _covering(organisation: int, on: date) -> models.QuerySet[Any]:
    rows = ChainLeaderCertificate.objects.filter(organisation=organisation, valid_from__lte=on)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by().values_list("pk")[:1]


IN_USE: dict[str, Any] = {"confirmed_at__isnull": False, "replaced_at": None}


def unsettled_at(at: datetime) -> Q:
    """Which accounts a third person has still to look at: in use, changed less than thirty days ago."""
    return Q(**IN_USE, waits_until__gt=at, rechecked_at=None)


class BankAccountQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The enterprise its own; those who pay, all. The number itself is shown masked except to finance."""
        if has_role(user, *BUREAU_ROLES, *FINANCE_ROLES, Role.SUPERVISOR):
            return self
        return self.filter(organisation=user.organisation_id, organisation__isnull=False)

    def in_use(self) -> Self:
        """Confirmed by a second person and not replaced by another: where money may go."""
        return self.filter(**IN_USE)

    def unsettled(self, at: datetime) -> Self:
        """In use in place of another for less than thirty days, and not looked at again by a further person."""
        return self.filter(unsettled_at(at))


class BankAccount(models.Model):
    """Where an enterprise is paid; entered by one person, confirmed by another."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_accounts")
    holder = models.CharField("户名", max_length=120)
    bank = models.CharField("开户行", max_length=120)
    cnaps = models.CharField("联行号", max_length=12)
    number = EncryptedTextField("账号")
    number_tail = models.CharField("尾号", max_length=4)
    number_hash = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    waits_until = models.DateTimeField("变更后待再次核实至", null=True, blank=True)  # none where it replaced no other
    rechecked_at = models.DateTimeField("再次核实", null=True, blank=True)
    rechecked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "收款账户"
        ordering = ["-entered_at"]
        constraints = [
            models.CheckConstraint(
                name="the_person_who_confirms_an_account_did_not_enter_it",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("entered_by")),
            ),
            models.CheckConstraint(
                name="a_third_person_rechecks_a_changed_account",
                condition=Q(rechecked_by__isnull=True)
                | (~Q(rechecked_by=models.F("entered_by")) & ~Q(rechecked_by=models.F("confirmed_by"))),
            ),
            models.UniqueConstraint(
                name="one_account_in_use_an_enterprise",
                fields=["organisation"],
                condition=Q(confirmed_at__isnull=False, replaced_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} 尾号 {self.number_tail}"


class DishonestyEntry(models.Model):
    """失信 register: who was disqualified for false materials, since when, until when (第十三条)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="dishonesty_entries")
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=200)
    from_on = models.DateField("起")
    to_on = models.DateField("止", null=True, blank=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "失信记录"
        ordering = ["-from_on"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.reason}"
