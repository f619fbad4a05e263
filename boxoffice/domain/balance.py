"""Whether the night's account balances with the server, and if not, why: a sentence each. Pure.

CONTRIBUTING.md, promises 9 and 12.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

from boxoffice.domain.account import Account, Site
from boxoffice.domain.courier import WAITS
from boxoffice.domain.humanize import count, describe_difference, lane_name
from boxoffice.domain.journal import QueueKind, QueueState, describe_lost
from boxoffice.domain.models import Order, OrderStatus
from boxoffice.domain.money import plain_amount
from boxoffice.domain.sale import Sale, TakingKind

BEFORE = timedelta(days=2)
"""So long before an event a journal that was lost may have held something of it."""
NAMED = 5
"""So many of a kind are named one by one; the rest is counted."""

TAKEN_BACK = "it had the check-in, and has it no longer"
NOT_NOTED = (
    "was refunded at the site, but not in this account: open the order in boxoffice, and write "
    "down under Refund what is given back."
)

T = TypeVar("T")

_OURS_TO_SETTLE = frozenset({QueueState.WAITING, QueueState.SENDING, QueueState.FAILED})


class Missing(NamedTuple):
    """Somebody who was admitted here, and is not in at the server."""

    ticket: str
    name: str
    reason: str
    """What is known of why; empty: nothing."""


class Reconciliation(NamedTuple):
    """How the journal and the server agree."""

    checked: int
    """Admissions of the journal that were looked for at the server."""
    missing: tuple[Missing, ...]
    unknown_to_us: int
    """How many are in at the server that no journal of this computer knows."""
    orders: int
    """Orders of our sales that were looked for."""


class Balance(NamedTuple):
    causes: tuple[str, ...]
    """Why it does not balance, a sentence each; none: it does."""
    reconciliation: Reconciliation | None
    """None: the server could not be asked."""


def balance(account: Account, site: Site | None, trouble: str = "") -> Balance:
    """Weigh the account against the server. `trouble`: why it could not be asked, in a sentence."""
    causes = [
        *_journal(account),
        *_queue(account),
        *_sales(account),
        *_takings(account),
        *_tills(account),
    ]
    if site is None:
        return Balance((*causes, f"Nothing was checked with the server: {trouble}"), None)
    reconciled = reconcile(account, site)
    causes += _missing(reconciled.missing)
    unread = [site.unread[uuid] for uuid in account.night.should_be_in if uuid in site.unread]
    if unread:
        causes.append(
            f"{count(len(unread), 'admission')} could not be looked for at the server: {unread[0]}"
        )
    causes += _orders(account, site)
    return Balance(tuple(causes), reconciled)


def reconcile(account: Account, site: Site) -> Reconciliation:
    """Compare admissions and orders. What the queue still holds has not failed to arrive yet."""
    night = account.night
    queued = {
        row.ticket
        for row in night.queue
        if row.kind is QueueKind.CHECK_IN and row.state in _OURS_TO_SETTLE
    }
    back = [admission.ticket for admission in night.admissions if admission.taken_back]
    reasons = dict.fromkeys(back, TAKEN_BACK) | {
        note.ticket: f"dismissed here: {note.reason}"
        for note in night.dismissed
        if note.what == QueueKind.CHECK_IN
    }
    ours = set(night.should_be_in)
    inside = {uuid for uuid, ticket in site.tickets.items() if ticket.checked_in}
    missing = [
        Missing(uuid, _name(account, site, uuid), reasons.get(uuid, ""))
        for uuid in sorted(ours - inside - queued - site.unread.keys())
    ]
    return Reconciliation(
        checked=len(ours - site.unread.keys()),
        missing=tuple(missing),
        unknown_to_us=len(inside - ours),
        orders=len(site.orders),
    )


def _name(account: Account, site: Site, uuid: str) -> str:
    ticket = site.tickets.get(uuid) or account.night.tickets.get(uuid)
    return ticket.full_name if ticket else ""


def _journal(account: Account) -> Iterable[str]:
    """That it was not lost during the event, or after it."""
    night = account.night
    lost, start = night.lost_at, night.event.start
    if lost is not None and (start is None or lost > start - BEFORE):
        yield describe_lost(night.local(lost))


def _queue(account: Account) -> Iterable[str]:
    if account.waiting:
        waits = "waits" if account.waiting == 1 else "wait"
        rows = count(account.waiting, "row")
        posted = sum(row.reason == WAITS for row in account.night.queue)
        elsewhere = f" By the door with the internet: {posted}." if posted else ""
        yield f"{rows} of the queue {waits} to be sent: run boxoffice sync.{elsewhere}"
    if account.failed:
        has = "has" if len(account.failed) == 1 else "have"
        yield (
            f"{count(len(account.failed), 'row')} of the queue {has} failed: "
            "see boxoffice queue, then send it again or dismiss it with a reason."
        )
    if account.conflicts:
        verb = "is" if len(account.conflicts) == 1 else "are"
        yield (
            f"{count(len(account.conflicts), 'conflict')} {verb} open, with possibly two people in "
            "on one ticket: look for both, then dismiss it in boxoffice queue with what you found."
        )


def _sales(account: Account) -> Iterable[str]:
    def sentence(sale: Sale) -> str:
        why = f": {sale.reason}" if sale.reason else "."
        what = sale.state.replace("_", " ")
        todo = "see the queue (F6)" if sale.needs_person else "run boxoffice sync"
        return f"Sale {sale.external_order_id} is not settled ({what}; {todo}){why}"

    return _named(account.unsettled, sentence, "sales are not settled")


def _takings(account: Account) -> Iterable[str]:
    """That each sale's money is in the account, once."""
    booked: dict[int, Decimal] = {}
    for taking in account.night.takings:
        if taking.sale is not None and taking.kind is not TakingKind.REFUND:
            booked[taking.sale] = booked.get(taking.sale, Decimal(0)) + taking.amount
    for sale in account.night.sales:
        due = sale.cart.payable if sale.booked else Decimal(0)
        taken, currency = booked.get(sale.id, Decimal(0)), sale.cart.currency
        if taken != due:
            yield (
                f"Sale {sale.external_order_id} comes to {plain_amount(due, currency)}, but "
                f"{plain_amount(taken, currency)} of it is in "
                "the takings: tell the organiser."
            )
    known = {sale.id for sale in account.night.sales}
    for number in (sale for sale, taken in booked.items() if taken and sale not in known):
        yield f"The takings hold {plain_amount(booked[number])} of a sale that is not known here."
    currencies = sorted({taking.currency for taking in account.night.takings})
    if len(currencies) > 1:
        yield f"The takings are in several currencies ({', '.join(currencies)}), added as one."


