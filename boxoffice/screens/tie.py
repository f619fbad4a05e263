"""Ties the code that was scanned to a guest, where the code itself names nobody.

`TieScreen` picks the guest; `TieQuestions` asks before anything of ties and their rules changes.
"""

from collections.abc import Callable, Iterable

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from boxoffice.commands import Place
from boxoffice.domain.code_ties import CodeRule, RuleState
from boxoffice.domain.party import describe_status
from boxoffice.domain.roster import Row
from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Change, Lane
from boxoffice.lane.code_ties import TieError
from boxoffice.language import N_, _
from boxoffice.screens.base import MOVES, BaseScreen, LaneScreen
from boxoffice.screens.dialogs import ConfirmDialog
from boxoffice.screens.door_controller import DoorController
from boxoffice.screens.list_search import SCROLLED, ListSearch
from boxoffice.widgets.long_list import SearchInput
from boxoffice.widgets.ticket_list import TicketList
from boxoffice.widgets.verdict import Face

HOW = N_("Search the guest by name, ↑ ↓ choose; Enter ties the code to this guest.")
CHOOSE = N_("↓ chooses the guest whose code this is; then Enter.")
OTHER_EVENT = N_("The code is not tied: another event's door was opened meanwhile.")
NO_TIE = N_("There is no tie to take back: none was made at this lane.")
GONE_TIE = N_("This tie was taken back or replaced already.")
NO_RULE = N_("There is no rule for codes: two or three ties that show the same one are needed.")
USED = N_("Codes of this form are read by the rule from now on. Ctrl+P “Rule for codes” ends that.")
NOT_USED = N_("Codes are not read by this rule. Ctrl+P “Rule for codes” asks again.")
SHOWN = N_("The ties show a rule for such codes: Ctrl+P “Rule for codes” offers it.")
OFFER = N_("By what was tied here. It is used only where it names one ticket, at all lanes here.")
GONE = N_("This ticket is no longer in the list: choose again.")


class TieScreen(LaneScreen[str | None]):
    """Searches, and answers the uuid of the ticket that a person chose; None: the person went back.

    Nobody is chosen by being the first of several, nor by being near to what was typed.
    """

    place = Place.TIE
    BINDINGS = [*MOVES]
    sheets = "form tie"
    AUTO_FOCUS = "Input"

    def __init__(self, lane: Lane, scan: Scan) -> None:
        """`scan`: whose code is to be tied."""
        super().__init__(lane)
        self._scan = scan
        self._search = ListSearch(lambda: self.call_later(self._draw))
        self._search.lane = lane

    def body(self) -> Iterable[Widget]:
        verdict = self._scan.verdict
        yield Label(_("Whose code is this?"), classes="screen-title")
        yield Label(self._scan.code, id="tie-code", markup=False)
        yield Label(f"{verdict.word}: {verdict.reason}", id="tie-why", markup=False)
        yield SearchInput(placeholder=_("Name, e-mail, order or number"), compact=True)
        yield self._search.tickets
        yield Label(_(HOW), id="tie-guest", markup=False)

    def on_mount(self) -> None:
        self._draw()

    def changed(self, change: Change) -> None:
        self._search.apply(change)

    def _draw(self) -> None:
        self._search.draw()
        self._show_guest()

    @on(Input.Changed)
    def _type(self) -> None:
        """Search what is typed by now, with nobody chosen."""
        if (text := self.query_one(Input).value) != self._search.text:
            self._search.put(text)

    def _show_guest(self) -> None:
        uuid = self._search.tickets.ticket
        row = self._search.row(uuid) if uuid else None
        label = self.write("#tie-guest", _(HOW) if row is None else self._guest(row))
        label.set_class(row is not None, "-guest")

    def _guest(self, row: Row) -> Content:
        ticket = row.ticket
        facts = (
            ticket.ticket_type,
            "" if ticket.number is None else _("no. {number}").format(number=ticket.number),
            ticket.email,
            describe_status(row, self.lane.event.zone),
        )
        name = Content.styled(ticket.display_name, "bold")
        return Content.assemble(name, *(f" · {fact}" for fact in facts if fact))

    # Choosing

    def action_move(self, key: str) -> None:
        self._search.press(key)
        self._show_guest()

    @on(TicketList.Picked)
    def _choose(self) -> None:
        self._search.choose()
        self._show_guest()

    @on(Input.Submitted)
    def action_tie_to(self) -> None:
        """Answer the guest who was chosen, or who alone is left."""
        self._type()  # what was typed last
        search = self._search
        ticket = search.highlighted
        if search.is_scrolled:
            self.announce(_(SCROLLED))
        elif ticket is None or not (search.chosen or search.alone):
            self.announce(_(CHOOSE))
        elif search.row(ticket) is None:
            self.announce(_(GONE))
        else:
            self.dismiss(ticket)

    @on(TicketList.Chosen)
    def _clicked_twice(self, event: TicketList.Chosen) -> None:
        self._search.choose()
        self.action_tie_to()


