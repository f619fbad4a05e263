"""The box office of a lane: what can be sold, selling it, and sales that are not settled yet."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from boxoffice.clock import LateError, within
from boxoffice.domain.cart import (
    Buyer,
    Cart,
    Line,
    PaymentMethod,
    TicketAnswers,
    at_the_door,
    beyond,
    paid_as,
    problems,
)
from boxoffice.domain.models import AnswerInput, Question, TicketType
from boxoffice.domain.sale import OPEN, Sale, SaleState, SaleUpdate
from boxoffice.domain.text import clean
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.store import json_docs, sales
from boxoffice.store.journal import recall, remember
from boxoffice.store.updates import EventMetadataStored, SaleUpdated, StoreUpdate
from boxoffice.sync import NotForSale
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
    last_paid: PaymentMethod
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


class BoxOffice(LanePart):
    """`lane.box_office`: all that a screen or a command may ask for about sales.

    A sale goes on by itself once it was begun: each change of it is published as `SaleChanged`.
    """

    def __init__(self, deps: LaneDeps, policy: SalesPolicy, *, patience: float) -> None:
        """`patience`: seconds that a sale waits for the prices of now."""
        super().__init__(deps)
        self.policy = policy
        self._seller = deps.seller
        self._patience = patience
        self._stock_at: datetime | None = None
        self._fresh_until = 0.0

    # What can be sold

    async def offer(self) -> Offer:
        """What this computer knows, at once."""
        event = await self._event_cache.latest()
        online = self._link.sends
        reserve = None if online else await self._reserve()
        paid = await self._journal.read(recall, LAST_PAID)
        return Offer(
            types=tuple(at_the_door(kind, event) for kind in self._event_cache.ticket_types),
            questions=_active(
                await self._store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, self._event)
            ),
            ticket_questions=_active(self._event_cache.questions),
            currency=event.currency,
            ticket_limit=event.ticket_limit,
            house_email=self.policy.email or await self._journal.read(recall, HOUSE_EMAIL),
            last_paid=PaymentMethod(paid) if paid in list(PaymentMethod) else PaymentMethod.CASH,
            online=online,
            offline_sales=self.policy.offline,
            sentence=self._why_none(reserve),
            reserve=reserve,
            at=self._stock_at.astimezone(event.zone) if self._stock_at else None,
            check_in=self.policy.check_in,
            elsewhere=self._elsewhere(),
        )

    async def refresh(self) -> Offer:
        """The same, with the stock as the server has it now. Raises TicketbutlerError."""
        types = await self._client.ticket_types(self._event)
        await self._store.write(json_docs.save, json_docs.TICKET_TYPES, self._event, types)
        if not (await self._event_cache.latest()).currency:  # only the list of events has it
            await self._store.write(json_docs.save_events, await self._client.events(old=True))
        await self._updates.publish(EventMetadataStored(self._event))
        return await self.offer()

    async def on_update(self, update: StoreUpdate) -> None:
        """Note when the ticket types in the store were read from the server."""
        if isinstance(update, EventMetadataStored) and update.event == self._event:
            self._stock_at = self._clock.now()
            self._fresh_until = self._clock.monotonic() + FRESH

    def _elsewhere(self) -> frozenset[str]:
        """The ticket types that this door does not admit, by uuid."""
        if not self._policy.doors:
            return frozenset()
        types = self._event_cache.ticket_types
        return frozenset(
            kind.uuid for kind in types if kind.title.casefold() not in self._policy.doors
        )

    async def _reserve(self) -> dict[str, int]:
        """What may still be sold without the site, by the uuid of the ticket type."""
        sold, most = (
            await self._journal.read(sales.sold_offline, self._event, self._journal.lane),
            self.policy.reserve,
        )
        return {
            kind.uuid: max(
                0, min(most, most if kind.left is None else kind.left) - sold.get(kind.uuid, 0)
            )
            for kind in self._event_cache.ticket_types
        }

    def _why_none(self, reserve: Mapping[str, int] | None) -> str:
        """Why no sale can be made now; `reserve` None: online."""
        if not self._event_cache.ticket_types:
            when = "wait a moment, or press F5"
            return (
                "The ticket types are not known yet: "
                f"{when if reserve is None else 'press F5 once the site can be reached'}."
            )
        if reserve is None:
            return ""
        if not self.policy.offline:
            return (
                "The site cannot be reached, and sales without it are switched off: wait for it, "
                "or send the buyer to the web shop."
            )
        if not any(reserve.values()):
            return "What may be sold without the site is sold: wait until it can be reached."
        return ""

    # Selling

    def cart(
        self,
        lines: Iterable[Line],
        buyer: Buyer,
        paid: PaymentMethod,
        *,
        given: Decimal | None = None,
        answers: Sequence[AnswerInput] = (),
        asked: Sequence[TicketAnswers] = (),
        check_in: bool | None = None,
        currency: str = "",
    ) -> Cart:
        """A sale as it is to be made; what costs nothing is free.

        `given`: cash handed over. `check_in`: None: as the policy says. Which of its types are let
        in here is settled by this: another lane may be the one who finishes the sale.
        """
        lines, elsewhere = tuple(lines), self._elsewhere()
        return paid_as(
            Cart(
                event=self._event,
                currency=currency,
                lines=lines,
                buyer=buyer,
                paid=paid,
                given=given,
                answers=tuple(answers),
                asked=tuple(asked),
                check_in=self.policy.check_in if check_in is None else check_in,
                elsewhere=tuple(
                    line.ticket_type for line in lines if line.ticket_type in elsewhere
                ),
            )
        )

    def handed_out(self, cart: Cart) -> list[Line]:
        """What of the cart is merchandise."""
        extras = self._policy.extras
        return [line for line in cart.lines if line.title.casefold() in extras]

    async def problems(self, cart: Cart) -> list[str]:
        """What keeps the cart from being sold, a sentence each."""
        event = await self._event_cache.latest()
        known = self._event_cache.ticket_types
        types = {kind.uuid: at_the_door(kind, event) for kind in known}
        found = problems(cart, event, types, self._clock.now())
        if not self._link.sends:
            found += beyond(cart, await self._reserve()) if self.policy.offline else []
        return found

    async def sell(self, cart: Cart) -> Sale:
        """Begin a sale; answers as soon as it is on disk, and goes on by itself.

        Online it is `SENDING` then, offline `QUEUED`. Raises NotForSale where it may not be made;
        nothing is kept of it then.
        """
        return await self._seller.place(cart, queue=await self._checked(cart))

    async def sell_and_wait(self, cart: Cart, *, patience: float) -> Sale:
        """The same, but answers when the outcome is known, or after `patience` seconds.

        What is not known by then is placed again by itself, once it is known not to be placed.
        """
        queue = await self._checked(cart)
        return await self._seller.sell(cart, unattended=True, queue=queue, patience=patience)

    async def _checked(self, cart: Cart) -> bool:
        """Whether the sale is to be queued. Raises NotForSale."""
        await self._refresh_prices()
        if found := await self.problems(cart):
            raise NotForSale(found[0])
        queue = not self._link.sends
        if queue and (sentence := (await self.offer()).sentence):
            raise NotForSale(sentence)
        await self._journal.write(remember, LAST_PAID, cart.paid)
        if cart.buyer.house:
            await self._journal.write(remember, HOUSE_EMAIL, cart.buyer.email)
        return queue

    async def _refresh_prices(self) -> None:
        """Read the ticket types anew where the copy has aged; not while that takes long."""
        if not self._link.waits or self._clock.monotonic() < self._fresh_until:
            return
        try:
            await within(self._patience, self.refresh(), self._clock)
        except (LateError, TicketbutlerError) as error:  # what is known has to do
            log.info("ticket types not read before a sale: %s", error)

    # Sales that were begun

    async def sale(self, sale: int) -> Sale | None:
        return await self._journal.read(sales.get, sale)

    async def open_sales(self) -> list[Sale]:
        """Those of this event that are not settled, oldest first."""
        return await self._journal.read_all(sales.in_states, self._event, OPEN)

    async def again(self, sale: int) -> Sale:
        """Place a sale once more, by a person's word. It is looked for once more before.

        Raises NotForSale where it stands elsewhere meanwhile, or cannot be placed now.
        """
        return await self._seller.again(await self._one(sale))

    async def look(self, sale: int) -> Sale:
        """Look for its order now. Answers what was found out."""
        return await self._seller.look(await self._one(sale))

    async def give_up(self, sale: int, reason: str) -> Sale:
        """Give a sale up, by a person's word: what was taken is given back.

        Raises NotForSale where it has no reason or cannot be given up any more.
        """
        if not clean(reason):
            raise NotForSale("A sale is not given up without a reason.")
        dropped = await self._journal.write(
            sales.advance, sale, SaleState.DROPPED, SaleUpdate(reason=clean(reason))
        )
        if dropped is None:
            raise NotForSale("This sale cannot be given up as it stands now.")
        await self._updates.publish(SaleUpdated(dropped))
        return dropped

    async def name_order(self, sale: int, order: str) -> Sale:
        """A person has found the order of a sale: its uuid, or what people call it (`dZy1`).

        Raises NotForSale where there is no such order at this event or it is another sale's, and
        TicketbutlerError.
        """
        return await self._seller.name_order(await self._one(sale), order)

    async def _one(self, sale: int) -> Sale:
        known = await self._journal.read(sales.get, sale)
        if known is None:
            raise NotForSale("There is no such sale on this computer.")
        return known


def _active(questions: Sequence[Question] | None) -> tuple[Question, ...]:
    return tuple(question for question in questions or () if question.active)
