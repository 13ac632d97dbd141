"""Which test modules run in one worker: those that load the demonstration, which costs more than their tests.

By the module's path, not by a mark: the marks of xdist do not reach its scheduler under this pytest.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/architecture/test_addresses.py": "demonstration",
    "tests/architecture/test_leaks.py": "demonstration",
    "tests/portal/test_demo.py": "demonstration",
    "tests/portal/test_newcomer.py": "newcomer",
}


class ByModule(LoadScopeScheduling):  # type: ignore[misc]
    """Tests of these modules go to one worker; all others one by one to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    return ByModule(config, log)
