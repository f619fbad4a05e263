"""A screen of one thing at the site: what is known of it as facts, and a form that corrects it.

The facts of a ticket in words.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import ClassVar

from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.table import Table
from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Label, Static

from boxoffice.domain.humanize import format_date
from boxoffice.domain.models import Order
from boxoffice.domain.questions import Checked, Draft, other_answers
from boxoffice.lane import Lane
from boxoffice.lane.ticket_details import Details
from boxoffice.language import N_, _
from boxoffice.screens.base import ARROWS, PAGES, LaneScreen, Result
from boxoffice.widgets.form import Item, QuestionField, TicketForm, need_a_look

KNOWN = N_("As this computer knows it")
ASKING = N_("As this computer knows it · asking the site…")
FRESH = N_("As the site has it now")
HINT = N_("Enter or Tab: next · Space: pick · Ctrl+S: save")
SAVING = N_("Saving…")
NOTHING_NEW = N_("Nothing was changed.")


class RecordScreen(LaneScreen[Result]):
    """Shows what this computer knows, then what the server has; what is typed stays as it is."""

    BINDINGS = [*ARROWS, *PAGES]
    sheets = "form ticket"
    AUTO_FOCUS = ""  # not a button, before there are fields
    scrolled = "#record-body, TicketForm"
    unnamed: ClassVar[str] = ""
    """Stands in place of the name until that is known."""
    hint = HINT
    """Stands above the buttons while there is nothing else to say."""
    item: ClassVar[Item]
    """What one field of the form is called."""
    _needs_a_look = False
    """The note says how many fields do."""

    def __init__(self, lane: Lane, drafts: Mapping[str, Draft] | None = None) -> None:
        """`drafts`: what was typed before and not saved, by the question's uuid."""
        super().__init__(lane)
        self.form = TicketForm(drafts or {})

    def buttons(self) -> Iterable[Button]:
        """Those below the form, with `Save` first."""
        raise NotImplementedError

    async def load(self) -> None:
        raise NotImplementedError

    async def refresh_record(self) -> None:
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        with Vertical(id="record-head"):
            yield Label(_(self.unnamed), id="record-name", markup=False)
            yield Label("", id="record-state", markup=False)
        with Vertical(id="record-body"):
            yield Static(id="record-facts", markup=False)
            yield self.form
        yield Label(_(self.hint), id="record-note", classes="-calm", markup=False)
        yield Horizontal(*self.buttons(), classes="buttons")

    def on_mount(self) -> None:
        self.work(self._load(), "load what is shown", group="load")

    async def _load(self) -> None:
        await self.load()
        self.form.focus_first()
        self.action_refresh()

    def action_refresh(self) -> None:
        """Ask the server; what is typed stays as it is."""
        if not self.is_working("refresh", "save", "refund"):
            self.work(self._refresh(), "read it from the server", group="refresh")

    async def _refresh(self) -> None:
        first = not self.form.children
        await self.refresh_record()
        if first and self.app.screen is self:
            self.form.focus_first()

    def failed(self, group: str, sentence: str) -> None:
        if group == "refresh":
            self.show_state(f"{_(KNOWN)} · {sentence}" if self.form.children else sentence)
        else:
            self.show_note(sentence)

    def checked(self, *, admit: bool = False) -> Checked | None:
        """What was filled in; None: some of it needs a look, which is shown."""
        checked = self.form.look_through(admit=admit)
        self._needs_a_look = bool(checked.problems)
        if checked.problems:
            self.show_note(need_a_look(checked.problems, self.item))
            return None
        return checked

    @on(QuestionField.Changed)
    def _count_problems(self) -> None:
        """What was wrong and is mended is not called wrong any longer."""
        if self._needs_a_look:
            problems = self.form.problems
            self._needs_a_look = bool(problems)
            self.show_note(need_a_look(problems, self.item) if problems else "")

    def show_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        self.query_one("#record-facts", Static).update(grid(facts))

    def show_note(self, sentence: str) -> None:
        """Show a sentence above the buttons; without one, how to go about it."""
        self.write("#record-note", sentence or _(self.hint)).set_class(not sentence, "-calm")

    def show_state(self, sentence: str) -> None:
        """Show how fresh it is."""
        self.write("#record-state", _(sentence))


LABELS = 12
"""Columns for the labels."""
HELD = "\ue000"
"""Stands for a space where no line may break, while lines are broken: no text has it."""


class _Fact(Text):
    """Breaks no line between an amount and its currency, as Rich does."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        held = Text(self.plain.replace("\u00a0", HELD))
        lines = held.wrap(console, width, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)
        return Lines(Text(line.plain.replace(HELD, " ")) for line in lines)


def grid(rows: Iterable[tuple[str, str]]) -> Table:
    """Labels with texts beside them."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=LABELS)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(Text(label, style="dim"), _Fact(text))
    return table


def facts(details: Details, zone: tzinfo) -> list[tuple[str, str]]:
    """What of a ticket cannot be edited, with times in `zone`; empty fields are left out."""
    ticket = details.ticket
    rows = [
        (_("Check-in"), check_in(details, zone)),
        (_("Look at"), details.status.attention),
        (_("Order"), _order(details.order)),
        (_("Buyer"), _buyer(details.order)),
        (_("E-mail"), ticket.email),
        (_("Company"), ticket.company_name or ""),
        (_("Valid"), _day(ticket.date, zone)),
        (_("Seat"), ticket.seat),
        (_("Number"), "" if ticket.number is None else str(ticket.number)),
        (_("Code"), ticket.uuid),
        (_("Other code"), ticket.external_uuid or ""),
        (_("Short URL"), f"…/t/{ticket.url}/" if ticket.url else ""),
    ]
    rows += other_answers(details.questions, details.answers)
    return [(label, text) for label, text in rows if text]


def check_in(details: Details, zone: tzinfo) -> str:
    """Whether the ticket is in, since when, and who says so."""
    ticket, status, seen = details.ticket, details.status, details.seen_in
    if ticket.refunded:
        return _("refunded: not valid")
    if status.admitted_at is not None:
        at = status.admitted_at.astimezone(zone)
        sentence = (
            _("in since {time}, by this computer, not confirmed yet")
            if status.waiting
            else _("in since {time}, by this computer")
        )
        return sentence.format(time=f"{at:%H:%M}")
    if status.let_in_at is not None:
        at = status.let_in_at.astimezone(zone)
        return _("in since {time}, by {lane}").format(time=f"{at:%H:%M}", lane=status.let_in_by)
    if not ticket.checked_in:
        return _("not in")
    if seen is None:
        return _("in")
    before = f"{seen.before.astimezone(zone):%H:%M}"
    if seen.after is None:
        return _("in, elsewhere, before {time}").format(time=before)
    after = f"{seen.after.astimezone(zone):%H:%M}"
    if after == before:
        return _("in, elsewhere, at {time}").format(time=before)
    return _("in, elsewhere, {after} to {before}").format(after=after, before=before)


def _order(order: Order | None) -> str:
    if order is None:
        return ""
    state = _("refunded") if order.refunded else _(order.state.lower())
    return " · ".join(part for part in (order.order_id, state) if part)


def _buyer(order: Order | None) -> str:
    if order is None:
        return ""
    return ", ".join(part for part in (order.full_name, order.email) if part)


def _day(moment: str | None, zone: tzinfo) -> str:
    if not moment:
        return ""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    at = at.astimezone(zone) if at.tzinfo else at
    return format_date(at)
