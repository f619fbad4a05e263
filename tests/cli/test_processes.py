"""A process that has its modules loaded ends, speaks and dies as one that was started cold.

So does one that runs many commands.
"""

import signal
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Computer
from tests.cli.processes import Loaded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="all starts are cold ones")


@pytest.mark.parametrize("command", ["queue", "events", "no-such-command", "--version"])
def test_all_say_the_same(stranger: Computer, command: str) -> None:
    first = stranger.run(command)
    assert stranger.run(command) == first
    with stranger.start(command) as process:
        assert isinstance(process, Loaded)
        assert process.communicate() == (first.out, first.err)
    assert process.returncode == first.status


def test_nothing_of_a_command_is_left_for_the_next(
    computer: Computer, stranger: Computer, tmp_path: Path
) -> None:
    first = stranger.run("--help")
    danish = Computer(tmp_path, {"BOXOFFICE_LANGUAGE": "da"})
    assert danish.run("--help").out != first.out
    (computer.data / "boxoffice.log").mkdir(parents=True)
    assert computer.run("queue").status == 1
    (computer.data / "boxoffice.log").rmdir()
    assert computer.run("queue").status == 0
    (computer.data / "boxoffice.log").unlink()
    assert stranger.run("--help") == first
    assert [*computer.data.glob("boxoffice.log*")] == []


def test_it_dies_of_a_signal(computer: Computer) -> None:
    computer.run("scan")
    with computer.start("scan", "--json") as process:
        assert process.poll() is None
        process.kill()
    assert process.returncode == -signal.SIGKILL
