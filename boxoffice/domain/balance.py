"""Whether the night's account balances with the server, and if not, why: a sentence each. Pure.

CONTRIBUTING.md, promises 9 and 12.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

from boxoffice.domain.account import Account
from boxoffice.domain.courier import WAITS
from boxoffice.domain.humanize import format_list, lane_name
from boxoffice.domain.journal import QueueKind, QueueState, describe_lost
from boxoffice.domain.models import Order, OrderStatus
from boxoffice.domain.money import local_amount
from boxoffice.domain.night import Site
from boxoffice.domain.sale import Sale, TakingKind
from boxoffice.language import N_, _, ngettext

BEFORE = timedelta(days=2)
"""So long before an event a journal that was lost may have held something of it."""
NAMED = 5
"""So many of a kind are named one by one; the rest is counted."""

TAKEN_BACK = N_("it had the check-in, and has it no longer")
NOT_NOTED = N_(
    "{order} was refunded at the site, but not in this account: open the order in boxoffice, and "
    "write down under Refund what is given back."
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
        unchecked = _("Nothing was checked with the site: {reason}").format(reason=trouble)
        return Balance((*causes, unchecked), None)
    reconciled = reconcile(account, site)
    causes += _missing(reconciled.missing)
    unread = [site.unread[uuid] for uuid in account.night.should_be_in if uuid in site.unread]
    if unread:
        not_looked_for = ngettext(
            "{n} admission could not be looked for at the site: {reason}",
            "{n} admissions could not be looked for at the site: {reason}",
            len(unread),
        )
        causes.append(not_looked_for.format(n=len(unread), reason=unread[0]))
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
    reasons = dict.fromkeys(back, _(TAKEN_BACK)) | {
        note.ticket: _("dismissed here: {reason}").format(reason=note.reason)
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
    """Checks that the journal was not lost during the event, or after it."""
    night = account.night
    lost, start = night.lost_at, night.event.start
    if lost is not None and (start is None or lost > start - BEFORE):
        yield describe_lost(night.local(lost))


def _queue(account: Account) -> Iterable[str]:
    if account.waiting:
        waits = ngettext(
            "{n} row of the queue waits to be sent: run boxoffice sync.",
            "{n} rows of the queue wait to be sent: run boxoffice sync.",
            account.waiting,
        ).format(n=account.waiting)
        posted = sum(row.reason == WAITS for row in account.night.queue)
        elsewhere = _("By the door with the internet: {n}.").format(n=posted) if posted else ""
        yield f"{waits} {elsewhere}".rstrip()
    if failed := len(account.failed):
        yield ngettext(
            "{n} row of the queue has failed: see boxoffice queue, then send it again or dismiss "
            "it with a reason.",
            "{n} rows of the queue have failed: see boxoffice queue, then send it again or dismiss "
            "it with a reason.",
            failed,
        ).format(n=failed)
    if conflicts := len(account.conflicts):
        yield ngettext(
            "{n} conflict is open, with possibly two people in on one ticket: look for both, then "
            "dismiss it in boxoffice queue with what you found.",
            "{n} conflicts are open, with possibly two people in on one ticket: look for both, "
            "then dismiss it in boxoffice queue with what you found.",
            conflicts,
        ).format(n=conflicts)


def _sales(account: Account) -> Iterable[str]:
    def sentence(sale: Sale) -> str:
        what = sale.state.replace("_", " ")
        todo = _("see the queue (F6)") if sale.needs_person else _("run boxoffice sync")
        unsettled = (
            _("Sale {sale} is not settled ({state}; {todo}): {reason}")
            if sale.reason
            else _("Sale {sale} is not settled ({state}; {todo}).")
        )
        return unsettled.format(
            sale=sale.external_order_id, state=what, todo=todo, reason=sale.reason
        )

    return _named(account.unsettled, sentence, N_("{n} more sales are not settled."))


def _takings(account: Account) -> Iterable[str]:
    """Checks that each sale's money is in the account, once."""
    booked: dict[int, Decimal] = {}
    for taking in account.night.takings:
        if taking.sale is not None and taking.kind is not TakingKind.REFUND:
            booked[taking.sale] = booked.get(taking.sale, Decimal(0)) + taking.amount
    for sale in account.night.sales:
        due = sale.cart.payable if sale.booked else Decimal(0)
        taken, currency = booked.get(sale.id, Decimal(0)), sale.cart.currency
        if taken != due:
            yield _(
                "Sale {sale} comes to {due}, but {taken} of it is in the takings: tell the "
                "organiser."
            ).format(
                sale=sale.external_order_id,
                due=local_amount(due, currency),
                taken=local_amount(taken, currency),
            )
    known = {sale.id for sale in account.night.sales}
    for number in (sale for sale, taken in booked.items() if taken and sale not in known):
        yield _("The takings hold {amount} of a sale that is not known here.").format(
            amount=local_amount(booked[number])
        )
    currencies = sorted({taking.currency for taking in account.night.takings})
    if len(currencies) > 1:
        yield _("The takings are in several currencies ({currencies}), added as one.").format(
            currencies=", ".join(currencies)
        )


