"""Lanes and the program on one computer at the sandbox, for reports on what the lanes did."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from boxoffice.domain.cart import Buyer, Line, PaymentMethod
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane, SalesPolicy
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event, Ticket
from tests.cli.conftest import Computer, Ran
from tests.lane.conftest import OpenLane, listed, open_lane, passes, sent
from tests.support import FakeClock

__all__ = ["open_lane"]

FOLDER = "data/localhost"
"""Where a computer keeps what is of a site on itself, below a test's own folder."""


@pytest.fixture
def event(sandbox: Sandbox) -> Event:
    return sandbox.state.tonight


@pytest.fixture
def people(sandbox: Sandbox, event: Event) -> list[Ticket]:
    """Those who may come in at once, and are on no order with others."""
    return [
        ticket
        for ticket in event.tickets
        if sandbox.state.may_enter(ticket) and ticket.ticket_type.title == "Standard"
    ]


@pytest.fixture
async def north(open_lane: OpenLane) -> Lane:
    lane = await open_lane(folder=FOLDER, sales=SalesPolicy(offline=True))
    await listed(lane)
    return lane


@pytest.fixture
def office(sandbox: Sandbox, event: Event, tmp_path: Path) -> Computer:
    """The program on the same computer as the lanes."""
    data = tmp_path / "data"
    return Computer(
        data,
        {
            "BOXOFFICE_URL": sandbox.url,
            "BOXOFFICE_TOKEN": sandbox.token,
            "BOXOFFICE_EVENT": event.uuid,
            "BOXOFFICE_DATA_DIR": str(data),
            "BOXOFFICE_LANE": "Office",
        },
    )


async def run(office: Computer, *arguments: str) -> Ran:
    """Beside the loop, on which the site answers."""
    return await asyncio.to_thread(office.run, *arguments)


async def reported(office: Computer) -> tuple[dict[str, Any], list[str]]:
    """The report, and why it does not balance: a sentence a line."""
    ran = await run(office, "report", "--json")
    assert "Traceback" not in ran.err
    causes = ran.err.splitlines()
    assert ran.json["causes"] == causes
    assert ran.json["balanced"] is (not causes)
    assert ran.status == (1 if causes else 0)
    return ran.json, causes


async def admit(lane: Lane, *tickets: Ticket) -> None:
    for ticket in tickets:
        scan = await lane.scan(ticket.uuid)
        assert scan.verdict.code is VerdictCode.ADMITTED, scan.verdict


async def begun(lane: Lane, paid: PaymentMethod, amount: int = 1, kind: int = 0) -> Sale:
    offer = await lane.box_office.offer()
    each = offer.types[kind]
    assert each.price is not None
    line = Line(each.uuid, each.title, each.price, amount)
    buyer = Buyer("Anna", "Ågård", "anna@example.com")
    cart = offer.cart([line], buyer, paid)
    return await lane.box_office.sell(cart)


async def sold(
    lane: Lane, clock: FakeClock, paid: PaymentMethod, amount: int = 1, kind: int = 0
) -> Sale:
    """A sale, once its tickets are found and checked in."""
    sale = await begun(lane, paid, amount, kind)

    async def done() -> bool:
        now = await lane.box_office.sale(sale.id)
        return now is not None and now.state is SaleState.DONE

    await passes(clock, done, "the sale's tickets")
    await sent(lane, clock)
    now = await lane.box_office.sale(sale.id)
    assert now is not None
    assert now.checked_in
    return now


def rows(tmp_path: Path, statement: str) -> list[tuple[Any, ...]]:
    """What the journal's file holds, without any of the program."""
    connection = sqlite3.connect(tmp_path / FOLDER / "journal.db")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()
