"""The people of a party, one a line, with a box before those who can be checked in."""

from collections.abc import Collection
from datetime import tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from boxoffice.domain.models import Standing
from boxoffice.domain.party import Party, may_enter, standing, title
from boxoffice.domain.roster import Row
from boxoffice.widgets.line_widget import fit

NAME, KIND = 0.45, 0.22
"""Shares of the width."""
BOX, EDGE = 4, 5
"""Cells of the box, and of the margins with the bar for scrolling."""
GUESS = "same e-mail? "


class PartyList(OptionList):
    """Ticks by space and by the mouse; Enter is the screen's."""

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

    class Ticked(Message):
        """A person ticked or unticked someone."""

        def __init__(self, ticket: str) -> None:
            super().__init__()
            self.ticket = ticket

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._party: Party | None = None
        self._ticked: Collection[str] = ()
        self._zone: tzinfo | None = None

    def show(self, party: Party, ticked: Collection[str], zone: tzinfo) -> None:
        """List `party`, with the uuids of those who are `ticked`, and times in `zone`."""
        was = self.highlighted_option.id if self.highlighted_option else party.ticket
        self._party, self._ticked, self._zone = party, ticked, zone
        self._list()
        uuids = [row.ticket.uuid for row in party.tickets]
        if uuids:
            self.highlighted = uuids.index(was) if was in uuids else 0

    def on_resize(self) -> None:
        highlighted = self.highlighted
        self._list()
        self.highlighted = highlighted

    def _list(self) -> None:
        if self._party is not None:
            self.set_options(
                Option(self._line(row), id=row.ticket.uuid) for row in self._party.tickets
            )

    def _line(self, row: Row) -> Content:
        ticket, party = row.ticket, self._party
        room = max(self.size.width - BOX - EDGE, 20)
        name, kind = int(room * NAME), int(room * KIND)
        box = f"[{'x' if ticket.uuid in self._ticked else ' '}] " if may_enter(row) else " -  "
        guess = GUESS if party is not None and party.is_guess(row) else ""
        state = standing(row, self._zone) if self._zone is not None else ""
        return Content.assemble(
            Content.styled(box, "bold"),
            Content.styled(fit(ticket.full_name or "Without a name", name), "bold"),
            " ",
            fit(ticket.ticket_type, kind),
            " ",
            Content.styled(guess, "$warn bold"),
            Content(state) if may_enter(row) else Content.styled(state, "$label"),
        )

    def action_take(self) -> None:
        if self.highlighted_option is not None and self.highlighted_option.id is not None:
            self.post_message(self.Ticked(self.highlighted_option.id))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The mouse picked it."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Ticked(event.option_id))


def heading(party: Party) -> Content:
    """What the party is called, who bought it, and why it is not good where it is not."""
    order = party.order
    buyer = order.full_name if order else ""
    good_for = order.standing if order else Standing.UNTOLD
    bad = good_for not in (Standing.PAID, Standing.UNTOLD)
    return Content.assemble(
        title(party),
        Content.styled(f"   {buyer}", "not bold") if buyer else "",
        Content.styled(f"   {good_for.upper()}", "$bad bold") if bad else "",
    )
