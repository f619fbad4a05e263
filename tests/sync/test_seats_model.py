"""Tills, their hub and the site, in any order and with lost messages: no seat is sold twice.

Everything is the program's own but the network: what is asked of hub and site waits until the test
has it go on, so that all others may do something first.
"""

import tempfile
from collections.abc import Callable, Coroutine, Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from boxoffice.domain.models import TicketType
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.seats import Pool
from boxoffice.domain.venue import HubState, VenueStatus
from boxoffice.store import SeatsError, sales, seats
from boxoffice.store.database import utc_text
from boxoffice.store.db_file import transaction
from boxoffice.store.journal_db import Transaction, connect
from boxoffice.sync.seats import Seats
from tests.store.sale_support import STANDARD, cart
from tests.store.support import EVENT
from tests.support import EVENING

LEFT = 12
NAMES = "abc"


class Pause:
    """Where others may go on first."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class World:
    def __init__(self) -> None:
        self.left = LEFT
        self.web = 0
        """Sold by the web shop, which asks no till."""
        self.pools: list[tuple[str, Pool]] = []
        self.late: list[Callable[[], bool]] = []

    def write(self, device: str, number: int, pool: Pool) -> bool:
        if len(self.pools) == number - 1:
            self.pools.append((device, pool))
        return self.pools[number - 1] == (device, pool) if number <= len(self.pools) else False


class Till:
    """A computer, with a file of its own, as `Seats` sees it."""

    def __init__(self, world: World, name: str, folder: Path) -> None:
        self.device = name * 16
        self.status = VenueStatus(HubState.JOINED)
        self.connection = connect(folder / f"{name}.db")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.lane = name
        self.wanted = 5
        self.sends = True
        self.answer = "comes"
        self.known = LEFT
        self.posted: Sale | None = None
        """Placed at the site, whose answer is still to come."""
        self.world = world
        self.ticket_types = self
        self.work: Coroutine[Any, Any, bool] | None = None
        self.start()

    def start(self) -> None:
        """Begin anew, as after a crash."""
        if self.work is not None:
            self.work.close()
        self.work = None
        parts = dict.fromkeys(("journal", "store", "client", "link", "updates"), self)
        context = cast(
            Any, SimpleNamespace(**parts, clock=None, jitter=None, is_alone=lambda: True)
        )
        self.seats = Seats(context, cast(Any, self), EVENT, self.at_hand)

    async def at_hand(self) -> int:
        return self.wanted

    # Journal, store and updates

    async def read(self, query: Callable[..., Any], *args: Any) -> Any:
        if query.__name__ == "get_list":
            return [TicketType(STANDARD, "Standard", left=self.known)]
        return query(self.connection, *args)

    async def write(self, change: Callable[..., Any], *args: Any) -> Any:
        if change.__name__ == "save":
            self.known = args[-1][0].left
            return None
        return self.change(change, *args)

    def change(self, change: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with transaction(self.connection):
            tx = Transaction(self.connection, utc_text(EVENING), self.lane, "Bo")
            return change(tx, *args, **options)

    async def publish(self, update: object) -> None:
        """Nobody waits for it."""

    # Site and hub

    async def list(self, event: str) -> list[TicketType]:
        await Pause()
        left = self.world.left
        await Pause()
        return [TicketType(STANDARD, "Standard", left=left)]

    async def read_pool(self, event: str, kind: str) -> tuple[int, Pool]:
        await Pause()
        pools = self.world.pools
        return len(pools), pools[-1][1] if pools else Pool()

    async def write_pool(self, event: str, kind: str, number: int, pool: Pool) -> bool:
        await Pause()
        if self.answer == "is late":
            self.world.late.append(lambda: self.world.write(self.device, number, pool))
            return False
        taken = self.world.write(self.device, number, pool)
        return taken and self.answer == "comes"

    # What the journal has

    @property
    def sold(self) -> int:
        return sales.sold_offline(self.connection, EVENT, None).get(STANDARD, 0)

    @property
    def holds(self) -> int:
        return seats.in_escrow(self.connection, EVENT).get(STANDARD, 0)


class SeatsMachine(RuleBasedStateMachine):
    names = st.sampled_from(NAMES)

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.world = World()
        self.tills = {name: Till(self.world, name, Path(self.folder.name)) for name in NAMES}

    def teardown(self) -> None:
        if hasattr(self, "tills"):
            for till in self.tills.values():
                till.start()
                till.connection.close()
            self.folder.cleanup()

    @rule(
        name=names,
        closes=st.sampled_from([False, False, False, True]),
        steps=st.sampled_from([1, 2, 3, 20, 20, 20]),
        answer=st.sampled_from(["comes", "comes", "comes", "is lost", "is late"]),
    )
    def settle(self, name: str, closes: bool, steps: int, answer: str) -> None:
        """Begin, or go on; some of it may be left for later."""
        till = self.tills[name]
        till.answer = answer
        if till.work is None:
            till.work = till.seats.give_back() if closes else till.seats.settle()
        for _ in range(steps):
            try:
                till.work.send(None)
            except StopIteration:
                till.work = None
                return

    @rule(number=st.integers(0, 9))
    def arrive_late(self, number: int) -> None:
        if self.world.late:
            self.world.late.pop(number % len(self.world.late))()

    @rule(name=names)
    def crash(self, name: str) -> None:
        self.tills[name].start()

    @rule(name=names, wanted=st.integers(0, 7), sends=st.booleans())
    def change(self, name: str, wanted: int, sends: bool) -> None:
        self.tills[name].wanted, self.tills[name].sends = wanted, sends

    @rule(name=names, amount=st.integers(1, 3))
    def sell_without_the_site(self, name: str, amount: int) -> None:
        till = self.tills[name]
        enough = till.holds >= amount
        try:
            till.change(seats.queue, cart(amount, kind=STANDARD), after_number=None)
            assert enough
        except SeatsError as error:
            assert not enough
            assert "only" in error.sentence

    @rule(name=names, answered=st.sampled_from([True, True, False]))
    def place(self, name: str, answered: bool) -> None:
        till = self.tills[name]
        queued = sales.in_states(till.connection, EVENT, {SaleState.QUEUED})
        if queued and till.posted is None:
            amount = queued[0].cart.amount
            assert amount <= self.world.left + self.world.web  # only the web shop was before us
            till.posted = till.change(sales.advance, queued[0].id, SaleState.SENDING)
            self.world.left -= amount  # below 0: a site that sells too much
        if till.posted is not None and answered:
            till.change(sales.advance, till.posted.id, SaleState.SOLD)
            till.posted = None

    @rule(name=names)
    def give_up(self, name: str) -> None:
        till = self.tills[name]
        queued = sales.in_states(till.connection, EVENT, {SaleState.QUEUED})
        if queued:
            assert till.change(sales.advance, queued[-1].id, SaleState.DROPPED)

    @rule(amount=st.integers(1, 3))
    def sell_at_the_web_shop(self, amount: int) -> None:
        if self.world.left >= amount:
            self.world.left -= amount
            self.world.web += amount

    @invariant()
    def tills_can_sell_no_more_than_is_left(self) -> None:
        if not hasattr(self, "tills"):
            return
        theirs = 0
        for till in self.tills.values():
            placed = till.posted.cart.amount if till.posted is not None else 0
            theirs += till.holds + till.sold - placed
        assert theirs <= self.world.left + self.world.web
        pool = self.world.pools[-1][1] if self.world.pools else Pool()
        for till in self.tills.values():
            if till.holds:
                assert pool.escrow(till.device).seats >= till.holds + till.sold


SeatsMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=60, deadline=None)
TestSeats = SeatsMachine.TestCase
