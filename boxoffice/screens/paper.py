"""Tickets on the screen as codes to be scanned, and on paper: tickets, receipt, the site's PDF."""

from collections.abc import Coroutine, Iterable
from typing import Any

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Label

from boxoffice.commands import Place
from boxoffice.domain.sale import Sale
from boxoffice.lane import Change, Lane, RosterChanged, SaleUpdated
from boxoffice.language import N_, _
from boxoffice.printing.papers import Paper
from boxoffice.printing.printer import (
    Press,
    badge_document,
    receipt_document,
    site_document,
    tickets_document,
)
from boxoffice.screens.base import ARROWS, ONE_AT_A_TIME, LaneScreen
from boxoffice.screens.printable import NOT_PLACED, NOTHING_TO_PRINT, PrintableTickets
from boxoffice.widgets.footer import CommandButtons
from boxoffice.widgets.qr import BigSign, QrCode

ONLY_ONE = N_("There is only this ticket: F8 prints it.")
NO_BADGE = N_("No badge: its size is not set, or this ticket lets nobody in.")
NOT_PRINTED = N_("Nothing to print: only valid tickets that are in the list can be.")
NO_ORDER = N_("It is not known here which order this ticket is on. Try again with a connection.")
BUTTONS = (
    *("print_ticket", "print_all", "print_receipt", "print_badge", "save_tickets", "site_pdf"),
)
"""Ids of the buttons, and of the commands that they give."""


class PaperScreen(LaneScreen[None]):
    """Shows tickets one by one, large enough to be scanned, and prints or saves them.

    A sale whose order is not placed yet has no tickets: its own number is shown instead.
    """

    place = Place.PAPER
    BINDINGS = [
        Binding("right,pagedown", "turn(1)", show=False),
        Binding("left,pageup", "turn(-1)", show=False),
        *ARROWS,
    ]
    sheets = "form paper"
    AUTO_FOCUS = ""  # a stray Enter prints nothing

    def __init__(self, lane: Lane, tickets: tuple[str, ...], sale: Sale | None = None) -> None:
        """`sale`: that sold the tickets; looked up where it is not given."""
        super().__init__(lane)
        self._press = Press(self.clock, lane.exports)
        self._tickets = PrintableTickets(lane.event, tickets, sale, self.clock)
        self._asked: set[str] = set()

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="paper"):
            yield QrCode(id="paper-code")
            yield BigSign(id="paper-sign", markup=False)
            with Vertical(id="paper-side"):
                for part in ("name", "kind", "state", "facts", "turn"):
                    yield Label("", id=f"paper-{part}", markup=False)
                yield CommandButtons(BUTTONS, id="paper-buttons")
                yield Label("", id="paper-note", markup=False)

    def on_mount(self) -> None:
        self.query_one(CommandButtons).display = False  # until it is known which there are
        self._load()

    def _load(self) -> None:
        self.reread(self._read, "load the tickets", group="tickets")

    async def _read(self) -> None:
        await self._tickets.load(self.lane)
        self._show()
        self._ask()

    def _ask(self) -> None:
        """Have the server say, once, what it has of the ticket shown: its order, its state."""
        ticket = self._tickets.ticket
        if ticket and ticket not in self._asked:
            self._asked.add(ticket)
            self.work(self._refresh(ticket), "read the ticket", group="refresh")

    async def _refresh(self, ticket: str) -> None:
        self._tickets.add(ticket, await self.lane.details.refresh(ticket))
        self._show()

    def changed(self, change: Change) -> None:
        match change:
            case SaleUpdated(sale) if self._tickets.went_on(sale):
                self.call_later(self._load)
            case RosterChanged(uuids) if uuids is None or uuids & set(self._tickets.tickets):
                self.call_later(self._load)

    def _show(self) -> None:
        tickets, view = self._tickets, self._tickets.view()
        if tickets.ticket:
            self.debounce.show(tickets.ticket)
        self.query_one(BigSign).show(view.sign, bad=view.bad)
        code = self.query_one(QrCode)
        code.show(view.code)
        code.display = not view.sign
        self.query_one("#paper-state").set_class(view.bad, "-bad")
        for part in ("name", "kind", "state", "facts"):
            self._put(part, getattr(view, part))
        self._put("turn", tickets.place)
        buttons = self.query_one(CommandButtons)
        buttons.offer(tickets.buttons())
        buttons.display = True
        self.refresh_bindings()

    def _put(self, part: str, text: str) -> None:
        self.write(f"#paper-{part}", text).display = bool(text)

    def failed(self, group: str, sentence: str) -> None:
        if group != "refresh":  # what this computer knows stands there already; it is all there is
            self._put("note", sentence)

    def refusal(self, command: str) -> str | None:
        if command not in BUTTONS or command in self._tickets.buttons():
            return None
        if self._tickets.given_up:
            return _(NOTHING_TO_PRINT)
        if command == "print_badge":
            return _(NO_BADGE)
        return _(ONLY_ONE) if self._tickets.tickets else _(NOT_PLACED)

    def action_turn(self, by: int) -> None:
        """Show the ticket before or after."""
        self._tickets.turn(by)
        self._show()
        self._ask()

    def action_print_ticket(self) -> None:
        if self.debounce.settled:  # F8 opened the screen, and may bounce
            self._print(self._tickets.papers([self._tickets.ticket]))

    def action_print_all(self) -> None:
        self._print(self._tickets.papers())

    def _print(self, papers: list[Paper]) -> None:
        printer = self.lane.box_office.policy.ticket_printer
        work = self._press.print(tickets_document(papers), printer=printer) if papers else None
        self._do(work)

    def action_print_receipt(self) -> None:
        receipt, policy = self._tickets.receipt(self.lane.name), self.lane.box_office.policy
        document = receipt_document(receipt, locale=policy.locale) if receipt else None
        printer = policy.receipt_printer
        self._do(self._press.print(document, printer=printer) if document else None)

    def action_print_badge(self) -> None:
        self._do(self._print_badge(self._tickets.ticket))

    async def _print_badge(self, ticket: str) -> str:
        policy, badge = self.lane.badges, await self.lane.details.badge(ticket)
        if badge is None or policy.size is None:
            return _(NOT_PRINTED)
        document = badge_document(badge, policy.size)
        return await self._press.print(document, printer=policy.printer)

    def action_save_tickets(self) -> None:
        papers = self._tickets.papers()
        self._do(self._press.save(tickets_document(papers)) if papers else None)

    def action_site_pdf(self) -> None:
        self._do(self._save_site_pdf())

    async def _save_site_pdf(self) -> str:
        tickets = self._tickets
        if tickets.order is None:
            return _(NO_ORDER)
        pdf = await self.lane.orders.pdf(tickets.order)
        document = site_document(pdf, tickets.paper(tickets.ticket))
        return await self._press.save(document, _("The site's own PDF is saved as {file}"))

    def _do(self, work: Coroutine[Any, Any, str] | None) -> None:
        """Do one thing at a time, and say what came of it. None: there is nothing to print."""
        if work is None or self.is_working("paper"):
            if work is not None:
                work.close()
            self._put("note", _(NOT_PRINTED) if work is None else _(ONE_AT_A_TIME))
            return

        async def done(work: Coroutine[Any, Any, str]) -> None:
            self._put("note", await work)

        self._put("note", "…")
        self.work(done(work), "print or save", group="paper")
