"""Tickets on the screen as codes to be scanned, and on paper: tickets, receipt, the site's PDF."""

from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label

from boxoffice.clock import Clock, SystemClock
from boxoffice.commands import Place, bindings
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.lane import Change, Lane, RosterChanged
from boxoffice.lane.status import SaleChanged
from boxoffice.printing import Paper, receipt_of, slip_of
from boxoffice.printing.press import Press
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.following import Following
from boxoffice.screens.printable_tickets import PrintableTickets, facts
from boxoffice.screens.reading import Reading
from boxoffice.widgets.big_sign import Sign
from boxoffice.widgets.facts import check_in
from boxoffice.widgets.qr import QrCode
from boxoffice.widgets.themes import stylesheet

NOT_YET: tuple[str, ...] = ("NOT", "YET", "ISSUED")
NOT_VALID = ("NOT", "VALID")
GIVEN_UP = ("GIVEN", "UP")
FOUND_SOON = ("SOLD",)
KEEP = "Not placed at the site yet. Print the slip: its number finds the sale again."
NOT_KNOWN = "No ticket of it is known yet. The slip's number finds the sale again."
LOOKING = "The order is placed. Its tickets are being found…"
NOTHING_TO_PRINT = "This sale was given up: there is nothing to print."
NOT_PRINTED = "Only what is in the list, and valid, is printed."
UNKNOWN_HERE = "not in this computer's list"
ONE_AT_A_TIME = "One moment: the last one is still on its way."
NO_ORDER = "It is not known here which order this ticket is on. Try again with a connection."

_BUTTONS = {
    "print_ticket": "Print this ticket",
    "print_all": "Print all",
    "print_receipt": "Print receipt, 80 mm",
    "save_tickets": "Save as PDF",
    "site_pdf": "The site's own PDF",
}
"""Labels by the command they give, which is also the button's id."""


