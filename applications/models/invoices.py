"""What a 数电票 in XML says, read once when it is uploaded; the checks lay the lines beside it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from core.models import ScopedQuerySet, StoredFile
from core.money import YuanField


class ReadInvoiceQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """Only whose file it is; the checks read it through the filing that holds the file."""
        return self.filter(file__in=StoredFile.objects.visible_to(user))


class ReadInvoice(models.Model):
    """One invoice as its file says it; amounts in 元, `amount` without tax."""

    file = models.OneToOneField("core.StoredFile", models.CASCADE, related_name="read_invoice")
    number = models.CharField("发票号码", max_length=20)
    issued_on = models.DateField("开票日期", null=True)
    buyer_uscc = models.CharField("购买方代码", max_length=20, blank=True)
    buyer_name = models.CharField("购买方", max_length=200)
    seller_uscc = models.CharField("销售方代码", max_length=20, blank=True)
    seller_name = models.CharField("销售方", max_length=200, blank=True)
    amount = YuanField("金额（不含税）")
    tax = YuanField("税额")

    objects = ReadInvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "读出的发票"

    def __str__(self) -> str:
        return self.number
