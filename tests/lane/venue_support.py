"""Lanes whose doors share one truth, and how tests look at what each of them knows."""

from sqlite3 import Connection

from boxoffice.domain.journal import QueueRow
from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store import claim_feed
from tests.lane.conftest import goes_offline, passes
from tests.support import FakeClock, until


async def offline(sandbox: Sandbox, clock: FakeClock, *lanes: Lane) -> None:
    """Take the site away, and wait until all of them know."""
    await goes_offline(sandbox, lanes[0], clock)
    for lane in lanes:
        await passes(clock, lambda lane=lane: lane.status.link is LinkState.OFFLINE, "offline")


async def conflicts(lane: Lane) -> list[QueueRow]:
    return list((await lane.queue.view()).conflicts)


async def has_conflict(lane: Lane) -> list[QueueRow]:
    """Wait for the only one."""

    async def there() -> bool:
        return len(await conflicts(lane)) == 1

    await until(there, f"a conflict at {lane.name}")
    return await conflicts(lane)


async def waiting(lane: Lane) -> int:
    """How many check-ins are still to be sent."""
    return len((await lane.queue.view()).waiting)


async def states(lane: Lane, ticket: str) -> list[str]:
    return await lane._journal.read(_states, ticket)


def _states(connection: Connection, ticket: str) -> list[str]:
    rows = connection.execute("SELECT state FROM venue WHERE ticket = ? ORDER BY round", (ticket,))
    return [row["state"] for row in rows]


def said(scan: Scan) -> tuple[str, bool, bool, str]:
    fields, verdict = scan.as_json(), scan.verdict
    return verdict.word, fields["confirmed"] is True, fields["claimed"] is True, verdict.reason


def others(sandbox: Sandbox, number: int) -> list[str]:
    """Tickets of the event that may come in, beside the plain example."""
    event = sandbox.state.tonight
    plain = sandbox.examples()["plain"]
    good = [
        ticket.uuid
        for ticket in event.tickets
        if not ticket.checked_in
        and sandbox.state.may_enter(ticket)
        and ticket is not plain
        and ticket.order.state == plain.order.state
        and not ticket.refunded
    ]
    return good[:number]


async def until_state(lane: Lane, ticket: str, *expected: str) -> None:
    async def met() -> bool:
        return await states(lane, ticket) == [*expected]

    await until(met, f"{expected} at {lane.name}")


async def stands(lane: Lane, ticket: str, *expected: str) -> bool:
    return await states(lane, ticket) == [*expected]


async def claimed_at(lane: Lane, ticket: str) -> bool:
    held = await lane._store.read(claim_feed.newest, ticket, lane.event.uuid)
    return held.claim is not None and held.claim.is_in


async def is_out_at(lane: Lane, ticket: str) -> bool:
    held = await lane._store.read(claim_feed.newest, ticket, lane.event.uuid)
    return held.claim is not None and not held.claim.is_in


async def sent_at(lane: Lane, ticket: str) -> bool:
    held = await lane._store.read(claim_feed.newest, ticket, lane.event.uuid)
    return held.sent_at is not None
