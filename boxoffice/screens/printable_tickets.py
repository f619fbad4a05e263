"""What the paper screen holds: tickets, which one is shown, what is known of each, their sale."""

import asyncio
from collections.abc import Iterable

from boxoffice.clock import Clock
from boxoffice.domain.models import Event
from boxoffice.domain.rule import Facts, decide
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.verdict import Verdict, VerdictCode
from boxoffice.lane import Details, Lane
from boxoffice.printing import Paper, paper_of
from boxoffice.printing.codes import qr

VOID = frozenset({VerdictCode.WRONG_EVENT, VerdictCode.REFUNDED, VerdictCode.NOT_PAID})


class PrintableTickets:
    """Some tickets, or a sale that has none yet."""

    def __init__(
        self, event: Event, tickets: tuple[str, ...], sale: Sale | None, clock: Clock
    ) -> None:
        self.event = event
        self.tickets = tickets or (sale.tickets if sale else ())
        self.sale = sale
        self.shown = 0
        """Which of the tickets."""
        self._clock = clock
        self._known: dict[str, Details] = {}

    @property
    def ticket(self) -> str:
        """The one shown; empty: none is issued."""
        return self.tickets[self.shown] if self.tickets else ""

    @property
    def place(self) -> str:
        """Which of several tickets is shown, and how to come to the others."""
        count = len(self.tickets)
        return f"← ticket {self.shown + 1} of {count} →" if count > 1 else ""

    @property
    def placed(self) -> bool:
        """The order of the sale stands at the site."""
        return self.sale is not None and self.sale.state in (SaleState.SOLD, SaleState.DONE)

    @property
    def given_up(self) -> bool:
        return self.sale is not None and self.sale.state in (SaleState.REFUSED, SaleState.DROPPED)

    def turn(self, by: int) -> None:
        """Go so many tickets on; from the last to the first again."""
        self.shown = (self.shown + by) % max(len(self.tickets), 1)

    async def load(self, lane: Lane) -> None:
        """Take up what this computer knows now, and make the code of the ticket shown."""
        if self.ticket:
            await asyncio.to_thread(qr, self.ticket)  # kept there; the first one takes a while
        for ticket in self.tickets:
            self.add(ticket, await lane.details(ticket))
        if self.sale is None and self.tickets:
            view = await lane.orders.of(self.tickets[0])
            self.sale = view.sale if view else None

    def add(self, ticket: str, details: Details | None) -> None:
        """Take up what is known of a ticket; None changes nothing."""
        if details is not None:
            self._known[ticket] = details

    def went_on(self, sale: Sale) -> bool:
        """Take up what became of the sale; False: it is another one."""
        if self.sale is None or sale.id != self.sale.id:
            return False
        self.sale = sale
        if len(sale.tickets) > len(self.tickets):
            self.tickets = sale.tickets
        return True

    def details(self, ticket: str) -> Details | None:
        return self._known.get(ticket)

    def order(self, ticket: str) -> str | None:
        """Its order's uuid, where that is known."""
        details = self._known.get(ticket)
        return (details.ticket.order if details else None) or (
            self.sale.order if self.sale else None
        )

    def void(self, ticket: str) -> Verdict | None:
        """What a door of this event says of a ticket that it never lets in; None: it may."""
        details = self._known.get(ticket)
        if details is None:
            return None
        known = details.ticket, self.event, self._clock.now()
        verdict = decide(Facts(*known, confirmed=details.confirmed, order=details.order))
        return verdict if verdict.code in VOID else None

    def paper(self, ticket: str) -> Paper:
        """What stands on the paper of a ticket; of one that is not known here, its code alone."""
        details = self._known.get(ticket)
        if details is None:
            return Paper(ticket)
        return paper_of(details.ticket, self.event, details.order)

    def papers(self, tickets: Iterable[str] | None = None) -> list[Paper]:
        """The papers of `tickets`, or of all, but of none that is void or not known here."""
        return [
            self.paper(ticket)
            for ticket in (self.tickets if tickets is None else tickets)
            if ticket in self._known and self.void(ticket) is None
        ]


def facts(paper: Paper) -> str:
    """What is said of a ticket beside its name and type, line by line."""
    order = f"Order {paper.order_id}" if paper.order_id else ""
    seat = f"Seat {paper.seat}" if paper.seat else ""
    number = "" if paper.number is None else f"No. {paper.number}"
    marks = " · ".join(part for part in (order, seat, number) if part)
    return "\n".join(line for line in (paper.event, paper.when, paper.venue, marks) if line)
