"""The whole table of endpoints against the sandbox, in both dialects, each by a call that works.

A row without a scenario fails, and so does a scenario that does not ask for its row's path.
"""

import re

import pytest

from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler import Ticketbutler
from tests.support import FakeClock, both_dialects
from tests.ticketbutler.contract import rows_events, rows_platform, rows_sales
from tests.ticketbutler.contract.endpoints import ENDPOINTS, Endpoint
from tests.ticketbutler.contract.stage import SCENARIOS, Stage

PARTS = (rows_events, rows_sales, rows_platform)
"""Each keeps its scenarios when it is imported."""


@pytest.mark.parametrize(
    "endpoint", ENDPOINTS, ids=lambda each: f"{each.method} {each.path.replace('/', '|')}"
)
@both_dialects
async def test_every_endpoint(
    endpoint: Endpoint,
    client: Ticketbutler,
    sandbox: Sandbox,
    tonight: SandboxEvent,
    clock: FakeClock,
    dialect: Dialect,
) -> None:
    stage = Stage(client, sandbox, tonight, clock, dialect)
    await SCENARIOS[endpoint.method, endpoint.path](stage)
    path = re.compile(re.sub("<[a-z]+>", "(?:[0-9a-f]{32}|[0-9]+)", endpoint.path))
    asked = [each for each in sandbox.log.find(endpoint.method) if path.fullmatch(each.path)]
    assert asked
    if dialect == "live" and endpoint.method == "GET" and path.pattern.endswith("discount-code/"):
        assert {each.status for each in asked} == {405}
        asked = sandbox.log.find("GET", "**discount-codes/")
    assert any(each.status is not None and each.status < 300 for each in asked)


def test_no_scenario_is_of_no_row() -> None:
    assert set(SCENARIOS) == {(each.method, each.path) for each in ENDPOINTS}


def test_the_scenarios_are_all_here() -> None:
    assert {each.__module__ for each in SCENARIOS.values()} == {each.__name__ for each in PARTS}
