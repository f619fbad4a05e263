"""Lists the queue: what the site has still to be told, and what a person has to look at."""

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from boxoffice.commands import Command, Place
from boxoffice.domain.humanize import format_number
from boxoffice.domain.journal import QueueRow, QueueState
from boxoffice.domain.models import LinkState
from boxoffice.domain.sale import Sale, SaleAction
from boxoffice.lane import Change, Lane, SaleUpdated, StatusChanged
from boxoffice.lane.queue import QueueView
from boxoffice.language import N_, _
from boxoffice.paths import shown
from boxoffice.screens.base import ONE_AT_A_TIME, LaneScreen
from boxoffice.screens.dialogs import ReasonDialog
from boxoffice.screens.outcome import DONE, OutcomeScreen, ask_before
from boxoffice.screens.queue_texts import (
    GOES_BY_ITSELF,
    SHOWN,
    Entry,
    QueueTexts,
    key,
    may_be_settled,
)
from boxoffice.widgets.footer import CommandFooter, key_of
from boxoffice.widgets.option_lists import SectionList

ALL_SENT = N_("Everything is sent. Nothing needs a person.")
NOTHING_FAILED = N_("Nothing has failed.")
NOTHING_TO_EXPORT = N_("There is nothing to export. Everything is sent. Nothing needs a person.")
NO_ROW = N_("Choose a row with the arrows first.")
REASONS = {
    QueueState.CONFLICT: (
        N_("Looked for both: one person, scanned twice"),
        N_("Looked for both: the second was sent away"),
        N_("Both let in by the person in charge"),
        N_("Told the organiser"),
    ),
    QueueState.FAILED: (
        N_("Told the organiser"),
        N_("Done again at the door"),
        N_("The guest was sent away"),
    ),
}
"""Offered when a row is dismissed."""
OF_SALE = {"retry": N_("Sell again"), "dismiss_row": N_("Give up")}


