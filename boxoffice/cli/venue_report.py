"""`report --venue`: the account of all doors of the venue, as they tell it and by their claims."""

from collections.abc import Iterator

from boxoffice import ProblemError
from boxoffice.cli.app_context import JOINS_WITHIN, AppContext
from boxoffice.cli.output import SUMMARY, fields
from boxoffice.domain.models import Event
from boxoffice.domain.venue_account import COUNTS, MONEY, VenueAccount
from boxoffice.language import N_, _
from boxoffice.printing.spreadsheet import Cell, Table
from boxoffice.sync.venue_account import read_venue_account

NEVER_JOINED = N_("This computer has joined no venue: boxoffice report is its own account.")
NO_ANSWER = N_("no answer")


async def read(context: AppContext, event: Event) -> VenueAccount:
    """Ask every door that is there. Raises ProblemError where this computer is no venue's."""
    sync, hub = await context.sync(), context.venue
    if hub is None:
        raise ProblemError(_(NEVER_JOINED))
    await hub.wait_joined(JOINS_WITHIN)
    return await read_venue_account(sync, hub, event, context.settings.door_policy.extras)


def tables(account: VenueAccount) -> list[Table]:
    money = f" {account.currency}".rstrip()
    columns = (
        *(_("door"), _("in"), _("sales"), _("sold for"), _("refunded")),
        *(_("cash expected"), _("to be sent")),
    )
    takings = [
        (lane, _(paid), amount)
        for lane, taken in (
            *((door.lane, door.takings) for door in account.doors),
            (_("all doors"), account.takings),
        )
        for paid, amount in taken.items()
    ]
    twice = [
        (pair.ticket, pair.first, pair.first_at or "", pair.second, pair.second_at)
        for pair in account.let_in_twice
    ]
    parts = [
        Table(SUMMARY, _("Summary"), (_("figure"), _("value")), list(_summary(account))),
        Table(
            "not_balanced",
            _("What is not in order"),
            (_("cause"),),
            [(one,) for one in account.causes],
        ),
        Table("by_door", f"{_('Doors')}{money}", columns, list(_doors(account))),
        Table("takings", f"{_('Takings')}{money}", (_("door"), _("paid by"), _("amount")), takings),
        Table(
            "let_in_twice",
            _("Let in twice"),
            (_("ticket"), _("first"), _("at"), _("then"), _("at")),
            twice,
        ),
    ]
    return [part._replace(currency=account.currency) for part in parts]


def _doors(account: VenueAccount) -> Iterator[tuple[Cell, ...]]:
    for door in account.doors:
        sold = (door.sales, door.turnover, door.refunded, door.expected_cash)
        yield door.lane, door.admissions, *sold, door.waiting
    for lane, admissions in account.silent:
        yield lane, admissions, _(NO_ANSWER), "", "", "", ""


def _summary(account: VenueAccount) -> Iterator[tuple[str, Cell]]:
    yield _("event"), account.event.title
    yield _("venue"), account.venue
    yield _("at"), account.at
    yield _("doors that answered"), len(account.doors)
    yield _("doors that did not"), len(account.silent)
    yield _("admitted"), account.admissions
    yield _("conflicts"), account.conflicts
    yield _("sold for"), account.total("turnover")
    yield _("discounts"), account.total("discounts")
    yield _("rounding of cash"), account.total("rounding")
    yield _("refunded"), account.total("refunded")
    yield _("cash expected in the tills"), account.total("expected_cash")
    yield _("currency"), account.currency


def as_json(account: VenueAccount) -> dict[str, object]:
    """`report --venue --json`."""
    return {
        "event": fields(account.event, "uuid title"),
        "venue": account.venue,
        "at": account.at,
        "complete": account.reached and not account.silent,
        "causes": account.causes,
        **fields(account, "admissions conflicts currency takings"),
        **{name: account.total(name) for name in MONEY},
        "doors": [
            {"door": door.lane, "answered": True}
            | fields(door, " ".join((*COUNTS, *MONEY, "currency takings")))
            for door in account.doors
        ]
        + [
            {"door": lane, "answered": False, "admissions": admissions}
            for lane, admissions in account.silent
        ],
        "let_in_twice": [pair._asdict() for pair in account.let_in_twice],
    }


def result(account: VenueAccount) -> str:
    return (
        _("Not all is in order.")
        if account.causes
        else _("All doors answered, and all is in order.")
    )
