"""An engine that is there and of no use is started again: it hangs, or could not write."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import nats.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from boxoffice.domain.venue import StoreTrouble
from boxoffice.venue import engine as engine_module
from boxoffice.venue import engine_health, protocol
from boxoffice.venue.hub import Hub
from boxoffice.venue.membership import Membership
from tests.support import FakeClock, until
from tests.venue.engines import EVENT, claim, free_port, is_alive, member

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it stops and limits processes")


def engine_pid(data: Path) -> int:
    return int((data / "hub" / "engine.pid").read_text())


async def open_event(client: Client) -> Msg:
    return await client.request(f"bo.open.{EVENT}", b"", 5)


async def ended(pid: int, clock: FakeClock) -> None:
    """Return when the hub has ended that engine; the clock goes on until then."""

    async def is_dead() -> bool:
        await clock.advance(1)
        return not is_alive(pid)

    await until(is_dead)


async def started_again(clock: FakeClock, membership: Membership) -> None:
    """Return when another engine has taken a claim."""

    async def is_back() -> bool:
        await clock.advance(1)
        try:
            async with asyncio.timeout(60), member(membership) as door:
                await open_event(door)
                await door.jetstream(timeout=60).publish(*claim("aa", os.urandom(8).hex()))
        except (OSError, nats.errors.Error):
            return False
        return True

    await until(is_back)


async def test_one_that_hangs(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        membership = await hub.admit("North")
        with monkeypatch.context() as impatient:
            impatient.setattr(engine_module, "HEALTHY_WITHIN", 0.2)
            os.kill(engine_pid(tmp_path), signal.SIGSTOP)
            await ended(engine_pid(tmp_path), clock)
        await started_again(clock, membership)


async def test_one_that_ends_is_started_again_once_the_disk_can_be_written(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_writable = False
    monkeypatch.setattr(engine_health, "_can_write", lambda _folder: is_writable)
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        membership, pid = await hub.admit("North"), engine_pid(tmp_path)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: hub.trouble is StoreTrouble.DISK)
        await clock.advance(60)
        assert hub.trouble is StoreTrouble.DISK
        assert engine_pid(tmp_path) == pid, "none was started that would end at once"
        is_writable = True
        await started_again(clock, membership)
        assert hub.trouble is None


async def test_one_that_could_not_write_and_tells_why_until_it_can(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    writable = False
    monkeypatch.setattr(engine_health, "_can_write", lambda _folder: writable)
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        membership = await hub.admit("North")
        pid = engine_pid(tmp_path)
        async with member(membership) as door:
            await open_event(door)
            await door.jetstream().publish(*claim("aa", "t1"))
            limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (400, limits[1]))

            async def has_failed() -> bool:
                await door.publish(*claim("aa", os.urandom(8).hex()))
                await door.flush()
                return "write error" in await hub._engine.complaint()

            await until(has_failed)
            answer = json.loads((await open_event(door)).data)
            assert answer == {protocol.TROUBLE: StoreTrouble.DISK}
            await clock.advance(60)
            assert hub.trouble is StoreTrouble.DISK
            assert is_alive(pid), "or nobody could tell the doors"
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        writable = True
        await ended(pid, clock)
        await started_again(clock, membership)
        assert hub.trouble is None
        async with member(membership) as door:
            stored = await door.jetstream().get_last_msg(f"BO_{EVENT}", claim("aa", "t1")[0])
            assert stored.data == claim("aa", "t1")[1]
