"""The till of a lane: what can be sold, selling it, and the sales that are not settled yet."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from boxoffice.domain.cart import Asked, Buyer, Cart, Line, Paid, paid_as, problems
from boxoffice.domain.models import Given
from boxoffice.domain.sale import OPEN, Sale, SaleState
from boxoffice.domain.text import clean
from boxoffice.lane.backing import Backing
from boxoffice.lane.info import EventInfo
from boxoffice.lane.offering import HOUSE_EMAIL, LAST_PAID, Offer, Offering, SalesPolicy
from boxoffice.sync import NotForSale


class Selling:
    """`lane.till`: all that a screen or a command may ask for about sales.

    A sale goes on by itself once it was begun: each change of it is told as `SaleChanged`.
    """

    def __init__(
        self,
        backing: Backing,
        info: EventInfo,
        *,
        policy: SalesPolicy,
        changed: Callable[[Sale], None],
        restocked: Callable[[], None],
        doors: Collection[str] = (),
        patience: float = 1.5,
    ) -> None:
        """`changed` is told of each sale that went on, `restocked` of ticket types read anew.

        `doors`: titles of the ticket types admitted here; none: all. `patience`: seconds that a
        sale waits for the prices of now.
        """
        self.policy = policy
        self._info = info
        self._event = backing.event.uuid
        self._seller = backing.seller
        self._till = backing.journal.till
        self._link = backing.link
        self._clock = backing.clock
        self._changed = changed
        self._offering = Offering(
            backing, info, policy=policy, restocked=restocked, doors=doors, patience=patience
        )
        self._seller.on_change = changed

    # What can be sold

    async def offer(self) -> Offer:
        """What this computer knows, at once."""
        return await self._offering.offer()

    async def refresh(self) -> Offer:
        """The same, with the stock as the server has it now. Raises TicketbutlerError."""
        return await self._offering.refresh()

    def stock_read(self) -> None:
        """The ticket types in the store were read from the server just now."""
        self._offering.stock_read()

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

        `given`: cash handed over. `check_in`: None: as the policy says. Which of its types are let
        in here is settled by this: another lane may be the one who finishes the sale.
        """
        lines, elsewhere = tuple(lines), self._offering.elsewhere()
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

    async def problems(self, cart: Cart) -> list[str]:
        """What keeps the cart from being sold, a sentence each."""
        event = await self._info.latest()
        types = {kind.uuid: kind for kind in self._info.ticket_types}
        found = problems(cart, event, types, self._clock.now())
        if not self._link.sends:
            found += _beyond(cart, await self._offering.reserve()) if self.policy.offline else []
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
        await self._offering.look_at_prices()
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
        return await self._seller.name_order(await self._one(sale), order)

    async def _one(self, sale: int) -> Sale:
        known = await self._till.sale(sale)
        if known is None:
            raise NotForSale("There is no such sale on this computer.")
        return known


def _beyond(cart: Cart, reserve: Mapping[str, int]) -> list[str]:
    """What of the cart may not be sold without the site."""
    return [
        f"Without the site, only {reserve.get(line.ticket_type, 0)} more of {line.title} may be "
        "sold here."
        for line in cart.lines
        if line.amount > reserve.get(line.ticket_type, 0)
    ]
