"""The engine: it starts, refuses second claims, knows its users, and ends with its hub."""

import nats.errors
import pytest
from nats.aio.client import Client
from nats.js.errors import APIError

from boxoffice.venue import protocol
from boxoffice.venue.client import close, connect
from boxoffice.venue.engine import REFUSED, Engine, stream_config
from tests.venue.conftest import DOORS, hashes


async def join(engine: Engine, user: str) -> Client:
    certificate = (engine.folder / "cert.pem").read_text()
    return await connect(f"127.0.0.1:{engine.port}", user, DOORS[user], certificate)


async def test_one_of_two_doors_gets_the_claim(engine: Engine) -> None:
    hub = engine.client.jetstream()
    await hub.add_stream(stream_config(protocol.stream("e"), protocol.stored_subjects("e")))
    subject = protocol.claim_subject("e", "t", 0)
    first, second = await join(engine, "door0"), await join(engine, "door1")
    await first.jetstream().publish(subject, b"first")
    with pytest.raises(APIError) as refusal:
        await second.jetstream().publish(subject, b"second")
    assert refusal.value.err_code == REFUSED
    stored = await second.jetstream().get_last_msg(protocol.stream("e"), subject, direct=True)
    assert stored.data == b"first"
    await close(first)
    await close(second)


async def test_a_removed_door_is_cut_off_and_the_others_stay(engine: Engine) -> None:
    gone, stays = await join(engine, "door0"), await join(engine, "door1")
    await engine.reload(hashes("door1"))
    with pytest.raises(nats.errors.Error):
        await gone.flush()
    with pytest.raises(nats.errors.Error):
        await join(engine, "door0")
    await stays.flush()
    await close(gone)
    await close(stays)
