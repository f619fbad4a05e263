"""Looks how a door would reach its hub, and takes no part: nothing is claimed, opened or said.

The hub is asked whether it can store what it would be told.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from nats.aio.msg import Msg

from boxoffice.clock import Clock
from boxoffice.domain.hub_readiness import PortState
from boxoffice.domain.invitation import Address
from boxoffice.domain.venue import StoreTrouble
from boxoffice.venue import HubAwayError, protocol
from boxoffice.venue.connection import Connection, HubRefusedError, TroubleError
from boxoffice.venue.membership import Membership
from boxoffice.venue.presence import EVERY
from boxoffice.venue.record import open_at_hub

ASKED = 5
"""Answers that are timed."""
LISTENS = EVERY + 0.5
"""Seconds in which every door that is there says so."""
KNOCKS_WITHIN = 1.5


class Unreachable(NamedTuple):
    """The hub answers at none of its addresses."""

    address: Address
    """The last one at which it did."""
    port: PortState
    """Its port there."""
    sentence: str = ""
    """Where a hub answers that must not be used: why."""


class Probe(NamedTuple):
    seconds: Sequence[float]
    """Of a few answers to what a claim asks for."""
    engine: tuple[int, int]
    """Its version."""
    ahead: timedelta | None
    """Of the hub's time, this computer's; None: it has not told."""
    epoch: int | None
    """The hub's; None: it has none of this event yet."""
    lanes: Sequence[str]
    """Of other computers that are there."""
    trouble: StoreTrouble | None = None
    """Why the hub can store nothing; None: it can, or does not say."""


async def probe(membership: Membership, event: str, clock: Clock) -> Probe | Unreachable:
    """Ask the hub for what a scan asks it; `event`: a uuid. Raises HubAwayError where it is lost.

    It takes `LISTENS` seconds where it is reached.
    """
    refused = ""
    for address in membership.addresses:
        try:
            connection = await Connection.open(address, membership)
        except HubRefusedError as error:
            refused = refused or str(error)
        except HubAwayError:
            continue
        else:
            try:
                return await _ask(connection, membership, event, clock)
            finally:
                await connection.close()
    first = membership.addresses[0]
    return Unreachable(first, await _knock(first), refused)


async def _ask(connection: Connection, own: Membership, event: str, clock: Clock) -> Probe:
    lanes = set[str]()

    def notice(message: Msg) -> None:
        try:
            door = protocol.read_presence(message.subject, message.data)
        except protocol.ProtocolError:
            return  # it is no door
        if door.user != own.user:
            lanes.add(door.lane)

    await connection.listen(protocol.presence_subject(event, "*"), notice)
    until, seconds = time.monotonic() + LISTENS, list[float]()
    stream = protocol.stream(event)
    for _ in range(ASKED):
        began = time.monotonic()
        state = await connection.ask(f"$JS.API.STREAM.INFO.{stream}")
        seconds.append(time.monotonic() - began)
    ahead = epoch = None
    if "error" not in state:
        try:
            ahead = clock.now() - datetime.fromisoformat(state["ts"])
            epoch = int(state["config"]["metadata"][protocol.EPOCH])
        except (KeyError, TypeError, ValueError) as error:
            raise HubAwayError(f"{stream} is no stream of a hub") from error
    try:
        await open_at_hub(connection, protocol.NO_EVENT)
        trouble = None
    except TroubleError as error:
        trouble = error.trouble
    await asyncio.sleep(until - time.monotonic())
    if connection.lost_by is not None:
        raise connection.lost_by
    return Probe(seconds, connection.engine, ahead, epoch, sorted(lanes), trouble)


async def _knock(address: Address) -> PortState:
    try:
        async with asyncio.timeout(KNOCKS_WITHIN):
            _, writer = await asyncio.open_connection(address.host, address.port)
    except ConnectionRefusedError:
        return PortState.REFUSES
    except OSError:  # TimeoutError is one
        return PortState.SILENT
    writer.transport.abort()
    return PortState.ACCEPTS
