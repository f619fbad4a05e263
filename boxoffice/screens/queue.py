"""What the server has still to be told, and what a person has to look at."""

from collections.abc import Iterable

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from boxoffice.clock import Clock, SystemClock
from boxoffice.commands import Place, bindings
from boxoffice.domain.queue import QueueRow, State
from boxoffice.domain.sale import Sale, SaleAction
from boxoffice.lane import Change, Lane, QueueView, SaleChanged, StatusChanged
from boxoffice.screens import queue_rows, sale_actions
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.following import Following
from boxoffice.screens.queue_rows import GOES_BY_ITSELF, SHOWN, Queued
from boxoffice.screens.reason import ReasonDialog
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.themes import stylesheet

__all__ = ["ALL_SENT", "GOES_BY_ITSELF", "QueueScreen"]

ALL_SENT = "Everything is sent. Nothing needs a person."
PERSON = (State.CONFLICT, State.FAILED)
NOTHING_FAILED = "Nothing has failed."
NOTHING_TO_EXPORT = f"There is nothing to export. {ALL_SENT}"
NO_ROW = "Choose a row with the arrows first."
REASONS = (
    "Looked for both: one person, scanned twice",
    "Looked for both: the second was sent away",
    "Both let in by the person in charge",
    "Told the organiser",
)


class QueueScreen(Following, BaseScreen[None]):
    """Lists the queue, those first who need a person; sends again, dismisses, exports.

    A sale that is not settled is a row too: sent again is sold again, dismissed is given up.
    """

    place = Place.QUEUE
    BINDINGS = bindings(place)
    CSS_PATH = stylesheet("queue")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init__(self, lane: Lane, *, clock: Clock | None = None) -> None:
        super().__init__()
        self._lane = lane
        self._clock = clock or SystemClock()
        self._locale = lane.box_office.policy.locale
        self._rows: dict[str, Queued] = {}
        self._names: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        yield Label("Queue", id="queue-title", markup=False)
        with Vertical(id="queue-body"):
            yield OptionList(markup=False, compact=True)
            yield Label("", id="queue-detail", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.follow(self._lane, self._changed)
        self._load()

    def _changed(self, change: Change) -> None:
        if isinstance(change, StatusChanged | SaleChanged):
            self._load()

    def _load(self) -> None:
        self.reread(self._read, "read the queue", group="queue")

    async def _read(self) -> None:
        self._show(await self._lane.queue())

    def _show(self, view: QueueView) -> None:
        listed = self.query_one(OptionList)
        was, place = listed.highlighted_option, listed.highlighted
        parts = queue_rows.parts(view)
        self._rows = {queue_rows.key(row): row for part in parts for row in part.rows[:SHOWN]}
        self._names = dict(view.names)
        self.query_one("#queue-title", Label).update(queue_rows.title(view))
        zone = self._lane.event.zone
        listed.set_options(
            [each for part in parts for each in part.options(self._names, zone, self._locale)]
            or [Option(ALL_SENT, disabled=True)]
        )
        if was is not None and was.id in self._rows:
            listed.highlighted = listed.get_option_index(was.id)
        elif self._rows:
            listed.highlighted = place or 0
            if listed.highlighted_option is None or listed.highlighted_option.disabled:
                listed.action_cursor_down()
        self._show_detail()

    @on(OptionList.OptionHighlighted)
    def _show_detail(self) -> None:
        row = self._row()
        detail = Content()
        if row is not None:
            detail = queue_rows.detail(row, self._names, self._lane.event.zone, self._locale)
        self.query_one("#queue-detail", Label).update(detail)
        self.query_one(CommandFooter).refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a sale can be opened."""
        return action != "open_sale" or isinstance(self._row(), Sale)

    @on(OptionList.OptionSelected)
    def action_open_sale(self) -> None:
        row = self._row()
        if isinstance(row, Sale):
            from boxoffice.screens.outcome import OutcomeScreen  # noqa: PLC0415  # for a sale only

            self.app.push_screen(OutcomeScreen(self._lane, row, clock=self._clock))

    def _row(self) -> Queued | None:
        option = self.query_one(OptionList).highlighted_option
        return self._rows.get(option.id or "") if option is not None else None

    def _settleable(self) -> Queued | None:
        """The highlighted row, if a person may settle it; else says why not."""
        row = self._row()
        if row is None:
            self.tell(NO_ROW if self._rows else ALL_SENT)
        elif not (row.needs_person if isinstance(row, Sale) else row.state in PERSON):
            self.tell(GOES_BY_ITSELF)
        else:
            return row
        return None

    def action_retry(self) -> None:
        row = self._settleable()
        if isinstance(row, Sale):
            self._settle(SaleAction.SELL_AGAIN, row)
        elif row is not None:
            self.work(self._retry([row.id]), "send a row again", group="settle")

    def _settle(self, action: SaleAction, sale: Sale) -> None:
        """Have something done about a sale, after asking."""

        async def settle(text: str) -> None:
            await sale_actions.perform(action, self._lane.box_office, sale.id, text)
            self.tell(sale_actions.DONE[action])
            self._load()

        def go_on(text: str) -> None:
            self.work(settle(text), "settle a sale", group="settle")

        sale_actions.ask(self, action, sale, self._locale, go_on)

    def action_retry_all(self) -> None:
        rows = [row for row in self._rows.values() if isinstance(row, QueueRow)]
        failed = [row.id for row in rows if row.state is State.FAILED]
        if failed:
            self.work(self._retry(failed), "send what failed again", group="settle")
        else:
            self.tell(NOTHING_FAILED)

    async def _retry(self, rows: list[int]) -> None:
        count = await self._lane.retry(rows)
        self.tell(f"{count:,} to be sent again.")
        self._load()

    def action_dismiss_row(self) -> None:
        if (row := self._settleable()) is None:
            return
        if isinstance(row, Sale):
            self._settle(SaleAction.GIVE_UP, row)
            return

        name = queue_rows.called(row, self._names)

        def dismiss(reason: str | None) -> None:
            if reason is not None:
                self.work(self._dismiss_row(row, reason), "dismiss a row", group="settle")

        self.app.push_screen(
            ReasonDialog(f"Dismiss {name}?", row.reason, "Dismiss", REASONS), dismiss
        )

    async def _dismiss_row(self, row: QueueRow, reason: str) -> None:
        gone = await self._lane.dismiss(row.id, reason)
        self.tell("Dismissed." if gone else "That row is no longer in the queue.")
        self._load()

    def action_export(self) -> None:
        self.work(self._export(), "export the queue", group="export")

    async def _export(self) -> None:
        at = self._clock.now().astimezone(self._lane.event.zone)
        path = self._lane.exports / f"boxoffice-queue-{at:%Y%m%d-%H%M%S}.csv"
        try:
            written = await self._lane.export(path)
        except OSError as error:
            self.tell(f"{path} cannot be written: {error.strerror or error}.")
        else:
            self.tell(f"Written to {path}" if written else NOTHING_TO_EXPORT)
