"""Pairing over a real engine: a stranger may ask for that, and for nothing else."""

import asyncio
import socket
from collections.abc import AsyncIterator

import nats.errors
import pytest
from nats.aio.msg import Msg

from boxoffice.clock import SystemClock
from boxoffice.domain.invitation import Address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.venue.client import close, connect, connect_stranger
from boxoffice.venue.engine import Engine
from boxoffice.venue.membership import Membership
from boxoffice.venue.pairing import PairingError, PairingServer, join
from boxoffice.venue.protocol import pair_subject
from tests.venue.engines import PASSWORDS, free_port


class Host:
    """An engine whose hub shows a code."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.address = Address("127.0.0.1", engine.port)
        self.server = PairingServer(self.admit, SystemClock(), hub="ab", new_code=lambda: None)

    async def admit(self, door: str, _: Membership | None = None) -> Membership:
        user, password = next(iter(PASSWORDS.items()))
        certificate = (self.engine.folder / "cert.pem").read_text()
        return Membership("Hall", "ab", 1, (), user, SecretStr(password), certificate)

    async def start(self) -> None:
        async def answer(message: Msg) -> None:
            await message.respond(await self.server.answer(message.data))

        await self.engine.client.subscribe(pair_subject(self.engine.name), cb=answer)
        await self.engine.client.flush()


@pytest.fixture
async def host(engine: Engine) -> AsyncIterator[Host]:
    host = Host(engine)
    await host.start()
    yield host


async def test_who_has_the_code_becomes_a_member_that_the_engine_lets_in(host: Host) -> None:
    joined = await join(host.address, host.server.code, "North")
    assert joined.addresses == (host.address,)
    client = await connect(
        str(host.address), joined.user, joined.password.get_secret_value(), joined.certificate
    )
    assert client.is_connected
    await close(client)


async def test_who_has_it_not_is_told_so(host: Host) -> None:
    wrong = f"{(int(host.server.code) + 1) % 10**8:08}"
    with pytest.raises(PairingError, match="does not show this code"):
        await join(host.address, wrong, "North")


async def test_a_stranger_may_ask_for_nothing_but_that(host: Host) -> None:
    client = await connect_stranger(str(host.address))
    try:
        for subject in ("bo.open.e", "$JS.API.STREAM.NAMES", "$SYS.REQ.SERVER.PING"):
            with pytest.raises((nats.errors.Error, TimeoutError)):
                await client.request(subject, b"", 0.2)
    finally:
        await close(client)


async def test_where_nobody_listens_a_sentence_names_what_to_try() -> None:
    with pytest.raises(PairingError, match=r"No hub answers at 127\.0\.0\.1.* firewall"):
        await join(Address("127.0.0.1", free_port()), "47110815", "North")


async def test_an_engine_without_a_hub_is_no_hub(engine: Engine) -> None:
    with pytest.raises(PairingError, match="does not pair now"):
        await join(Address("127.0.0.1", engine.port), "47110815", "North")


async def test_who_accepts_and_is_silent_holds_nobody_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(PairingError, match="No hub answers"):
            address = Address("127.0.0.1", silent.getsockname()[1])
            await join(address, "47110815", "North", within=0.2)


async def test_another_program_there_is_no_hub() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(PairingError, match="No hub answers"):
            await join(Address("127.0.0.1", port), "47110815", "North", within=0.2)


async def test_the_code_is_in_no_file_of_the_hub(host: Host) -> None:
    code = host.server.code
    await join(host.address, code, "Nordtribune")
    for file in host.engine.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert code.encode() not in content, file
            assert b"Nordtribune" not in content, file
