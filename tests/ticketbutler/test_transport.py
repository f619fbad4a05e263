"""The client against servers that answer oddly, late, partly or not at all."""

import asyncio
import gzip
import socket
import subprocess
import sys

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxoffice.domain.secret_text import SecretStr
from boxoffice.ticketbutler import (
    CaptivePortal,
    Exchange,
    KeyRefused,
    Limits,
    NoAnswer,
    ServerFault,
    SiteError,
    Ticketbutler,
    TicketbutlerError,
    Unreachable,
    Unreadable,
)
from tests.ticketbutler.raw import KEY, TICKET, UUID, RawServer, read_error, write_error

LOADED_BY_A_REQUEST = """
import asyncio, sys
from boxoffice.ticketbutler import SecretStr, Ticketbutler, Unreachable
async def ask():
    client = Ticketbutler("http://127.0.0.1:9", SecretStr("key"))
    await client.load()
    loaded = {*sys.modules}
    try:
        await client.tickets.get("0" * 32, retry=False)
    except Unreachable:
        await client.close()
    print(sorted({"httpx", "click", "pygments", "rich"} & loaded), sorted({*sys.modules} - loaded))
asyncio.run(ask())
"""


def test_what_takes_long_is_loaded_before_a_request_and_what_is_not_needed_stays_away() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BY_A_REQUEST], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['httpx'] []"


async def test_what_is_sent(server: RawServer, client: Ticketbutler) -> None:
    server.reply(TICKET)
    assert (await client.tickets.patch(UUID, full_name="Åse \ud83d")).checked_in
    head, _, body = server.seen[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == f"PATCH /api/v3/tickets/{UUID}/ HTTP/1.1"
    headers = {
        name.lower(): value for name, _, value in (each.partition(": ") for each in lines[1:])
    }
    assert headers["authorization"] == f"Token {KEY}"
    assert headers["host"] == server.url.removeprefix("http://")
    assert headers["accept"] == headers["content-type"] == "application/json"
    assert headers["accept-encoding"] == "gzip"
    assert body == b'{"full_name": "\\u00c5se \\ud83d"}'


async def test_a_query(server: RawServer, client: Ticketbutler) -> None:
    server.reply(b"[]")
    assert await client.events.list(old=True) == []
    assert server.seen[0].startswith(b"GET /api/v3/events/?old=true HTTP/1.1\r\n")


async def test_compressed(server: RawServer, client: Ticketbutler) -> None:
    server.reply(gzip.compress(TICKET), "200 OK", "Content-Encoding: gzip")
    assert (await client.tickets.get(UUID)).checked_in


async def test_chunked(server: RawServer, client: Ticketbutler) -> None:
    server.answer = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(TICKET), TICKET)
    )
    assert (await client.tickets.get(UUID)).checked_in


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", NoAnswer),
        (b"HTTP/1.1 200 OK\r\n", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", NoAnswer),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", NoAnswer),
        (b"\x15\x03\x03\x00\x02\x02\x50", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Unreadable),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Unreadable),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + TICKET, Unreadable),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nxx", Unreadable),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nxx", Unreadable),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>", CaptivePortal),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", NoAnswer),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 500\r\n\r\n{", ServerFault),
        (b"HTTP/1.1 401 No\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", KeyRefused),
        (b"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\nxyz", KeyRefused),
        (b"HTTP/1.1 401 No\r\n\r\n" + b"x" * 1_000_000, KeyRefused),
    ],
    ids=lambda value: value[9:60].decode("latin-1") if isinstance(value, bytes) else "",
)
async def test_an_odd_answer(
    server: RawServer, client: Ticketbutler, answer: bytes, kind: type[TicketbutlerError]
) -> None:
    server.answer = answer
    assert type(await read_error(client)) is kind
    error = await write_error(client)
    assert type(error) is kind
    assert error.maybe_applied is (kind is not KeyRefused)
    assert error.sentence.endswith(".")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.booleans(), st.sampled_from([200, 201, 302, 404, 500]))
