"""What of some tickets, or of a sale, can be shown and printed, and what stands on it."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

from boxoffice.clock import Clock
from boxoffice.domain import signs
from boxoffice.domain.admission_rules import Facts, decide
from boxoffice.domain.cart import list_lines
from boxoffice.domain.models import NO_NAME, Event
from boxoffice.domain.sale import Sale, SaleState, Taking
from boxoffice.domain.verdicts import Verdict, VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.ticket_details import Details
from boxoffice.language import N_, _
from boxoffice.printing.papers import Paper, Receipt, paper_of, qr, receipt_of
from boxoffice.screens.record import check_in

NOT_YET = N_("NOT YET ISSUED")
NOT_VALID = N_("NOT VALID")
GIVEN_UP = N_("GIVEN UP")
FOUND_SOON = N_("SOLD")
NOT_PLACED = N_("Not placed at the site yet. Print the slip: its number finds the sale again.")
NOT_KNOWN = N_("No ticket of it is known yet. The slip's number finds the sale again.")
LOOKING = N_("The order is placed. Its tickets are being found…")
NOTHING_TO_PRINT = N_("This sale was given up: there is nothing to print.")
UNKNOWN_HERE = N_("not in this computer's list")
VOID = frozenset({VerdictCode.WRONG_EVENT, VerdictCode.REFUNDED, VerdictCode.NOT_PAID})


def _lines(sign: str) -> tuple[str, ...]:
    """A sign in large letters, a word a line."""
    return tuple(_(sign).split())


class PaperView(NamedTuple):
    """What stands on the screen, with a code or with a sign in its place."""

    name: str
    kind: str
    """Ticket type, or what was sold."""
    state: str
    facts: str
    code: str = ""
    sign: tuple[str, ...] = ()
    bad: bool = False
    """It lets nobody in."""


class PrintableTickets:
    """Some tickets, or a sale that has none yet."""

    def __init__(
        self, event: Event, tickets: tuple[str, ...], sale: Sale | None, clock: Clock
    ) -> None:
        self.event = event
        self.tickets = tickets or (sale.tickets if sale else ())
        self.sale = sale
        self.payment: Taking | None = None
        """What was paid here for their order, as the site has it as not paid."""
        self.badge_size: tuple[int, int] | None = None
        """Of a label, in millimetres; None: there are no badges."""
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
        place = _("← ticket {n} of {total} →").format(n=self.shown + 1, total=count)
        return place if count > 1 else ""

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
        self.badge_size = lane.badges.size
        for ticket in self.tickets:
            self.add(ticket, await lane.details.known(ticket))
        if self.sale is None and self.tickets:
            view = await lane.orders.of(self.tickets[0])
            self.sale, self.payment = (view.sale, view.payment) if view else (None, None)

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

    @property
    def details(self) -> Details | None:
        return self._known.get(self.ticket)

    @property
    def order(self) -> str | None:
        """Uuid of its order, where that is known."""
        of_ticket = self.details.ticket.order if self.details else None
        return of_ticket or (self.sale.order if self.sale else None)

    def void(self, ticket: str) -> Verdict | None:
        """What a door of this event says of a ticket that it never lets in; None: it may."""
        details = self._known.get(ticket)
        if details is None:
            return None
        known = details.ticket, self.event, self._clock.now()
        taken = (self.payment, self.sale if self.sale and self.sale.booked else None)
        is_paid = any(one and one.order == details.ticket.order for one in taken)
        paid_here = "paid" if is_paid else ""
        facts = Facts(*known, confirmed=details.confirmed, order=details.order, paid_here=paid_here)
        verdict = decide(facts)
        return verdict if verdict.code in VOID else None

    def paper(self, ticket: str) -> Paper:
        """What stands on the paper of a ticket; of one that is not known here, its code alone."""
        details = self._known.get(ticket)
        if details is None:
            return Paper(ticket)
        return paper_of(details.ticket, self.event, details.order)

    def view(self) -> PaperView:
        """What is shown of the ticket, or of a sale that has none, or not yet."""
        if not self.ticket:
            return self._view_of_sale()
        paper, details, void = self.paper(self.ticket), self.details, self.void(self.ticket)
        state = check_in(details, self.event.zone) if details else _(UNKNOWN_HERE)
        checked = _("Check-in: {state}").format(state=state)
        return PaperView(
            name=paper.name or _(NO_NAME),
            kind=paper.ticket_type,
            state=f"{signs.NO} {void.word}: {void.reason}" if void else checked,
            facts=paper.facts,
            code="" if void else paper.uuid,
            sign=_lines(_(NOT_VALID)) if void else (),
            bad=void is not None,
        )

    def _view_of_sale(self) -> PaperView:
        sale, sign, sentence = self.sale, _(NOT_YET), _(NOT_PLACED)
        if self.given_up:
            sign, sentence = _(GIVEN_UP), _(NOTHING_TO_PRINT)
        elif sale is not None and sale.state in (SaleState.SOLD, SaleState.DONE):
            sign, sentence = _(FOUND_SOON), _(LOOKING)
        elif sale is not None and sale.state is not SaleState.QUEUED:
            sentence = _(NOT_KNOWN)
        return PaperView(
            name=sale.external_order_id if sale else _("No ticket"),
            kind=list_lines(sale.cart.lines) if sale else "",
            state=sentence,
            facts=sale.reason if sale else "",
            sign=_lines(sign),
            bad=self.given_up,
        )

    def buttons(self) -> dict[str, str]:
        """Labels of what can be printed or saved just now, by the command's id."""
        labels: dict[str, str] = {}
        if self.tickets:
            labels["print_ticket"] = _("Print this ticket")
        if len(self.tickets) > 1:
            labels["print_all"] = _("Print all {n}").format(n=len(self.tickets))
        if (self.tickets or self.sale) and not self.given_up:
            labels["print_receipt"] = (
                _("Print receipt, 80 mm") if self.sale and self.ticket else _("Print slip, 80 mm")
            )
        if self.badge_size and self.ticket in self._known and self.void(self.ticket) is None:
            wide, high = self.badge_size
            label = _("Badge, {wide} × {high} mm").format(wide=wide, high=high)
            labels["print_badge"] = label
        if self.tickets:
            labels |= {"save_tickets": _("Save as PDF"), "site_pdf": _("The site's own PDF")}
        return labels

    def receipt(self, lane: str) -> Receipt | None:
        """The receipt of the sale, else a slip of the tickets; None: there is nothing to print."""
        papers = self.papers()
        if self.sale is not None:
            return receipt_of(self.sale, self.event, papers)
        now = self._clock.now()
        return (
            Receipt(self.event, lane, now, tuple(papers), payment=self.payment) if papers else None
        )

    def papers(self, tickets: Iterable[str] | None = None) -> list[Paper]:
        """The papers of `tickets`, or of all, but of none that is void or not known here."""
        return [
            self.paper(ticket)
            for ticket in (self.tickets if tickets is None else tickets)
            if ticket in self._known and self.void(ticket) is None
        ]
