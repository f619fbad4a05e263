"""What is received, and what is turned away: forged, huge, malformed, slow, many."""

import asyncio

import pytest

from boxoffice.clock import SystemClock
from boxoffice.hooks import NOWHERE_ELSE, PortError
from boxoffice.hooks.receiver import (
    AT_ONCE,
    LARGEST,
    LEFT_OVER,
    LONGEST_HEAD,
    LOST,
    PATIENCE,
    SLOW,
    Receiver,
)
from boxoffice.ticketbutler.resources.webhooks import Hook
from tests.hooks.conftest import PATH, TICKET, Post, body, bounded, request
from tests.support import FakeClock, until

OK, BAD, NOWHERE, NOT_POSTED, HUGE, NO_HOOK = 200, 400, 404, 405, 413, 422


async def still_works(post: Post) -> None:
    """A proper hook arrives, whatever came before."""
    before = len(post.hooks)
    assert await post.send(request(body())) == OK
    assert [hook.tickets for hook in post.hooks[before:]] == [(TICKET,)]


async def cut_off(reader: asyncio.StreamReader) -> bool:
    """Whether the connection is closed without a word."""
    try:
        return not await bounded(reader.read())
    except ConnectionError:
        return True


async def test_a_hook_is_handed_on(post: Post) -> None:
    await still_works(post)
    assert await post.send(request(body(), f"{PATH}/?x=1")) == OK
    chunked = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    content = body()
    half = len(content) // 2
    pieces = [b"%x\r\n%s\r\n" % (len(each), each) for each in (content[:half], content[half:])]
    assert await post.send(chunked, *pieces, b"0\r\n\r\n") == OK
    assert len(post.hooks) == post.receiver.came == 3
    assert post.refused == []


async def test_one_who_waits_to_be_told_to_go_on(post: Post) -> None:
    reader, writer = await post.connect()
    content = body()
    writer.write(request(content, head="Expect: 100-continue\r\n")[: -len(content)])
    assert await bounded(reader.readuntil(b"\r\n\r\n")) == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(content)
    assert b" 200 OK" in await bounded(reader.read())
    writer.close()


@pytest.mark.parametrize(
    "path", ["/", "/hooks/", "/hooks/secre", "/hooks/secret2", "/hooks/secret/x", "//hooks/secret"]
)
async def test_forged_without_the_secret(post: Post, path: str) -> None:
    assert await post.send(request(body(), path)) == NOWHERE
    assert post.hooks == []
    assert post.refused == ["not the secret path"]
    await still_works(post)


async def test_what_is_not_posted(post: Post) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        assert await post.send(request(b"", method=method)) == NOT_POSTED
    assert post.hooks == []


async def test_huge_by_its_own_word(post: Post) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST + 1}\r\n\r\n"
    reader, writer = await post.connect()
    writer.write(head.encode())
    assert b" 413 " in await bounded(reader.readuntil(b"\r\n\r\n"))
    writer.close()
    await still_works(post)


async def test_the_largest_that_is_taken(post: Post) -> None:
    content = body(padding="x" * 1000)
    assert await post.send(request(content + b" " * (LARGEST - len(content)))) == OK
    assert await post.send(request(content + b" " * (LARGEST - len(content) + 1))) == HUGE
    assert len(post.hooks) == 1


async def test_huge_in_chunks_without_saying_so(post: Post) -> None:
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    assert await post.send(head, *[chunk] * (LARGEST // 0x8000 + 1), b"0\r\n\r\n") == HUGE
    assert post.hooks == []
    await still_works(post)


async def test_without_end_it_is_cut_off(post: Post) -> None:
    reader, writer = await post.connect()
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {10**15}\r\n\r\n".encode())
    sent = 0
    with pytest.raises(ConnectionError):
        while True:
            writer.write(b"x" * 65_536)
            sent += 65_536
            await writer.drain()
            assert sent < LEFT_OVER * 50, "it goes on reading"
    writer.close()
    del reader
    await still_works(post)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"ticket.checkin"',
        b'{"action": "ticket.checkin", "data": ',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"action":' * 20_000,
        b'{"action": null, "data": 7}',
        b'{"a": 1' + b"1" * 100_000 + b"}",
    ],
    ids=range(11),
)
async def test_malformed(post: Post, content: bytes) -> None:
    assert await post.send(request(content)) == NO_HOOK
    assert post.hooks == []
    await still_works(post)