async def test_rubbish_from_a_socket(
    server: RawServer, client: Ticketbutler, rubbish: bytes, as_body: bool, status: int
) -> None:
    server.answer = b"HTTP/1.1 %d X\r\n\r\n%s" % (status, rubbish) if as_body else rubbish
    assert (await write_error(client)).sentence
    with pytest.raises(TicketbutlerError):
        await client.tickets.list(UUID)


async def test_a_bomb_is_stopped_at_the_bound(server: RawServer, client: Ticketbutler) -> None:
    server.reply(gzip.compress(bytes(100_000_000), 1), "200 OK", "Content-Encoding: gzip")
    assert type(await read_error(client)) is Unreadable


async def test_a_connection_that_is_reset(server: RawServer, client: Ticketbutler) -> None:
    server.abort = True
    assert type(await write_error(client)) is NoAnswer
    assert len(server.seen) == 1


async def test_a_connection_closed_between_two_requests(
    server: RawServer, client: Ticketbutler
) -> None:
    server.reply(TICKET)
    await client.tickets.get(UUID, retry=False)
    await server.closed.wait()
    assert (await client.tickets.patch(UUID, checked_in=True)).checked_in
    assert len(server.seen) == 2


async def test_one_cut_off_at_any_moment_is_in_nobodys_way(
    server: RawServer, client: Ticketbutler
) -> None:
    server.reply(TICKET)
    await client.tickets.get(UUID)
    for turns in range(20):
        cut_off = asyncio.create_task(client.tickets.get(UUID, retry=False))
        for _ in range(turns):
            await asyncio.sleep(0)
        cut_off.cancel()
        await asyncio.wait([cut_off])
        async with asyncio.timeout(5):
            assert (await client.tickets.get(UUID)).checked_in


async def test_a_read_is_tried_again_and_a_write_is_not(
    server: RawServer, client: Ticketbutler, exchanges: list[Exchange]
) -> None:
    server.answer = b""
    assert type(await read_error(client)) is NoAnswer
    assert len(server.seen) == 3
    with pytest.raises(NoAnswer):
        await client.tickets.get(UUID, retry=False)
    assert len(server.seen) == 4
    with pytest.raises(NoAnswer):
        await client.ping()
    assert len(server.seen) == 5
    assert type(await write_error(client)) is NoAnswer
    with pytest.raises(NoAnswer):
        await client.tickets.answer(UUID, [])
    assert len(server.seen) == 7
    assert [each.method for each in exchanges] == ["GET", "GET", "GET", "PATCH", "POST"]


@pytest.mark.parametrize(
    ("status", "tries"), [(500, 1), (502, 3), (503, 1), (504, 1), (520, 1), (524, 1), (429, 1)]
)
async def test_which_statuses_are_asked_again(
    server: RawServer, client: Ticketbutler, status: int, tries: int
) -> None:
    server.reply(b"", f"{status} X")
    await read_error(client)
    assert len(server.seen) == tries


@pytest.mark.parametrize("status", ["429 X", "502 X"])
async def test_a_wait_until_a_day_that_no_clock_shows_is_none(
    server: RawServer, client: Ticketbutler, status: str
) -> None:
    server.reply(b"{}", status, "Retry-After: Fri, 08 May 99999999999999999999 16:30:00 GMT")
    assert (await read_error(client)).retry_after is None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def test_nobody_there() -> None:
    client = Ticketbutler(
        f"http://127.0.0.1:{free_port()}", SecretStr(KEY), limits=Limits(backoff=0.0)
    )
    async with client:
        error = await write_error(client)
    assert type(error) is Unreachable
    assert not error.maybe_applied
    assert "cannot be reached: check the network." in error.sentence


async def test_no_such_name() -> None:
    async with Ticketbutler(
        "https://nowhere.invalid", SecretStr(KEY), limits=Limits(retries=0)
    ) as client:
        error = await write_error(client)
    assert type(error) is Unreachable
    assert error.sentence.startswith("nowhere.invalid ")


