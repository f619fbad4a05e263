"""What will be different, before it is sent; what cannot be undone needs its name typed first."""

import re
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any

from rich.table import Table
from rich.text import Text
from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static
from textual.worker import Worker

from boxoffice.commands import Command, Place
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.manage import Difference, Outdated, PendingChange, PreparedChange
from boxoffice.screens.base import PAGES, BaseScreen, sentence_of
from boxoffice.screens.desk.context import Confirmation, Offered, Sent, label_of
from boxoffice.widgets.footer import CommandFooter

LOOKING = N_("Asking the site what it has now…")
SENDING = N_("Sending… wait for the site's answer.")
HINT = N_("Enter sends it. Esc goes back, and nothing is sent.")
HINT_NAME = N_("Type the name, then Enter. Esc goes back, and nothing is sent.")
HINT_BACK = N_("Enter goes back, and nothing is sent.")
NOT_THE_NAME = N_("That is not its name: nothing was sent.")
CHANGED = N_("The site has changed meanwhile: look again, then send.")
FOR_GOOD = N_("This cannot be taken back.")
GONE = N_("It will be gone from the site.")
NOTHING_SHOWN = N_("The site tells no details of this before it is done.")
NAME_LIMIT = 200
NOTE_LIMIT = 1000
NOTHING_OFFERED: Offered = MappingProxyType({})
_UUID = re.compile("([0-9a-f]{8})[0-9a-f]{24}")


