"""The commands of a door: each opens a screen in front of it, or has the lane do something.

The screens are loaded when they are opened.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from boxoffice.domain.humanize import format_number
from boxoffice.domain.verdicts import Scan
from boxoffice.language import N_, _, ngettext
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.door_controller import DoorController
from boxoffice.screens.door_state import DoorState, PartyOf
from boxoffice.screens.list_search import ListSearch
from boxoffice.widgets.verdict import name_of

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Lane
    from boxoffice.screens.sale_form import SaleDraft
    from boxoffice.screens.ticket import Unsaved
    from boxoffice.screens.tie import TieQuestions

CHOOSE = N_("Highlight a row with ↓, or scan a ticket, first.")
MAKING_LIST = N_("Making the guest list…")
READING = N_("Asking the site for the list…")
REASONS = (N_("The organiser said so"), N_("Sold as the wrong type"), N_("Exchanged at the door"))
"""Reasons for an override, to pick from."""


class DoorCommands(BaseScreen[None]):
    """What a person asks of a door beside its line. `DoorScreen` shows what comes of it."""

    controller: DoorController
    search: ListSearch

    def __init__(self) -> None:
        super().__init__()
        self._unsaved: dict[str, Unsaved] = {}
        """What was typed into forms and not saved, by ticket."""
        self._sales: dict[str, SaleDraft] = {}
        """Half-filled sales, by event."""
        self._badge_turn = asyncio.Lock()

    def put(self, text: str) -> None:
        """Have `text` on the line."""
        raise NotImplementedError

    def show_answer(self, scan: Scan) -> None:
        raise NotImplementedError

    @property
    def lane(self) -> "Lane | None":
        return self.controller.lane

    @property
    def state(self) -> DoorState:
        return self.controller.state

    @property
    def is_idle(self) -> bool:
        """Nothing is typed, and nothing is open in front."""
        return not self.search.text and self.app.screen is self

    def refusal(self, command: str) -> str | None:
        return self.state.refusal(command, is_open=self.lane is not None)

    def confirm(self, title: str, text: str, yes: str, go_on: Callable[[], None]) -> None:
        from boxoffice.screens.dialogs import ConfirmDialog  # noqa: PLC0415  # not needed to start

        if not isinstance(self.app.screen, ConfirmDialog):
            dialog = ConfirmDialog(title, text, yes)
            self.app.push_screen(dialog, lambda confirmed: go_on() if confirmed else None)

    # Forms, parties and tickets, opened in front

    def open_next_form(self) -> None:
        """Ask the next questions that are due, unless the person is busy with something else."""
        if self.is_idle and (due := self.state.next_form()) is not None:
            self._open_ticket(*due)

    def _open_ticket(self, ticket: str, scan: Scan | None = None) -> None:
        """`scan`: whose questions are asked, and who is admitted when they are answered."""
        from boxoffice.screens.ticket import TicketScreen  # noqa: PLC0415  # not needed to start

        def close(scan: Scan | None) -> None:
            self.state.form = None
            if scan is not None:
                self.show_answer(scan)

        self.state.form = ticket if scan else None
        screen = TicketScreen(
            self.controller.open_lane,
            ticket,
            scan,
            unsaved=self._unsaved,
            answered=self.show_answer,
            undone=self.controller.show_undo,
        )
        self.app.push_screen(screen, close)

    def action_ticket(self) -> None:
        ticket = self.state.ticket(self.search.highlighted)
        if ticket is None:
            self.announce(_(CHOOSE))
        else:
            self._open_ticket(ticket, self.state.scan_to_admit(ticket))

    def action_party(self) -> None:
        party = self.state.party(self.search.highlighted)
        if party is None:
            self.announce(_(CHOOSE))
        else:
            self._open_party(party)

    def _open_party(self, party: PartyOf) -> None:
        """Show everyone on the order of a ticket, to be admitted together."""
        from boxoffice.screens.party import PartyScreen  # noqa: PLC0415  # not needed to start

        def admitted(scans: list[Scan] | None) -> None:
            if scans:
                self.put("")
            for scan in scans or ():
                self.show_answer(scan)

        lane, undone = self.controller.open_lane, self.controller.show_undo
        screen = PartyScreen(lane, party.ticket, ticked=party.ticked, undone=undone)
        self.app.push_screen(screen, admitted)

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # not needed to start

        ticket = self.state.subject(self.search.highlighted)
        if ticket is None:
            self.announce(_(CHOOSE))
        else:
            self.app.push_screen(PaperScreen(self.controller.open_lane, (ticket,)))

    def action_history(self) -> None:
        from boxoffice.screens.history import HistoryScreen  # noqa: PLC0415  # not needed to start

        self.app.push_screen(HistoryScreen(self.controller.open_lane, self._open_ticket))

    def action_open_scan(self, scan: int) -> None:
        """Open the ticket of one of the last scans, by its id; the history, where it has none."""
        recent = self.controller.open_lane.history.recent
        ticket = next((one.verdict.ticket for one in recent if one.id == scan), None)
        if ticket is None:
            self.action_history()
        else:
            self._open_ticket(ticket.uuid)

    def action_before(self) -> None:
        self.controller.look_back()

    def action_queue(self) -> None:
        from boxoffice.screens.queue import QueueScreen  # noqa: PLC0415  # not needed to start

        self.app.push_screen(QueueScreen(self.controller.open_lane))

    def action_sale(self) -> None:
        from boxoffice.screens.sale import SaleScreen  # noqa: PLC0415  # not needed to start

        self.app.push_screen(SaleScreen(self.controller.open_lane, self._sales))

    @property
    def has_half_done_sale(self) -> bool:
        """A sale of this event was begun, and left."""
        draft = self._sales.get(self.lane.event.uuid) if self.lane else None
        return draft is not None and draft.is_begun

    def action_arrivals(self) -> None:
        from boxoffice.screens.arrivals import ArrivalsScreen  # noqa: PLC0415  # not needed to start

        self.app.push_screen(ArrivalsScreen(self.controller.open_lane))

    def action_shift(self) -> None:
        from boxoffice.screens.till import TillDialog  # noqa: PLC0415  # not needed to start

        lane = self.controller.open_lane
        self.app.push_screen(TillDialog(lane, locale=lane.box_office.policy.locale))

    # Done at once

    def action_refresh(self) -> None:
        self.announce(_(READING))
        self.work(self._refresh(self.controller.open_lane), "refresh the list", group="refresh")

    async def _refresh(self, lane: "Lane") -> None:
        fresh = await lane.refresh()
        read = ngettext(
            "The list is read anew: {n} ticket.",
            "The list is read anew: {n} tickets.",
            len(lane.roster),
        ).format(n=format_number(len(lane.roster)))
        self.announce(read if fresh else "")

    def print_badge_of(self, ticket: str) -> None:
        """Print the badge of one who was admitted, where that is wanted, beside all else."""
        if self.lane is not None and self.lane.badges.at_check_in:
            self.work(self._print_badge(self.lane, ticket), "print a badge", group="badge")

    async def _print_badge(self, lane: "Lane", ticket: str) -> None:
        from boxoffice.printing.printer import Press, badge_document  # noqa: PLC0415  # few do

        policy = lane.badges
        async with self._badge_turn:  # a printer that hangs takes one thread, not all there are
            badge = await lane.details.badge(ticket)
            if badge is None or policy.size is None:
                return
            document = badge_document(badge, policy.size)
            printed = await Press(lane.clock, lane.exports).deliver(
                document, printer=policy.printer
            )
        if not printed.by_printer:
            self.announce(printed.sentence)

    def action_print_guest_list(self) -> None:
        self._make_guest_list(save=False)

    def action_save_guest_list(self) -> None:
        self._make_guest_list(save=True)

    def _make_guest_list(self, *, save: bool) -> None:
        if self.is_working("guest list"):
            return
        self.announce(_(MAKING_LIST))
        work = self._bring_guest_list(self.controller.open_lane, save=save)
        self.work(work, "make the guest list", group="guest list")

    async def _bring_guest_list(self, lane: "Lane", *, save: bool) -> None:
        from boxoffice.printing.printer import (  # noqa: PLC0415  # seldom asked for
            Press,
            guest_list_document,
        )

        press = Press(lane.clock, lane.exports)
        document = guest_list_document(await lane.details.guest_list())
        printer = lane.box_office.policy.ticket_printer
        work = press.save(document) if save else press.print(document, printer=printer)
        self.announce(await work)

    def action_numbers(self) -> None:
        self.controller.toggle_numbers()

    def action_undo(self) -> None:
        self.controller.undo()

    def action_override(self) -> None:
        from boxoffice.screens.dialogs import ReasonDialog  # noqa: PLC0415  # not needed to start

        if (scan := self.state.last) is None:
            return

        def go_on(reason: str | None) -> None:
            if reason is not None:
                self.controller.override(scan, name_of(scan), reason)

        title = _("Admit {name} all the same?").format(name=name_of(scan))
        why = f"{scan.verdict.word}: {scan.verdict.reason}"
        self.app.push_screen(ReasonDialog(title, why, _("Admit"), [*map(_, REASONS)]), go_on)

    def action_take_payment(self) -> None:
        if (scan := self.state.last) is not None:
            self.work(self._take_payment(scan), "take a payment", group="payment")

    async def _take_payment(self, scan: Scan) -> None:
        from boxoffice.screens.payment import (  # noqa: PLC0415  # seldom needed
            NO_ORDER,
            PaymentDialog,
        )

        lane, ticket = self.controller.open_lane, scan.verdict.ticket
        view = await lane.orders.of(ticket.uuid) if ticket is not None else None
        if view is None:
            self.announce(_(NO_ORDER))
            return
        payment = await self.app.push_screen_wait(PaymentDialog(lane, view))
        if payment is not None:
            self.controller.take_payment(scan, name_of(scan), payment)

    # Ties of codes to guests

    def _tie_questions(self) -> "TieQuestions":
        from boxoffice.screens.tie import TieQuestions  # noqa: PLC0415  # not needed to start

        return TieQuestions(self, self.controller)

    def action_tie(self) -> None:
        """Have a person pick the guest whose code was scanned, and answer for that guest."""
        if (scan := self.state.last) is not None:
            self.work(self._tie_questions().pick(scan, self.search.name), "tie a code", group="tie")

    def action_untie(self) -> None:
        self.work(self._tie_questions().untie(), "take back a tie", group="tie")

    def action_code_rule(self) -> None:
        self.work(self._tie_questions().change_rule(), "change the rule for codes", group="tie")
