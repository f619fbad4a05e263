"""What the hub's terminal shows: the code, as large as it can be and as a QR, and the doors.

Drawn anew each second on the terminal's second screen, for any size of it: without the QR where
that leaves no room, or where there are many doors.
"""

from contextlib import AbstractContextManager
from datetime import datetime

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from boxoffice.clock import Clock
from boxoffice.domain import signs
from boxoffice.domain.humanize import format_duration
from boxoffice.domain.invitation import Invitation, format_code
from boxoffice.language import N_, _
from boxoffice.printing.papers import Matrix, qr
from boxoffice.venue.hub import Hub
from boxoffice.venue.hub_events import HubChange, HubEvent
from boxoffice.widgets.big_text import HIGH, large
from boxoffice.widgets.line_widget import wrapped
from boxoffice.widgets.qr import half_blocks

EVERY = 1.0
"""Seconds between two drawings."""
GAP = 2
"""Cells between QR and text."""
CODE_WIDTH = 43
"""Cells of a code in large letters."""
AROUND = 2
"""Rows beside those of head, doors and foot: what happened last, the columns' names."""
COLUMNS = (N_("door"), N_("hub"), N_("waiting"), N_("conflicts"), N_("a minute"))
FOOT = 3
"""Rows at most of what a person should know."""
ENDS = N_("Ctrl-C ends it; doors go on by themselves then.")


class HubScreen(AbstractContextManager[None]):
    """The hub's state on this terminal, while it is open."""

    def __init__(self, hub: Hub, clock: Clock, console: Console | None = None) -> None:
        """`console`: another one than the terminal's own."""
        self._hub = hub
        self._clock = clock
        self._code = ""
        self._last = self._warning = ""
        self._gone: dict[str, datetime] = {}
        """Doors that were here, and when they were last."""
        # A QR is black on white, whatever NO_COLOR says; nothing else here has a colour.
        self._live = Live(
            self,
            console=console or Console(no_color=False, highlight=False),
            screen=True,
            auto_refresh=False,
        )

    def __enter__(self) -> None:
        self._live.start()

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def ready(self, code: str) -> None:
        self._code = code
        self._live.refresh()

    def event(self, event: HubEvent) -> None:
        self._last = event.sentence
        match event.state:
            case HubChange.GONE:
                self._gone[event.door] = event.at
            case HubChange.PRESENT | HubChange.REMOVED:
                self._gone.pop(event.door, None)
            case HubChange.STOPPED:
                print(self._last)
        self._live.refresh()

    def warn(self, sentence: str) -> None:
        self._warning = sentence
        self._live.refresh()

    async def refresh(self) -> None:
        while True:
            await self._clock.sleep(EVERY)
            self._live.refresh()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.height or console.height
        foot = wrapped(self._foot, width, FOOT)
        invitation = Invitation(self._hub.address, self._code)
        doors = self._doors()
        around = AROUND + len(foot)
        room = height - len(doors) - around
        code, head = qr(invitation.qr), Table.grid(padding=(0, GAP, 0, 0))
        beside = width - len(code) - GAP
        if beside >= CODE_WIDTH and (len(code) + 1) // 2 <= room:
            rows = (len(code) + 1) // 2
            head.add_row(_drawn(code), Text("\n".join(self._words(invitation, beside))))
        else:
            words = self._words(invitation, width)
            if len(words) > room:
                words = self._few_words(invitation, width)
            rows = len(words)
            head.add_row(Text("\n".join(words)))
        last = Text(self._last, overflow="ellipsis", no_wrap=True)
        yield Group(
            head,
            last,
            _table(doors, max(height - rows - around, 1)),
            Text("\n".join(foot)),
        )

    @property
    def _foot(self) -> str:
        """What a person should know."""
        if (trouble := self._hub.trouble) is not None:
            return trouble.describe(self._hub.name)
        return self._warning or _(ENDS)

    def _words(self, invitation: Invitation, width: int) -> list[str]:
        """How another computer joins, by whatever way it can."""
        title, *shown, by_address = self._few_words(invitation, width)
        command, *more = wrapped(by_address, width - 4, 2)
        return [
            title,
            "",
            _("The code, good for one computer:"),
            *shown,
            "",
            _("On that computer, in the same network:"),
            f"  boxoffice join {format_code(invitation.code)}",
            _("or, where that finds no hub:"),
            f"  {command}",
            *(f"    {part}" for part in more),
            _("or boxoffice join, and its scanner on the QR"),
        ]

    def _few_words(self, invitation: Invitation, width: int) -> list[str]:
        shown = format_code(invitation.code)
        return [
            _("{hub}, at {address}").format(hub=self._hub.name, address=invitation.address),
            *(large(shown, width, HIGH) or (shown,)),
            f"boxoffice join {invitation.address} {shown}",
        ]

    def _doors(self) -> list[tuple[str, ...]]:
        """Those that are here, and those that were."""
        here = [
            (door.lane, signs.JOINED, str(door.waiting), str(door.conflicts), str(door.rate))
            for door in self._hub.doors
        ]
        names, now = {row[0] for row in here}, self._clock.now()
        gone = [
            (name, f"{signs.ALONE} {format_duration(now - since)}", "", "", "")
            for name, since in sorted(self._gone.items())
            if name not in names
        ]
        return [*here, *gone]


def _table(doors: list[tuple[str, ...]], room: int) -> Table:
    """As many of them as there is room for."""
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="")
    for number, column in enumerate(COLUMNS):
        table.add_column(_(column), justify="left" if number < 2 else "right", no_wrap=True)
    shown = doors if len(doors) <= room else doors[: room - 1]
    for row in shown:
        table.add_row(*map(Text, row))
    if len(shown) < len(doors):
        table.add_row(_("and {n} more").format(n=len(doors) - len(shown)))
    return table


def _drawn(code: Matrix) -> Text:
    """The code in half blocks; below its last row it is as white as its margin."""
    blank = (False,) * len(code)
    rows = [*code, blank] if len(code) % 2 else [*code]
    lines = [
        Text.assemble(*((text, style or "") for text, style, _ in half_blocks(upper, lower)))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
    return Text("\n").join(lines)
