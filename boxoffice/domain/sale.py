"""A sale and its states: it is placed as an order, and found again if the answer was lost.

    queued ──> sending ──> sold ──> done
                 │  ▲
                 │  └── not_placed, unsure, failed: a person has it sent again, or gives it up
                 ▼
              unknown ──> sold, not_placed, unsure

An order is posted only in `sending`, which is on disk before the request is sent. A sale that is
`sending` when boxoffice starts was cut off, and becomes `unknown`. So does a `queued` sale that was
posted before and lost its answer: its order is looked for before it is posted again.
"""

from collections.abc import Collection
from datetime import datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.cart import Cart, PaymentMethod
from boxoffice.domain.humanize import lane_name
from boxoffice.domain.journal import REASON_LIMIT
from boxoffice.domain.text import clean
from boxoffice.language import _


class SaleState(StrEnum):
    QUEUED = "queued"
    """It was made without the server: the money is taken, and the order is not placed yet."""
    SENDING = "sending"
    UNKNOWN = "unknown"
    """The order may be placed: it is being looked for."""
    NOT_PLACED = "not_placed"
    """The order was looked for and surely is not there: it can be sold again."""
    UNSURE = "unsure"
    """It cannot be told whether the order is placed: a person decides."""
    FAILED = "failed"
    """The site refused it after the money was taken."""
    SOLD = "sold"
    """The order is placed; its tickets are being found."""
    DONE = "done"
    """Its tickets are known, and checked in if that was wanted."""
    REFUSED = "refused"
    """The site refused it, and no money was taken."""
    DROPPED = "dropped"
    """A person gave it up; the money is given back."""


class SaleAction(StrEnum):
    """What a person may do about a sale. The values are the names of the commands."""

    NEXT_SALE = "next_sale"
    """Go on to the next buyer: nothing has to be decided or waited for."""
    PAPER = "paper"
    """Show and print its tickets, or its slip."""
    LOOK = "refresh"
    """Have its order looked for now."""
    NAME_ORDER = "found_order"
    """Say which order at the site is its."""
    SELL_AGAIN = "sell_again"
    GIVE_UP = "give_up"


class StateRule(NamedTuple):
    word: str
    """`state` of `boxoffice sell --json`."""
    becomes: frozenset[SaleState]
    """The states that may follow; none: the sale is over."""
    offers: tuple[SaleAction, ...] = ()
    """What a person may do about it, the likeliest first."""
    retried: SaleState | None = None
    """The state for trying it again with nobody watching: its order is looked for first, unless the
    site has refused it. None: it goes on without a person."""


def _rule(
    word: str, becomes: str, offers: tuple[SaleAction, ...] = (), retried: SaleState | None = None
) -> StateRule:
    return StateRule(word, frozenset(map(SaleState, becomes.split())), offers, retried)


_S, _A = SaleState, SaleAction
RULES: dict[SaleState, StateRule] = {
    _S.QUEUED: _rule("queued", "sending unknown dropped", (_A.NEXT_SALE, _A.PAPER, _A.GIVE_UP)),
    _S.SENDING: _rule("unknown", "sold unknown refused not_placed failed queued"),
    _S.UNKNOWN: _rule("unknown", "sold not_placed unsure queued sending", (_A.LOOK,)),
    _S.NOT_PLACED: _rule(
        "unknown",
        "sending unknown queued dropped sold",
        (_A.SELL_AGAIN, _A.GIVE_UP, _A.LOOK),
        retried=_S.UNKNOWN,
    ),
    _S.UNSURE: _rule(
        "unknown",
        "sending unknown sold dropped",
        (_A.NAME_ORDER, _A.LOOK, _A.SELL_AGAIN, _A.GIVE_UP),
        retried=_S.UNKNOWN,
    ),
    _S.FAILED: _rule(
        "refused",
        "sending queued dropped sold",
        (_A.SELL_AGAIN, _A.GIVE_UP),
        retried=_S.QUEUED,
    ),
    _S.SOLD: _rule("sold", "done", (_A.NEXT_SALE, _A.PAPER)),
    _S.DONE: _rule("sold", "", (_A.NEXT_SALE, _A.PAPER)),
    _S.REFUSED: _rule("refused", "", (_A.NEXT_SALE,)),
    _S.DROPPED: _rule("refused", "", (_A.NEXT_SALE,)),
}
"""For each state: the states that may follow, and what a person may do."""