async def test_hooks_of_odd_shapes_name_nothing(post: Post) -> None:
    for data in ({"uuid": "../../etc"}, {"uuid": ["x"]}, {"tickets": [[], 7, {"uuid": {}}]}):
        content = body("purchase.paid", **data)
        assert await post.send(request(content)) == OK
    assert {hook.order for hook in post.hooks} <= {"", TICKET}
    assert all(set(hook.tickets) <= {TICKET} for hook in post.hooks)


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"POST /hooks/secret\r\n\r\n",
        b"POST /hooks/secret HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /hooks/secret HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST /hooks/secret HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /hooks/secret HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"POST / HTTP/1.1\r\nX: " + b"x" * (LONGEST_HEAD + 70_000),
    ],
    ids=range(8),
)
async def test_not_http(post: Post, said: bytes) -> None:
    assert await post.send(said) in (BAD, 431, 413, 501)
    assert post.hooks == []
    await still_works(post)


async def test_slow_ones_are_cut_off_and_hold_up_nobody(post: Post, clock: FakeClock) -> None:
    whole = request(body())
    slow = [await post.connect() for _ in range(3)]
    for (_, writer), sent in zip(slow, (0, 20, len(whole) - 1), strict=True):
        writer.write(whole[:sent])
    await until(lambda: clock.sleeping == 3, "three that wait")
    await still_works(post)
    await clock.advance(PATIENCE - 1)
    assert post.refused == []
    await clock.advance(1)
    for reader, writer in slow:
        assert await cut_off(reader)
        writer.close()
    assert post.refused == [SLOW] * 3
    assert len(post.hooks) == 1
    await until(lambda: clock.sleeping == 0, "nothing left behind")


async def test_a_line_that_the_machine_gives_up_is_lost_and_not_slow(post: Post) -> None:
    _, writer = await post.connect()
    await until(lambda: post.receiver._connections, "the connection")
    (connection,) = post.receiver._connections
    connection.connection_lost(TimeoutError("connection timed out"))
    assert post.refused == [LOST]
    writer.close()


async def test_one_who_hangs_up_in_the_middle(post: Post) -> None:
    _, writer = await post.connect()
    writer.write(request(body())[:-5])
    await writer.drain()
    writer.transport.abort()
    await until(lambda: post.refused, "it is noticed")
    assert post.refused[0] in (LOST, "not HTTP")
    _, writer = await post.connect()
    writer.close()
    assert post.hooks == []
    await still_works(post)


async def test_many_at_once(post: Post) -> None:
    said = await asyncio.gather(*(post.send(request(body())) for _ in range(AT_ONCE // 2)))
    assert said == [OK] * (AT_ONCE // 2)
    for _ in range(10):
        said = await asyncio.gather(*(post.send(request(body())) for _ in range(20)))
        assert said == [OK] * 20
    assert post.receiver.came == len(post.hooks) == AT_ONCE // 2 + 200


async def test_a_port_that_is_taken(post: Post) -> None:
    other = Receiver(PATH, post.hooks.append, clock=SystemClock())
    with pytest.raises(PortError) as caught:
        await other.open(NOWHERE_ELSE._replace(port=post.port))
    assert "--hooks HOST:PORT" in caught.value.sentence
    assert str(post.port) in caught.value.sentence
    await other.close()


async def test_closing_ends_what_is_under_way(post: Post, clock: FakeClock) -> None:
    reader, writer = await post.connect()
    writer.write(b"POST")
    await until(lambda: clock.sleeping == 1, "it is heard")
    await post.receiver.close()
    assert await cut_off(reader)
    writer.close()
    with pytest.raises(ConnectionError):
        await post.connect()
    await until(lambda: clock.sleeping == 0, "nothing left behind")


async def test_a_fault_of_the_program_itself_is_logged_and_the_next_hook_comes(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    came: list[Hook] = []

    def fail_once(hook: Hook) -> None:
        came.append(hook)
        if len(came) == 1:
            raise RuntimeError("odd")

    receiver = Receiver(PATH, fail_once, clock=clock)
    post = Post((await receiver.open(NOWHERE_ELSE._replace(port=0))).port, receiver)
    assert await post.send(request(body())) == 500
    assert await post.send(request(body())) == 200
    await receiver.close()
    assert [record.exc_info is not None for record in caplog.records] == [True]