def _tills(account: Account) -> Iterable[str]:
    """That each till was counted as what should be in it, and that all cash went into one."""
    night = account.night
    for shift in account.shifts:
        if shift.difference and shift.closed_at:
            at = f"{night.local(shift.closed_at):%H:%M}"
            yield (
                f"The till of {lane_name(shift.lane)}, closed at {at}, "
                f"held {plain_amount(abs(shift.difference), shift.currency)} {shift.currency} "
                f"{describe_difference(shift.difference)}: find out why, and tell the organiser."
            )
    if account.shifts and account.in_no_till:
        lanes = ", ".join(sorted({lane_name(taking.lane) for taking in account.in_no_till}))
        sums: dict[str, Decimal] = {}
        for taking in account.in_no_till:
            sums[taking.currency] = sums.get(taking.currency, Decimal(0)) + taking.amount
        amounts = " and ".join(f"{plain_amount(sums[one], one)} {one}" for one in sums)
        yield (
            f"{count(len(account.in_no_till), 'payment')} in cash, together {amounts}, came in or "
            f"went out while no till was open ({lanes}): count it apart, and tell the organiser."
        )


def _missing(missing: Sequence[Missing]) -> Iterable[str]:
    def sentence(one: Missing) -> str:
        who = f"{one.name or 'A ticket'} ({one.ticket})"
        why = f" ({one.reason})" if one.reason else ""
        return (
            f"{who} was let in here, but is not in at the server{why}: scan it again, or tell the "
            "organiser."
        )

    return _named(missing, sentence, "were let in here, but are not in at the server")


def _orders(account: Account, site: Site) -> Iterable[str]:
    """What of our orders is not at the server as the journal has it."""
    sales = account.night.sales
    ours = {sale.order: sale for sale in sales if sale.order is not None}
    noted = {note.ticket for note in account.night.refunds}
    refunds = noted.union(note.ticket for note in account.night.asked)
    others = sorted(refunds - {sale.order for sale in sales})
    for uuid in (*ours, *others):
        sale, order = ours.get(uuid), site.orders.get(uuid)
        order_id = sale.order_id if sale else order.order_id if order else ""
        called = f"Order {order_id or uuid}"
        called += f" of sale {sale.external_order_id}" if sale else ""
        refunded = order is not None and order.status is OrderStatus.REFUNDED
        if uuid in site.unread:
            yield f"{called} could not be read at the server: {site.unread[uuid]}"
        elif order is None:
            if sale:
                yield f"{called} is no longer at the site: tell the organiser."
        elif refunded and uuid not in noted:
            yield f"{called} {NOT_NOTED}"
        elif uuid in noted and not refunded:
            yield f"{called} was refunded here, but not at the site: refund it at the site."
        elif sale and not refunded:
            yield from _standing(sale, order, site, called)


def _standing(sale: Sale, order: Order, site: Site, called: str) -> Iterable[str]:
    if order.status not in (OrderStatus.UNKNOWN, OrderStatus.PAID):
        yield f"{called} stands as {order.state} at the site, not as paid: tell the organiser."
    if order.total is not None and order.total != sale.cart.total:
        yield (
            f"{called} comes to {plain_amount(order.total)} at the site, but "
            f"{plain_amount(sale.cart.total)} was taken "
            "for it: tell the organiser."
        )
    if order.external_order_id and order.external_order_id != sale.external_order_id:
        yield f"{called} carries the mark {order.external_order_id} at the site: see what it is."
    back = [uuid for uuid in sale.tickets if uuid in site.tickets and site.tickets[uuid].refunded]
    if back:
        yield (
            f"{count(len(back), 'ticket')} of sale {sale.external_order_id} was refunded at the "
            "site, and nothing of it is in this account: tell the organiser."
        )


def _named(found: Sequence[T], sentence: Callable[[T], str], rest: str) -> Iterable[str]:
    yield from map(sentence, found[:NAMED])
    if len(found) > NAMED:
        yield f"{len(found) - NAMED} more {rest}."
