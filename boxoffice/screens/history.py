"""Who was scanned on this computer, newest first, and what became of it since."""

import asyncio
from collections.abc import Callable, Iterable

from textual import events, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label
from textual.widgets.option_list import Option

from boxoffice.commands import Place
from boxoffice.domain.history import PastScan, Since, find
from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Change, Lane
from boxoffice.language import N_, _, ngettext
from boxoffice.screens.base import MOVES, LaneScreen
from boxoffice.widgets.line_widget import fit
from boxoffice.widgets.option_lists import SectionList
from boxoffice.widgets.verdict import kind_of, name_of

SEARCH = N_("Name, ticket type, verdict, or what became of it")
NOTHING = N_("Nothing was scanned here for this event so far.")
NOT_FOUND = N_("No scan is found by this.")
NO_TICKET = N_("This code names no ticket: there is nothing to open.")
SHOWN = 200
"""Scans that are listed; more are counted."""
TIME, WORD, SINCE = 10, 20, 20
"""Cells of these columns."""
KIND = 24
MARGINS = 8
"""Cells beside the rows."""
WIDE = 100
"""Columns from which the ticket type has a column of its own."""
_LOOKS = {Since.CONFIRMED: "$good", Since.WAITING: "$warn"}


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
        self._past: dict[str, PastScan] = {}
        """Those that are listed, by their key in the list."""
        self._query = ""
        self._all: list[PastScan] = []
        """What is searched."""
        self._is_old = True
        """The journal may have more by now."""

    def body(self) -> Iterable[Widget]:
        yield Label("", id="history-title", markup=False)
        yield Input(placeholder=_(SEARCH), compact=True)
        listed = SectionList()
        listed.can_focus = False  # what is typed goes to the search
        yield listed
        yield Label("", id="history-detail", markup=False)

    def on_mount(self) -> None:
        self._load()

    def changed(self, change: Change) -> None:
        self._load()

    def show_scan(self, scan: Scan) -> None:
        super().show_scan(scan)
        self._load()

    def _load(self) -> None:
        self._is_old = True
        self._search()

    @on(Input.Changed)
    def _search(self) -> None:
        self.reread(self._read, "read the history", group="history")

    async def _read(self) -> None:
        query = self.query_one(Input).value
        if self._is_old:
            self._is_old = False
            self._all = await self.lane.history.scans()
        found = await asyncio.to_thread(find, self._all, query)
        self._past = {str(past.scan.id): past for past in found[:SHOWN]}
        count = ngettext("{number} scan", "{number} scans", len(found)).format(number=len(found))
        title = Content.assemble(_("History"), Content.styled(f"   {count}", "$label"))
        self.write("#history-title", title)
        if query != self._query:
            self._query = query
            self.query_one(SectionList).highlighted = None
        self._list()

    def on_resize(self, event: events.Resize) -> None:
        self._list()

    def _list(self) -> None:
        options = [Option(self._line(past), id=key) for key, past in self._past.items()]
        empty = _(NOT_FOUND) if self._query else _(NOTHING)
        self.query_one(SectionList).put(options, empty=empty)
        self._show_detail()

    def _line(self, past: PastScan) -> Content:
        scan, code = past.scan, past.scan.verdict.code
        room = self.size.width - MARGINS - TIME - WORD - SINCE
        kind = KIND if self.size.width >= WIDE else 0
        since = past.since
        look = "$label" if since is None else _LOOKS.get(since, "$label")
        return Content.assemble(
            Content.styled(f"{scan.at:%H:%M:%S}  ", "$label"),
            Content.styled(f" {code.symbol} ", f"bold $on-{code.tone} on $tone-{code.tone}"),
            Content.styled(fit(f" {code.word}", WORD - 3), "bold"),
            Content(fit(name_of(scan), room - kind)),
            Content.styled(fit(f" {kind_of(scan)}", kind), "$label"),
            Content.styled(
                f" {since.word}" if since else "",
                "bold $warn" if since and since.needs_person else look,
            ),
        )

    @on(SectionList.OptionHighlighted)
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
        return self._past.get(self.query_one(SectionList).key or "")

    async def action_move(self, key: str) -> None:
        await self.query_one(SectionList).go(key)

    @on(Input.Submitted)
    @on(SectionList.OptionSelected)
    def action_open_scan(self) -> None:
        past = self._highlighted
        if past is not None and past.ticket is not None:
            self._open_ticket(past.ticket)
        elif past is not None:
            self.announce(_(NO_TICKET))