class QueueScreen(LaneScreen[None]):
    """Lists the queue, those first who need a person; sends again, dismisses, exports.

    A sale that is not settled is an entry too: sent again is sold again, dismissed is given up.
    """

    place = Place.QUEUE
    sheets = "queue"

    def __init__(self, lane: Lane) -> None:
        super().__init__(lane)
        self._texts = QueueTexts(QueueView((), (), (), {}), lane.event.zone)
        self._entries: dict[str, Entry] = {}
        self._key = partial(key_of, self)

    def body(self) -> Iterable[Widget]:
        yield Label(_("Queue"), id="queue-title", classes="screen-title", markup=False)
        with Vertical(id="queue-body"):
            yield SectionList()
            yield Label("", id="queue-detail", markup=False)

    def on_mount(self) -> None:
        self.query_one(SectionList).focus()
        self._load()

    def changed(self, change: Change) -> None:
        if isinstance(change, StatusChanged | SaleUpdated):
            self._load()

    def _load(self) -> None:
        self.reread(self._read, "read the queue", group="queue")

    async def _read(self) -> None:
        view, status = await self.lane.queue.view(), self.lane.status
        stopped = status.link in (LinkState.REFUSED, LinkState.CAPTIVE)
        blocked = status.sentence if stopped else ""
        texts = self._texts = QueueTexts(view, self.lane.event.zone, self.locale, blocked)
        self._entries = {key(entry): entry for _, part in texts.parts() for entry in part[:SHOWN]}
        self.write("#queue-title", texts.title)
        self.query_one(SectionList).show(texts.sections(), empty=_(ALL_SENT))
        self._show_detail()

    @on(SectionList.OptionHighlighted)
    def _show_detail(self) -> None:
        entry = self._entry()
        detail = Content() if entry is None else self._texts.detail(entry, self._key)
        self.write("#queue-detail", detail).display = entry is not None
        self.query_one(CommandFooter).refresh()

    def refusal(self, command: str) -> str | None:
        """What cannot be done to the highlighted entry, or to none."""
        if command == "export":
            return None if self._entries else _(NOTHING_TO_EXPORT)
        if command == "retry_all":
            return None if self._failed else _(NOTHING_FAILED)
        if command not in ("open_sale", "retry", "dismiss_row"):
            return None
        entry = self._entry()
        if entry is None:
            return _(NO_ROW) if self._entries else _(ALL_SENT)
        if command == "open_sale":
            return None if isinstance(entry, Sale) else self._texts.to_do(entry, self._key)
        by_itself = self._texts.unless_blocked(_(GOES_BY_ITSELF))
        return None if may_be_settled(entry) else by_itself

    def label_of(self, command: Command) -> str:
        of_sale = OF_SALE.get(command.id) if isinstance(self._entry(), Sale) else None
        return _(of_sale) if of_sale else super().label_of(command)

    @on(SectionList.OptionSelected)
    def action_open_sale(self) -> None:
        if isinstance(entry := self._entry(), Sale):
            self.app.push_screen(OutcomeScreen(self.lane, entry))
        else:
            self.announce(self.refusal("open_sale") or "")

    def _entry(self) -> Entry | None:
        """The highlighted one."""
        return self._entries.get(self.query_one(SectionList).key or "")

    # Settling: one thing after another

    def action_retry(self) -> None:
        self._settle(SaleAction.SELL_AGAIN, lambda row: self._retry([row.id]))

    def action_dismiss_row(self) -> None:
        self._settle(SaleAction.GIVE_UP, self._dismiss_row)

    @property
    def _failed(self) -> list[int]:
        rows = [entry for entry in self._entries.values() if isinstance(entry, QueueRow)]
        return [row.id for row in rows if row.state is QueueState.FAILED]

    def action_retry_all(self) -> None:
        self._announce_end_of(self._retry(self._failed))

    def _settle(
        self, of_sale: SaleAction, of_row: Callable[[QueueRow], Coroutine[Any, Any, str]]
    ) -> None:
        entry = self._entry()
        if self.is_working("settle"):
            self.announce(_(ONE_AT_A_TIME))
        elif isinstance(entry, Sale):
            self._announce_end_of(self._settle_sale(of_sale, entry))
        elif entry is not None:
            self._announce_end_of(of_row(entry))

    def _announce_end_of(self, settling: Coroutine[Any, Any, str]) -> None:
        """Say what came of it, and read the queue anew; empty: nothing was done."""

        async def settle() -> None:
            if sentence := await settling:
                self.announce(sentence)
                self._load()

        self.work(settle(), "settle the queue", group="settle")

    async def _settle_sale(self, action: SaleAction, sale: Sale) -> str:
        text = await ask_before(self.app, action, sale, self.locale)
        if text is None:
            return ""
        await self.lane.box_office.settle(sale.id, action, text)
        return _(DONE[action])

    async def _retry(self, rows: list[int]) -> str:
        return _("{n} to be sent again.").format(n=format_number(await self.lane.queue.retry(rows)))

    async def _dismiss_row(self, row: QueueRow) -> str:
        title = _("Dismiss {name}?").format(name=self._texts.name(row))
        dialog = ReasonDialog(title, _(row.reason), _("Dismiss"), [*map(_, REASONS[row.state])])
        reason = await self.app.push_screen_wait(dialog)
        if reason is None:
            return ""
        gone = await self.lane.queue.dismiss(row.id, reason)
        return _("Dismissed.") if gone else _("That row is no longer in the queue.")

    def action_export(self) -> None:
        self.work(self._export(), "export the queue", group="export")

    async def _export(self) -> None:
        at = self.clock.now().astimezone(self.lane.event.zone)
        path = self.lane.exports / f"boxoffice-queue-{at:%Y%m%d-%H%M%S}.csv"
        written = await self.lane.queue.export(path)
        sentence = _("Written to {path}").format(path=shown(path))
        self.announce(sentence if written else _(NOTHING_TO_EXPORT))