def _tills(account: Account) -> Iterable[str]:
    """Checks that each till was counted as what should be in it, and all cash went into one."""
    night = account.night
    for shift in account.shifts:
        if shift.difference and shift.closed_at:
            at = f"{night.local(shift.closed_at):%H:%M}"
            differs = (
                _(
                    "The till of {lane}, closed at {at}, held {amount} {currency} too much: find "
                    "out why, and tell the organiser."
                )
                if shift.difference > 0
                else _(
                    "The till of {lane}, closed at {at}, held {amount} {currency} too little: find "
                    "out why, and tell the organiser."
                )
            )
            yield differs.format(
                lane=lane_name(shift.lane),
                at=at,
                amount=local_amount(abs(shift.difference), shift.currency),
                currency=shift.currency,
            )
    if account.shifts and account.in_no_till:
        lanes = ", ".join(sorted({lane_name(taking.lane) for taking in account.in_no_till}))
        sums: dict[str, Decimal] = {}
        for taking in account.in_no_till:
            sums[taking.currency] = sums.get(taking.currency, Decimal(0)) + taking.amount
        amounts = format_list([f"{local_amount(sums[one], one)} {one}" for one in sums])
        yield ngettext(
            "{n} payment in cash, together {amounts}, came in or went out while no till was open "
            "({lanes}): count it apart, and tell the organiser.",
            "{n} payments in cash, together {amounts}, came in or went out while no till was open "
            "({lanes}): count it apart, and tell the organiser.",
            len(account.in_no_till),
        ).format(n=len(account.in_no_till), amounts=amounts, lanes=lanes)


def _missing(missing: Sequence[Missing]) -> Iterable[str]:
    def sentence(one: Missing) -> str:
        who = f"{one.name or _('A ticket')} ({one.ticket})"
        not_in = (
            _(
                "{name} was let in here, but is not in at the site ({reason}): scan it again, or "
                "tell the organiser."
            )
            if one.reason
            else _(
                "{name} was let in here, but is not in at the site: scan it again, or tell the "
                "organiser."
            )
        )
        return not_in.format(name=who, reason=one.reason)

    return _named(missing, sentence, N_("{n} more were let in here, but are not in at the site."))


def _orders(account: Account, site: Site) -> Iterable[str]:
    """Checks that our orders are at the server as the journal has them."""
    sales = account.night.sales
    ours = {sale.order: sale for sale in sales if sale.order is not None}
    noted = {note.ticket for note in account.night.refunds}
    refunds = noted.union(note.ticket for note in account.night.asked)
    others = sorted(refunds - {sale.order for sale in sales})
    for uuid in (*ours, *others):
        sale, order = ours.get(uuid), site.orders.get(uuid)
        order_id = sale.order_id if sale else order.order_id if order else ""
        known_as = _("Order {order} of sale {sale}") if sale else _("Order {order}")
        mark = sale.external_order_id if sale else ""
        called = known_as.format(order=order_id or uuid, sale=mark)
        refunded = order is not None and order.status is OrderStatus.REFUNDED
        if uuid in site.unread:
            unread = _("{order} could not be read at the site: {reason}")
            yield unread.format(order=called, reason=site.unread[uuid])
        elif order is None:
            if sale:
                gone = _("{order} is no longer at the site: tell the organiser.")
                yield gone.format(order=called)
        elif refunded and uuid not in noted:
            yield _(NOT_NOTED).format(order=called)
        elif uuid in noted and not refunded:
            only_here = _("{order} was refunded here, but not at the site: refund it at the site.")
            yield only_here.format(order=called)
        elif sale and not refunded:
            yield from _order_causes(sale, order, site, called)


def _order_causes(sale: Sale, order: Order, site: Site, called: str) -> Iterable[str]:
    if order.status not in (OrderStatus.UNKNOWN, OrderStatus.PAID):
        unpaid = _("{order} stands as {state} at the site, not as paid: tell the organiser.")
        yield unpaid.format(order=called, state=order.state)
    if order.total is not None and order.total != sale.cart.total:
        differs = _(
            "{order} comes to {cost} at the site, but {taken} was taken for it: tell the organiser."
        )
        yield differs.format(
            order=called, cost=local_amount(order.total), taken=local_amount(sale.cart.total)
        )
    if order.external_order_id and order.external_order_id != sale.external_order_id:
        marked = _("{order} carries the mark {mark} at the site: see what it is.")
        yield marked.format(order=called, mark=order.external_order_id)
    back = [uuid for uuid in sale.tickets if uuid in site.tickets and site.tickets[uuid].refunded]
    if back:
        yield ngettext(
            "{n} ticket of sale {sale} was refunded at the site, and nothing of it is in this "
            "account: tell the organiser.",
            "{n} tickets of sale {sale} were refunded at the site, and nothing of it is in this "
            "account: tell the organiser.",
            len(back),
        ).format(n=len(back), sale=sale.external_order_id)


def _named(found: Sequence[T], sentence: Callable[[T], str], rest: str) -> Iterable[str]:
    """A sentence for each of the first; for the others, which are only counted, `rest`."""
    yield from map(sentence, found[:NAMED])
    if len(found) > NAMED:
        yield _(rest).format(n=len(found) - NAMED)
