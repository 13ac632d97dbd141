"""The roof's own tables: scenarios of the policy sandbox."""

from portal.sandbox.models import Scenario, ScenarioResult

__all__ = ["Scenario", "ScenarioResult"]
