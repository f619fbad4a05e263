"""The till of a lane: what can be sold, selling it, and the sales that are not settled yet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from boxoffice.clock import Clock
from boxoffice.door.cart import Asked, Buyer, Cart, Line, Paid, paid_as, problems
from boxoffice.door.models import Event, Given, Question, TicketType
from boxoffice.door.sale import CLOSED, Sale, SaleState
from boxoffice.door.text import clean
from boxoffice.lane.info import EventInfo
from boxoffice.store import Journal, RosterStore
from boxoffice.sync import Link, NotForSale, Seller
from boxoffice.ticketbutler import Ticketbutler

OPEN = frozenset(SaleState) - CLOSED
HOUSE_EMAIL, LAST_PAID = "house_email", "last_paid"
"""What is remembered from one sale to the next."""


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


class Selling:
    """`lane.till`: all that a screen or a command may ask for about sales.

    A sale goes on by itself once it was begun: each change of it is told as `SaleChanged`.
    """

    def __init__(
        self,
        info: EventInfo,
        *,
        seller: Seller,
        journal: Journal,
        store: RosterStore,
        client: Ticketbutler,
        link: Link,
        clock: Clock,
        policy: SalesPolicy,
        changed: Callable[[Sale], None],
    ) -> None:
        """`changed` is told of each sale that went on."""
        self.policy = policy
        self._info = info
        self._event = info.event.uuid
        self._seller = seller
        self._till = journal.till
        self._store = store
        self._client = client
        self._link = link
        self._clock = clock
        self._changed = changed
        self._stock_at: datetime | None = None
        seller.on_change = changed

    # What can be sold

    async def offer(self) -> Offer:
        """What this computer knows, at once."""
        event = await self._known_event()
        online = self._link.sends
        reserve = None if online else await self._reserve()
        paid = await self._till.recall(LAST_PAID)
        return Offer(
            types=self._info.ticket_types,
            questions=_active(await self._store.purchase_questions(self._event)),
            ticket_questions=_active(self._info.questions),
            currency=event.currency,
            ticket_limit=event.ticket_limit,
            house_email=self.policy.email or await self._till.recall(HOUSE_EMAIL),
            last_paid=Paid(paid) if paid in list(Paid) else Paid.CASH,
            online=online,
            offline_sales=self.policy.offline,
            sentence=self._why_none(online=online, reserve=reserve),
            reserve=reserve,
            at=self._stock_at.astimezone(event.zone) if self._stock_at else None,
            check_in=self.policy.check_in,
        )

    async def refresh(self) -> Offer:
        """The same, with the stock as the server has it now. Raises TicketbutlerError."""
        types = await self._client.ticket_types(self._event)
        await self._store.save_ticket_types(self._event, types)
        if not (await self._known_event()).currency:  # only the list of events tells it
            await self._store.save_events(await self._client.events(old=True))
        await self._info.load()
        self.stock_read()
        return await self.offer()

    def stock_read(self) -> None:
        """The ticket types in the store were read from the server just now."""
        self._stock_at = self._clock.now()

    async def _known_event(self) -> Event:
        """With its currency and limit, which may have been learnt since the lane was opened."""
        for event in await self._store.events():
            if event.uuid == self._event:
                return event
        return self._info.event

    async def _reserve(self) -> dict[str, int]:
        sold = await self._till.sold_offline(self._event)
        return {
            kind.uuid: max(
                0,
                min(
                    self.policy.reserve,
                    kind.left if kind.left is not None else self.policy.reserve,
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
        if not self.policy.offline:
            return (
                "The site cannot be reached, and sales without it are switched off: wait for it, "
                "or send the buyer to the web shop."
            )
        if reserve is not None and not any(reserve.values()):
            return "What may be sold without the site is sold: wait until it can be reached."
        return ""

    # Selling

    def cart(
        self,
        lines: Iterable[Line],
        buyer: Buyer,
        paid: Paid,
        *,
        given: Decimal | None = None,
        answers: Sequence[Given] = (),
        asked: Sequence[Asked] = (),
        check_in: bool | None = None,
        currency: str = "",
    ) -> Cart:
        """A sale as it is to be made; what costs nothing is free.

        `given`: cash handed over. `check_in`: None: as the policy says.
        """
        return paid_as(
            Cart(
                event=self._event,
                currency=currency,
                lines=tuple(lines),
                buyer=buyer,
                paid=paid,
                given=given,
                answers=tuple(answers),
                asked=tuple(asked),
                check_in=self.policy.check_in if check_in is None else check_in,
            )
        )

    async def problems(self, cart: Cart) -> list[str]:
        """What keeps the cart from being sold, a sentence each."""
        event = await self._known_event()
        types = {kind.uuid: kind for kind in self._info.ticket_types}
        found = problems(cart, event, types, self._clock.now())
        if not self._link.sends:
            found += _beyond(cart, await self._reserve()) if self.policy.offline else []
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
        if found := await self.problems(cart):
            raise NotForSale(found[0])
        queue = not self._link.sends
        if queue and (sentence := (await self.offer()).sentence):
            raise NotForSale(sentence)
        await self._till.remember(LAST_PAID, cart.paid)
        if cart.buyer.house:
            await self._till.remember(HOUSE_EMAIL, cart.buyer.email)
        return queue

    # Sales that were begun

    async def sale(self, sale: int) -> Sale | None:
        return await self._till.sale(sale)

    async def open_sales(self) -> list[Sale]:
        """Those of this event that are not settled, oldest first."""
        return await self._till.sales(self._event, OPEN)

    async def again(self, sale: int) -> Sale:
        """Place a sale once more, by a person's word. It is looked for once more before.

        Raises NotForSale where it stands elsewhere meanwhile, or cannot be placed now.
        """
        return await self._seller.again(await self._one(sale))

    async def look(self, sale: int) -> Sale:
        """Look for its order now. Answers what was found out."""
        return await self._seller.look(await self._one(sale))

    async def drop(self, sale: int, reason: str) -> Sale:
        """Give a sale up, by a person's word: what was taken is given back.

        Raises NotForSale where it has no reason or cannot be given up any more.
        """
        if not clean(reason):
            raise NotForSale("A sale is not given up without a reason.")
        dropped = await self._till.advance(sale, SaleState.DROPPED, reason=clean(reason))
        if dropped is None:
            raise NotForSale("This sale cannot be given up as it stands now.")
        self._changed(dropped)
        return dropped

    async def found(self, sale: int, order: str) -> Sale:
        """A person has found the order of a sale: its uuid, or what people call it (`dZy1`).

        Raises NotForSale where there is no such order at this event or it is another sale's, and
        TicketbutlerError.
        """
        return await self._seller.found(await self._one(sale), order)

    async def _one(self, sale: int) -> Sale:
        known = await self._till.sale(sale)
        if known is None:
            raise NotForSale("There is no such sale on this computer.")
        return known


def _active(questions: Sequence[Question] | None) -> tuple[Question, ...]:
    return tuple(question for question in questions or () if question.active)


def _beyond(cart: Cart, reserve: Mapping[str, int]) -> list[str]:
    """What of the cart may not be sold without the site."""
    return [
        f"Without the site, only {reserve.get(line.ticket_type, 0)} more of {line.title} may be "
        "sold here."
        for line in cart.lines
        if line.amount > reserve.get(line.ticket_type, 0)
    ]
