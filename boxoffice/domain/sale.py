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

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.cart import Cart, Paid


class SaleState(StrEnum):
    """Where a sale stands."""

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


_S = SaleState
AFTER: dict[SaleState, frozenset[SaleState]] = {
    _S.QUEUED: frozenset({_S.SENDING, _S.UNKNOWN, _S.DROPPED}),
    _S.SENDING: frozenset({_S.SOLD, _S.UNKNOWN, _S.REFUSED, _S.NOT_PLACED, _S.FAILED, _S.QUEUED}),
    _S.UNKNOWN: frozenset({_S.SOLD, _S.NOT_PLACED, _S.UNSURE, _S.QUEUED, _S.SENDING}),
    _S.NOT_PLACED: frozenset({_S.SENDING, _S.UNKNOWN, _S.QUEUED, _S.DROPPED, _S.SOLD}),
    _S.UNSURE: frozenset({_S.SENDING, _S.UNKNOWN, _S.SOLD, _S.DROPPED}),
    _S.FAILED: frozenset({_S.SENDING, _S.QUEUED, _S.DROPPED, _S.SOLD}),
    _S.SOLD: frozenset({_S.DONE}),
    _S.DONE: frozenset(),
    _S.REFUSED: frozenset(),
    _S.DROPPED: frozenset(),
}
"""What each state may turn into."""

CLOSED = frozenset({_S.DONE, _S.REFUSED, _S.DROPPED})
NEEDS_PERSON = frozenset({_S.NOT_PLACED, _S.UNSURE, _S.FAILED})
RETRIED = {_S.NOT_PLACED: _S.UNKNOWN, _S.UNSURE: _S.UNKNOWN, _S.FAILED: _S.QUEUED}
"""What a sale that needs a person becomes when it shall be tried again with nobody watching: its
order is looked for first, unless the site has refused it."""


class Sale(NamedTuple):
    """One sale at the door."""

    id: int
    """That of the journal's row that began it."""
    number: int
    """Counts a lane's sales from 1."""
    external_order_id: str
    """`BX-<lane>-<number>`: our own mark on the order."""
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
    def word(self) -> str:
        """`state` of `boxoffice sell --json`: sold, queued, unknown or refused."""
        match self.state:
            case SaleState.SOLD | SaleState.DONE:
                return "sold"
            case SaleState.QUEUED:
                return "queued"
            case SaleState.REFUSED | SaleState.DROPPED | SaleState.FAILED:
                return "refused"
            case _:
                return "unknown"


class TakingKind(StrEnum):
    SALE = "sale"
    REVERSAL = "reversal"
    """Of a sale that was given up."""
    REFUND = "refund"


class Taking(NamedTuple):
    """Money that came in, or went out, at this computer."""

    id: int
    """Its row in the journal."""
    at: datetime
    lane: str
    operator: str
    event: str
    kind: TakingKind
    paid: Paid
    amount: Decimal
    """Negative where money went out."""
    currency: str
    sale: int | None = None
    order: str | None = None
    """uuid."""


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

    @property
    def expected(self) -> Decimal:
        return self.opening + self.taken

    @property
    def difference(self) -> Decimal | None:
        """Counted less expected; None: not closed yet."""
        return None if self.counted is None else self.counted - self.expected