class ChangeScreen(BaseScreen[Sent | None]):
    """Shows a change and sends it; answers what came of it, or None where it was not sent."""

    place = Place.DESK_CHANGE
    BINDINGS = [
        *PAGES,
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("down", "page_line(1)", show=False),
        Binding("up", "page_line(-1)", show=False),
    ]
    sheets = "form desk"
    scrolled = "#change-body"
    AUTO_FOCUS = ""

    def __init__(
        self,
        change: PendingChange[Any],
        heading: str,
        *,
        button: str = N_("Send"),
        confirmation: Confirmation | None = None,
        offered: Offered = NOTHING_OFFERED,
    ) -> None:
        """`confirmation`: what must be typed first. `offered`: labels for what fields name."""
        super().__init__()
        self._change = change
        self._heading = heading
        self._button = button
        self._confirmation = confirmation
        self._offered = offered
        self._shown: PreparedChange[Any] | None = None
        self._sending = False
        self._gone_out = self._left = False
        """The change has left, and is not answered; the person has, and nothing leaves."""
        self._doubt = ""
        """Why it is not known whether it was made."""

    def body(self) -> Iterable[Widget]:
        yield Label(self._heading, classes="screen-title", markup=False)
        with VerticalScroll(id="change-body", can_focus=False):
            yield Static("", id="change-table", markup=False)
            yield Label("", id="change-notes", markup=False)
            yield Label("", id="change-request", markup=False)
        if self._confirmation is not None:
            yield Label(
                Content.assemble(
                    Content.styled(f"{_(FOR_GOOD)} ", "$warn bold"),
                    f"{_('To do it, type its name:')}\n",
                    Content.styled(self._confirmation.name, "bold"),
                ),
                id="change-name",
            )
            yield Input(compact=True, max_length=NAME_LIMIT)
        yield Label(_(LOOKING), id="desk-note", classes="-calm", markup=False)
        with Horizontal(classes="buttons"):
            yield Button(
                Content(_(self._button)),
                id="send",
                variant="warning" if self._confirmation is not None else "primary",
                compact=True,
                disabled=True,
            )
            yield Button(_("Back"), id="close", compact=True)

    def on_mount(self) -> None:
        self.query_one("#close").focus()
        self.work(self._look(), "look at a change", group="look")

    async def _look(self) -> None:
        self._show(await self._change.prepare())
        if self._confirmation is None:
            self.query_one("#send").focus()
        else:
            self.query_one(Input).focus()
        self._hint()

    def _show(self, prepared: PreparedChange[Any]) -> None:
        self._shown = prepared
        self.query_one("#change-table", Static).update(
            _table(
                prepared.differences,
                self._offered,
                _(NOTHING_SHOWN if self._confirmation is None else GONE),
            )
        )
        notes = "\n".join(clean(item, NOTE_LIMIT) for item in prepared.notes)
        self.write("#change-notes", notes).display = bool(notes)
        self.write("#change-request", _asked(prepared))
        self.query_one("#send", Button).disabled = False
        self.query_one(CommandFooter).refresh()

    @on(Input.Submitted)
    @on(Button.Pressed, "#send")
    def action_desk_send(self) -> None:
        if self._shown is None or self._sending or self.query_one("#send", Button).disabled:
            return
        if self._confirmation is not None and not self._confirmation.matches(
            self.query_one(Input).value
        ):
            self._show_note(_(NOT_THE_NAME))
            self.query_one(Input).focus()
            return
        self._sending = True
        self.query_one("#send", Button).disabled = True
        self._show_note(_(SENDING), calm=True)
        self.work(self._send(self._shown), "send a change", group="send")

    async def _send(self, shown: PreparedChange[Any]) -> None:
        """Send what was shown, and nothing else."""
        try:
            now = await self._change.confirmed(shown)
        except Outdated as outdated:
            self._sending = False
            self._show(outdated.now)
            self._show_note(_(CHANGED))
            self.query_one("#close").focus()  # a key that bounces must not send it
            return
        if self._left:
            return
        self._gone_out = True
        self.dismiss(Sent(await now.send()))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        # What may have been done is not sent again from here.
        error = event.worker.error
        if self._gone_out and getattr(error, "maybe_applied", False):
            self._doubt = getattr(error, "of_a_write", sentence_of(error)) if error else ""
        super().on_worker_state_changed(event)

    def failed(self, group: str, sentence: str) -> None:
        self._sending = self._gone_out = False
        if self._doubt:
            self._shown = None
        self.query_one("#send", Button).disabled = self._shown is None
        self._show_note(self._doubt or sentence)
        self.query_one("#close").focus()

    @on(Button.Pressed, "#close")
    def action_back(self) -> None:
        if not self._gone_out:
            self._left = True
            self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "desk_send":
            return not self._leaves and not self.query_one("#send", Button).disabled
        return True

    def label_of(self, command: Command) -> str:
        """Enter does what the button says: it may delete."""
        return _(self._button) if command.id == "desk_send" else super().label_of(command)

    @property
    def _leaves(self) -> bool:
        """Enter goes back."""
        return self.focused is self.query_one("#close")

    def on_descendant_focus(self) -> None:
        self.query_one(CommandFooter).refresh()
        self._hint()

    def _hint(self) -> None:
        """Say what Enter does now, where nothing else is to be said."""
        note = self.query_one("#desk-note", Label)
        if note.has_class("-calm") and not self._sending and self._shown is not None:
            how = HINT if self._confirmation is None else HINT_NAME
            self._show_note(_(HINT_BACK if self._leaves else how), calm=True)

    def action_page_line(self, by: int) -> None:
        self.query_one("#change-body").scroll_relative(y=by, animate=False)

    def _show_note(self, sentence: str, *, calm: bool = False) -> None:
        self.write("#desk-note", sentence).set_class(calm, "-calm")


def _asked(prepared: PreparedChange[Any]) -> str:
    """Method and address in one line, or a few: of each uuid its beginning."""
    short = _UUID.sub(r"\1…", prepared.call.target)
    return clean(f"{prepared.call.method} {short}", 300)


def _table(differences: Sequence[Difference], offered: Offered, none: str) -> Table | Text:
    """What is different, a line each: before and after side by side; `none`: said of nothing."""
    if not differences:
        return Text(none)
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    table.add_column(width=1)
    table.add_column(overflow="fold")
    table.add_row(*(Text(item, style="dim") for item in ("", _("now"), "", _("will be"))))
    for difference in differences:
        name = difference.name.rpartition(".")[2]
        before, after = (
            label_of(offered, name, text) or _("(nothing)") for text in difference.excerpts()
        )
        table.add_row(
            Text(clean(difference.label)), Text(before), Text("→"), Text(after, style="bold")
        )
    return table
