"""What a lane can sell now: types, prices and stock, as this computer knows them."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from boxoffice.clock import LateError, within
from boxoffice.domain.cart import Paid
from boxoffice.domain.models import Question, TicketType
from boxoffice.lane.backing import Backing
from boxoffice.lane.info import EventInfo
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

HOUSE_EMAIL, LAST_PAID = "house_email", "last_paid"
"""What is remembered from one sale to the next."""
FRESH = 5.0
"""Seconds for which a copy of the ticket types is good enough to sell by."""


@dataclass(frozen=True, slots=True)
class SalesPolicy:
    """What the organiser allows at the door. From the settings, table `sales`."""

    offline: bool = False
    """Sales are queued while the site cannot be reached."""
    check_in: bool = True
    """What is sold is checked in at once, unless the seller says otherwise."""
    email: str = ""
    """The house's own e-mail address, for buyers who give none."""
    reserve: int = 10
    """Tickets of each type that may be sold here while the site cannot be reached."""
    ticket_printer: str = ""
    receipt_printer: str = ""
    """Names of printers; empty: the system's usual one."""
    locale: str = ""
    """How amounts of money are written, such as `da_DK`; empty: as the system does."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be sold now, by what is known on this computer."""

    types: tuple[TicketType, ...]
    questions: tuple[Question, ...]
    """Asked of the buyer."""
    ticket_questions: tuple[Question, ...]
    """Asked of each ticket."""
    currency: str
    """ISO 4217; empty: not known."""
    ticket_limit: int | None
    house_email: str
    """Of the settings, else the one last used; empty: none."""
    last_paid: Paid
    online: bool
    offline_sales: bool
    """Sales are queued while the site cannot be reached."""
    sentence: str
    """Why no sale can be made now, and what to do; empty: one can."""
    reserve: Mapping[str, int] | None
    """What may still be sold by ticket type's uuid, while offline; None: online."""
    at: datetime | None
    """When the stock was last read, in the event's time zone; None: not since the start."""
    check_in: bool = True
    """Whether what is sold is checked in at once, by default."""
    elsewhere: frozenset[str] = frozenset()
    """uuids of the ticket types that this door does not admit: sold here, and not checked in."""


class Offering:
    """Knows what is for sale, and how fresh that is."""

    def __init__(
        self,
        backing: Backing,
        info: EventInfo,
        *,
        policy: SalesPolicy,
        restocked: Callable[[], None],
        doors: Collection[str],
        patience: float,
    ) -> None:
        """`restocked` is told of ticket types that were read anew.

        `doors`: titles of the ticket types admitted here; none: all. `patience`: seconds that a
        sale waits for the prices of now.
        """
        self._info = info
        self._event = backing.event.uuid
        self._till = backing.journal.till
        self._store = backing.store
        self._client = backing.client
        self._link = backing.link
        self._clock = backing.clock
        self._policy = policy
        self._restocked = restocked
        self._doors = frozenset(title.casefold() for title in doors)
        self._patience = patience
        self._stock_at: datetime | None = None
        self._fresh_until = 0.0

    async def offer(self) -> Offer:
        """What this computer knows, at once."""
        event = await self._info.latest()
        online = self._link.sends
        reserve = None if online else await self.reserve()
        paid = await self._till.recall(LAST_PAID)
        return Offer(
            types=self._info.ticket_types,
            questions=_active(await self._store.purchase_questions(self._event)),
            ticket_questions=_active(self._info.questions),
            currency=event.currency,
            ticket_limit=event.ticket_limit,
            house_email=self._policy.email or await self._till.recall(HOUSE_EMAIL),
            last_paid=Paid(paid) if paid in list(Paid) else Paid.CASH,
            online=online,
            offline_sales=self._policy.offline,
            sentence=self._why_none(online=online, reserve=reserve),
            reserve=reserve,
            at=self._stock_at.astimezone(event.zone) if self._stock_at else None,
            check_in=self._policy.check_in,
            elsewhere=self.elsewhere(),
        )

    async def refresh(self) -> Offer:
        """The same, with the stock as the server has it now. Raises TicketbutlerError."""
        types = await self._client.ticket_types(self._event)
        await self._store.save_ticket_types(self._event, types)
        if not (await self._info.latest()).currency:  # only the list of events tells it
            await self._store.save_events(await self._client.events(old=True))
        await self._info.load()
        self.stock_read()
        return await self.offer()

    def stock_read(self) -> None:
        """The ticket types in the store were read from the server just now."""
        self._stock_at = self._clock.now()
        self._fresh_until = self._clock.monotonic() + FRESH
        self._restocked()

    def elsewhere(self) -> frozenset[str]:
        """The ticket types that this door does not admit, by uuid."""
        if not self._doors:
            return frozenset()
        types = self._info.ticket_types
        return frozenset(kind.uuid for kind in types if kind.title.casefold() not in self._doors)

    async def reserve(self) -> dict[str, int]:
        """What may still be sold without the site, by the uuid of the ticket type."""
        sold = await self._till.sold_offline(self._event)
        return {
            kind.uuid: max(
                0,
                min(
                    self._policy.reserve,
                    kind.left if kind.left is not None else self._policy.reserve,
                )
                - sold.get(kind.uuid, 0),
            )
            for kind in self._info.ticket_types
        }

    def _why_none(self, *, online: bool, reserve: Mapping[str, int] | None) -> str:
        if not self._info.ticket_types:
            return (
                "The ticket types are not known yet: press F5 once the site can be reached."
                if not online
                else "The ticket types are not known yet: wait a moment, or press F5."
            )
        if online:
            return ""
        if not self._policy.offline:
            return (
                "The site cannot be reached, and sales without it are switched off: wait for it, "
                "or send the buyer to the web shop."
            )
        if reserve is not None and not any(reserve.values()):
            return "What may be sold without the site is sold: wait until it can be reached."
        return ""

    async def look_at_prices(self) -> None:
        """Read the ticket types anew where the copy has aged; not while that takes long."""
        if not self._link.waits or self._clock.monotonic() < self._fresh_until:
            return
        try:
            await within(self._patience, self.refresh(), self._clock)
        except (LateError, TicketbutlerError) as error:  # what is known has to do
            log.info("ticket types not read before a sale: %s", error)


def _active(questions: Sequence[Question] | None) -> tuple[Question, ...]:
    return tuple(question for question in questions or () if question.active)
