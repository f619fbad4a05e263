"""`sell` and `shift`: a walk-up order without a screen, and the till that its cash goes into."""

import asyncio
import logging
import sys
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import PLAIN, Context, Json, read_amount
from boxoffice.cli.output import TILL, aligned, fields, print_json
from boxoffice.cli.select_event import select_event
from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, put
from boxoffice.domain.humanize import describe_difference, describe_unreckoned
from boxoffice.domain.models import TicketType
from boxoffice.domain.money import local_amount
from boxoffice.domain.pin import Act
from boxoffice.domain.sale import Sale, Shift
from boxoffice.domain.text import clean, hex_uuid, titled
from boxoffice.language import N_, _
from boxoffice.paths import MEMBERSHIP
from boxoffice.ticketbutler import KeyRefused, TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.domain.offer import Offer
    from boxoffice.lane import Lane

log = logging.getLogger(__name__)

WAIT_FOR = 20.0
"""Seconds for which the outcome is awaited."""
STILL_OPEN = 3
"""Exit status: not known yet, or queued."""
MOST = 999
"""Tickets of one type."""
BESIDE = {
    "queued": N_("The site cannot be reached: the sale is queued. boxoffice sync places it."),
    "unknown": N_(
        "It is not known yet whether the order was placed: do not sell it again; "
        "boxoffice sync settles it."
    ),
}
"""What a person has to know of a sale beside the result, in place of its reason."""

NO_TILL = N_(
    "The till of this lane is not open: this cash is in no till, and the report says so. "
    "boxoffice shift open opens it."
)

Types = Annotated[
    tuple[str, ...],
    Parameter(
        name="--type", help=N_("What: a ticket type's title or uuid, and how many after “=”.")
    ),
]
First = Annotated[str, Parameter(help=N_("The buyer's first name."))]
Last = Annotated[str, Parameter(help=N_("The buyer's last name."))]
Email = Annotated[str, Parameter(help=N_("The buyer's; without it the house's own (sales.email)."))]
Phone = Annotated[str, Parameter(help=N_("The buyer's."))]
Pays = Annotated[PaymentMethod, Parameter(name="--paid", help=N_("How it was paid."))]
HandedOver = Annotated[str, Parameter(help=N_("Cash that was handed over."))]
Code = Annotated[
    str,
    Parameter(
        name="--discount",
        help=N_(
            "A discount code of the site: what it takes off is not paid. The order "
            "itself keeps its price, as the site takes no code with it."
        ),
    ),
]
Complimentary = Annotated[
    str,
    Parameter(help=N_("Why the tickets are given away, with --paid free; the journal keeps it.")),
]
NoCheckIn = Annotated[
    bool, Parameter(name="--no-check-in", help=N_("Do not check the tickets in."))
]
Opening = Annotated[str, Parameter(name="--float", help=N_("What is in the till, such as 500."))]
Counted = Annotated[str, Parameter(name="--count", help=N_("What was counted, such as 1234.50."))]


async def sell(
    *,
    type: Types,  # noqa: A002 - the option's name
    first: First,
    last: Last,
    email: Email = "",
    phone: Phone = "",
    paid: Pays,
    given: HandedOver = "",
    discount: Code = "",
    complimentary: Complimentary = "",
    no_check_in: NoCheckIn = False,
    json: Json = False,
    context: Context,
) -> int:
    """Sell tickets at the door: place the order, and check its tickets in.

    Exit status 0: sold; 1: refused, with the reason; 3: not known yet, or queued: boxoffice sync
    settles it. Do not sell it again then.
    """
    wanted = [_wanted(text) for text in type]
    cash = read_amount("--given", given, context.locale) if given.strip() else None
    if cash is not None and paid is not PaymentMethod.CASH:
        raise ProblemError(_("--given is for --paid cash."), status=2)
    code, reason = clean(discount), clean(complimentary)
    if reason and (code or paid is not PaymentMethod.FREE):
        raise ProblemError(_("--complimentary is for --paid free, without a discount."), status=2)
    buyer = Buyer(clean(first), clean(last), clean(email), clean(phone))
    if not buyer.first_name or not buyer.last_name:
        raise ProblemError(_("--first and --last: the order needs both names."), status=2)
    event = await select_event(context)
    lane = await context.lane(event.uuid, follow_list=False, webhooks=False)
    offer = await _offer(lane)
    if code:
        offer = await _with_codes(lane, offer)
    if cash is not None:
        cash = read_amount("--given", given, context.locale, offer.currency)
    if not buyer.email:
        buyer = replace(buyer, email=offer.house_email, house=True)
    lines, check_in = _lines(wanted, offer), False if no_check_in else None
    cart = offer.cart(lines, buyer, paid, given=cash, check_in=check_in, code=code, reason=reason)
    if cash and cart.paid is PaymentMethod.FREE:
        raise ProblemError(
            _("This costs nothing: hand the cash back, and leave out --given."), status=2
        )
    into_no_till = cart.paid is PaymentMethod.CASH and not offer.till_open
    if into_no_till and not await lane.box_office.problems(cart):
        print(_(NO_TILL), file=sys.stderr)
    sale = await _placed(context, lane, cart)
    if sale.word == "refused":
        raise ProblemError(sale.reason or _("The site refused the sale."))
    if json:
        print_json(_as_json(sale), indent=None)
    else:
        print(sale_line(sale), flush=True)
    if trouble := _(BESIDE.get(sale.word, sale.reason)):
        print(trouble, file=sys.stderr)
    return 0 if sale.word == "sold" else STILL_OPEN


