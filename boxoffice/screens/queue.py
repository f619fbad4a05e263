"""What the server has still to be told, and what a person has to look at."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option
from textual.worker import Worker

from boxoffice.clock import Clock, SystemClock
from boxoffice.commands import Place, bindings
from boxoffice.door.models import Kind, QueueRow, State
from boxoffice.lane import Change, Lane, QueueView, StatusChanged
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.reason import ReasonDialog
from boxoffice.widgets.styles import stylesheet

SHOWN = 200
"""Rows of each part that are listed; a long queue is counted, not read."""

KINDS = {Kind.CHECK_IN: "check-in", Kind.ANSWERS: "answers", Kind.NAME: "name"}
SIGNS = {State.CONFLICT: "!!", State.FAILED: "! ", State.WAITING: "… ", State.SENDING: "→ "}
HEADINGS = {
    State.CONFLICT: "Possibly two people in on one ticket",
    State.FAILED: "Refused by the site",
    State.WAITING: "Waiting to be sent",
}
ALL_SENT = "Everything is sent. Nothing needs a person."
GOES_BY_ITSELF = "This goes by itself as soon as the server can be reached."
NOTHING_FAILED = "Nothing has failed."
NO_ROW = "Choose a row with the arrows first."
REASONS = (
    "Looked for both: one person, scanned twice",
    "Looked for both: the second was sent away",
    "Both let in by the person in charge",
    "Told the organiser",
)


class QueueScreen(BaseScreen[None]):
    """Lists the queue, those first who need a person; sends again, dismisses, exports."""

    place = Place.QUEUE
    BINDINGS = bindings(place)
    CSS_PATH = stylesheet("queue")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init__(
        self, lane: Lane, *, clock: Clock | None = None, folder: Path | None = None
    ) -> None:
        """`folder`: where an export goes, the person's home otherwise."""
        super().__init__()
        self._lane = lane
        self._clock = clock or SystemClock()
        self._folder = folder
        self._rows: dict[str, QueueRow] = {}
        self._names: dict[str, str] = {}
        self._stop_watching: Callable[[], None] | None = None
        self._stale = False
        self._reader: Worker[None] | None = None

    def body(self) -> Iterable[Widget]:
        yield Label("Queue", id="queue-title", markup=False)
        with Vertical(id="queue-body"):
            yield OptionList(markup=False, compact=True)
            yield Label("", id="queue-detail", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self._stop_watching = self._lane.watch(self._changed)
        self._load()

    def on_unmount(self) -> None:
        if self._stop_watching is not None:
            self._stop_watching()

    def _changed(self, change: Change) -> None:
        if isinstance(change, StatusChanged):
            self._load()

    def _load(self) -> None:
        self._stale = True
        if self._reader is None or self._reader.is_finished:
            self._reader = self.work(self._read(), "read the queue", group="queue")

    async def _read(self) -> None:
        while self._stale:
            self._stale = False
            self._show(await self._lane.queue())

    def _show(self, view: QueueView) -> None:
        listed = self.query_one(OptionList)
        was, place = listed.highlighted_option, listed.highlighted
        parts = (
            (State.CONFLICT, view.conflicts),
            (State.FAILED, view.failed),
            (State.WAITING, view.waiting),
        )
        self._rows = {str(row.id): row for _, rows in parts for row in rows[:SHOWN]}
        self._names = dict(view.names)
        self.query_one("#queue-title", Label).update(_title(view))
        listed.set_options(
            [option for state, rows in parts if rows for option in self._options(state, rows)]
            or [Option(ALL_SENT, disabled=True)]
        )
        if was is not None and was.id in self._rows:
            listed.highlighted = listed.get_option_index(was.id)
        elif self._rows:
            listed.highlighted = place or 0
            if listed.highlighted_option is None or listed.highlighted_option.disabled:
                listed.action_cursor_down()
        self._show_detail()

    def _options(self, state: State, rows: Sequence[QueueRow]) -> Iterable[Option]:
        heading = f"{HEADINGS[state]} · {len(rows):,}"
        if len(rows) > SHOWN:
            heading += f", the first {SHOWN} listed"
        yield Option(Content.styled(heading, "bold"), id=f"heading-{state}", disabled=True)
        for row in rows[:SHOWN]:
            yield Option(self._line(row), id=str(row.id))

    def _line(self, row: QueueRow) -> Content:
        at = row.at.astimezone(self._lane.event.zone)
        return Content.assemble(
            Content.styled(f" {SIGNS[row.state]} {at:%H:%M}  ", "dim"),
            f"{KINDS[row.kind]:<9} ",
            Content.styled(self._called(row), "bold"),
            Content.styled(f"  {row.reason}", "dim") if row.reason else "",
        )

    def _called(self, row: QueueRow) -> str:
        return self._names.get(row.ticket) or f"ticket {row.ticket[:8]}"

    @on(OptionList.OptionHighlighted)
    def _show_detail(self) -> None:
        row = self._row()
        detail = Content()
        if row is not None:
            at = row.at.astimezone(self._lane.event.zone)
            by = " · ".join(part for part in (row.lane, row.operator) if part)
            tried = f", tried {row.tries} times" if row.tries > 1 else ""
            detail = Content.assemble(
                Content.styled(self._called(row), "bold"),
                f"\n{KINDS[row.kind].capitalize()} at {at:%H:%M:%S}{tried}",
                f" · {by}" if by else "",
                "\n\n",
                row.reason or GOES_BY_ITSELF,
            )
        self.query_one("#queue-detail", Label).update(detail)

    def _row(self) -> QueueRow | None:
        option = self.query_one(OptionList).highlighted_option
        return self._rows.get(option.id or "") if option is not None else None

    def _settleable(self) -> QueueRow | None:
        """The highlighted row, if a person may settle it; else says why not."""
        row = self._row()
        if row is None:
            self.tell(NO_ROW if self._rows else ALL_SENT)
        elif row.state in (State.WAITING, State.SENDING):
            self.tell(GOES_BY_ITSELF)
        else:
            return row
        return None

    def action_retry(self) -> None:
        if (row := self._settleable()) is not None:
            self.work(self._retry([row.id]), "send a row again", group="settle")

    def action_retry_all(self) -> None:
        failed = [row.id for row in self._rows.values() if row.state is State.FAILED]
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

        def dismiss(reason: str | None) -> None:
            if reason is not None:
                self.work(self._dismiss_row(row, reason), "dismiss a row", group="settle")

        self.app.push_screen(
            ReasonDialog(f"Dismiss {self._called(row)}?", row.reason, "Dismiss", REASONS), dismiss
        )

    async def _dismiss_row(self, row: QueueRow, reason: str) -> None:
        gone = await self._lane.dismiss(row.id, reason)
        self.tell("Dismissed." if gone else "That row is no longer in the queue.")
        self._load()

    def action_export(self) -> None:
        self.work(self._export(), "export the queue", group="export")

    async def _export(self) -> None:
        at = self._clock.now().astimezone(self._lane.event.zone)
        path = (self._folder or Path.home()) / f"boxoffice-queue-{at:%Y%m%d-%H%M%S}.csv"
        try:
            await self._lane.export(path)
        except OSError as error:
            self.tell(f"{path} cannot be written: {error.strerror or error}.")
        else:
            self.tell(f"Written to {path}")


def _title(view: QueueView) -> Content:
    person = len(view.conflicts) + len(view.failed)
    return Content.assemble(
        "Queue",
        Content.styled(f"   {person:,} for a person", "$warn" if person else "$label"),
        Content.styled(f" · {len(view.waiting):,} waiting to be sent", "$label"),
    )
