"""`boxoffice hub` in a process of its own, and computers that may be its doors."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.conftest import Computer
from tests.venue.engines import free_port


@dataclass
class RunningHub:
    """`boxoffice hub --json`, in a process of its own."""

    computer: Computer
    process: "subprocess.Popen[str]"
    ready: dict[str, Any]

    @property
    def address(self) -> str:
        return str(self.ready["address"])

    @property
    def code(self) -> str:
        return str(self.ready["code"])

    def next(self) -> dict[str, Any]:
        """The next thing that happens."""
        assert self.process.stdout is not None
        line: dict[str, Any] = json.loads(self.process.stdout.readline())
        if line["state"] == "ready":
            self.ready = line
        return line

    def wait_for(self, state: str) -> dict[str, Any]:
        while (line := self.next())["state"] != state:
            pass
        return line

    def wait_paired(self) -> dict[str, Any]:
        """Until a door is, and there is another code; in either order."""
        used, paired = self.code, None
        while paired is None or self.code == used:
            line = self.next()
            paired = line if line["state"] == "paired" else paired
        return paired


def laptop(data: Path, lane: str, **environment: str) -> Computer:
    return Computer(data, {"BOXOFFICE_DATA_DIR": str(data), "BOXOFFICE_LANE": lane, **environment})


@contextmanager
def running(owner: Computer) -> Iterator[RunningHub]:
    """At a port that is free; another one is tried where somebody else was faster."""
    process = owner.start("hub", "--port", str(free_port()), "--json")
    assert process.stdout is not None
    while not (line := process.stdout.readline()):
        _, errors = process.communicate()
        assert "is in use by another program" in errors
        process = owner.start("hub", "--port", str(free_port()), "--json")
        assert process.stdout is not None
    try:
        yield RunningHub(owner, process, json.loads(line))
    finally:
        process.terminate()
        process.communicate()