async def _placed(context: "AppContext", lane: "Lane", cart: Cart) -> Sale:
    """The sale as it stands in the end."""
    from boxoffice.sync.sales.rules import NotForSale

    sale = None
    try:
        sale = await lane.box_office.sell(cart, patience=WAIT_FOR)
        if sale.checked_in:
            await (await context.sync()).settle()  # for the server to take them
    except NotForSale as error:
        raise ProblemError(error.sentence) from error
    except asyncio.CancelledError:
        placed = sale is not None and sale.word == "sold"
        stands = (
            _("The sale is placed as order {order}: run boxoffice sync before you sell it again.")
            if placed
            else _("The sale may be placed: run boxoffice sync before you sell it again.")
        )
        print(stands.format(order=sale.order_id if sale else ""), file=sys.stderr)
        raise
    return sale


async def _offer(lane: "Lane") -> "Offer":
    """What can be sold, as the server has it now, or as last seen where it cannot be asked."""
    seats = lane.box_office.seats
    try:
        offer = await lane.box_office.refresh()
        if seats is not None and await lane.box_office.till() is not None:
            await seats.settle()  # for when the site cannot be reached
        return offer
    except KeyRefused:
        raise
    except TicketbutlerError as error:
        if seats is not None:
            await seats.settle()
        offer = await lane.box_office.offer()
        if not offer.types:
            raise
        if offer.sentence:
            raise ProblemError(offer.sentence) from error
        return offer


async def _with_codes(lane: "Lane", offer: "Offer") -> "Offer":
    """With the site's discount codes, or those last read where it cannot be asked."""
    try:
        return await lane.box_office.read_codes()
    except KeyRefused:
        raise
    except TicketbutlerError:
        if offer.codes is None:
            raise
        return offer


def _wanted(text: str) -> tuple[str, int]:
    """A ticket type and how many of it."""
    name, equals, amount = text.rpartition("=")
    if not equals:
        return text.strip(), 1
    if not (amount.strip().isascii() and amount.strip().isdigit()):
        return text.strip(), 1  # a title may hold “=” too
    if not 1 <= int(amount.strip().lstrip("0")[:9] or 0) <= MOST:
        problem = _("--type {text}: from 1 to {most} tickets.")
        raise ProblemError(problem.format(text=text, most=MOST), status=2)
    return name.strip(), int(amount)


def _lines(wanted: list[tuple[str, int]], offer: "Offer") -> list[Line]:
    lines: tuple[Line, ...] = ()
    for name, amount in wanted:
        kind = _type(name, offer.types)
        before = sum(line.amount for line in lines if line.ticket_type == kind.uuid)
        lines = put(lines, kind, before + amount)
    return list(lines)


def _type(name: str, types: tuple[TicketType, ...]) -> TicketType:
    """The type with this uuid or title, else the only one with `name` in its title."""
    uuid = hex_uuid(name)
    found = [kind for kind in types if kind.uuid == uuid] or titled(name, types)
    if len(found) == 1:
        return found[0]
    known = ", ".join(kind.title for kind in found or types)
    problem = (
        _("Several ticket types are “{name}”; there are: {known}.")
        if found
        else _("No ticket type is “{name}”; there are: {known}.")
    )
    raise ProblemError(problem.format(name=name, known=known), status=2)


def _as_json(sale: Sale) -> dict[str, object]:
    """These names are a public interface."""
    return {
        "state": sale.word,
        **fields(sale, "order order_id external_order_id tickets checked_in reason"),
        **fields(sale.cart, "total discount=discounted rounding currency change"),
    }


STATES = (N_("SOLD"), N_("QUEUED"), N_("UNKNOWN"), N_("REFUSED"))
"""A sale's `word` as a line about it begins."""