AFTER = {state: rule.becomes for state, rule in RULES.items()}
CLOSED = frozenset(state for state, rule in RULES.items() if not rule.becomes)
OPEN = frozenset(SaleState) - CLOSED
NEEDS_PERSON = frozenset(state for state, rule in RULES.items() if rule.retried)


class Sale(NamedTuple):
    id: int
    """The id of the journal's row that began it."""
    number: int
    """Counts a lane's sales from 1."""
    external_order_id: str
    """`BX-<lane>_<tag>-<number>`: our own mark on the order. Older ones have no tag."""
    state: SaleState
    cart: Cart
    at: datetime
    lane: str
    operator: str
    booked: bool = False
    """Its takings are in the account."""
    unattended: bool = False
    """Nobody waits for it: if it turns out not to be placed, it is placed again by itself."""
    after_number: int | None = None
    """The highest ticket number known when it was last posted: its tickets have higher ones."""
    posted_at: datetime | None = None
    """When it was last posted."""
    order: str | None = None
    """uuid."""
    order_id: str = ""
    tickets: tuple[str, ...] = ()
    """The tickets found so far."""
    checked_in: bool = False
    """All its tickets were checked in as part of the sale."""
    tries: int = 0
    due: datetime | None = None
    """When it may be tried again; None: now."""
    reason: str = ""
    """A sentence: why it is in this state."""
    since: datetime | None = None
    """Since when it is in this state. For `UNKNOWN`: by then, its last post had ended."""
    lost: int = 0
    """How many of its posts had no answer that tells what became of them."""

    @property
    def needs_person(self) -> bool:
        return self.state in NEEDS_PERSON

    @property
    def to_give_back(self) -> Decimal:
        """What goes back to the buyer if the sale is given up now.

        If cash was handed over and the sale was not booked, no change was given: all goes back.
        """
        cart = self.cart
        if cart.paid is PaymentMethod.CASH and cart.given and not self.booked:
            return cart.given
        return cart.payable

    @property
    def word(self) -> str:
        """`state` of `boxoffice sell --json`: sold, queued, unknown or refused."""
        return RULES[self.state].word

    @property
    def offers(self) -> tuple[SaleAction, ...]:
        """What a person may do about it now, the likeliest first."""
        offers = RULES[self.state].offers
        if self.state is SaleState.SOLD and not self.tickets:
            return tuple(action for action in offers if action is not SaleAction.PAPER)
        return offers


def describe_give_back(sale: Sale, amount: str) -> str:
    """A sentence: what to pay back if the sale is given up now, which is `amount`, as text."""
    if sale.cart.paid is not PaymentMethod.CASH:
        back = _("Pay {amount} back ({paid}).")
    elif sale.booked:
        back = _("Pay {amount} back, out of the till of {lane}.")
    else:
        back = _("Pay {amount} back.")
    return back.format(amount=amount, paid=sale.cart.paid.label, lane=lane_name(sale.lane))


class SaleUpdate(NamedTuple):
    """What is new about a sale. Fields that are None or empty stay as they were."""

    reason: str | None = None
    order: str | None = None
    order_id: str = ""
    tickets: Collection[str] | None = None
    checked_in: bool | None = None
    due: datetime | None = None
    after_number: int | None = None
    unattended: bool | None = None


NOTHING_NEW = SaleUpdate()

_BOOKED = frozenset({SaleState.QUEUED, SaleState.SOLD})
"""States in which the money is taken, if it was not before."""


