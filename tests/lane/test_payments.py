"""Orders that the site has as not paid, paid at the door: once each, with the admission, noted."""

from decimal import Decimal
from typing import Any

import pytest

from boxoffice import ProblemError
from boxoffice.domain.account import account
from boxoffice.domain.balance import balance
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.journal import JournalKind
from boxoffice.domain.sale import OrderPayment, Refund, TakingKind
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.server_check import ServerAnswer
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.store import journal_db, takings
from boxoffice.store.db_file import PaidError
from boxoffice.sync.reconcile import read_night, read_site
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.lane.test_box_office import cart_of, settled
from tests.lane.test_pin import set_pin
from tests.support import FakeClock, both_dialects

DUE = Decimal("590.00")


@pytest.fixture
def unpaid(sandbox: Sandbox) -> Ticket:
    return sandbox.examples()["not_paid"]


@pytest.fixture
async def door(open_lane: OpenLane) -> Lane:
    lane = await open_lane(pay_at_door=True)
    await listed(lane)
    return lane


def paid(ticket: Ticket, paid: PaymentMethod = PaymentMethod.CASH, **more: Any) -> OrderPayment:
    return OrderPayment(ticket.order.uuid, ticket.order.order_id, paid, DUE, "DKK", **more)


async def entries(lane: Lane, kind: JournalKind) -> list[Any]:
    rows = await lane._journal.read_all(journal_db.log, lane.event.uuid)
    return [row.entry for row in rows if row.entry.kind is kind]


@both_dialects
async def test_paid_once_for_the_whole_order(
    door: Lane, unpaid: Ticket, open_lane: OpenLane
) -> None:
    await door.box_office.open_till(Decimal(100))
    scan = await door.scan(unpaid.uuid)
    assert (scan.verdict.code, scan.verdict.can_pay) == (VerdictCode.NOT_PAID, True)
    assert scan.verdict.reason.endswith("it can be paid here")
    view = await door.orders.of(unpaid.uuid)
    assert view is not None
    assert (view.order.uuid, view.payment) == (unpaid.order.uuid, None)
    admitted = await door.payments.take(scan, paid(unpaid, change=Decimal(10)))
    assert admitted.verdict.code is VerdictCode.ADMITTED
    assert "590.00 was taken for its order, change" in admitted.verdict.reason.replace("DKK", "")
    (entry,) = await entries(door, JournalKind.PAYMENT)
    assert entry.data["amount"] == str(DUE)
    till = await door.box_office.till()
    assert till is not None
    assert till.expected == DUE + 100
    south = await open_lane(name="South", pay_at_door=True)  # of the same folder
    other = next(each for each in unpaid.order.tickets if each is not unpaid)
    second = await south.scan(other.uuid)
    assert second.verdict.code is VerdictCode.ADMITTED
    assert "its order was paid here at" in second.verdict.reason
    assert unpaid.order.state == "NEW", "the API marks no order as paid"


async def test_of_two_who_take_the_money_one_is_told_to_give_it_back(
    door: Lane, unpaid: Ticket, open_lane: OpenLane
) -> None:
    """And nothing is written of the second: neither money nor admission."""
    south = await open_lane(name="South", pay_at_door=True)
    other = next(each for each in unpaid.order.tickets if each is not unpaid)
    first, second = await door.scan(unpaid.uuid), await south.scan(other.uuid)
    await door.payments.take(first, paid(unpaid))
    with pytest.raises(PaidError, match="was paid here already, at lane North: give this money"):
        await south.payments.take(second, paid(unpaid))
    assert len(await door._journal.read_all(takings.of_event)) == 1
    again = await south.scan(other.uuid)
    assert again.verdict.code is VerdictCode.ADMITTED


async def test_an_undo_keeps_the_money_noted_until_it_is_given_back(
    door: Lane, unpaid: Ticket, clock: FakeClock
) -> None:
    scan = await door.scan(unpaid.uuid)
    await door.payments.take(scan, paid(unpaid, PaymentMethod.CARD))
    await sent(door, clock)
    undone = await door.undo.last()
    assert undone.done
    assert "590.00 taken for its order stays noted" in undone.sentence
    assert (await door.scan(unpaid.uuid)).verdict.code is VerdictCode.ADMITTED
    await sent(door, clock)
    assert (await door.undo.last()).done
    back = await door.payments.give_back(unpaid.order.uuid, "Did not come in")
    assert (back.kind, back.amount, back.paid) == (
        TakingKind.PAYMENT_BACK,
        -DUE,
        PaymentMethod.CARD,
    )
    with pytest.raises(PaidError, match="Nothing that was paid here"):
        await door.payments.give_back(unpaid.order.uuid, "")
    once_more = await door.scan(unpaid.uuid)
    assert once_more.verdict.code is VerdictCode.NOT_PAID
    await door.payments.take(once_more, paid(unpaid, PaymentMethod.CASH))
    await sent(door, clock)
    night = await read_night(door._journal, door._store, door.event, clock.now())
    figures = account(night, await read_site(door._client, night))
    assert (figures.orders_paid, figures.not_in_a_till) == (DUE, DUE)
    assert figures.takings[PaymentMethod.CARD] == 0
    assert balance(figures, await read_site(door._client, night)).causes == ()


