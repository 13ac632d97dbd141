"""docs/checks.md is made from the rules and the tests, and is up to date; no rule goes untested."""

from pathlib import Path

from django.conf import settings

from applications.checks import RULES
from applications.management.commands.checks_table import held_by, table
from applications.models import RuleKind


def test_the_table_is_up_to_date():
    assert Path(settings.BASE_DIR, "docs", "checks.md").read_text(encoding="utf-8") == table()


def test_every_rule_is_seen_to_pass_and_to_find():
    found = held_by({rule.key for rule in RULES} | {f"call_{kind}" for kind in RuleKind.values})

    assert [key for key, tests in found.items() if not tests] == []
