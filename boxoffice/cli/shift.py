"""`shift`: a lane's till, opened with a float and closed with a count."""

from typing import Annotated

from cyclopts import App, Parameter

from boxoffice.cli.options import Context, Json, read_amount
from boxoffice.cli.output import TILL, aligned, fields, print_json
from boxoffice.cli.select_event import select_event
from boxoffice.domain.humanize import describe_difference
from boxoffice.domain.money import plain_amount
from boxoffice.domain.sale import Shift

Opening = Annotated[str, Parameter(name="--float", help="What is in the till, such as 500.")]
Counted = Annotated[str, Parameter(name="--count", help="What was counted, such as 1234.50.")]

shift = App(name="shift", help="The till of this lane: opened with a float, closed with a count.")


@shift.default
async def show(*, json: Json = False, context: Context) -> None:
    """Show the till of this lane: its float, the cash taken, and what should be in it."""
    from boxoffice.store import takings

    journal = (await context.files()).journal
    current = await journal.read(takings.current_shift, journal.lane)
    if current is not None:
        _print(current, json=json)
    else:
        print("null" if json else "The till of this lane is not open: see boxoffice shift open.")


@shift.command(name="open")
async def open_(*, opening: Opening, json: Json = False, context: Context) -> None:
    """Open the till of this lane."""
    from boxoffice.lane.deps import EventCache
    from boxoffice.lane.till import Till

    money = read_amount("--float", opening, context.locale)
    event = await select_event(context)
    if not event.currency:
        await context.fetch(old=True)  # only the list of events has it
    files = await context.files()
    till = Till(files.journal, EventCache(event, files.store))
    _print(await till.open(money), json=json)


@shift.command
async def close(*, counted: Counted, json: Json = False, context: Context) -> None:
    """Close the till of this lane, and show the difference."""
    from boxoffice.store import takings

    money = read_amount("--count", counted, context.locale)
    journal = (await context.files()).journal
    _print(await journal.write(takings.close_shift, money), json=json)


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
