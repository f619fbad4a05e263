"""`demo` and `sandbox`: the built-in Ticketbutler server, with the app or alone."""

import gc
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from boxoffice import ProblemError
from boxoffice.cli.commands import NONE, Common
from boxoffice.cli.output import write_file
from boxoffice.cli.run_app import needs_terminal, run, run_app
from boxoffice.clock import SystemClock
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.language import N_, _
from boxoffice.printing.papers import Sheet, SheetEntry

if TYPE_CHECKING:
    from boxoffice.config import Settings
    from boxoffice.sandbox import Sandbox, SandboxThread
    from boxoffice.sandbox.faults import Rule

ANOTHER_DOOR = 6.0
"""Seconds between the arrivals at the demonstration's other door, about."""
TICKETS, SEED = 400, 1
OF_VERDICTS = ("numbers", "code_prefix", "code_suffix", "paid_states", "override")
"""Settings on which the verdicts of the sheet rest: the demonstration has the usual ones."""
HINTS = {
    VerdictCode.ADMITTED: N_("Valid and not in yet. Scan it again a little later: ALREADY IN."),
    VerdictCode.ALREADY_IN: N_("Came in before, at another door: it says what is known of when."),
    VerdictCode.ANSWERS_NEEDED: N_("A dinner guest: the form opens, and admits once it is filled."),
    VerdictCode.REFUNDED: N_("Got the money back."),
    VerdictCode.NOT_PAID: N_("The order was never paid."),
    VerdictCode.WRONG_EVENT: N_("A ticket for tomorrow's concert: it says which."),
    VerdictCode.WRONG_DAY: N_("Valid two days ago. Ctrl+O admits all the same, with a reason."),
    VerdictCode.WRONG_DOOR: N_("Crew has a door of its own. Ctrl+O admits all the same."),
    VerdictCode.HANDED_OUT: N_("Merchandise: hand it over; nobody is counted."),
    VerdictCode.CHECK_NAME: N_("A bare number proves nothing: is that the name? Enter admits."),
    VerdictCode.AMBIGUOUS: N_(
        "An order's id, known a minute after the door was opened: choose who is here."
    ),
    VerdictCode.UNKNOWN: N_("Made up: the site has no such ticket."),
    VerdictCode.NOT_A_TICKET: N_("The code of a wireless network, as guests do hold up."),
}
"""What to look for when a code of the sheet is scanned, translated where it is drawn."""
HINTS_OFFLINE = {
    VerdictCode.ADMITTED: N_(
        "By this computer's list; the site is told when it can be reached again."
    ),
    VerdictCode.CANNOT_TELL: N_(
        "Not in the list, and the site cannot be asked: it is for tomorrow's concert."
    ),
}
"""The same for those that are scanned without a network."""
HOUSE_EMAIL = "door@example.com"
"""For buyers who give no e-mail, where none is set."""
OFFLINE = N_("The site is away: the doors go by their lists and the hub. N puts it back.")
ONLINE_AGAIN = N_("The site is back; what waits is sent now.")
Dialect = Annotated[
    Literal["docs", "live"],
    Parameter(help=N_("Answer as the API document says, or as the live service was seen to.")),
]
Tickets = Annotated[
    int,
    Parameter(help=N_("How many the first event has."), validator=Number(gte=1, lte=1_000_000)),
]
Seed = Annotated[int, Parameter(help=N_("Another number makes up other people."))]
Port = Annotated[
    int,
    Parameter(
        help=N_("0: any that is free; the first line of the output names it."),
        validator=Number(gte=0, lte=65_535),
    ),
]
Token = Annotated[str | None, Parameter(help=N_("The key that it accepts; else one is made up."))]
Latency = Annotated[
    float,
    Parameter(help=N_("Seconds that every request waits."), validator=Number(gte=0, lte=3600)),
]
AnotherDoor = Annotated[
    float,
    Parameter(
        help=N_("Somebody is admitted about every so many seconds; 0: nobody."),
        validator=Number(gte=0, lte=86_400),
    ),
]
Faults = Annotated[
    tuple[str, ...],
    Parameter(
        name="--fault",
        help=N_(
            "What goes wrong: 503, 429=5, hang, drop, drop-after, html, truncated, "
            "stale and so on, if need be with method, path and how often: “drop-after "
            "PATCH tickets/\\*/ x3”. “stale=60 tickets/\\*/”: a cache of 60 s before "
            "single tickets; as well before the list and orders. May be given several "
            "times."
        ),
    ),
]
SheetFile = Annotated[
    Path | None,
    Parameter(name="--sheet", help=N_("First write a sheet of codes to try to this file, as PDF.")),
]

