"""The organiser's desk on the command line."""

import pytest

from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.models import Event
from tests.cli.conftest import Computer, Ran

__all__ = ["manage", "tonight"]


@pytest.fixture
def tonight(site: SandboxThread) -> Event:
    return site.state.tonight


def manage(computer: Computer, *arguments: str, text: str = "") -> Ran:
    ran = computer.run("manage", *arguments, text=text)
    assert "Traceback" not in ran.err
    return ran
