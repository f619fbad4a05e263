"""A crash at every write of a scan, an answer, an undo and a sale; as a child, the process itself.

As a child: `python -m tests.soak.crash WHAT NUMBER TICKET` does WHAT at a lane, and is killed as
SQLite is given the NUMBERth commit of it. It says on stdout what a person was shown.
"""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Protocol

from boxoffice.cli.app_context import AppContext
from boxoffice.config import read_settings
from boxoffice.domain.cart import Buyer, Line, PaymentMethod
from boxoffice.domain.models import AnswerInput, LinkState
from boxoffice.lane import Lane
from boxoffice.sandbox.models import Ticket
from boxoffice.store.database import Database
from tests.soak.computers import Computer, site_of
from tests.support import until

KINDS = ("scan", "answer", "undo", "sale")
NEVER = 0
"""The commit at which nothing is killed."""
MOST = 60
"""Commits of one of them, at most."""
BUYER = Buyer("Anna", "Ågård", "anna@example.com", "+4512345678")


class Kill:
    """Kills this process at a commit, counted from when it is armed."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._commits = itertools.count(1)
        self.armed = False

    def watch(self) -> None:
        """Look at every database that is opened from now on."""
        opening = Database._open

        def opened(database: Database) -> None:
            opening(database)
            assert database._connection is not None
            database._connection.set_trace_callback(self._look)

        Database._open = opened  # type: ignore[method-assign, assignment]

    def _look(self, statement: str) -> None:
        if self.armed and statement == "COMMIT" and next(self._commits) == self._number:
            os.kill(os.getpid(), signal.SIGKILL)


class Work(Protocol):
    async def __call__(self, lane: Lane, ticket: str, kill: Kill) -> str:
        """Arms `kill`; answers what a person is shown."""


async def scan(lane: Lane, ticket: str, kill: Kill) -> str:
    kill.armed = True
    return (await lane.scan(ticket)).verdict.code


async def answer(lane: Lane, ticket: str, kill: Kill) -> str:
    (question, *_) = (await lane.box_office.offer()).ticket_questions
    kill.armed = True
    given = [AnswerInput(question.uuid, "vegetarian")]
    answered = await lane.answer(ticket, given, admit=True)
    return answered.verdict.code if answered else ""


async def undo(lane: Lane, ticket: str, kill: Kill) -> str:
    await lane.scan(ticket)
    await sent(lane)
    kill.armed = True
    return "undone" if (await lane.undo.last()).done else ""


async def sale(lane: Lane, ticket: str, kill: Kill) -> str:
    await lane.box_office.refresh()
    offer = await lane.box_office.offer()
    kind = offer.types[0]
    assert kind.price is not None
    cart = offer.cart([Line(kind.uuid, kind.title, kind.price, 1)], BUYER, PaymentMethod.CASH)
    kill.armed = True
    return (await lane.box_office.sell(cart, patience=60)).word


WORK: dict[str, Work] = {"scan": scan, "answer": answer, "undo": undo, "sale": sale}


async def sent(lane: Lane) -> None:
    async def empty() -> bool:
        return not (await lane.queue.view()).waiting

    await until(empty, "an empty queue")


async def child(kind: str, number: int, ticket: str) -> None:
    kill = Kill(number)
    kill.watch()
    async with AppContext(read_settings({})) as context:
        lane = await context.lane(context.event or "", follow_list=False)
        await until(lambda: lane.status.link is LinkState.ONLINE, "online")
        print(await WORK[kind](lane, ticket, kill), flush=True)
        await sent(lane)


def crashes(kinds: tuple[str, ...], say: Callable[[str], None]) -> None:
    """Crash at the first commit, the second, and so on; then start again, send, and look.

    Raises AssertionError where something is lost, or done twice.
    """
    with site_of(400) as (site, guests, folder):
        computer = Computer(folder / "crashed", site, guests)
        computer.sync()
        waiting = iter(guests)
        for kind in kinds:
            number = 1
            while _crashed(computer, kind, number, next(waiting)):
                number += 1
                assert number < MOST, f"{kind} never ends"
            say(f"{kind}: crashed at each of {number - 1} commits, nothing lost, nothing twice")


def _crashed(computer: Computer, kind: str, number: int, ticket: Ticket) -> bool:
    """Whether the process was killed, and not done before."""
    where = f"{kind}, commit {number}"
    shown, status = _run(computer, kind, number, ticket)
    killed = status != 0
    if shown == "admitted":
        computer.greens[ticket.uuid] += 1
    status = computer.sync()
    if kind == "undo":
        if killed:  # it may be done at the site alone: the next one tells
            shown, _ = _run(computer, kind, NEVER, ticket)
        assert shown == "undone", f"{where}: cannot be undone once more"
        assert not ticket.checked_in, f"{where}: undone here alone"
    is_here = bool(computer.query("SELECT 1 FROM admission WHERE ticket = ?", ticket.uuid))
    assert status == 0 or kind == "sale", f"{where}: a row is left before a person"
    assert not (lost := computer.lost()), f"{where}: lost {lost}"
    assert ticket.checked_in is is_here, f"{where}: in at the site alone"
    if kind == "sale":
        orders = computer.site.state.orders.values()
        marks = [order.external_order_id for order in orders if order.external_order_id]
        assert len(marks) == len(set(marks)), f"{where}: posted twice"
        unsettled = computer.query(
            "SELECT state FROM sale WHERE state IN ('queued', 'sending', 'unknown', 'sold')"
        )
        assert not unsettled, f"{where}: {unsettled} is left by itself"
    return killed


def _run(computer: Computer, kind: str, number: int, ticket: Ticket) -> tuple[str, int]:
    """What was shown, and how the process ended."""
    arguments = ("-m", "tests.soak.crash", kind, str(number), ticket.uuid)
    with computer.start("Door", *arguments) as process:
        shown = process.communicate()[0].strip()
    assert process.returncode in (0, -signal.SIGKILL), f"{kind}: ended by {process.returncode}"
    return shown, process.returncode


if __name__ == "__main__":
    asyncio.run(child(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
