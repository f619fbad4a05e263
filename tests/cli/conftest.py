"""A site that serves beside the test, and the program run as a person or a script runs it."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from boxoffice.sandbox import Dialect, SandboxThread
from tests.cli import processes
from tests.cli.processes import LONGEST, answered, start, surroundings

KEY = "a-key-for-tests"
TICKETS = 80


@dataclass
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """One JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def sentence(self) -> str:
        """What is said to a person, which is one line and no traceback."""
        assert "Traceback" not in self.err
        assert len(self.err.splitlines()) == 1, self.err
        return self.err.strip()


_started: list["subprocess.Popen[str]"] = []
"""By the test that runs."""


@dataclass
class Computer:
    """Runs `boxoffice` with an environment of its own."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = start(arguments, surroundings() | self.environment)
        _started.append(process)
        guard = threading.Timer(LONGEST, process.kill)
        guard.daemon = True
        guard.start()
        return process

    def run(self, *arguments: str, text: str = "") -> Ran:
        """What it answers: where it was started before, by a process that runs many commands."""
        answer = answered(arguments, surroundings() | self.environment, text)
        if answer is not None:
            return Ran(*answer)
        process = self.start(*arguments)
        out, err = process.communicate(text)
        return Ran(process.returncode, out, err)

    def scan(self, *codes: str) -> Ran:
        return self.run("scan", "--json", text="".join(f"{code}\n" for code in codes))


@pytest.fixture(autouse=True, scope="session")
def cold_starts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One place for all processes of this run: with xdist, beside each one's own folder."""
    base = tmp_path_factory.getbasetemp()
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    processes.cold = (base if alone else base.parent) / "cold"


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """Ends what a test has left, killed or running: its pipes would be found open in another."""
    yield
    while _started:
        process = _started.pop()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            with suppress(BrokenPipeError):  # nobody reads what it was still to be told
                pipe.close()


@pytest.fixture
def later() -> list[timedelta]:
    """By how much it is later at the site than here: the last one counts."""
    return [timedelta()]


@pytest.fixture
def site(dialect: Dialect, later: list[timedelta]) -> Iterator[SandboxThread]:
    def now() -> datetime:
        return datetime.now(UTC) + later[-1]

    with SandboxThread(dialect=dialect, tickets=TICKETS, token=KEY, now=now) as server:
        yield server


@pytest.fixture
def computer(site: SandboxThread, tmp_path: Path) -> Computer:
    """One that knows site, key and event from its environment."""
    data = tmp_path / "data"
    return Computer(
        data,
        {
            "BOXOFFICE_URL": site.url,
            "BOXOFFICE_TOKEN": KEY,
            "BOXOFFICE_EVENT": site.state.tonight.uuid,
            "BOXOFFICE_DATA_DIR": str(data),
            # The process goes by the real clock: a busy machine is not a slow site.
            "BOXOFFICE_DEADLINE": "30",
        },
    )


@pytest.fixture
def stranger(tmp_path: Path) -> Computer:
    """One that knows nothing yet."""
    data = tmp_path / "data"
    return Computer(data, {"BOXOFFICE_DATA_DIR": str(data)})