async def test_no_tls() -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 This is not TLS\r\n")
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as plain:
        url = f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}"
        async with Ticketbutler(url, SecretStr(KEY), limits=Limits(retries=0)) as client:
            error = await write_error(client)
    assert type(error) is Unreachable
    assert "not trusted" in error.sentence


async def test_a_tls_handshake_that_hangs(server: RawServer) -> None:
    url = server.url.replace("http:", "https:")
    async with Ticketbutler(url, SecretStr(KEY), limits=Limits(connect=0.05, retries=0)) as client:
        error = await write_error(client)
    assert type(error) is Unreachable
    assert "cannot be reached" in error.sentence


async def test_certificates_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at/all.pem")
    async with Ticketbutler("https://nowhere.invalid", SecretStr(KEY)) as client:
        error = await write_error(client)
    assert type(error) is Unreachable
    assert "SSL_CERT_FILE" in error.sentence


@pytest.mark.parametrize(
    "limits", [Limits(read=0.01, retries=0), Limits(total=0.01), Limits(total=0.01, at_once=1)]
)
async def test_silence(server: RawServer, limits: Limits) -> None:
    async with Ticketbutler(server.url, SecretStr(KEY), limits=limits) as client:
        assert type(await read_error(client)) is NoAnswer
        error = await write_error(client)
    assert type(error) is NoAnswer
    assert error.maybe_applied


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ConnectTimeout("x"), Unreachable),
        (httpx.ConnectError("x"), Unreachable),
        (httpx.PoolTimeout("x"), Unreachable),
        (httpx.LocalProtocolError("x"), Unreachable),
        (httpx.UnsupportedProtocol("x"), Unreachable),
        (httpx.ReadTimeout("x"), NoAnswer),
        (httpx.WriteTimeout("x"), NoAnswer),
        (httpx.ReadError("x"), NoAnswer),
        (httpx.WriteError("x"), NoAnswer),
        (httpx.CloseError("x"), NoAnswer),
        (httpx.RemoteProtocolError("x"), NoAnswer),
        (httpx.ProxyError("x"), NoAnswer),
        (httpx.DecodingError("x"), NoAnswer),
        (ConnectionResetError("x"), NoAnswer),
        (BrokenPipeError("x"), NoAnswer),
    ],
)
async def test_every_error_of_the_library(raised: Exception, kind: type[TicketbutlerError]) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise raised

    client = Ticketbutler(
        "https://test.ticketbutler.io",
        SecretStr(KEY),
        limits=Limits(backoff=0.0),
        transport=httpx.MockTransport(fail),
    )
    error = await write_error(client)
    assert type(error) is kind
    assert error.__context__ is None
    assert error.__cause__ is None


async def test_cancelling_is_not_an_error_and_gives_the_slot_back(
    server: RawServer, exchanges: list[Exchange]
) -> None:
    async with Ticketbutler(
        server.url, SecretStr(KEY), observe=exchanges.append, limits=Limits(at_once=1)
    ) as client:
        for _ in range(3):
            server.arrived.clear()
            asking = asyncio.create_task(client.tickets.patch(UUID, checked_in=True))
            await server.arrived.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        server.reply(TICKET)
        assert await client.tickets.get(UUID)
    assert [each.method for each in exchanges] == ["GET"]


async def test_no_more_than_the_limit_at_once(server: RawServer) -> None:
    under_way = most = 0
    full = asyncio.Event()

    async def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 8:
            full.set()
        await full.wait()
        await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(200, content=TICKET)

    client = Ticketbutler(server.url, SecretStr(KEY), transport=httpx.MockTransport(answer))
    await asyncio.gather(*(client.tickets.get(UUID) for _ in range(40)))
    assert most == 8


def test_no_site() -> None:
    with pytest.raises(SiteError):
        Ticketbutler("http://test.ticketbutler.io", SecretStr(KEY))
