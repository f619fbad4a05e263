"""A sale at the door: placed, its tickets found and checked in, its money taken."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, TicketAnswers
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.lane import Change, Lane, SalesPolicy, SaleUpdated
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Question
from boxoffice.store import takings
from boxoffice.sync.sales.rules import NotForSale
from tests.lane.conftest import OpenLane, goes_offline, listed, passes
from tests.support import FakeClock, both_dialects, until

ANNA = Buyer("Anna", "Ågård", "anna@example.com", "+4512345678")


async def cart_of(lane: Lane, amount: int = 1, buyer: Buyer = ANNA, **other: Any) -> Cart:
    """So many of the event's first type, for cash."""
    offer = await lane.box_office.offer()
    kind = offer.types[0]
    assert kind.price is not None
    line = Line(kind.uuid, kind.title, kind.price, amount)
    return offer.cart([line], buyer, PaymentMethod.CASH, **other)


async def settled(lane: Lane, clock: FakeClock, sale: Sale, *states: SaleState) -> Sale:
    """The sale, once it stands in one of `states`; none: when it is done."""
    wanted = states or (SaleState.DONE,)

    async def there() -> bool:
        now = await lane.box_office.sale(sale.id)
        return now is not None and now.state in wanted

    await passes(clock, there, f"{sale.external_order_id} {' or '.join(wanted)}")
    now = await lane.box_office.sale(sale.id)
    assert now is not None
    return now


