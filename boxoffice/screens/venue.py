"""Several doors that share one truth: this computer as one of them, or as the hub of all."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text
from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static

from boxoffice.commands import Place
from boxoffice.domain import signs
from boxoffice.domain.invitation import (
    Address,
    Hosting,
    Invitation,
    format_code,
    read_address,
    read_code,
    read_invitation,
)
from boxoffice.domain.venue import HubState, LetInTwice, Presence, VenueStatus
from boxoffice.lane.overview import DoorScan
from boxoffice.language import N_, _, ngettext
from boxoffice.screens.base import PAGES, BaseScreen
from boxoffice.widgets.big_text import large
from boxoffice.widgets.qr import QrCode
from boxoffice.widgets.terminal import draws_halves

ALONE = N_(
    "This computer goes by its own list. With a hub no ticket is let in at two "
    "doors, with or without the internet: one computer is the hub, the others join "
    "with the code that it shows."
)
MEMBER = N_(
    "No ticket is let in twice at the doors that reach the hub, with or without the internet."
)
HUB = N_(
    "On each other computer: Ctrl+P, “Venue”, and type this code or scan it. It is "
    "good for one computer and ten minutes; the next one has a code of its own. "
    "This computer must stay on."
)
STARTING = N_("The hub is starting…")
HERE = N_("A hub is here: {}. Type the code that it shows.")
NO_CODE = N_("A code is eight digits, such as 4711-0815; before it the hub’s address, if need be.")
JOINING = N_("Joining…")
JOINED = N_("Joined. The door opens anew: one moment.")
CODE_ROWS = 4
"""Of the code in large figures."""
LANE = 10
"""Cells that a door's name has at least, where it is so long."""
TWICE = N_("Let in twice")
LAST = 12
"""Scans that are shown."""
EVERY = 1.0
"""Seconds between two looks at who is there."""


class VenueControl(Protocol):
    """What a person may do about the venue. Errors have a `sentence`."""

    @property
    def status(self) -> VenueStatus: ...

    async def doors(self) -> Sequence[Presence]:
        """Those that are there, this one with them."""

    @property
    def scans(self) -> Sequence[tuple[DoorScan, str]]:
        """The last of all doors, newest first, with names."""

    async def let_in_twice(self) -> Sequence[tuple[LetInTwice, str]]:
        """Who has a conflict with whom, newest first, with names."""

    @property
    def hosting(self) -> Hosting | None:
        """None: this computer is not the hub, or another process of it is."""

    async def find(self) -> Sequence[str]:
        """Names of the venues whose hubs are on this network."""

    async def join(self, code: str, address: Address | None) -> None:
        """Become a door of the hub that shows `code`; None: of the one on this network."""

    async def leave(self) -> None:
        """Be a door by itself again."""

    async def be_hub(self) -> None:
        """Be the hub until boxoffice ends, or `end_hub`."""

    async def end_hub(self) -> None: ...


