"""A sale on its way: placed as an order, found again where its answer was lost, its tickets found.

    queued ──> sending ──> sold ──> done
                 │  ▲
                 │  └── not_placed, unsure, failed: a person has it sent again, or gives it up
                 ▼
              unknown ──> sold, not_placed, unsure

An order is posted only in `sending`, which is on disk before the request leaves. Whatever is found
in `sending` at a start was cut off, and is `unknown`. So is a `queued` sale that was posted before
and lost its answer: it is looked for once more before it is posted again.
"""

from collections.abc import Collection
from datetime import datetime
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
    """Made without the server: the money is taken, the order is not placed."""
    SENDING = "sending"
    UNKNOWN = "unknown"
    """The order may be placed: it is being looked for."""
    NOT_PLACED = "not_placed"
    """Looked for, and not there for sure: it can be sold again."""
    UNSURE = "unsure"
    """It cannot be told whether the order is placed: a person decides."""
    FAILED = "failed"
    """Refused by the site after the money was taken."""
    SOLD = "sold"
    """The order is placed; its tickets are being found."""
    DONE = "done"
    """Its tickets are known, and checked in where that was wanted."""
    REFUSED = "refused"
    """Refused by the site, and nothing was taken."""
    DROPPED = "dropped"
    """Given up by a person; what was taken is given back."""


class SaleAction(StrEnum):
    """What a person may do about a sale. The values are the names of the commands."""

    NEXT_SALE = "next_sale"
    """Go on to the next buyer: nothing has to be decided or awaited before."""
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
    """What it may turn into; none: it is over."""
    offers: tuple[SaleAction, ...] = ()
    """What a person may do about it, the likeliest first."""
    retried: SaleState | None = None
    """What it turns into when it shall be tried again with nobody watching: its order is looked for
    first, unless the site has refused it. None: it needs no person for that."""


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
"""Every way that a sale may go, and all that a person may do about it."""

AFTER = {state: rule.becomes for state, rule in RULES.items()}
CLOSED = frozenset(state for state, rule in RULES.items() if not rule.becomes)
OPEN = frozenset(SaleState) - CLOSED
NEEDS_PERSON = frozenset(state for state, rule in RULES.items() if rule.retried)


class Sale(NamedTuple):
    id: int
    """That of the journal's row that began it."""
    number: int
    """Counts a lane's sales from 1."""
    external_order_id: str
    """`BX-<lane>_<tag>-<number>`: our own mark on the order; older ones are without the tag."""
    state: SaleState
    cart: Cart
    at: datetime
    lane: str
    operator: str
    booked: bool = False
    """Its takings are in the account."""
    unattended: bool = False
    """Nobody waits for it: once it is known not to be placed, it is placed again by itself."""
    after_number: int | None = None
    """The highest ticket number known when it was last posted: its tickets have higher ones."""
    posted_at: datetime | None = None
    """When the last post left."""
    order: str | None = None
    """uuid."""
    order_id: str = ""
    tickets: tuple[str, ...] = ()
    """Those found so far."""
    checked_in: bool = False
    """All its tickets were checked in as part of the sale."""
    tries: int = 0
    due: datetime | None = None
    """Not to be tried again before; None: now."""
    reason: str = ""
    """Why it stands where it stands, in a sentence."""
    since: datetime | None = None
    """When it came to stand there: for `UNKNOWN`, when its post had ended at the latest."""
    lost: int = 0
    """How many of its posts were left without an answer that tells what became of them."""

    @property
    def needs_person(self) -> bool:
        return self.state in NEEDS_PERSON

    @property
    def to_give_back(self) -> Decimal:
        """What goes back to the buyer where it is given up as it stands.

        Of cash that was not taken as sold, no change was given: all that was handed over.
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
        """What a person may do about it as it stands, the likeliest first."""
        offers = RULES[self.state].offers
        if self.state is SaleState.SOLD and not self.tickets:
            return tuple(action for action in offers if action is not SaleAction.PAPER)
        return offers


def describe_give_back(sale: Sale, amount: str) -> str:
    """What a person pays back who gives it up as it stands; `amount`: so much, as it is written."""
    if sale.cart.paid is not PaymentMethod.CASH:
        back = _("Pay {amount} back ({paid}).")
    elif sale.booked:
        back = _("Pay {amount} back, out of the till of {lane}.")
    else:
        back = _("Pay {amount} back.")
    return back.format(amount=amount, paid=sale.cart.paid.label, lane=lane_name(sale.lane))


class SaleUpdate(NamedTuple):
    """What became known of a sale; what is None or empty stays as it was."""

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
"""States that take the money, where it is not taken yet."""


def moved(sale: Sale, to: SaleState, update: SaleUpdate, now: datetime) -> Sale:
    """The sale in its next state, which has to be one of AFTER.

    What `update` leaves out stays, but `reason` and `due`, which are those of the new state.
    SENDING stamps `posted_at` and is never due. A move with `due` counts as a try; one without
    begins the count anew, but SENDING, which keeps it; UNKNOWN counts its own. SOLD and QUEUED
    take the money where it is not taken, DROPPED gives back what is.
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
    """The sale where it stands, with what `update` tells. With `due` it counts as a try."""
    new = _updated(sale, update)
    if update.reason is not None:
        new = new._replace(reason=clean(update.reason, REASON_LIMIT))
    if update.due is not None:
        new = new._replace(due=update.due, tries=sale.tries + 1)
    return new


def _updated(sale: Sale, update: SaleUpdate) -> Sale:
    """The sale with what `update` tells, but for `reason` and `due`."""
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
    """Of a sale that was given up."""
    REFUND = "refund"
    PAYMENT = "payment"
    """Of an order that the site has as not paid."""
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
    """What a person was paid for an order that the site has as not paid."""

    order: str
    """uuid."""
    order_id: str
    paid: PaymentMethod
    due: Decimal
    currency: str
    rounding: Decimal = Decimal(0)
    """Of cash, by its coins."""
    change: Decimal = Decimal(0)
    """That was handed back."""

    @property
    def amount(self) -> Decimal:
        return self.due + self.rounding


class Refund(NamedTuple):
    """What a person decided to give back for an order."""

    paid: PaymentMethod | None = None
    """How; None: no money goes through this computer's tills."""
    amount: Decimal = Decimal(0)
    reason: str = ""


class Shift(NamedTuple):
    """A till from its opening to its closing, of one lane."""

    id: int
    """The journal's row of its opening."""
    lane: str
    operator: str
    opened_at: datetime
    opening: Decimal
    """The float."""
    currency: str
    taken: Decimal
    """Cash in less cash out since, by the journal."""
    closed_at: datetime | None = None
    counted: Decimal | None = None
    closed: int | None = None
    """The journal's row of its closing."""
    event: str | None = None
    """Whose account it was opened for; None: not known."""
    closed_by: str = ""
    """The operator; empty: not closed, or nobody was named."""
    earlier_counts: tuple[Decimal, ...] = ()
    """What was counted where it was closed and opened again."""

    @property
    def expected(self) -> Decimal:
        return self.opening + self.taken

    @property
    def difference(self) -> Decimal | None:
        """Counted less expected; None: not closed yet."""
        return None if self.counted is None else self.counted - self.expected
