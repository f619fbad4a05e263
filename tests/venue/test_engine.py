"""The engine: it starts, refuses second claims, knows its users, and ends with its hub."""

import nats.errors
import pytest
from nats.js.errors import APIError

from boxoffice.venue import protocol
from boxoffice.venue.engine import REFUSED, Engine
from boxoffice.venue.engine_config import stream_config
from tests.venue.engines import hashes, joined


async def test_one_of_two_doors_gets_the_claim(engine: Engine) -> None:
    hub = engine.client.jetstream()
    await hub.add_stream(stream_config(protocol.stream("e"), protocol.stored_subjects("e")))
    subject = protocol.claim_subject("e", "t", 0)
    async with joined(engine, "door0") as first, joined(engine, "door1") as second:
        await first.jetstream().publish(subject, b"first")
        with pytest.raises(APIError) as refusal:
            await second.jetstream().publish(subject, b"second")
        assert refusal.value.err_code == REFUSED
        stored = await second.jetstream().get_last_msg(protocol.stream("e"), subject, direct=True)
        assert stored.data == b"first"


async def test_it_is_never_without_a_stream_so_that_one_can_always_be_made(engine: Engine) -> None:
    """Of its last stream it removes the folder too, beside whatever is asked next."""
    seen = set()
    for _ in range(3):
        (check,) = await engine.client.jetstream().streams_info()
        seen.add(check.config.name)
        await engine.stop()
        await engine.start(hashes())
    assert len(seen) == 3


async def test_a_removed_door_is_cut_off_and_the_others_stay(engine: Engine) -> None:
    async with joined(engine, "door0") as gone, joined(engine, "door1") as stays:
        await engine.reload(hashes("door1"))
        with pytest.raises(nats.errors.Error):
            await gone.flush()
        with pytest.raises(nats.errors.Error):
            async with joined(engine, "door0"):
                pass
        await stays.flush()