async def test_without_the_site_and_what_else_keeps_it_out(
    door: Lane, unpaid: Ticket, sandbox: Sandbox, clock: FakeClock
) -> None:
    """The money is noted in any case; what else is amiss with the ticket keeps it out."""
    scan = await door.scan(unpaid.uuid)
    unpaid.refunded = True
    refunded = await door.payments.take(scan, paid(unpaid))
    assert refunded.verdict.code is VerdictCode.REFUNDED
    assert "590.00" in refunded.verdict.reason
    assert "stays noted: F2, then Ctrl+O, gives it back" in refunded.verdict.reason
    unpaid.refunded = False
    await goes_offline(sandbox, door, clock)
    other = next(each for each in unpaid.order.tickets if each is not unpaid)
    offline = await door.scan(other.uuid)
    assert (offline.verdict.code, offline.verdict.confirmed) == (VerdictCode.ADMITTED, False)


async def test_who_has_paid_at_the_site_meanwhile_gets_the_money_back_once(
    door: Lane, unpaid: Ticket
) -> None:
    scan = await door.scan(unpaid.uuid)
    unpaid.order.state = "PAID"
    admitted = await door.payments.take(scan, paid(unpaid))
    assert admitted.verdict.code is VerdictCode.ADMITTED
    assert "the site has it as paid by now: give the money back" in admitted.verdict.reason
    order = unpaid.order.uuid
    assert await door.payments.of(order) is not None
    await door.orders.refund(order, Refund(PaymentMethod.CASH, DUE, "Paid twice"))
    assert await door.payments.of(order) is None
    with pytest.raises(PaidError, match="Nothing that was paid here"):
        await door.payments.give_back(order, "Once more")


async def test_a_list_that_has_it_on_another_order_which_is_paid(
    door: Lane, unpaid: Ticket, sandbox: Sandbox
) -> None:
    """Its own order may come too late, and the other one is no proof."""
    await door.scan(unpaid.uuid)  # its own order is known now
    paid_one = await door._client.orders.get(sandbox.examples()["plain"].order.uuid)
    ticket = await door._client.tickets.get(unpaid.uuid)
    answer = ServerAnswer(answered=True, ticket=ticket, order=paid_one)
    verdict = await door._admission._decide(ticket, answer, None)
    assert verdict.code is VerdictCode.NOT_PAID


async def test_only_where_it_is_allowed_and_the_pin_guards_what_goes_back(
    lane: Lane, unpaid: Ticket
) -> None:
    await listed(lane)
    scan = await lane.scan(unpaid.uuid)
    assert not scan.verdict.can_pay
    with pytest.raises(ValueError, match="cannot be paid here"):
        await lane.payments.take(scan, paid(unpaid))
    await set_pin(lane.pin)
    with pytest.raises(ProblemError, match="asks for the PIN"):
        await lane.payments.give_back(unpaid.order.uuid, "")


@both_dialects
async def test_what_was_sold_here_is_not_charged_again_while_the_site_has_it_as_not_paid(
    door: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    sold = await settled(
        door, clock, await door.box_office.sell(await cart_of(door, check_in=False))
    )
    (ticket,) = sandbox.state.orders[sold.order or ""].tickets
    ticket.order.state = "NEW"
    scan = await door.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert "its order was sold here at" in scan.verdict.reason


async def test_a_due_below_the_smallest_coin_is_settled_in_cash_for_nothing(
    door: Lane, unpaid: Ticket
) -> None:
    scan = await door.scan(unpaid.uuid)
    order = unpaid.order
    cash = OrderPayment(
        *(order.uuid, order.order_id, PaymentMethod.CASH, Decimal("0.20"), "DKK"), Decimal("-0.20")
    )
    admitted = await door.payments.take(scan, cash)
    assert admitted.verdict.code is VerdictCode.ADMITTED
    assert [row.amount for row in await door._journal.read_all(takings.of_event)] == [Decimal(0)]
