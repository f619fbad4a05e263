"""A process that has its modules loaded ends, speaks and dies as one that was started cold."""

import signal
import sys

import pytest

from tests.cli.conftest import Computer
from tests.cli.processes import Loaded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="all starts are cold ones")


@pytest.mark.parametrize("command", ["queue", "events", "no-such-command", "--version"])
def test_both_say_the_same(stranger: Computer, command: str) -> None:
    first = stranger.run(command)
    with stranger.start(command) as process:
        assert isinstance(process, Loaded)
        assert process.communicate() == (first.out, first.err)
    assert process.returncode == first.status


def test_it_dies_of_a_signal(computer: Computer) -> None:
    computer.run("scan")
    with computer.start("scan", "--json") as process:
        assert process.poll() is None
        process.kill()
    assert process.returncode == -signal.SIGKILL
