"""A person at the browser: signs in, opens pages, fills fields by name, presses buttons by their words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from applications.models import Project

PASSWORD = "portal-test-2026"  # what tests.factories.core.person gives everybody


class Hand:
    """One browser, used by one person after another."""

    def __init__(self, page: Any, base: str, enter: Callable[[Any, Any], None]) -> None:
        self.page, self.base, self._enter = page, base, enter

    def becomes(self, user: Any) -> Hand:
        self._enter(self.page, user)
        return self

    def opens(self, path: str) -> Hand:
        answer = self.page.goto(self.base + path)
        assert answer.status == 200, f"{path}: {answer.status}\n{self.words()}"
        return self

    def fills(self, **fields: Any) -> Hand:
        """Each field by its name: text, choice, tick (True), or a file as (name, bytes)."""
        for name, value in fields.items():
            field = self.page.locator(f'main [name="{name.replace("__", "-")}"]')
            assert field.count(), f"{self.page.url}: no field {name} in\n{self.words()}"
            kind = field.first.get_attribute("type") or field.first.evaluate("e => e.tagName.toLowerCase()")
            if kind in {"radio", "checkbox"} and value is not True:
                self._ticks(self.page.locator(f'main [name="{name.replace("__", "-")}"][value="{value}"]'))
            elif kind == "checkbox":
                self._ticks(field.first)
            elif kind == "file":
                field.set_input_files({"name": value[0], "mimeType": "application/pdf", "buffer": value[1]})
            elif kind == "select":
                field.select_option(str(value))
            else:
                field.fill(str(value))
        return self

    @staticmethod
    def _ticks(box: Any) -> None:
        """By keyboard: a bar that stays at the page's foot may lie over a box, which a click at its place would miss."""
        if not box.is_checked():
            box.press("Space")
        assert box.is_checked()

    def presses(self, words: str) -> Hand:
        """The one button whose words begin so; the answer must be a page, not a fault."""
        self.page.locator("main button", has_text=words).first.click()
        return self.sees_no_fault()

    def signs(self, words: str) -> Hand:
        """Press a button whose form asks for the password once more."""
        form = self.page.locator("main form", has=self.page.locator("button", has_text=words)).first
        form.locator("input[type=password]").fill(PASSWORD)
        return self.presses(words)

    def sees_no_fault(self) -> Hand:
        faults = self.page.locator(".error-summary li, .invalid-feedback").all_inner_texts()
        assert not faults, f"{self.page.url}: {faults}"
        return self

    def sees(self, words: str) -> Hand:
        assert words in self.words(), f"{self.page.url}: no “{words}” in\n{self.words()}"
        return self

    def words(self) -> str:
        return self.page.locator("main").inner_text()


def days_pass(project: Project, days: int = 30) -> None:
    """So many days go by for a project's clock and its notice: dates move back, for time itself cannot be told to run."""
    from review.models import NoticeEntry, PublicNotice

    ended = timezone.localdate() - timedelta(days=1)
    Project.objects.filter(pk=project.pk).update(due_on=ended)
    entries = NoticeEntry.objects.filter(project=project)
    PublicNotice.objects.filter(pk__in=entries.values("notice")).update(
        ends_on=ended, published_at=timezone.now() - timedelta(days=days)
    )