def sale_line(sale: Sale) -> str:
    """How it stands, for people: no change to be handed over before the money is taken."""
    number = sale.order_id or sale.order
    order = _("order {order}").format(order=number) if sale.order else _("no order yet")
    parts = [_(sale.word.upper()), sale.external_order_id, order]
    cart = sale.cart
    parts += [f"{local_amount(cart.total, cart.currency)} {cart.currency}".strip()]
    if cart.discount is not None:
        less = local_amount(cart.discounted, cart.currency)
        parts.append(f"{cart.discount.code} −{less}" if cart.discount.code else _("complimentary"))
    if cart.rounding:
        rounding = local_amount(cart.rounding, cart.currency)
        payable = local_amount(cart.payable, cart.currency)
        in_cash = _("rounding {rounding}, in cash {payable}")
        parts.append(in_cash.format(rounding=rounding, payable=payable))
    if cart.change and sale.booked:
        change = local_amount(cart.change, cart.currency)
        parts.append(_("change {change}").format(change=change))
    if sale.checked_in:
        parts.append(_("checked in"))
    return "  ".join(parts)


shift = App(
    name="shift",
    help=N_("The till of this lane: opened with a float, closed with a count."),
    default_parameter=PLAIN,
)


@shift.default
async def show(*, json: Json = False, context: Context) -> None:
    """Show the till of this lane: its float, the cash taken, and what should be in it."""
    from boxoffice.store import takings

    journal = (await context.files()).journal
    current = await journal.read(takings.current_shift, journal.lane)
    if current is not None:
        await _print_till(context, current, json=json)
    else:
        closed = _("The till of this lane is not open: see boxoffice shift open.")
        print("null" if json else closed)


@shift.command(name="open")
async def open_(*, opening: Opening, json: Json = False, context: Context) -> None:
    """Open the till of this lane."""
    from boxoffice.lane.deps import EventCache
    from boxoffice.store import takings

    read_amount("--float", opening, context.locale)  # asked wrongly, before anything is read
    event = await select_event(context)
    if not event.currency:
        await context.fetch(old=True)  # only the list of events has it
    files = await context.files()
    event = await EventCache(event, files.store, context.clock).latest()
    money = read_amount("--float", opening, context.locale, event.currency)
    opened = await files.journal.write(takings.open_shift, money, event.currency, event.uuid)
    await _print_till(context, opened, json=json)


@shift.command
async def close(*, counted: Counted, json: Json = False, context: Context) -> None:
    """Close the till of this lane, and show the difference."""
    from boxoffice.store import sales, takings

    money = read_amount("--count", counted, context.locale)
    journal = (await context.files()).journal
    if known := await journal.read(takings.current_shift, journal.lane):
        money = read_amount("--count", counted, context.locale, known.currency)
    await context.pin.permit(Act.CLOSE_TILL)
    closed = await journal.write(takings.close_shift, money)
    if under_way := await journal.read(sales.cash_under_way, journal.lane):
        print(describe_unreckoned(len(under_way)), file=sys.stderr)
    await _print_till(context, closed, json=json)
    if (context.data / MEMBERSHIP).exists():
        from boxoffice.cli.headless import update_hub

        try:
            await update_hub(context)
        except ProblemError as problem:  # without a key: boxoffice sync does it
            log.info("other tills wait for what this one holds: %s", problem)


@shift.command
async def reopen(*, json: Json = False, context: Context) -> None:
    """Open the till of this lane again after it was closed by mistake, with its float and cash.

    Only who closed it can, as --operator. How it was counted stays in the journal.
    """
    from boxoffice.store import takings

    journal = (await context.files()).journal
    await context.pin.permit(Act.REOPEN_TILL)
    await _print_till(context, await journal.write(takings.reopen_shift), json=json)


async def _print_till(context: "AppContext", current: Shift, *, json: bool) -> None:
    if not json:
        print(_till_lines(current))
        return
    zones = {event.uuid: event.zone for event in await context.stored()}
    print_json(fields(current.in_zone(zones.get(current.event or "", UTC)), TILL))


def _till_lines(current: Shift) -> str:
    def money(amount: Decimal) -> str:
        return local_amount(amount, current.currency)

    rows = [
        (_("Float"), money(current.opening)),
        (_("Cash taken"), money(current.taken)),
        (_("Should be in the till"), money(current.expected)),
    ]
    till = _("Till of lane {lane}, {currency}: open.")
    if current.counted is not None and current.difference is not None:
        till = _("Till of lane {lane}, {currency}: closed.")
        wrong = f"{money(abs(current.difference))} " if current.difference else ""
        rows += [
            (_("Counted"), money(current.counted)),
            (_("Difference"), f"{wrong}{describe_difference(current.difference)}"),
        ]
    return f"{till.format(lane=current.lane, currency=current.currency)}\n{aligned(rows)}"
