"""Connections that say nothing, or slowly, keep no hook from coming."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from boxoffice.hooks.receiver import AT_ONCE, BUSY, PATIENCE
from tests.hooks.conftest import PATH, TICKET, Post, body, bounded, request
from tests.support import FakeClock, until

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
FORGED = f"POST {PATH}x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode()


class Crowd:
    def __init__(self, post: Post) -> None:
        self.post = post
        self.lines: list[Line] = []

    async def come(self, count: int, said: bytes = b"") -> list[Line]:
        came = [await self.post.connect() for _ in range(count)]
        for _, writer in came:
            writer.write(said)
            await writer.drain()
        self.lines += came
        return came


@pytest.fixture
async def crowd(post: Post) -> AsyncIterator[Crowd]:
    crowd = Crowd(post)
    yield crowd
    for _, writer in crowd.lines:
        writer.transport.abort()


async def is_cut_off(line: Line) -> bool:
    try:
        return not await bounded(line[0].read())
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    "said",
    [b"", b"POST", FORGED, b"GET / HTTP/1.1\r\nX-A: ", request(body(), f"{PATH}/x")[:-1]],
    ids=["silent", "begun", "forged", "slow head", "slow body"],
)
async def test_a_hook_comes_through_a_crowd(
    post: Post, crowd: Crowd, clock: FakeClock, said: bytes
) -> None:
    before = clock.monotonic()
    await crowd.come(AT_ONCE, said)
    await until(lambda: clock.sleeping == AT_ONCE, "all are heard")
    for count in (1, 2, 3):
        assert await post.send(request(body())) == 200
        assert len(post.hooks) == count
    assert clock.monotonic() == before
    await until(lambda: clock.sleeping < AT_ONCE, "room")
    reader, _ = crowd.lines[0]
    answered = await bounded(reader.read(12)) if said.startswith(b"POST /") else b""
    assert answered in (b"", b"HTTP/1.1 404")


async def test_the_oldest_makes_room_and_no_more_than_one(
    post: Post, crowd: Crowd, clock: FakeClock
) -> None:
    first, second, *_ = await crowd.come(AT_ONCE)
    await until(lambda: clock.sleeping == AT_ONCE, "all are heard")
    await crowd.come(1)
    assert await is_cut_off(first)
    assert post.refused == [BUSY]
    assert post.receiver.turned_away == 1
    second[1].write(request(body()))
    assert b" 200 OK" in await bounded(second[0].read())
    await until(lambda: clock.sleeping == AT_ONCE - 1, "never more than the bound")


async def test_strangers_do_not_displace_one_who_knows_the_path(post: Post, crowd: Crowd) -> None:
    whole = request(body())
    ((reader, writer),) = await crowd.come(1, whole[:-1])
    for _ in range(5):
        await crowd.come(AT_ONCE)
    writer.write(whole[-1:])
    assert b" 200 OK" in await bounded(reader.read())
    assert [hook.tickets for hook in post.hooks] == [(TICKET,)]


async def test_also_one_who_knows_the_path_must_go_on(post: Post, crowd: Crowd) -> None:
    slow = await crowd.come(AT_ONCE, request(body())[:-1])
    assert await post.send(request(body())) == 200
    assert await is_cut_off(slow[0])
    assert post.refused == [BUSY]


async def test_a_flood_leaves_nothing_behind(post: Post, crowd: Crowd, clock: FakeClock) -> None:
    for _ in range(5):
        await asyncio.gather(*(crowd.come(40) for _ in range(5)))
        assert await post.send(request(body())) == 200
    assert len(post.hooks) == 5
    await until(lambda: clock.sleeping <= AT_ONCE, "no more than the bound")
    await clock.advance(PATIENCE)
    await until(lambda: clock.sleeping == 0, "nothing left behind")
    assert await post.send(request(body())) == 200