class VenueScreen(BaseScreen[None]):
    """Shows how this computer stands, and offers what can be done about it.

    The hub's QR may be scanned here; joining takes a person's own key all the same.
    """

    place = Place.VENUE
    BINDINGS = [*PAGES]
    sheets = "venue"
    scrolled = "#venue-side"
    AUTO_FOCUS = ""

    def __init__(self, control: VenueControl, changed: Callable[[], None]) -> None:
        """`changed` is called once this computer has joined or left."""
        super().__init__()
        self._control = control
        self._changed = changed
        self._scanned: Invitation | None = None
        self._doors: tuple[Presence, ...] = ()
        self._scans: tuple[tuple[DoorScan, str], ...] = ()
        self._pairs: tuple[tuple[LetInTwice, str], ...] = ()
        self._shown: object = None
        self._has_joined = False
        """It has just now, and its door is not opened anew yet."""

    def body(self) -> Iterable[Widget]:
        yield Label("", id="venue-word", classes="screen-title", markup=False)
        with Horizontal(id="venue"):
            with VerticalScroll(id="venue-side", can_focus=False):
                yield Static("", id="venue-text", markup=False)
                yield Static("", id="venue-code", markup=False)
                yield Static("", id="venue-doors", markup=False)
                yield Static("", id="venue-pairs", markup=False)
                yield Static("", id="venue-scans", markup=False)
            yield QrCode(id="venue-qr")
        yield Input(placeholder=_("Code of the hub, or its address and code"), compact=True)
        with Horizontal(classes="buttons"):
            yield Button(_("Join"), id="join", variant="primary", compact=True)
            yield Button(_("Be the hub"), id="be_hub", compact=True)
            yield Button(_("Leave the venue"), id="leave", compact=True)
            yield Button(_("Stop being the hub"), id="end_hub", compact=True)
        yield Label("", id="venue-note", markup=False)

    def on_mount(self) -> None:
        self._show()
        self._look()
        self.set_interval(EVERY, self._look)
        if self._control.status.state is HubState.UNPAIRED and self._control.hosting is None:
            self.query_one(Input).focus()
            self.work(self._find(), "look for a hub", group="find")

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    async def _find(self) -> None:
        if found := await self._control.find():
            self._note(_(HERE).format(", ".join(found)))

    def lets_pass(self, scanned: str) -> bool:
        """The QR of a hub fills in its code; a person's Enter joins."""
        invitation = read_invitation(scanned)
        field = self.query_one(Input)
        if invitation is None or not field.display:
            return True
        self._scanned = invitation
        field.value = format_code(invitation.code)
        field.focus()
        read = _("Read off a hub at {address}: Enter joins it.")
        self._note(read.format(address=invitation.address))
        return False

    # What is shown

    def _look(self) -> None:
        """Show what is new, and who is there."""

        async def read() -> None:
            self._doors = tuple(await self._control.doors())
            self._pairs = tuple(await self._control.let_in_twice())
            self._scans = tuple(self._control.scans[:LAST])
            self._show()

        self.reread(read, "see who is there", group="doors")

    def _show(self) -> None:
        status, hosting, doors = self._control.status, self._control.hosting, self._doors
        room = self.query_one("#venue-side").size.width
        is_member = status.state is not HubState.UNPAIRED
        if is_member and self._has_joined:
            self._has_joined = False
            self._note("")
        is_cut_off = is_member and status.state is not HubState.JOINED
        may_join = not (is_member or self._has_joined) and hosting is None
        shown = (status, hosting, doors, self._pairs, self._scans, room, may_join)
        if shown == self._shown:
            return
        self._shown = shown
        self.call_after_refresh(self._show)  # what is shown beside it may have left another room
        self.set_class(not is_member and hosting is None, "-by-itself")
        self.write("#venue-word", _headline(status, hosting)).set_class(
            status.state in (HubState.ALONE, HubState.REFUSED), "-bad"
        )
        self.write("#venue-text", _text(status, hosting))
        invitation = hosting.invitation if hosting else None
        code = format_code(invitation.code) if invitation else ""
        halves = draws_halves(self)
        rows = CODE_ROWS if halves else 2 * CODE_ROWS
        in_large = large(code, room - 2, rows, halves=halves) if code else []
        self.write("#venue-code", "\n".join(in_large) or code).display = bool(code)
        self.query_one(QrCode).show(_qr(invitation))
        self.query_one(QrCode).display = invitation is not None
        self.query_one("#venue-doors", Static).update(_table(doors))
        for name, table in (
            ("#venue-pairs", _pair_table(self._pairs)),
            ("#venue-scans", _scan_table(self._scans)),
        ):
            part = self.query_one(name, Static)
            part.update(table)
            part.display = bool(table)
        for name, offered in (
            ("Input", may_join),
            ("#join", may_join),
            ("#be_hub", may_join or (is_cut_off and hosting is None)),
            ("#leave", is_member and hosting is None),
            ("#end_hub", hosting is not None),
        ):
            self.query_one(name).display = offered

    def _note(self, sentence: str) -> None:
        self.write("#venue-note", sentence)

    def failed(self, group: str, sentence: str) -> None:
        self._note(sentence)

    # What is asked for

    @on(Input.Submitted)
    def action_join(self) -> None:
        try:
            address, code = _read_typed(self.query_one(Input).value)
        except ValueError:
            self._note(_(NO_CODE))
            return
        scanned = self._scanned
        if address is None and scanned is not None and scanned.code == code:
            address = scanned.address

        async def join() -> None:
            await self._control.join(code, address)
            self._has_joined = True

        self._do(join, _(JOINING), _(JOINED))

    def action_be_hub(self) -> None:
        self._do(self._control.be_hub, _(STARTING))

    def action_leave(self) -> None:
        self._do(self._control.leave, "")

    def action_end_hub(self) -> None:
        self._do(self._control.end_hub, "")

    def _do(self, act: Callable[[], Awaitable[None]], meanwhile: str, done: str = "") -> None:
        """Do it, and have the door opened anew.

        `meanwhile`: what is shown until it is done; `done`: from then on, until the door is open.
        """

        async def do() -> None:
            await act()
            self._note(done)
            self._changed()
            self._show()

        if not self.is_working("venue"):
            self._note(meanwhile)
            self.work(do(), "change the venue", group="venue")


