"""What a lane has besides admission: sales, orders, the queue and more.

Each part is imported and made when it is first used, so that a door opens sooner.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING

from boxoffice.clock import in_detached_thread
from boxoffice.lane.admission import AdmissionControl
from boxoffice.lane.deps import LaneDeps, LanePart, SalesPolicy
from boxoffice.lane.history import History
from boxoffice.lane.list_state import ListState
from boxoffice.store import admissions, tickets
from boxoffice.sync.claims import Claims

if TYPE_CHECKING:
    from boxoffice.domain.arrivals import Arrivals
    from boxoffice.domain.badges import BadgePolicy
    from boxoffice.lane.box_office import BoxOffice
    from boxoffice.lane.code_ties import CodeTies
    from boxoffice.lane.orders import Orders
    from boxoffice.lane.payments import OrderPayments
    from boxoffice.lane.queue import Queue
    from boxoffice.lane.ticket_details import Parties, TicketDetails
    from boxoffice.lane.undo import Undo
    from boxoffice.sync.sales.seller import Seller


log = logging.getLogger(__name__)


class LateParts(LanePart, ABC):
    """The base of `Lane`: its parts that admit nobody, each made when it is first used."""

    def __init__(
        self,
        deps: LaneDeps,
        admission: AdmissionControl,
        list_state: ListState,
        history: History,
        *,
        sales: SalesPolicy,
        deadline: float,
    ) -> None:
        """`deadline`: seconds that a sale waits at most for the current prices."""
        super().__init__(deps)
        self.history = history
        self.sales_policy = sales
        self._admission = admission
        self._list_state = list_state
        self._claims = Claims.of(deps.context)
        self._deps = deps
        self._deadline = deadline

    @abstractmethod
    def turn(self) -> AbstractAsyncContextManager[object]:
        """A context in which the lane does nothing else."""

    @property
    def badges(self) -> "BadgePolicy":
        return self._policy.badges

    @cached_property
    def box_office(self) -> "BoxOffice":
        from boxoffice.lane.box_office import BoxOffice

        return BoxOffice(self._deps, self.seller, self.sales_policy, patience=self._deadline)

    @cached_property
    def seller(self) -> "Seller":
        return self._deps.make_seller()

    @cached_property
    def code_ties(self) -> "CodeTies":
        from boxoffice.lane.code_ties import CodeTies

        return CodeTies(self._deps, self._admission, self.turn)

    @cached_property
    def details(self) -> "TicketDetails":
        from boxoffice.lane.ticket_details import TicketDetails

        return TicketDetails(self._deps, self._list_state)

    @cached_property
    def orders(self) -> "Orders":
        from boxoffice.lane.orders import Orders

        return Orders(self._deps, self.parties, self.sales_policy.cash_step)

    @cached_property
    def parties(self) -> "Parties":
        from boxoffice.lane.ticket_details import Parties

        return Parties(self._deps, self._list_state)

    @cached_property
    def payments(self) -> "OrderPayments":
        from boxoffice.lane.payments import OrderPayments

        return OrderPayments(self._deps, self._admission, self.turn, self.sales_policy.locale)

    @cached_property
    def queue(self) -> "Queue":
        from boxoffice.lane.queue import Queue

        return Queue(self._deps, self._list_state)

    @cached_property
    def undo(self) -> "Undo":
        from boxoffice.lane.undo import Undo

        return Undo(self._deps, self.history, self.payments)

    async def arrivals(self) -> "Arrivals":
        """How many people came in when, in the event's time zone.

        The journal tells of this computer, claims tell of the venue's other doors, and the list
        tells of everybody else.
        """
        from boxoffice.domain.arrivals import count, holders

        seen = await self._store.read_all(tickets.sightings)
        ours = await self._journal.read_all(admissions.of_event, self._event)
        admitted = {admission.ticket: admission.at for admission in ours}
        let_in: dict[str, datetime] = {}
        if self._claims is not None:
            theirs = await self._claims.in_by_others(self._event)
            let_in = {ticket: claim.at for ticket, claim in theirs.items()}
        listed = dict(await self._puller.load())  # it changes while another thread looks at it
        people = holders(listed, admitted, seen, self._policy.extras, let_in)
        now = self._clock.now().astimezone(self._event_cache.event.zone)
        return await asyncio.to_thread(count, people, now)


async def load(module: str) -> None:
    """Import a module in a thread. A part that imports it later does not hold up the event loop."""
    await warm(module, in_detached_thread(partial(import_module, module)))


async def warm(name: str, loading: Awaitable[object]) -> None:
    """Await `loading`, and only log an ImportError: whatever needs the module will report it."""
    try:
        await loading
    except ImportError as error:
        log.warning("%s cannot be loaded: %s", name, error)
