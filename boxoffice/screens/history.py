"""Who was scanned on this computer, newest first, and what became of it since."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from boxoffice.commands import Place
from boxoffice.domain.history import PastScan, PastScans, Since
from boxoffice.domain.journal import Counts
from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Change, Lane, StatusChanged
from boxoffice.language import N_, _, ngettext
from boxoffice.screens.base import MOVES, LaneScreen
from boxoffice.widgets.line_widget import Piece, fit
from boxoffice.widgets.long_list import LongList, SearchInput
from boxoffice.widgets.verdict import kind_of, name_of

SEARCH = N_("Name, ticket type, verdict, or what became of it")
NOTHING = N_("Nothing was scanned here for this event so far.")
NOT_FOUND = N_("No scan is found by this.")
NO_TICKET = N_("This code names no ticket: there is nothing to open.")
TIME, WORD, SINCE = 10, 20, 23
"""Cells of these columns."""
KIND = 24
WIDE = 95
"""Cells from which the ticket type has a column of its own."""
_LOOKS = {Since.CONFIRMED: "list--good", Since.WAITING: "list--warn"}


class ScanList(LongList[int]):
    COMPONENT_CLASSES = {
        "list--label",
        "list--word",
        "list--good",
        "list--warn",
        "list--trouble",
        "list--green",
        "list--yellow",
        "list--blue",
        "list--red",
    }

    def __init__(self) -> None:
        super().__init__()
        self.past: Mapping[int, PastScan] = {}
        """By their ids, also those that are not listed."""

    def put(
        self, past: Mapping[int, PastScan], keys: Sequence[int], *, empty: str, afresh: bool
    ) -> None:
        """Show others. The highlight stays with its row, or in its place once that is gone.

        `afresh`: it goes to the first.
        """
        self.past, place = past, 0 if afresh else self.cursor or 0
        if afresh:
            self.show(keys, empty=empty)
        else:
            self.replace(keys, empty=empty)
        if self.cursor is None:
            self.highlight(place)

    def pieces(self, key: int, width: int, *, chosen: bool) -> Iterable[Piece]:
        past = self.past[key]
        scan, code, since = past.scan, past.scan.verdict.code, past.since
        room = width - TIME - WORD - SINCE
        kind = KIND if width >= WIDE else 0
        yield Piece(f"{scan.at:%H:%M:%S}  ", "list--label")
        yield Piece(f" {code.symbol} ", f"list--{code.tone}")
        yield Piece(fit(f" {code.word}", WORD - 3), "list--word")
        yield Piece(fit(name_of(scan), room - kind))
        yield Piece(fit(f" {kind_of(scan)}", kind), "list--label")
        look = "list--label" if since is None else _LOOKS.get(since, "list--label")
        is_trouble = since is not None and since.needs_person
        word = fit(f" {since.word}" if since else "", SINCE)
        yield Piece(word, "list--trouble" if is_trouble else look)


class HistoryScreen(LaneScreen[None]):
    """Lists past scans, and is searched by what is typed."""

    place = Place.HISTORY
    BINDINGS = [*MOVES]
    sheets = "form history"
    AUTO_FOCUS = "Input"

    def __init__(self, lane: Lane, open_ticket: Callable[[str], None]) -> None:
        """`open_ticket` opens a ticket in front, by its uuid."""
        super().__init__(lane)
        self._open_ticket = open_ticket
        self._query = ""
        self._all: PastScans | None = None
        """What is searched; None: it is not read yet."""
        self._counted: tuple[Counts, int] | None = None
        """Rows of the queue, and who is in, as the lane counted them last."""

    def body(self) -> Iterable[Widget]:
        yield Label("", id="history-title", classes="screen-title", markup=False)
        yield SearchInput(placeholder=_(SEARCH), compact=True)
        yield ScanList()
        yield Label("", id="history-detail", markup=False)

    def on_mount(self) -> None:
        # In the frame of the key itself; what a message asks for would have the one after it.
        self.watch(self.query_one(Input), "value", self._show, init=False)
        self._load()

    def changed(self, change: Change) -> None:
        if isinstance(change, StatusChanged):
            status = change.status
            before, self._counted = self._counted, (status.counts, status.checked_in)
            if before == self._counted:  # of the link, the list or the clock
                return
        self._load()

    async def translate(self) -> None:
        await super().translate()
        self._load()  # it is found by words of the new language

    def show_scan(self, scan: Scan) -> None:
        super().show_scan(scan)
        self._load()

    def _load(self) -> None:
        self.reread(self._read, "read the history", group="history")

    async def _read(self) -> None:
        self._all = await asyncio.to_thread(PastScans, await self.lane.history.scans())
        self._show()

    def _show(self) -> None:
        if self._all is None:
            return
        query = self.query_one(Input).value
        found = self._all.find(query)
        count = ngettext("{number} scan", "{number} scans", len(found)).format(number=len(found))
        title = Content.assemble(_("History"), Content.styled(f"   {count}", "$label"))
        self.write("#history-title", title)
        afresh, self._query = query != self._query, query
        empty = _(NOT_FOUND) if query else _(NOTHING)
        self.query_one(ScanList).put(self._all.by_id, found, empty=empty, afresh=afresh)
        self._show_detail()

    @on(ScanList.Highlighted)
    def _show_detail(self) -> None:
        """What its row has no room for."""
        past = self._highlighted
        if past is None:
            self.write("#history-detail", "")
            return
        scan, verdict = past.scan, past.scan.verdict
        by = " · ".join(filter(None, (past.lane, past.operator, scan.code)))
        who = " · ".join(filter(None, (kind_of(scan), past.since.word if past.since else "")))
        text = Content.assemble(
            Content.styled(name_of(scan), "bold"),
            f" · {who}\n" if who else "\n",
            f"{verdict.word} · {_(verdict.reason)}\n" if verdict.reason else f"{verdict.word}\n",
            Content.styled(by, "$label"),
        )
        self.write("#history-detail", text)

    @property
    def _highlighted(self) -> PastScan | None:
        listed = self.query_one(ScanList)
        return None if listed.key is None else listed.past[listed.key]

    def action_move(self, key: str) -> None:
        self.query_one(ScanList).go(key)

    @on(Input.Submitted)
    @on(ScanList.Picked)
    def action_open_scan(self) -> None:
        past = self._highlighted
        if past is not None and past.ticket is not None:
            self._open_ticket(past.ticket)
        elif past is not None:
            self.announce(_(NO_TICKET))