Speed = Annotated[
    float,
    Parameter(
        help=N_("So many times as fast as usual people come to the other doors."),
        validator=Number(gt=0, lte=100),
    ),
]
OfflineAfter = Annotated[
    float | None,
    Parameter(
        help=N_("The site goes away by itself after so many seconds."),
        validator=Number(gte=0, lte=86_400),
    ),
]
Doors = Annotated[
    int,
    Parameter(
        help=N_(
            "So many lanes beside each other on a hub, with a rush: see one ticket come to two."
        ),
        validator=Number(gte=1, lte=6),
    ),
]


def demo(
    *,
    tickets: Tickets = TICKETS,
    dialect: Dialect = "docs",
    seed: Seed = SEED,
    sheet: SheetFile = None,
    doors: Doors = 1,
    speed: Speed = 1.0,
    offline_after: OfflineAfter = None,
    options: Common = NONE,
) -> int:
    """Try the app on a made-up event. Needs no account and touches no real data.

    With --sheet FILE.pdf there is something to scan: a code for each verdict, on A4. It holds for
    every demo of the same --seed and --tickets. Without a terminal only the sheet is written.
    """
    if sheet is None:
        needs_terminal()
    if options.url:
        raise ProblemError(_("The demo brings its own site: leave --url out."), status=2)
    from boxoffice.domain.secret_text import SecretStr
    from boxoffice.sandbox import SandboxThread

    server = SandboxThread(
        tickets=tickets,
        dialect=dialect,
        seed=seed,
        another_door_every=ANOTHER_DOOR / speed,
        trials=True,
    )
    trying = Demonstration(server, started_as=_as_asked(tickets, seed))
    if sheet is not None:
        trying.write(sheet)
        print(_("{sheet} holds the codes to try.").format(sheet=sheet), flush=True)
        try:
            needs_terminal()
        except ProblemError:
            print(_("Without a terminal the demo itself is not opened."), file=sys.stderr)
            return 0
    with server:
        folder = Path(tempfile.mkdtemp(prefix="boxoffice-demo-"))
        own = replace(
            options,
            url=server.url,
            event=options.event or server.state.tonight.uuid,
            lane=options.lane or "Demo",
            data_dir=options.data_dir or str(folder),
        )
        settings = _for_demo(own.settings(), doors=trying.doors, extras=trying.extras)
        away = Timer(offline_after or 0.0, trying.cut_off)
        away.daemon = True
        if offline_after is not None:
            away.start()
        fault = True  # of the program itself: then the person is sent to the log in the folder
        try:
            key = SecretStr(server.token)
            if doors == 1:
                status = run_app(settings, key=key, demo=trying)
            else:
                from boxoffice.cli.demo_doors import Guest, play

                guests = [Guest(*guest) for guest in trying.guests]
                network = trying.switch_network
                status = run(
                    settings,
                    lambda context: play(context, doors, guests, network, key=key, speed=speed),
                    key=key,
                )
            fault = status != 0
        except (ProblemError, KeyboardInterrupt):
            fault = False
            raise
        finally:
            away.cancel()
            if not fault:
                shutil.rmtree(folder, ignore_errors=True)
        return status


def _for_demo(given: "Settings", **kinds: Any) -> "Settings":
    """`given`, with a house e-mail to sell by, and what the verdicts of the sheet rest on."""
    defaults = type(given)()
    usual: dict[str, Any] = {name: getattr(defaults, name) for name in OF_VERDICTS}
    sales = replace(given.sales, email=given.sales.email or HOUSE_EMAIL)
    return replace(given, hooks="", read_codes=True, sales=sales, **usual, **kinds)


