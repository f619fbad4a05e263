"""What stands on tickets, receipts and sheets, ready to be laid out: texts, and codes as modules.

Both codes hold a ticket's uuid as 32 hex digits, which every scanner and phone at a door reads.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from boxoffice.domain.humanize import format_date
from boxoffice.domain.models import Event, Order, Ticket
from boxoffice.domain.readiness import Check
from boxoffice.domain.sale import Sale, SaleState, Taking
from boxoffice.domain.verdicts import Verdict, VerdictCode
from boxoffice.language import _

QUIET = 4
"""Modules of white around a QR code."""
QR_SIDE = 37
"""Modules of the QR code of a uuid, with the white around it."""
_VERSION = 3
"""The smallest that holds 32 characters and bears a quarter of it to be unreadable."""
_HOLDS = 32
_QUIET_128 = 10
"""Modules of white at each end of a Code 128."""

Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules; True is black."""


class Run(NamedTuple):
    """Black modules side by side."""

    row: int
    start: int
    length: int


@lru_cache(maxsize=32)
def qr(data: str) -> Matrix:
    """The QR code of `data` with its quiet zone, square; `QR_SIDE` modules for a uuid.

    Of one size for all that is up to 32 bytes long. Raises ValueError for what no QR code holds.
    """
    import segno  # noqa: PLC0415  # not needed to start

    version = _VERSION if len(data.encode()) <= _HOLDS else None
    code = segno.make(data, error="m", version=version, micro=False)
    return tuple(tuple(map(bool, row)) for row in code.matrix_iter(border=QUIET))


@lru_cache(maxsize=32)
def code128(data: str) -> tuple[bool, ...]:
    """The modules of `data` in Code 128 with the quiet zones; True is a bar.

    About 390 for a uuid: at least 100 mm of paper.
    """
    from barcode.codex import Code128  # noqa: PLC0415  # not needed to start

    code = Code128(data)
    if data.startswith("99"):
        # It takes these two digits for the switch of the same number, and drops them: one uuid of
        # 256 would be read back as another text. Without its last step it keeps them.
        code._try_to_optimize = list
    (modules,) = code.build()
    quiet = (False,) * _QUIET_128
    return (*quiet, *(module == "1" for module in modules), *quiet)


def runs(rows: Sequence[Sequence[bool]]) -> Iterator[Run]:
    """The black modules of `rows`, those side by side as one."""
    for number, row in enumerate(rows):
        start = 0
        for black, modules in groupby(row):
            length = len(list(modules))
            if black:
                yield Run(number, start, length)
            start += length


ISSUED = (SaleState.SOLD, SaleState.DONE)
"""States of a sale that has tickets."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One ticket."""

    uuid: str
    """What its codes hold."""
    name: str = ""
    ticket_type: str = ""
    event: str = ""
    when: str = ""
    venue: str = ""
    order_id: str = ""
    seat: str = ""
    number: int | None = None

    @property
    def seat_and_number(self) -> str:
        """`Seat A12 · No. 7`, or what there is of it."""
        seat = _("Seat {seat}").format(seat=self.seat) if self.seat else ""
        number = "" if self.number is None else _("No. {number}").format(number=self.number)
        return " · ".join(filter(None, (seat, number)))

    @property
    def facts(self) -> str:
        """What is known beside name and type, line by line."""
        order = _("Order {order_id}").format(order_id=self.order_id) if self.order_id else ""
        marks = " · ".join(filter(None, (order, self.seat_and_number)))
        return "\n".join(filter(None, (self.event, self.when, self.venue, marks)))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip of a sale with the codes of its tickets; without a sale, of at least one ticket."""

    event: Event
    lane: str
    at: datetime
    """When it was sold, or is printed."""
    tickets: tuple[Paper, ...] = ()
    sale: Sale | None = None
    payment: Taking | None = None
    """Of an order that the site has as not paid, paid at the door."""

    @property
    def when(self) -> str:
        alone = self.sale is None and len(self.tickets) == 1
        return self.tickets[0].when if alone else when(self.event)

    @property
    def order_id(self) -> str:
        if self.sale is not None:
            return self.sale.order_id
        return next((paper.order_id for paper in self.tickets if paper.order_id), "")

    @property
    def not_yet_issued(self) -> bool:
        """Paid, but no order is placed yet: our own number stands in place of codes."""
        return self.sale is not None and self.sale.state not in ISSUED


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A code to try, and what should come of it."""

    code: str
    """At most 32 characters, so that all codes of a sheet are of one size."""
    name: str
    """Whose it is; empty: nobody's."""
    verdict: VerdictCode
    hint: str
    """What to look for, in one line, translated where it is drawn."""
    offline: bool = False
    """It gets this verdict while there is no network."""

    @property
    def word(self) -> str:
        return Verdict(self.verdict, "", confirmed=not self.offline).word


@dataclass(frozen=True, slots=True)
class Sheet:
    """Codes that belong together."""

    entries: tuple[SheetEntry, ...]
    where: str
    """What they are to be tried on."""


@dataclass(frozen=True, slots=True)
class Card:
    """Whether a lane is ready for the doors."""

    checks: tuple[Check, ...]
    lane: str


def paper_of(ticket: Ticket, event: Event, order: Order | None = None) -> Paper:
    """What stands on the paper of `ticket`."""
    return Paper(
        uuid=ticket.uuid,
        name=ticket.full_name,
        ticket_type=ticket.ticket_type,
        event=event.title,
        when=when(event, ticket.date),
        venue=event.venue,
        order_id=order.order_id if order else "",
        seat=ticket.seat,
        number=ticket.number,
    )


def receipt_of(sale: Sale, event: Event, tickets: Iterable[Paper] = ()) -> Receipt:
    """The receipt of `sale`, with the codes of what was issued of it."""
    issued = tuple(tickets) if sale.state in ISSUED else ()
    return Receipt(event, sale.lane, sale.at, issued, sale)


def when(event: Event, moment: str | None = None) -> str:
    """`moment` (ISO 8601), else the event's start, in its time zone, as people write it.

    A moment that cannot be read is answered as it is.
    """
    at = event.start
    if moment:
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return moment
    if at is None:
        return ""
    if at.tzinfo is not None:
        at = at.astimezone(event.zone)
    return format_date(at)
