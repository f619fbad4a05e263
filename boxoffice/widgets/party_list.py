"""The people of a party, one a line: with a box to tick, then with what became of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from boxoffice.domain.party import Party, describe_status, may_enter, title, void_word
from boxoffice.domain.roster import Row
from boxoffice.domain.verdicts import Scan, Tone, VerdictCode
from boxoffice.language import N_, _
from boxoffice.widgets.line_widget import fit
from boxoffice.widgets.option_lists import MARK, KeyedList, mark
from boxoffice.widgets.verdict import Face

NAME, KIND = 0.45, 0.22
"""Shares of the width."""
EDGE = 5
"""Cells of the margins, with the bar for scrolling."""
GUESS = N_("same e-mail?")
TOGETHER = N_("Checked in together.")
BY_LIST = N_("By this computer's list, not confirmed.")
CLOSES = N_("Enter closes")
_WORST = (Tone.RED, Tone.YELLOW, Tone.BLUE)


class PartyList(KeyedList):
    """Ticks by space and by the mouse; Enter is the screen's."""

    aside = MARK
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Tick", show=False),
        Binding("enter", "screen.go", "Admit", show=False),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | space | Tick the highlighted one, or take the tick away. |
    | enter | The screen's: admit all who are ticked. |
    """

    @dataclass
    class Ticked(Message):
        ticket: str

    def __init__(self) -> None:
        super().__init__()
        self._party: Party | None = None
        self._ticked: Collection[str] = ()
        self._zone: tzinfo | None = None

    def show(self, party: Party, ticked: Collection[str], zone: tzinfo) -> None:
        """List `party`, with the uuids of those who are `ticked`, and times in `zone`."""
        self._party, self._ticked, self._zone = party, ticked, zone
        self._list()

    def on_resize(self) -> None:
        self._list()

    def _list(self) -> None:
        if (party := self._party) is not None:
            rows = [Option(self._line(row), id=row.ticket.uuid) for row in party.tickets]
            able = [row.ticket.uuid for row in party.tickets if may_enter(row)]
            self.put(rows, first=party.ticket if party.ticket in able else next(iter(able), None))

    def _line(self, row: Row) -> Content:
        ticket, party = row.ticket, self._party
        room = max(self.size.width - MARK - EDGE, 20)
        name, kind = int(room * NAME), int(room * KIND)
        box = mark(on=ticket.uuid in self._ticked, several=True) if may_enter(row) else " -  "
        guess = f"{_(GUESS)} " if party is not None and party.is_guess(row) else ""
        state = describe_status(row, self._zone) if self._zone is not None else ""
        return Content.assemble(
            Content.styled(box, "bold"),
            Content.styled(fit(ticket.display_name, name), "bold"),
            " ",
            fit(ticket.ticket_type, kind),
            " ",
            Content.styled(guess, "$warn bold"),
            Content(state) if may_enter(row) else Content.styled(state, "$label"),
        )

    def action_take(self) -> None:
        if self.key is not None:
            self.post_message(self.Ticked(self.key))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The mouse picked it."""
        event.stop()
        self.action_take()


def heading(party: Party) -> Content:
    """What the party is called, who bought it, and why it is not good where it is not."""
    order = party.order
    buyer = order.full_name if order else ""
    void = void_word(order)
    return Content.assemble(
        title(party),
        Content.styled(f"   {buyer}", "not bold") if buyer else "",
        Content.styled(f"   {void}", "$bad bold") if void else "",
    )


def outcome(scans: Sequence[Scan]) -> Face:
    """What the band says of at least one scan."""
    admitted = [scan for scan in scans if scan.verdict.code.is_green]
    others = [scan for scan in scans if scan not in admitted]
    at = f"{scans[-1].at:%H:%M:%S}"
    if not others:
        unsure = any(not scan.verdict.is_sure for scan in admitted)
        alone = len(admitted) == 1
        how = _(BY_LIST) if unsure else "" if alone else _(TOGETHER)
        undo = _("F9 undoes it.") if alone else _("F9 undoes all of them.")
        together = _("ALL IN · not confirmed") if unsure else _("ALL IN")
        return Face(
            admitted[0].verdict.word if alone else together,  # others may be waiting outside
            name=name_of(admitted[0]) if alone else _("{n} people").format(n=len(admitted)),
            reason=f"{how} {undo}".strip(),
            tone=Tone.GREEN,
            symbol=VerdictCode.ADMITTED.symbol,
            hatched=unsure,
            time=at,
            hint=_(CLOSES),
        )
    codes = [scan.verdict.code for scan in others]
    worst = min(codes, key=lambda code: _WORST.index(code.tone))
    return Face(
        _("NOT ALL IN") if admitted else _("NONE IN"),
        name=_("{n} of {total} checked in").format(n=len(admitted), total=len(scans)),
        reason=_("Not: {names}").format(names=", ".join(map(name_of, others))),
        tone=worst.tone,
        symbol=worst.symbol,
        time=at,
        hint=_(CLOSES),
    )


def row_of(scan: Scan) -> Content:
    """One of them, in a line."""
    verdict = scan.verdict
    green = verdict.code.is_green
    kind = verdict.ticket.ticket_type if verdict.ticket else ""
    return Content.assemble(
        Content.styled(f"{verdict.code.symbol} {verdict.code.word:<15} ", "bold"),
        Content.styled(name_of(scan), "bold"),
        f" · {kind}" if kind else "",
        *(Content.styled(f" · {line}", "bold") for line in verdict.highlights.lines),
        "" if green and verdict.confirmed else f" · {_(verdict.reason)}",
    )


def name_of(scan: Scan) -> str:
    ticket = scan.verdict.ticket
    return ticket.display_name if ticket else scan.code[:8]