def _as_asked(tickets: int, seed: int) -> str:
    """The command that makes up the same people again."""
    given = [f"--tickets {tickets}"] if tickets != TICKETS else []
    given += [f"--seed {seed}"] if seed != SEED else []
    return " ".join(["boxoffice demo", *given])


class Demonstration:
    """Of a sandbox with trials. It is the `boxoffice.screens.base.Demo` that the app is given."""

    def __init__(self, server: "Sandbox | SandboxThread", *, started_as: str) -> None:
        """`started_as`: the command that makes up the same people again."""
        self._server = server
        self._cut: Rule | None = None
        event = server.state.tonight
        self.sheet = Sheet(
            tuple(
                SheetEntry(
                    trial.code,
                    trial.name,
                    VerdictCode(trial.verdict),
                    (HINTS_OFFLINE if trial.offline else HINTS)[VerdictCode(trial.verdict)],
                    offline=trial.offline,
                )
                for trial in server.state.trials
            ),
            f"{started_as} · {event.title}",
        )

    @property
    def doors(self) -> tuple[str, ...]:
        """Titles of the ticket types that the door admits: all but one, so that it can be tried."""
        from boxoffice.sandbox.trials import CREW

        events = self._server.state.events.values()
        titles = (kind.title for event in events for kind in event.ticket_types)
        return tuple(title for title in dict.fromkeys(titles) if title != CREW)

    @property
    def extras(self) -> tuple[str, ...]:
        """Titles of the ticket types that are merchandise."""
        from boxoffice.sandbox.trials import SHIRT

        return (SHIRT,)

    @property
    def number(self) -> str:
        """Of a ticket that may enter; empty: there is none to try."""
        numbers = (
            entry.code for entry in self.sheet.entries if entry.verdict is VerdictCode.CHECK_NAME
        )
        return next(numbers, "")

    def cut_off(self) -> None:
        """Cut the door off from its site, where it is not."""
        if self._cut is None:
            self.unplug()

    def unplug(self) -> bool:
        """Cut the door off from its site, or put it back; answers whether it is connected now."""
        if self._cut is None:
            self._cut = self._server.faults.set("drop")
            return False
        self._server.faults.clear(self._cut)
        self._cut = None
        return True

    def switch_network(self) -> str:
        """Cut all doors off from the site, or put them back; what to say."""
        return _(ONLINE_AGAIN if self.unplug() else OFFLINE)

    @property
    def guests(self) -> list[tuple[str, str]]:
        """Code and name of each who has a ticket of the first event, in no order to be seen."""
        event = self._server.state.tonight
        return sorted((ticket.uuid, clean(ticket.full_name)) for ticket in event.tickets)

    def write(self, file: Path) -> None:
        """Write the sheet as PDF. Raises ProblemError."""
        from boxoffice.printing.a4 import sheet_pdf

        write_file(file, sheet_pdf(self.sheet, SystemClock().now()))


def sandbox(
    *,
    port: Port = 8800,
    token: Token = None,
    tickets: Tickets = 400,
    dialect: Dialect = "docs",
    latency: Latency = 0.0,
    seed: Seed = 1,
    faults: Faults = (),
    another_door: AnotherDoor = 0.0,
) -> None:
    """Serve the built-in sandbox on this computer until Ctrl-C.

    The options of all commands are accepted and change nothing here.
    """
    from boxoffice.sandbox import PortTakenError, SandboxThread
    from boxoffice.sandbox.server import serve

    gc.enable()
    server = SandboxThread(
        port=port,
        token=token,
        tickets=tickets,
        dialect=dialect,
        seed=seed,
        another_door_every=another_door or None,
    )
    try:
        for fault in (f"latency={latency}" if latency else "", *faults):
            if fault:
                server.faults.switch(fault)
        serve(server)
    except PortTakenError as error:
        raise ProblemError(str(error)) from error
    except ValueError as error:  # a fault that cannot be read
        raise ProblemError(str(error), status=2) from error
