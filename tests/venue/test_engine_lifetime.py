"""No engine outlives its hub, whatever ends that, and none that was left behind is in the way."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from boxoffice import ProblemError
from boxoffice.venue.engine import Engine
from boxoffice.venue.local_network import is_free
from tests.support import until
from tests.venue.engines import free_port, hashes, is_alive, joined, prepare

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it kills as POSIX does")

PROGRAM = """
import asyncio, sys
from pathlib import Path
from boxoffice.venue.engine import Engine

async def serve() -> None:
    engine = Engine(Path(sys.argv[1]), int(sys.argv[2]))
    await engine.start({})
    print(engine._process.pid, engine.pid, flush=True)
    await engine.wait()

asyncio.run(serve())
"""


class Processes(NamedTuple):
    """By their numbers."""

    hub: int
    watchdog: int
    engine: int


@asynccontextmanager
async def hub_process(folder: Path, port: int) -> AsyncIterator[Processes]:
    """A program that has an engine, as `boxoffice hub` has."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, str(folder), str(port)), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    watchdog, engine = map(int, (await process.stdout.readline()).split())
    try:
        yield Processes(process.pid, watchdog, engine)
    finally:
        for pid in (process.pid, watchdog, engine):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await process.wait()


async def test_the_engine_of_a_killed_hub_ends(tmp_path: Path) -> None:
    folder, port = prepare(tmp_path / "hub"), free_port()
    async with hub_process(folder, port) as pids:
        assert is_alive(pids.engine)
        os.kill(pids.hub, signal.SIGKILL)
        await until(lambda: not is_alive(pids.engine))
        await until(lambda: not is_alive(pids.watchdog))
        assert is_free(port)


async def test_the_engine_of_an_ended_watchdog_ends(tmp_path: Path) -> None:
    async with hub_process(prepare(tmp_path / "hub"), free_port()) as pids:
        os.kill(pids.watchdog, signal.SIGTERM)
        await until(lambda: not is_alive(pids.engine))


async def test_an_engine_that_was_left_behind_is_ended(tmp_path: Path) -> None:
    folder, port = prepare(tmp_path / "hub"), free_port()
    async with hub_process(folder, port) as pids:
        os.kill(pids.watchdog, signal.SIGKILL)
        os.kill(pids.hub, signal.SIGKILL)
        await until(lambda: not is_alive(pids.watchdog))
        assert is_alive(pids.engine)
        engine = Engine(folder, port)
        try:
            await engine.start(hashes("door0"))
            await until(lambda: not is_alive(pids.engine))
            async with joined(engine, "door0") as client:
                await client.flush()
        finally:
            await engine.stop()


async def test_an_engine_whose_watchdog_is_killed_ends_with_stop(tmp_path: Path) -> None:
    engine = Engine(prepare(tmp_path / "hub"), free_port())
    try:
        await engine.start({})
        pid = engine.pid
        assert engine._process is not None
        os.kill(engine._process.pid, signal.SIGKILL)
        await engine.wait()
        assert is_alive(pid)
    finally:
        await engine.stop()
    await until(lambda: not is_alive(pid))
    assert is_free(engine.port)


async def test_another_hubs_engine_is_left_alone(tmp_path: Path) -> None:
    """Its port is ours too, and the number in our file is that of some other process now."""
    other = Engine(prepare(tmp_path / "other"), free_port())
    bystander = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=-1)
    try:
        await other.start({})
        engine = Engine(prepare(tmp_path / "hub"), other.port)
        (engine.folder / "engine.pid").write_text(str(bystander.pid))
        with pytest.raises(ProblemError, match="in use by another program"):
            await engine.start({})
        assert is_alive(other.pid)
        assert is_alive(bystander.pid)
    finally:
        await other.stop()
        bystander.kill()
        await bystander.communicate()


async def test_an_engine_that_does_not_start_says_why(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "hub")
    (folder / "key.pem").write_bytes((prepare(tmp_path / "other") / "key.pem").read_bytes())
    with pytest.raises(ProblemError, match=r"ended as soon as it was started.*key"):
        await Engine(folder, free_port()).start({})


async def test_what_is_asked_of_an_engine_that_ends_is_given_up(engine: Engine) -> None:
    """A hub is not away for as long as an answer may take, where its engine ends as it is tried."""
    asking = asyncio.ensure_future(engine.unless_ended(asyncio.Event().wait()))
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(ProblemError, match="ended as soon as it was started"):
        await asking