class PaperScreen(Following, BaseScreen[None]):
    """Shows tickets one by one, large enough to be scanned, and prints or saves them.

    A sale whose order is not placed yet has no tickets: its own number is shown instead.
    """

    place = Place.PAPER
    BINDINGS = [
        *bindings(place),
        Binding("right,pagedown", "turn(1)", show=False),
        Binding("left,pageup", "turn(-1)", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("paper")]
    AUTO_FOCUS = ""  # a stray Enter prints nothing

    def __init__(
        self,
        lane: Lane,
        tickets: tuple[str, ...],
        sale: Sale | None = None,
        *,
        clock: Clock | None = None,
        folder: Path | None = None,
    ) -> None:
        """`sale`: that sold the tickets; looked up where it is not given.

        `folder`: where files go, else the lane's.
        """
        super().__init__()
        self._lane = lane
        self._clock = clock or SystemClock()
        self._reading = Reading(self._clock)
        self._press = Press(self._clock, folder or lane.exports)
        self._tickets = PrintableTickets(lane.event, tickets, sale, self._clock)
        self._asked: set[str] = set()
        self._busy = False

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="paper"):
            yield QrCode(id="paper-code")
            yield Sign(id="paper-sign", markup=False)
            with Vertical(id="paper-side"):
                yield Label("", id="paper-name", markup=False)
                yield Label("", id="paper-type", markup=False)
                yield Label("", id="paper-state", markup=False)
                yield Label("", id="paper-facts", markup=False)
                yield Label("", id="paper-turn", markup=False)
                with Vertical(id="paper-buttons"):
                    for command, label in _BUTTONS.items():
                        yield Button(label, id=command, compact=True)
                yield Label("", id="paper-note", markup=False)

    def on_mount(self) -> None:
        self.follow(self._lane, self._changed)
        self.query_one("#paper-buttons").display = False  # until it is known which there are
        self._load()

    # What is known

    def _load(self) -> None:
        self.reread(self._read, "load the tickets", group="tickets")

    async def _read(self) -> None:
        await self._tickets.load(self._lane)
        self._show()
        self._ask()

    def _ask(self) -> None:
        """Have the server say, once, what it has of the ticket shown: its order, its state."""
        ticket = self._tickets.ticket
        if ticket and ticket not in self._asked:
            self._asked.add(ticket)
            self.work(self._refresh(ticket), "read the ticket", group="refresh")

    async def _refresh(self, ticket: str) -> None:
        self._tickets.add(ticket, await self._lane.refresh_details(ticket))
        self._show()

    def _changed(self, change: Change) -> None:
        if isinstance(change, SaleChanged):
            if self._tickets.went_on(change.sale):
                self.call_later(self._load)
        elif isinstance(change, RosterChanged) and (
            change.uuids is None or not change.uuids.isdisjoint(self._tickets.tickets)
        ):
            self.call_later(self._load)

    # What is shown

    def _show(self) -> None:
        tickets = self._tickets
        if tickets.ticket:
            self._reading.put(tickets.ticket)
            self._show_ticket(tickets.paper(tickets.ticket))
        else:
            self._show_sale(tickets.sale)
        self._put("turn", Content(tickets.place))
        self.query_one("#paper-buttons").display = True
        for command in _BUTTONS:
            self.query_one(f"#{command}").display = bool(self.check_action(command, ()))
        self.query_one("#print_all", Button).label = f"Print all {len(tickets.tickets)}"
        slip = "receipt" if tickets.sale and tickets.ticket else "slip"
        self.query_one("#print_receipt", Button).label = f"Print {slip}, 80 mm"
        self.refresh_bindings()

    def _show_ticket(self, paper: Paper) -> None:
        details, void = self._tickets.details(paper.uuid), self._tickets.void(paper.uuid)
        self._show_sign(NOT_VALID if void else (), bad=void is not None)
        self.query_one(QrCode).show("" if void else paper.uuid)
        state = check_in(details, self._lane.event.zone) if details else UNKNOWN_HERE
        said = f"✗ {void.word}: {void.reason}" if void else f"Check-in: {state}"
        self._put("state", Content(said))
        self._put("name", Content(paper.name or "Without a name"))
        self._put("type", Content(paper.ticket_type))
        self._put("facts", Content(facts(paper)))

    def _show_sale(self, sale: Sale | None) -> None:
        """Show a sale that has no tickets, or not yet."""
        tickets = self._tickets
        sign, sentence = NOT_YET, KEEP
        if tickets.given_up:
            sign, sentence = GIVEN_UP, NOTHING_TO_PRINT
        elif tickets.placed:
            sign, sentence = FOUND_SOON, LOOKING
        elif sale is not None and sale.state is not SaleState.QUEUED:
            sentence = NOT_KNOWN
        self._show_sign(sign, bad=tickets.given_up)
        self.query_one(QrCode).show("")
        lines = sale.cart.lines if sale else ()
        self._put("name", Content(sale.external_order_id if sale else "No ticket"))
        self._put("type", Content(", ".join(f"{line.amount} × {line.title}" for line in lines)))
        self._put("state", Content(sentence))
        self._put("facts", Content(sale.reason if sale else ""))

    def _show_sign(self, words: tuple[str, ...] = (), *, bad: bool = False) -> None:
        """Show a sign where else the code is; without words: the code."""
        self.query_one(Sign).show(words, bad=bad)
        self.query_one(QrCode).display = not words
        self.query_one("#paper-state").set_class(bad, "-bad")

    def _put(self, part: str, content: Content) -> None:
        label = self.query_one(f"#paper-{part}", Label)
        label.update(content)
        label.display = bool(content.plain)

    def _say(self, sentence: str) -> None:
        """Say something below the buttons, for as long as the screen is open."""
        self._put("note", Content(sentence))

    def failed(self, group: str, sentence: str) -> None:
        if group == "refresh":
            return  # what this computer knows stands there already; it is all there is
        self._busy = self._busy and group != "paper"
        self._say(sentence)

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        tickets = self._tickets
        if action in ("print_ticket", "save_tickets", "site_pdf"):
            return bool(tickets.tickets)
        if action == "print_receipt":
            return bool(tickets.tickets or tickets.sale) and not tickets.given_up
        return action != "print_all" or len(tickets.tickets) > 1

    def action_turn(self, by: int) -> None:
        """Show the ticket before or after."""
        self._tickets.turn(by)
        self._show()
        self._ask()

    @on(Button.Pressed)
    async def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        await self.run_action(event.button.id or "")

    def action_print_ticket(self) -> None:
        if self._reading.over:  # F8 opened the screen, and may bounce
            self._do(self._print(self._tickets.papers([self._tickets.ticket])), "print a ticket")

    def action_print_all(self) -> None:
        self._do(self._print(self._tickets.papers()), "print the tickets")

    def action_print_receipt(self) -> None:
        self._do(self._print_receipt(), "print a receipt")

    def action_save_tickets(self) -> None:
        self._do(self._save(), "save the tickets")

    def action_site_pdf(self) -> None:
        self._do(self._save_site_pdf(), "fetch the site's PDF")

    def _do(self, work: Coroutine[Any, Any, str], description: str) -> None:
        """Do one thing at a time, and say what came of it."""
        if self._busy:
            work.close()
            self._say(ONE_AT_A_TIME)
            return
        self._busy = True
        self._say("…")
        self.work(self._done(work), description, group="paper")

    async def _done(self, work: Coroutine[Any, Any, str]) -> None:
        self._say(await work)
        self._busy = False

    async def _print(self, papers: list[Paper]) -> str:
        if not papers:
            return NOT_PRINTED
        printer = self._lane.box_office.policy.ticket_printer
        return await self._press.print_tickets(papers, printer=printer)

    async def _save(self) -> str:
        papers = self._tickets.papers()
        return await self._press.save_tickets(papers) if papers else NOT_PRINTED

    async def _print_receipt(self) -> str:
        tickets, papers = self._tickets, self._tickets.papers()
        if tickets.sale is not None:
            receipt = receipt_of(tickets.sale, tickets.event, papers)
        elif papers:
            receipt = slip_of(tickets.event, self._lane.name, self._clock.now(), papers)
        else:
            return NOT_PRINTED
        policy = self._lane.box_office.policy
        return await self._press.print_receipt(
            receipt, locale=policy.locale, printer=policy.receipt_printer
        )

    async def _save_site_pdf(self) -> str:
        order = self._tickets.order(self._tickets.ticket)
        if order is None:
            return NO_ORDER
        pdf = await self._lane.orders.pdf(order)
        return await self._press.save_site_pdf(pdf, self._tickets.paper(self._tickets.ticket))
