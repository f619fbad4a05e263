"""`shift`: a lane's till, opened with a float and closed with a count."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from boxoffice.cli.options import NONE, Json, Options, read_amount
from boxoffice.cli.output import TILL, aligned, fields, print_json
from boxoffice.cli.run_app import run
from boxoffice.cli.select_event import select_event
from boxoffice.domain.humanize import describe_difference
from boxoffice.domain.money import plain_amount
from boxoffice.domain.sale import Shift

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext

Opening = Annotated[str, Parameter(name="--float", help="What is in the till, such as 500.")]
Counted = Annotated[str, Parameter(name="--count", help="What was counted, such as 1234.50.")]

shift = App(name="shift", help="The till of this lane: opened with a float, closed with a count.")


@shift.default
def show(*, json: Json = False, options: Options = NONE) -> None:
    """Show the till of this lane: its float, the cash taken, and what should be in it."""

    async def work(context: "AppContext") -> Shift | None:
        from boxoffice.store import takings

        journal = (await context.services.files()).journal
        return await journal.read(takings.current_shift, journal.lane)

    current = run(options.settings(), work)
    if current is not None:
        _print(current, json=json)
    else:
        print("null" if json else "The till of this lane is not open: see boxoffice shift open.")


@shift.command(name="open")
def open_(*, opening: Opening, json: Json = False, options: Options = NONE) -> None:
    """Open the till of this lane."""
    settings = options.settings()
    money = read_amount("--float", opening, settings.locale)
    _print(run(settings, lambda context: _open(context, money)), json=json)


async def _open(context: "AppContext", money: Decimal) -> Shift:
    from boxoffice.lane.event_cache import EventCache
    from boxoffice.lane.till import Till

    event = await select_event(context)
    if not event.currency:
        await context.fetch(old=True)  # only the list of events has it
    files = await context.services.files()
    return await Till(files.journal, EventCache(event, files.store)).open(money)


@shift.command
def close(*, counted: Counted, json: Json = False, options: Options = NONE) -> None:
    """Close the till of this lane, and show the difference."""
    settings = options.settings()
    money = read_amount("--count", counted, settings.locale)

    async def work(context: "AppContext") -> Shift:
        from boxoffice.store import takings

        return await (await context.services.files()).journal.write(takings.close_shift, money)

    _print(run(settings, work), json=json)


def _print(current: Shift, *, json: bool) -> None:
    if json:
        print_json(fields(current, TILL))
    else:
        print(_lines(current))


def _lines(current: Shift) -> str:
    rows = [
        ("Float", plain_amount(current.opening)),
        ("Cash taken", plain_amount(current.taken)),
        ("Should be in the till", plain_amount(current.expected)),
    ]
    state = "open"
    if current.counted is not None and current.difference is not None:
        state = "closed"
        wrong = f"{plain_amount(abs(current.difference))} " if current.difference else ""
        rows += [
            ("Counted", plain_amount(current.counted)),
            ("Difference", f"{wrong}{describe_difference(current.difference)}"),
        ]
    return f"Till of lane {current.lane}, {current.currency}: {state}.\n{aligned(rows)}"
