"""The box office of a lane: what can be sold, selling it, sales that are not settled, its till."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from decimal import Decimal
from typing import Any

from boxoffice.clock import LateError, within
from boxoffice.domain.cart import Cart, Line, PaymentMethod
from boxoffice.domain.discount import DiscountCode
from boxoffice.domain.models import Question
from boxoffice.domain.offer import Offer, at_the_door
from boxoffice.domain.pin import Act
from boxoffice.domain.sale import OPEN, Sale, SaleAction, Shift
from boxoffice.lane.deps import LaneDeps, LanePart, SalesPolicy
from boxoffice.language import _
from boxoffice.store import json_docs, sales, seats, takings
from boxoffice.store.journal_db import HOUSE_EMAIL, recall, remember
from boxoffice.store.updates import EventMetadataStored
from boxoffice.sync.sales.rules import NotForSale
from boxoffice.sync.sales.seller import Seller
from boxoffice.sync.seats import Seats
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

DISCOUNT_CODES = json_docs.Topic("discount_codes", DiscountCode)
"""The discount codes that are good at an event, those for all events among them."""
LAST_PAID = "last_paid"
"""Setting: how the last sale was paid, which the next one proposes."""
FRESH = 5.0
"""Seconds for which the stored ticket types are good enough to sell by."""
GIVE_BACK_WITHIN = 3.0
"""Seconds that the hub has to take back seats when the till closes."""


class BoxOffice(LanePart):
    """`lane.box_office`: all that a screen or a command may ask for about sales.

    Once a sale has begun it goes on by itself, and each change of it is published as `SaleUpdated`.
    """

    def __init__(
        self, deps: LaneDeps, seller: Seller, policy: SalesPolicy, *, patience: float
    ) -> None:
        """`patience`: seconds that a sale waits at most for the current prices."""
        super().__init__(deps)
        self.policy = policy
        self._seller = seller
        self._patience = patience
        self.seats = Seats.of(deps.context, self._event, self._at_hand)
        """Seats held for sales without the site; None: this computer never joined a venue."""

    # What can be sold

    async def offer(self) -> Offer:
        """What can be sold, by what this computer knows. Returns at once."""
        event = await self._event_cache.latest()
        types, online = self._event_cache.ticket_types, self._link.sends
        stock = self._event_cache.stock
        paid, till = await self._journal.read(recall, LAST_PAID), await self.till()
        codes = await self._store.read(json_docs.get, DISCOUNT_CODES, self._event)
        return Offer(
            event=event.uuid,
            types=tuple(at_the_door(kind, event) for kind in types),
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
            reserve=await self._reserve() if self.policy.offline and not online else None,
            at=stock.at.astimezone(event.zone) if stock else None,
            cash_step=self.policy.cash_step(event.currency),
            till_open=till is not None and till.currency == event.currency,
            check_in=self.policy.check_in,
            codes=codes,
            codes_used=await self._journal.read(sales.codes_used) if codes else {},
            elsewhere={
                kind.uuid
                for kind in types
                if self._policy.doors and kind.title.casefold() not in self._policy.doors
            },
        )

    async def refresh(self) -> Offer:
        """What can be sold, after reading the ticket types again. Raises TicketbutlerError."""
        types = await self._client.ticket_types.list(self._event)
        await self._store.write(json_docs.save, json_docs.TICKET_TYPES, self._event, types)
        known = await self._event_cache.latest()
        if not known.currency:  # only the list of events has it
            await self._store.write(json_docs.save_events, await self._client.events.list(old=True))
        if known.fees_on_buyer is None and any(kind.fee for kind in types):  # only the event has it
            read = await self._client.events.get(self._event)
            await self._store.write(json_docs.save_events, [read])
        await self._updates.publish(EventMetadataStored(self._event))
        return await self.offer()

    async def read_codes(self) -> Offer:
        """What can be sold, after reading the discount codes again. Raises TicketbutlerError."""
        codes = await self._client.discounts.good_at(self._event)
        await self._store.write(json_docs.save, DISCOUNT_CODES, self._event, codes)
        return await self.offer()

    async def set_house_email(self, email: str) -> None:
        """Store the address for buyers who give none. One in the settings takes precedence."""
        await self._journal.write(remember, HOUSE_EMAIL, email)

    async def _reserve(self) -> dict[str, int]:
        """By uuid of the ticket type: how many may still be sold without the site."""
        lane = self._journal.lane if self.seats is None else None
        sold = await self._journal.read(sales.sold_offline, self._event, lane)
        escrow = await self._journal.read(seats.in_escrow, self._event)
        reserve = {}
        for kind in self._event_cache.ticket_types:
            before = sold.get(kind.uuid, 0)
            most = self.policy.reserve if self.seats is None else escrow.get(kind.uuid, 0) + before
            few = most if kind.left is None else min(most, kind.left)
            reserve[kind.uuid] = max(0, few - before)
        return reserve

    async def _at_hand(self) -> int:
        """How many of each type to hold for sales without the site: none if the till is closed."""
        till = await self.last_till()
        is_closed = till is not None and till.closed is not None and till.event == self._event
        return self.policy.reserve if self.policy.offline and not is_closed else 0

    async def close(self) -> None:
        """Give back the seats held for sales without the site, if the hub takes them soon."""
        if self.seats is None:
            return
        try:
            await within(GIVE_BACK_WITHIN, self.seats.give_back(), self._clock)
        except LateError as error:  # they are given back, or sold, when a lane is next opened here
            log.info("the seats are still held here: %s", error)

    # Selling

    def handed_out(self, cart: Cart) -> list[Line]:
        """The lines of the cart that are merchandise."""
        extras = self._policy.extras
        return [line for line in cart.lines if line.title.casefold() in extras]

    async def problems(self, cart: Cart) -> list[str]:
        """Why the cart cannot be sold, a sentence for each reason.

        If it is because of the discount code, the codes are read again first, as the code may have
        been made just now.
        """
        offer = await self.offer()
        if cart.discount and cart.discount.code and offer.discount_problem(cart, self._clock.now()):
            await self._read_again(self.read_codes)
            offer = await self.offer()
        return offer.problems(cart, self._clock.now())

    async def sell(self, cart: Cart, *, patience: float | None = None) -> Sale:
        """Begin a sale. Returns once it is on disk: `SENDING` if online, `QUEUED` if offline.

        `patience`: nobody watches the sale. Then this returns once the outcome is known, or after
        so many seconds; an order that turns out not to be placed is then placed again by itself.
        Raises NotForSale if the cart may not be sold, and ProblemError if it is given away and the
        PIN is not given. In both cases nothing is stored.
        """
        return await self._seller.place(
            cart,
            queue=await self._checked(cart),
            unattended=patience is not None,
            patience=patience or 0.0,
        )

    async def _checked(self, cart: Cart) -> bool:
        """Whether the sale is to be queued. Raises NotForSale."""
        await self._refresh_prices()
        if cart.discount is not None and cart.discount.code:
            await self._read_again(self.read_codes)
        offer = await self.offer()
        if found := offer.problems(cart, self._clock.now()):
            raise NotForSale(found[0])
        if not offer.online and offer.sentence:
            raise NotForSale(offer.sentence)
        if cart.is_complimentary:
            await self._pin.permit(Act.COMPLIMENTARY)
        if cart.paid is not PaymentMethod.FREE:
            await self._journal.write(remember, LAST_PAID, cart.paid)
        return not offer.online

    async def _refresh_prices(self) -> None:
        """Read the ticket types again, if the stored ones are too old to sell by."""
        stock = self._event_cache.stock
        if stock is None or self._clock.monotonic() >= stock.monotonic + FRESH:
            await self._read_again(self.refresh)

    async def _read_again(self, read: Callable[[], Coroutine[Any, Any, Offer]]) -> None:
        """Read something again before a sale, unless the link is slow or it takes too long."""
        if not self._link.waits:
            return
        try:
            await within(self._patience, read(), self._clock)
        except (LateError, TicketbutlerError) as error:  # what is stored has to do
            log.info("not read before a sale: %s", error)

    # Sales that were begun

    async def sale(self, sale: int) -> Sale | None:
        return await self._journal.read(sales.get, sale)

    async def open_sales(self) -> list[Sale]:
        """The sales of this event that are not settled, oldest first."""
        return await self._journal.read_all(sales.in_states, self._event, OPEN)

    async def cash_under_way(self) -> list[Sale]:
        """Sales of this lane, at any event, whose cash is in the till and not yet accounted for."""
        return await self._journal.read_all(sales.cash_under_way, self._journal.lane)

    async def settle(self, sale: int, action: SaleAction, text: str = "") -> Sale:
        """As `Seller.settle`. Raises ProblemError if the PIN is needed and not given."""
        known = await self.sale(sale)
        if known is None:
            raise NotForSale(_("There is no such sale on this computer."))
        if action is SaleAction.GIVE_UP:
            await self._pin.permit(Act.GIVE_UP)
        return await self._seller.settle(known, action, text)

    # The till: a drawer of cash, from its float to its count

    async def till(self) -> Shift | None:
        """The open till of this lane, with the cash taken so far; None: it is closed."""
        return await self._journal.read(takings.current_shift, self._journal.lane)

    async def open_till(self, opening: Decimal) -> Shift:
        """Open the till with `opening` in it, in the event's currency. Raises ShiftError."""
        currency = (await self._event_cache.latest()).currency
        return await self._journal.write(takings.open_shift, opening, currency, self._event)

    async def close_till(self, counted: Decimal, expected: Decimal | None = None) -> Shift:
        """Close the till with `counted` in it. `expected`: what should be in it, as it was shown.

        Raises ShiftError, and what `PinLock.permit` raises.
        """
        await self._pin.permit(Act.CLOSE_TILL)
        closed = await self._journal.write(takings.close_shift, counted, expected)
        await self.close()
        return closed

    async def last_till(self) -> Shift | None:
        """The till as it was last opened, whether it is still open or not; None: it never was."""
        return await self._journal.read(takings.newest_shift, self._journal.lane)

    async def reopen_till(self) -> Shift:
        """Open the till again, as it was before it was closed.

        Raises ShiftError if somebody else closed it, and what `PinLock.permit` raises.
        """
        await self._pin.permit(Act.REOPEN_TILL)
        return await self._journal.write(takings.reopen_shift)


def _active(questions: Sequence[Question] | None) -> tuple[Question, ...]:
    return tuple(question for question in questions or () if question.active)