@both_dialects
async def test_a_sale_for_cash(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    changes: list[Change] = []
    lane.watch(changes.append)
    before = len(sandbox.state.orders)
    begun = await lane.box_office.sell(await cart_of(lane, 2, given=Decimal(1000)))
    assert begun.state is SaleState.SENDING
    assert begun.external_order_id == "BX-North-1"
    done = await settled(lane, clock, begun)
    order = sandbox.state.orders[done.order or ""]
    assert len(sandbox.state.orders) == before + 1
    assert order.external_order_id == "BX-North-1"
    assert order.address["email"] == "anna@example.com"
    assert set(done.tickets) == {ticket.uuid for ticket in order.tickets}
    assert done.checked_in, done.reason
    assert done.cart.change == Decimal(1000) - order.total
    await until(lambda: all(ticket.checked_in for ticket in order.tickets), "both in")
    told = [change.sale.state for change in changes if isinstance(change, SaleUpdated)]
    assert told[0] is SaleState.SENDING
    assert told[-1] is SaleState.DONE
    assert SaleState.SOLD in told
    (taking,) = await lane._journal.read_all(takings.of_event)
    assert (taking.amount, taking.paid) == (order.total, PaymentMethod.CASH)
    assert lane.roster.get(done.tickets[0]) is not None


async def test_what_is_offered(sandbox: Sandbox, lane: Lane) -> None:
    event = sandbox.state.events[lane.event.uuid]
    offer = await lane.box_office.refresh()
    assert [kind.title for kind in offer.types] == [kind.title for kind in event.ticket_types]
    assert [kind.price for kind in offer.types] == [kind.price for kind in event.ticket_types]
    assert [kind.left for kind in offer.types] == [kind.amount_left for kind in event.ticket_types]
    assert offer.currency == "DKK"
    assert {question.uuid for question in offer.questions} == {
        question.uuid for question in event.purchase_questions if question.active
    }
    assert {question.uuid for question in offer.ticket_questions} == {
        question.uuid for question in event.questions if question.active
    }
    assert (offer.online, offer.sentence, offer.reserve) == (True, "", None)
    assert offer.at is not None
    assert offer.at.utcoffset() is not None


@pytest.mark.parametrize("dialect", ["live"])
async def test_a_fee_that_buyers_bear_is_known_before_the_first_sale(
    sandbox: Sandbox, open_lane: OpenLane
) -> None:
    event = sandbox.state.tonight
    event.settings["organizer_absorb_fees"] = False
    sandbox.faults.set("404", method="GET", path="events/*/", times=1)  # read beside the list
    lane = await open_lane()
    await listed(lane)
    assert lane.event.fees_on_buyer is None
    offer = await lane.box_office.refresh()
    assert offer.types[0].price == event.ticket_types[0].price + Decimal("3.90")
    free = [kind.price for kind in offer.types if kind.title == "Volunteer"]
    assert free == [Decimal(0)]


async def test_cash_goes_into_an_open_till_of_its_own_coins(lane: Lane) -> None:
    assert not (await lane.box_office.offer()).till_open
    await lane._journal.write(takings.open_shift, Decimal(0), "EUR")
    assert not (await lane.box_office.offer()).till_open
    await lane.box_office.close_till(Decimal(0))
    await lane.box_office.open_till(Decimal(0))
    assert (await lane.box_office.offer()).till_open


async def test_what_was_used_last_is_offered_again(lane: Lane, clock: FakeClock) -> None:
    assert (await lane.box_office.offer()).last_paid is PaymentMethod.CASH
    await lane.box_office.set_house_email("house@example.com")
    cart = replace(await cart_of(lane), paid=PaymentMethod.MOBILEPAY)
    await settled(lane, clock, await lane.box_office.sell(cart))
    offer = await lane.box_office.offer()
    assert (offer.last_paid, offer.house_email) == (PaymentMethod.MOBILEPAY, "house@example.com")


@both_dialects
async def test_not_checked_in(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    done = await settled(
        lane, clock, await lane.box_office.sell(await cart_of(lane, check_in=False))
    )
    (ticket,) = sandbox.state.orders[done.order or ""].tickets
    assert done.tickets == (ticket.uuid,)
    assert not done.checked_in
    assert not ticket.checked_in
    assert done.reason == ""


@both_dialects
async def test_answers_go_with_order_and_tickets(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    event = sandbox.state.events[lane.event.uuid]
    dinner = event.ticket_types[3]
    offer = await lane.box_office.offer()
    kind = next(kind for kind in offer.types if kind.uuid == dinner.uuid)
    required = [
        question
        for question in event.questions
        if question.required and question.active and question.ticket_type in (None, dinner)
    ]
    assert required
    given = tuple(answer_to(question) for question in required)
    bought = [question for question in event.purchase_questions if question.active]
    line = Line(kind.uuid, kind.title, kind.price or Decimal(0), 2)
    cart = replace(
        offer.cart([line], ANNA, PaymentMethod.CARD),
        answers=tuple(answer_to(question) for question in bought),
        asked=(TicketAnswers(kind.uuid, given),),
    )
    done = await settled(lane, clock, await lane.box_office.sell(cart))
    order = sandbox.state.orders[done.order or ""]
    assert {*(order.answers or {})} == {question.uuid for question in bought}
    first, second = sorted(order.tickets, key=lambda ticket: ticket.number)
    await until(lambda: first.checked_in, "the one whose questions are answered")
    assert {*(first.answers or {})} == {question.uuid for question in required}
    assert not second.checked_in
    assert not done.checked_in
    assert "ANSWERS NEEDED" in done.reason


@pytest.mark.parametrize(
    ("doors", "check_in", "reason"),
    [((), False, ""), (("VIP balcony",), True, "WRONG DOOR")],
    ids=["for later", "for another door"],
)
async def test_answers_reach_the_site_where_nobody_is_let_in(
    sandbox: Sandbox,
    open_lane: OpenLane,
    clock: FakeClock,
    doors: tuple[str, ...],
    check_in: bool,
    reason: str,
) -> None:
    """What the buyer answered here would be asked again at the door that admits them."""
    lane = await open_lane(doors=doors)
    await listed(lane)
    event = sandbox.state.events[lane.event.uuid]
    question = next(
        question for question in event.questions if question.active and not question.ticket_type
    )
    cart = await cart_of(lane, check_in=check_in)
    asked = TicketAnswers(cart.lines[0].ticket_type, (answer_to(question),))
    begun = await lane.box_office.sell(replace(cart, asked=(asked,)))
    done = await settled(lane, clock, begun)
    (ticket,) = sandbox.state.orders[done.order or ""].tickets
    await passes(clock, lambda: ticket.answers, "the answers at the site")
    assert {*(ticket.answers or {})} == {question.uuid}
    assert not ticket.checked_in
    assert reason in done.reason


async def test_answers_that_are_refused_do_not_hold_up_the_sale(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    sandbox.faults.set("400", method="POST", path="orders/*/questions/")
    question = next(each for each in (await lane.box_office.offer()).questions)
    cart = replace(await cart_of(lane), answers=(AnswerInput(question.uuid, "x"),))
    done = await settled(lane, clock, await lane.box_office.sell(cart))
    (ticket,) = sandbox.state.orders[done.order or ""].tickets
    assert "answers" in done.reason
    await until(lambda: ticket.checked_in, "checked in all the same")


async def test_what_cannot_be_sold(sandbox: Sandbox, lane: Lane) -> None:
    offer = await lane.box_office.offer()
    sold_out = offer.types[2]
    line = Line(sold_out.uuid, sold_out.title, sold_out.price or Decimal(0), 1)
    cart = offer.cart([line], ANNA, PaymentMethod.CARD)
    assert await lane.box_office.problems(cart)
    with pytest.raises(NotForSale, match="sold out"):
        await lane.box_office.sell(cart)
    assert await lane.box_office.open_sales() == []
    assert sandbox.log.count("POST", "orders/") == 0


async def test_the_site_s_no_is_said(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    kind = sandbox.state.events[lane.event.uuid].ticket_types[0]
    cart = await cart_of(lane)
    kind.amount_total = kind.amount_sold
    refused = await settled(lane, clock, await lane.box_office.sell(cart), SaleState.REFUSED)
    assert refused.reason.startswith("Not enough tickets")
    await passes(clock, lambda: not lane.status.counts.unsent, "nothing waits")
    assert lane.status.counts.attention == 0


async def test_offline_no_sale_but_a_sentence(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    cart = await cart_of(lane)
    await goes_offline(sandbox, lane, clock)
    offer = await lane.box_office.offer()
    assert not offer.online
    assert "switched off" in offer.sentence
    with pytest.raises(NotForSale, match="switched off"):
        await lane.box_office.sell(cart)
    assert await lane.box_office.open_sales() == []


@both_dialects
async def test_offline_it_is_queued_against_a_reserve(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane(sales=SalesPolicy(offline=True, reserve=3))
    await listed(lane)
    cart = await cart_of(lane, 2)
    await goes_offline(sandbox, lane, clock)
    kind = cart.lines[0].ticket_type
    offer = await lane.box_office.offer()
    assert offer.sentence == ""
    assert offer.reserve is not None
    assert offer.reserve[kind] == 3
    queued = await lane.box_office.sell(cart)
    assert (queued.state, queued.word, queued.booked) == (SaleState.QUEUED, "queued", True)
    assert ((await lane.box_office.offer()).reserve or {})[kind] == 1
    with pytest.raises(NotForSale, match="Without the site"):
        await lane.box_office.sell(cart)
    await until(lambda: lane.status.counts.unsent == 1, "it waits")
    assert [sale.id for sale in (await lane.queue.view()).sales] == [queued.id]
    await sandbox.start()
    done = await settled(lane, clock, queued)
    assert len(done.tickets) == 2
    assert sandbox.log.count("POST", "orders/") == 1
    await passes(clock, lambda: lane.status.counts.unsent == 0, "nothing waits")
    (taking,) = await lane._journal.read_all(takings.of_event)
    assert taking.amount == cart.total


async def test_queued_and_refused_later_a_person_has_to_look(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane(sales=SalesPolicy(offline=True))
    await listed(lane)
    cart = await cart_of(lane)
    await goes_offline(sandbox, lane, clock)
    first, second = await lane.box_office.sell(cart), await lane.box_office.sell(cart)
    kind = sandbox.state.events[lane.event.uuid].ticket_types[0]
    kind.amount_total = kind.amount_sold + 1
    await sandbox.start()
    assert (await settled(lane, clock, first)).order
    failed = await settled(lane, clock, second, SaleState.FAILED)
    assert failed.reason.startswith("Not enough tickets")
    await passes(clock, lambda: lane.status.counts.attention == 1, "a person is needed")
    with pytest.raises(NotForSale, match="reason"):
        await lane.box_office.settle(failed.id, SaleAction.GIVE_UP, " ")
    dropped = await lane.box_office.settle(failed.id, SaleAction.GIVE_UP, "Money given back")
    assert dropped.state is SaleState.DROPPED
    await passes(clock, lambda: lane.status.counts.attention == 0, "nobody is needed")
    booked = await lane._journal.read_all(takings.of_event)
    assert sum(taking.amount for taking in booked) == cart.total


@both_dialects
async def test_the_truth_at_every_moment(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    """The answer is lost after the order was placed: not known, then sold; posted once."""
    told: list[SaleState] = []
    lane.watch(
        lambda change: told.append(change.sale.state) if isinstance(change, SaleUpdated) else None
    )
    sandbox.faults.set("drop-after", method="POST", path="orders/")
    ill = sandbox.faults.set("500", method="GET", path="events/*/tickets/")
    begun = await lane.box_office.sell(await cart_of(lane))
    unknown = await settled(lane, clock, begun, SaleState.UNKNOWN)
    assert unknown.word == "unknown"
    assert unknown.reason.endswith(".")
    await until(lambda: lane.status.counts.unsent == 1, "it is counted")
    sandbox.faults.clear(ill)
    done = await settled(lane, clock, begun)
    steps = [state for at, state in enumerate(told) if told[at - 1] is not state or not at]
    assert steps == [SaleState.SENDING, SaleState.UNKNOWN, SaleState.SOLD, SaleState.DONE]
    assert sandbox.log.count("POST", "orders/") == 1
    assert done.checked_in


async def test_what_a_lane_left_another_finds(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane()
    await listed(lane)
    rule = sandbox.faults.set("hang-after", method="POST", path="orders/")
    begun = await lane.box_office.sell(await cart_of(lane))
    await until(lambda: sandbox.log.count("POST", "orders/", applied=True), "an order")
    await lane.stop()
    sandbox.faults.clear(rule)
    later = await open_lane()
    assert [sale.id for sale in await later.box_office.open_sales()] == [begun.id]
    done = await settled(later, clock, begun)
    assert done.order
    assert sandbox.log.count("POST", "orders/") == 1


async def test_a_sale_to_a_lane_that_admits_other_types(
    open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane(doors=("VIP balcony",))
    await listed(lane)
    done = await settled(lane, clock, await lane.box_office.sell(await cart_of(lane)))
    assert "WRONG DOOR" in done.reason
    assert not done.checked_in


async def test_it_can_be_undone_as_any_check_in(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    done = await settled(lane, clock, await lane.box_office.sell(await cart_of(lane)))
    (ticket,) = sandbox.state.orders[done.order or ""].tickets
    await until(lambda: ticket.checked_in, "in")
    assert (await lane.undo.preview()).tickets
    undone = await lane.undo.last()
    assert undone.done, undone.sentence
    await until(lambda: not ticket.checked_in, "out")


def answer_to(question: Question) -> AnswerInput:
    match question.variation:
        case "SELECT":
            return AnswerInput(question.uuid, question.choices[0].uuid)
        case "SELECT_MULTIPLE":
            return AnswerInput(question.uuid, (question.choices[0].uuid,))
        case "NUMBER":
            return AnswerInput(question.uuid, "3")
        case "EMAIL":
            return AnswerInput(question.uuid, "x@example.com")
        case _:
            return AnswerInput(question.uuid, "Some text")
