"""What the door opens of the box office: party, sale, arrivals, and tickets to show or print."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from boxoffice.domain.verdict import Scan, VerdictCode
from boxoffice.screens.tying import TyingScreen

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.domain.models import Event, Ticket
    from boxoffice.screens.base import Demo

CHOOSE = "Highlight a row with ↓, or scan a ticket, first."
UNPLUGGED = "The network is off: scan on. Ctrl+P, “Network” puts it back."
PLUGGED_IN = "The network is back; what waits is sent now."


class OfficeScreen(TyingScreen):
    """A door from which the box office is reached. Its screens are loaded when they are opened."""

    desk: "Callable[[Event | None], None] | None" = None
    """Opens the organiser's desk at an event; None: there is none here."""
    demo: "Demo | None" = None
    """What there is to try this door with; None: it is a real one."""

    def action_organiser_desk(self) -> None:
        if self.desk is not None:
            self.desk(self.lane.event if self.lane else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "organiser_desk":
            return self.desk is not None
        if action in ("sheet", "unplug"):
            return self.demo is not None
        return super().check_action(action, parameters)

    def in_hand(self) -> str | None:
        """The highlighted ticket, else the one last scanned."""
        verdict = self.last.verdict if self.last else None
        if self.highlighted or verdict is None:
            return self.highlighted
        if verdict.ticket is None and verdict.code is VerdictCode.AMBIGUOUS:
            return verdict.candidates[0].uuid
        return verdict.ticket.uuid if verdict.ticket else None

    def action_party(self) -> None:
        ticket = self.in_hand()
        verdict = self.last.verdict if self.last else None
        if ticket is None:
            self.tell(CHOOSE)
        else:
            several = verdict is not None and verdict.code is VerdictCode.AMBIGUOUS
            self.open_party(ticket, ticked=not several or self.highlighted is not None)

    def open_party(self, ticket: str, *, ticked: bool) -> None:
        """Show everyone on the order of `ticket`, to be admitted together.

        `ticked`: from the start, as the ticket is one that proved itself or that a person chose.
        """
        if self.lane is None:
            return
        from boxoffice.screens.party import PartyScreen  # noqa: PLC0415  # not needed to start

        def admitted(scans: list[Scan] | None) -> None:
            if scans:
                self.put("")
            for scan in scans or ():
                self.answered(scan)

        screen = PartyScreen(self.lane, ticket, ticked=ticked, undone=self.undone)
        self.app.push_screen(screen, admitted)

    def offer(self, tickets: "tuple[Ticket, ...]") -> None:
        """The tickets of one order are a party, of which a person ticks who is here.

        Others are chosen from in the list. Those whose order is not known may be on the same.
        """
        known = {ticket.order: ticket.uuid for ticket in tickets if ticket.order is not None}
        if len(known) == 1 and self.app.screen is self and not self.busy:
            self.open_party(*known.values(), ticked=False)
        else:
            self.choose(tickets)

    def put(self, text: str) -> None:
        """Have `text` on the line."""
        raise NotImplementedError

    def choose(self, tickets: "tuple[Ticket, ...]") -> None:
        """Let the person choose one of several in the list."""
        raise NotImplementedError

    def action_sale(self) -> None:
        if self.lane is not None:
            from boxoffice.screens.sale import SaleScreen  # noqa: PLC0415  # not needed to start

            screen = SaleScreen(self.lane, clock=self._clock, kept=self._unsaved)
            self.app.push_screen(screen)

    def action_arrivals(self) -> None:
        if self.lane is not None:
            from boxoffice.screens.arrivals import ArrivalsScreen  # noqa: PLC0415  # not needed to start

            self.app.push_screen(ArrivalsScreen(self.lane))

    def action_shift(self) -> None:
        if self.lane is not None:
            from boxoffice.screens.till import TillDialog  # noqa: PLC0415  # not needed to start

            self.app.push_screen(TillDialog(self.lane, locale=self.lane.box_office.policy.locale))

    def action_paper(self) -> None:
        ticket = self.in_hand()
        if ticket is None:
            self.tell(CHOOSE)
        elif self.lane is not None:
            from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # not needed to start

            self.app.push_screen(PaperScreen(self.lane, (ticket,)))

    def action_sheet(self) -> None:
        if self.demo is not None and self.lane is not None:
            from boxoffice.screens.sheet import SheetScreen  # noqa: PLC0415  # not needed to start

            sheet, folder = self.demo.sheet, self.lane.exports
            self.app.push_screen(SheetScreen(sheet, self.scan, clock=self._clock, folder=folder))

    def action_unplug(self) -> None:
        if self.demo is not None and self.lane is not None:
            self.tell(PLUGGED_IN if self.demo.unplug() else UNPLUGGED)
            # The lane learns of it now, and not at its next look.
            self.work(self.lane.refresh(), "try the network", group="refresh")