def moved(sale: Sale, to: SaleState, update: SaleUpdate, now: datetime) -> Sale:
    """The sale in its next state, which has to be one of AFTER.

    What `update` leaves out stays, except `reason` and `due`, which belong to the new state.
    SENDING sets `posted_at` and is never due. A move with `due` counts as a try; one without sets
    `tries` back to 0, except SENDING, which keeps it; UNKNOWN counts its own tries. SOLD and QUEUED
    book the money if it is not booked yet, and DROPPED takes the booking back.
    """
    new = _updated(sale, update)._replace(
        state=to, since=now, reason=clean(update.reason or "", REASON_LIMIT), due=update.due
    )
    if to is SaleState.SENDING:
        new = new._replace(posted_at=now, due=None)
    else:
        before = 0 if to is SaleState.UNKNOWN else sale.tries
        new = new._replace(tries=0 if update.due is None else before + 1)
    if to is SaleState.UNKNOWN and sale.state is SaleState.SENDING:
        new = new._replace(lost=sale.lost + 1)
    return new._replace(booked=to in _BOOKED or (sale.booked and to is not SaleState.DROPPED))


def noted(sale: Sale, update: SaleUpdate) -> Sale:
    """The sale in the same state, with what `update` says. With `due` that counts as a try."""
    new = _updated(sale, update)
    if update.reason is not None:
        new = new._replace(reason=clean(update.reason, REASON_LIMIT))
    if update.due is not None:
        new = new._replace(due=update.due, tries=sale.tries + 1)
    return new


def _updated(sale: Sale, update: SaleUpdate) -> Sale:
    """The sale with what `update` says, except `reason` and `due`."""
    return sale._replace(
        order=update.order or sale.order,
        order_id=clean(update.order_id) or sale.order_id,
        tickets=sale.tickets if update.tickets is None else tuple(update.tickets),
        checked_in=sale.checked_in if update.checked_in is None else update.checked_in,
        after_number=sale.after_number if update.after_number is None else update.after_number,
        unattended=sale.unattended if update.unattended is None else update.unattended,
    )


class TakingKind(StrEnum):
    SALE = "sale"
    REVERSAL = "reversal"
    """The money of a sale that was given up goes out."""
    REFUND = "refund"
    PAYMENT = "payment"
    """The payment of an order that the site has as not paid."""
    PAYMENT_BACK = "payment_back"


class Taking(NamedTuple):
    """Money that came in, or went out, at this computer."""

    id: int
    """Its row in the journal."""
    at: datetime
    lane: str
    operator: str
    event: str
    kind: TakingKind
    paid: PaymentMethod
    amount: Decimal
    """Negative where money went out."""
    currency: str
    sale: int | None = None
    order: str | None = None
    """uuid."""


class OrderPayment(NamedTuple):
    """A payment at the door of an order that the site has as not paid."""

    order: str
    """uuid."""
    order_id: str
    paid: PaymentMethod
    due: Decimal
    currency: str
    rounding: Decimal = Decimal(0)
    """Of cash, to what the coins allow."""
    change: Decimal = Decimal(0)
    """The change that was handed back."""

    @property
    def amount(self) -> Decimal:
        return self.due + self.rounding


class Refund(NamedTuple):
    """What a person decided to give back for an order."""

    paid: PaymentMethod | None = None
    """How it is given back; None: not through this computer's tills."""
    amount: Decimal = Decimal(0)
    reason: str = ""


class Shift(NamedTuple):
    """A lane's till from its opening to its closing."""

    id: int
    """The id of the journal's row that opened it."""
    lane: str
    operator: str
    opened_at: datetime
    opening: Decimal
    """The float."""
    currency: str
    taken: Decimal
    """Cash in less cash out since the opening, by the journal."""
    closed_at: datetime | None = None
    counted: Decimal | None = None
    closed: int | None = None
    """The id of the journal's row that closed it."""
    event: str | None = None
    """The event whose account it was opened for; None: not known."""
    closed_by: str = ""
    """The operator who closed it; empty: it is open, or nobody was named."""
    earlier_counts: tuple[Decimal, ...] = ()
    """What was counted each time it was closed and then opened again."""

    @property
    def expected(self) -> Decimal:
        return self.opening + self.taken

    @property
    def difference(self) -> Decimal | None:
        """Counted less expected; None: not closed yet."""
        return None if self.counted is None else self.counted - self.expected

    def in_zone(self, zone: tzinfo) -> "Shift":
        """With its moments as people read them: in this time zone, in whole seconds."""
        opened, closed = self.opened_at.astimezone(zone), self.closed_at
        return self._replace(
            opened_at=opened.replace(microsecond=0),
            closed_at=closed and closed.astimezone(zone).replace(microsecond=0),
        )