def _read_typed(text: str) -> tuple[Address | None, str]:
    """The hub's code, with its address before it or without. Raises ValueError."""
    if (invitation := read_invitation(text)) is not None:
        return invitation
    if (code := read_code(text)) is not None:
        return None, code
    where, _, rest = text.strip().partition(" ")
    if (code := read_code(rest)) is None:
        raise ValueError(text)
    return read_address(where), code


def _headline(status: VenueStatus, hosting: Hosting | None) -> str:
    """What this computer is, in large."""
    if hosting is not None:
        title = _("The hub of {venue}").format(venue=hosting.name)
        at = f" · {hosting.invitation.address}" if hosting.invitation else ""
        return f"{signs.JOINED} {title}{at}"
    title = _("A door of {venue}").format(venue=status.name)
    match status.state:
        case HubState.UNPAIRED:
            return _("A door by itself")
        case HubState.JOINED:
            doors = ngettext("{n} door", "{n} doors", status.doors).format(n=status.doors)
            return f"{signs.JOINED} {title} · {doors}"
        case HubState.JOINING:
            return f"{signs.JOINED} {title} · {_('joining')}"
        case HubState.ALONE | HubState.REFUSED:
            return f"{signs.ALONE} {title} · {_('alone')}"


def _text(status: VenueStatus, hosting: Hosting | None) -> str:
    if hosting is not None:
        return _(HUB) if hosting.invitation else _(STARTING)
    own = _(ALONE) if status.state is HubState.UNPAIRED else _(MEMBER)
    return status.sentence or own


def _qr(invitation: Invitation | None) -> str:
    """Nothing where the hub's address is a name: it is typed then."""
    try:
        return invitation.qr if invitation else ""
    except ValueError:
        return ""


def _table(doors: Sequence[Presence]) -> Table | str:
    """The doors that are there, a line each."""
    if not doors:
        return ""
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim", expand=True)
    table.add_column(_("Door"), ratio=1, no_wrap=True, overflow="ellipsis")
    for title in (_("in a min"), _("waiting"), _("conflicts")):
        table.add_column(title, justify="right", no_wrap=True)
    for door in doors:
        conflicts = Text(str(door.conflicts), style="bold" if door.conflicts else "")
        table.add_row(Text(door.lane), Text(str(door.rate)), Text(str(door.waiting)), conflicts)
    return table


def _pair_table(pairs: Sequence[tuple[LetInTwice, str]]) -> Table | str:
    """A line for each ticket that two doors let in: at which, and when."""
    if not pairs:
        return ""
    table = _titled(_(TWICE), _("first"), _("then"))
    for pair, name in pairs:
        first = f"{pair.first_at:%H:%M} {pair.first}" if pair.first_at else _("another door")
        second = f"{pair.second_at:%H:%M} {pair.second}"
        table.add_row(Text(name or pair.ticket[:8], style="bold"), Text(first), Text(second))
    return table


def _scan_table(scans: Sequence[tuple[DoorScan, str]]) -> Table | str:
    """A line for each of the last scans of all doors."""
    if not scans:
        return ""
    table = Table(
        title=_("Last scans"),
        title_justify="left",
        title_style="dim",
        show_header=False,
        box=None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    lane = min(LANE, max(cell_len(scan.lane) for scan, _name in scans))
    longest = max(cell_len(scan.verdict.word) for scan, _name in scans) + 2
    for least in (8, lane, longest):
        table.add_column(min_width=least, no_wrap=True, overflow="ellipsis")
    table.add_column()  # where there is little room, the names are cut, and nothing else
    for scan, name in scans:
        word = f"{scan.verdict.symbol} {scan.verdict.word}"
        shown = Text(name or scan.ticket[:8], no_wrap=True, overflow="ellipsis")
        table.add_row(Text(f"{scan.at:%H:%M:%S}"), Text(scan.lane), Text(word), shown)
    return table


def _titled(*titles: str) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    for title in titles:
        table.add_column(title, no_wrap=True, overflow="ellipsis")
    return table