class TieQuestions:
    """Asks a person before ties and rules change, at one lane, and shows what came of it."""

    def __init__(self, screen: BaseScreen[None], door: DoorController) -> None:
        """`screen`: the door's, over which is asked."""
        self._screen = screen
        self._door = door
        self._lane = door.open_lane
        self._ties = self._lane.code_ties

    async def _confirmed(self, title: str, text: str, yes: str) -> bool:
        dialog = ConfirmDialog(title, text, yes)
        return await self._screen.app.push_screen_wait(dialog) is True

    async def pick(self, scan: Scan, name_of: Callable[[str], str]) -> None:
        """Have a person pick the guest whose code was scanned; `name_of`: whose a ticket is."""
        ticket = await self._screen.app.push_screen_wait(TieScreen(self._lane, scan))
        if ticket is not None:
            await self._tie(scan, ticket, name_of(ticket))

    async def _tie(self, scan: Scan, ticket: str, name: str) -> None:
        """Tie a scan's code and answer for the guest; instead of another only after asking."""
        before = await self._ties.of(scan.code)
        if before is not None and before.ticket != ticket:
            whose = await self._ties.owner_of(before) or _("a ticket that is gone")
            text = _("{code} is {whose}, {origin}.").format(
                code=scan.code, whose=whose, origin=self._ties.origin(before)
            )
            title = _("Tie it to {name} instead?").format(name=name or _("this ticket"))
            if not await self._confirmed(title, text, _("Tie")):
                return

        async def tie(lane: Lane) -> Scan:
            if lane is not self._lane:
                raise TieError(_(OTHER_EVENT))
            answer = await self._ties.tie(scan, ticket, instead_of=before)
            self._screen.call_later(self._look_for_rule)
            return answer

        self._door.ask(name, tie)

    async def untie(self) -> None:
        """Take back the tie of the code on the band, else the last one made at this lane."""
        on_band = self._door.state.last
        tie = await self._ties.of(on_band.code) if on_band is not None else None
        tie = tie or await self._ties.last()
        if tie is None:
            self._screen.announce(_(NO_TIE))
            return
        name = await self._ties.owner_of(tie) or _("a ticket without a name")
        text = _("{code} is {whose}, {origin}. Who came in by it stays in.").format(
            code=tie.code, whose=name, origin=self._ties.origin(tie)
        )
        if not await self._confirmed(_("Take this tie back?"), text, _("Untie")):
            return
        if await self._ties.untie(tie):
            reason = _("{code} names nobody any more.").format(code=tie.code)
            self._door.view.show_notice(Face(_("UNTIED"), name=name, reason=reason))
        else:
            self._screen.announce(_(GONE_TIE))

    # The rule that ties show

    def _look_for_rule(self) -> None:
        self._screen.work(self._offer_new_rule(), "look for a rule in the ties", group="tie")

    async def _offer_new_rule(self) -> None:
        """Offer a rule that nobody has decided about; where something else is open, say so."""
        rule = await self._ties.shown_rule()
        if rule is not None and self._door.view.is_idle:
            await self._offer(rule)
        elif rule is not None:
            self._screen.announce(_(SHOWN))

    async def change_rule(self) -> None:
        """Offer what the ties show, also where it was declined; else end what is in force."""
        shown = await self._ties.shown_rule(again=True)
        in_force = await self._ties.rule()
        title = _("Read codes by this rule no longer?")
        if shown is not None and in_force is None:
            await self._offer(shown)
        elif in_force is None:
            self._screen.announce(_(NO_RULE))
        elif await self._confirmed(title, in_force.sentence, _("End it")):
            await self._ties.decide(in_force, RuleState.REVOKED)
            self._screen.announce(_(NOT_USED))

    async def _offer(self, rule: CodeRule) -> None:
        text = f"{rule.sentence} {_(OFFER)}"
        yes = await self._confirmed(_("Read such codes by a rule?"), text, _("Use it"))
        await self._ties.decide(rule, RuleState.ACCEPTED if yes else RuleState.DECLINED)
        self._screen.announce(_(USED) if yes else _(NOT_USED))
