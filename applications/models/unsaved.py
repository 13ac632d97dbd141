"""What a person typed into a section and the section does not hold (yet)."""

from __future__ import annotations

import json
from typing import Any, Self

from django.conf import settings
from django.db import models

from applications.models.filings import Draft
from core.encryption import EncryptedTextField
from core.models import ScopedQuerySet


class UnsavedTextQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """Whoever typed it, and nobody else: not even a colleague."""
        return self.filter(person=user.pk, draft__project__enterprise=user.organisation_id)


class UnsavedText(models.Model):
    """Half-typed, in conflict, or sent after the session had ended: kept as typed, for its author alone.

    Encrypted whole, since a telephone may be among it. One row a draft, section and person; it goes as soon as the
    section is saved, and by the clock after `services.autosave.KEPT_DAYS`.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="unsaved")
    section = models.CharField("节", max_length=12)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = EncryptedTextField("填写的内容")  # JSON: seen (fingerprint it was typed upon), fields (name → text)
    kept_at = models.DateTimeField("留存时间")

    objects = UnsavedTextQuerySet.as_manager()

    class Meta:
        verbose_name = "未存入的填写"
        constraints = [
            models.UniqueConstraint(name="one_unsaved_text_a_section_and_person", fields=["draft", "section", "person"])
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.section}"

    @property
    def seen(self) -> str:
        return str(json.loads(self.content)["seen"])

    @property
    def fields(self) -> dict[str, str]:
        """Each field's name on the page and its text, as typed."""
        return dict(json.loads(self.content)["fields"])
