"""The clock and the waiting that other tests stand on."""

import asyncio
from datetime import timedelta

import pytest

from boxoffice.clock import Clock
from tests.support import EVENING, FakeClock, until


async def test_sleepers_wake_in_order_and_see_their_time() -> None:
    clock: Clock = FakeClock()
    fake = clock
    assert isinstance(fake, FakeClock)
    woken: list[tuple[str, float]] = []
    start = clock.monotonic()

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            woken.append((name, clock.monotonic() - start))

    tasks = [asyncio.create_task(sleeper("a", 3, 1)), asyncio.create_task(sleeper("b", 2, 0, 9))]
    await fake.advance(5)
    assert woken == [("b", 2), ("b", 2), ("a", 3), ("a", 4)]
    assert fake.now() == EVENING + timedelta(seconds=5)
    assert fake.sleeping == 1
    assert fake.next_in == 6
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert fake.sleeping == 0
    assert fake.next_in is None


async def test_the_wall_clock_jumps_alone() -> None:
    clock = FakeClock()
    before = clock.monotonic()
    clock.jump(timedelta(hours=-1))
    assert clock.now() == EVENING - timedelta(hours=1)
    assert clock.monotonic() == before


async def test_until() -> None:
    turns = iter([False, True])

    async def later() -> bool:
        return next(turns)

    await until(later)
    with pytest.raises(pytest.fail.Exception, match="a miracle"):
        await until(lambda: False, "a miracle", within=0)
