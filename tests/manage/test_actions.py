"""What only things of one kind can do."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.manage import Desk, for_create, for_input
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler import Refused, TicketbutlerError
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.record import as_json
from tests.manage.stage import NEW, not_here, outcome, value
from tests.store.sale_support import cart
from tests.support import EVENING, both_dialects


@both_dialects
async def test_an_order_is_refunded_once(desk: Desk, tonight: SandboxEvent) -> None:
    orders = desk.resources["orders"]
    order = next(each for each in tonight.orders if not each.refunded and len(each.tickets) == 2)
    assert orders.actions["refund"].destructive
    change = orders.act("refund", None, order.uuid)
    assert isinstance(change, PendingChange)
    (different,) = (await change.prepare()).differences
    assert (different.label, different.after) == ("State", "REFUND")
    assert not order.refunded
    told = await change
    assert (told.refunded, order.refunded) == (True, True)
    with pytest.raises(Refused):
        await value(orders.act("refund", None, order.uuid))


@pytest.mark.parametrize(
    ("booked", "price", "told"),
    [(True, "295.00", "590.00 DKK, card, at East"), (False, "295.00", ""), (True, "0.00", "")],
)
async def test_money_in_a_till_is_told_before_a_refund(
    desk: Desk, tonight: SandboxEvent, booked: bool, price: str, told: str
) -> None:
    order = next(each for each in tonight.orders if not each.refunded)
    what = cart(2, price=price, paid=PaymentMethod.CARD)
    sale = Sale(1, 1, "BX-East-1", SaleState.DONE, what, EVENING, "East", "Bo", booked=booked)
    asked = list[str]()

    async def sale_of(uuid: str) -> Sale | None:
        asked.append(uuid)
        return sale

    here = Desk(desk.resources["orders"]._client, sale_of).resources["orders"]
    change = here.act("refund", None, order.uuid)
    assert isinstance(change, PendingChange)
    _, *more = (await change.prepare()).differences
    assert asked == [order.uuid]
    assert [each.before for each in more] == ([told] if told else [])
    assert all("at the door instead" in each.after for each in more)


@both_dialects
async def test_a_code_is_switched_off_and_on(desk: Desk, tonight: SandboxEvent) -> None:
    codes = desk.resources["discounts"]
    for event in (tonight.uuid, None):
        made = await codes.create(event, for_create(codes, NEW["discounts"]))
        for active in (False, True):
            change = codes.act("toggle", event, codes.key(made))
            assert isinstance(change, PendingChange)
            (different,) = (await change.prepare()).differences
            assert different.after == ("yes" if active else "no")
            assert (await change).active is active
            assert [as_json(each)["active"] for each in await codes.list(event)] == [active]
        await codes.delete(event, codes.key(made))


@both_dialects
async def test_a_choice_is_removed_alone(desk: Desk, tonight: SandboxEvent) -> None:
    questions = desk.resources["questions"]
    asked = next(each for each in tonight.questions if each.heading == "Which menu?")
    labels = [each.label for each in asked.choices]
    others = [each.uuid for each in tonight.questions]
    change = questions.act("remove-choice", tonight.uuid, asked.uuid, {"choice": labels[1]})
    told = await value(change)
    assert [each.label for each in told.choices] == [labels[0], *labels[2:]]
    assert [each.label for each in asked.choices] == [labels[0], *labels[2:]]
    assert [each.uuid for each in tonight.questions] == others
    with pytest.raises(Refused, match="not one by that name"):
        await value(
            questions.act("remove-choice", tonight.uuid, asked.uuid, {"choice": "Moonbeams"})
        )


@both_dialects
async def test_a_question_goes_to_whom_and_to_which_ticket_type(
    desk: Desk, tonight: SandboxEvent
) -> None:
    questions = desk.resources["questions"]
    buyers, attendees = len(tonight.purchase_questions), len(tonight.questions)
    made = await questions.create(tonight.uuid, {"heading": "Invoice?", "asked": "buyers"})
    assert made.asked == "buyers"
    assert (len(tonight.purchase_questions), len(tonight.questions)) == (buyers + 1, attendees)
    title = tonight.ticket_types[1].title
    made = await questions.create(tonight.uuid, {"heading": "Card?", "ticket_type": title.upper()})
    assert made.asked == "attendees"
    (question,) = [each for each in tonight.questions if each.heading == "Card?"]
    assert question.ticket_type is tonight.ticket_types[1]
    with pytest.raises(Refused, match="not one by that name"):
        await questions.create(tonight.uuid, {"heading": "x", "ticket_type": "Moon"})


@both_dialects
async def test_answers_are_read_and_given(desk: Desk, tonight: SandboxEvent) -> None:
    tickets, orders = desk.resources["tickets"], desk.resources["orders"]
    multiple = next(each for each in tonight.questions if each.variation == "SELECT_MULTIPLE")
    ticket = next(
        each
        for each in tonight.tickets
        if multiple.ticket_type in {None, each.ticket_type} and not each.refunded
    )
    labels = [each.label for each in multiple.choices][:2]
    form = tickets.actions["answer"].model
    assert form is not None
    given = for_input(form, {"question": multiple.heading, "value": ", ".join(labels)})
    change = tickets.act("answer", None, ticket.uuid, given)
    assert isinstance(change, PendingChange)
    (different,) = (await change.prepare()).differences
    assert (different.label, different.after) == (multiple.heading, ", ".join(labels))
    await change
    told = await outcome(tickets.act("answers", None, ticket.uuid))
    assert told.rows is not None
    assert (multiple.uuid, multiple.heading, ", ".join(labels)) in {
        (row.question, row.heading, row.value) for row in told.rows
    }
    with pytest.raises(Refused, match="no such choice"):
        await value(
            tickets.act(
                "answer", None, ticket.uuid, {"question": multiple.uuid, "value": "Moonbeams"}
            )
        )
    order = next(each for each in tonight.orders if not each.refunded)
    number = next(each for each in tonight.purchase_questions if each.variation == "NUMBER")
    with pytest.raises(Refused, match="no answer to it"):
        await value(
            orders.act("answer", None, order.uuid, {"question": number.heading, "value": "many"})
        )
    await value(orders.act("answer", None, order.uuid, {"question": number.uuid, "value": "12"}))
    told = await outcome(orders.act("answers", None, order.uuid))
    assert "12" in {row.value for row in told.rows or ()}


async def test_a_choice_is_removed_only_where_there_is_one(
    desk: Desk, tonight: SandboxEvent
) -> None:
    questions = desk.resources["questions"]
    rows: Sequence[Any] = await questions.list(tonight.uuid)
    assert {bool(row.choices) for row in rows} == {True, False}
    assert all(bool(questions.actions_of(row)) == bool(row.choices) for row in rows)


@both_dialects
async def test_exports_and_files(desk: Desk, tonight: SandboxEvent) -> None:
    exports, orders = desk.resources["exports"], desk.resources["orders"]
    for row in await exports.list():
        assert list(exports.actions_of(row)) == [exports.key(row)]
    assert (await outcome(exports.act("newsletters"))).rows
    sheet = await outcome(exports.act("newsletters-xlsx"))
    assert sheet.file.startswith(b"PK") or "will be sent" in sheet.sentence
    mailed = exports.act("orders-by-month", None, "", {"year": 2026, "month": 5, "email": ""})
    assert isinstance(mailed, PendingChange)
    assert (await mailed.prepare()).call.target.endswith("/orders/?year=2026&month=5")
    assert await mailed
    order = next(each for each in tonight.orders if not each.refunded)
    paper = await outcome(orders.act("pdf", None, order.uuid))
    assert paper.file.startswith(b"%PDF")
    assert paper.suggested == f"tickets-{order.order_id}.pdf"


@both_dialects
async def test_what_webhooks_may_listen_to(desk: Desk) -> None:
    hooks = desk.resources["webhooks"]
    assert (await outcome(hooks.act("access"))).sentence
    rows = (await outcome(hooks.act("actions"))).rows or ()
    assert "ticket.checkin" in {row.action for row in rows}


@both_dialects
@pytest.mark.parametrize("fault", ["drop", "drop-after", "500", "502-after", "truncated", "html"])
async def test_an_order_is_placed_once_however_its_first_try_ends(
    desk: Desk, tonight: SandboxEvent, sandbox: Sandbox, fault: str
) -> None:
    orders, before = desk.resources["orders"], len(tonight.orders)
    values = for_create(orders, NEW["orders"])
    change = orders.create(tonight.uuid, values)
    told = {each.name: each.after for each in (await change.prepare()).differences}
    assert told["amounts[0].ticket_type"] == "standard"
    mark = told["external_order_id"]
    sandbox.faults.set(fault, method="POST", path="orders/", times=1)
    with pytest.raises(TicketbutlerError) as caught:
        await change
    placed = len(tonight.orders) - before
    assert caught.value.maybe_applied or not placed
    assert (mark in caught.value.sentence) is caught.value.maybe_applied
    if placed:
        with pytest.raises(Refused) as refused:
            await change
        assert f"order {tonight.orders[-1].order_id}" in refused.value.sentence
    else:
        await change
    assert [each.external_order_id for each in tonight.orders[before:]] == [mark]
    await orders.create(tonight.uuid, values)
    assert len(tonight.orders) - before == 2


@both_dialects
async def test_an_order_that_another_program_tried_to_place_is_not_placed_again(
    desk: Desk, tonight: SandboxEvent, sandbox: Sandbox
) -> None:
    values = for_create(desk.resources["orders"], NEW["orders"] | {"external_order_id": "till-7"})
    sandbox.faults.set("drop-after", method="POST", path="orders/", times=1)
    with pytest.raises(TicketbutlerError):
        await value(desk.resources["orders"].create(tonight.uuid, values))
    (placed, before) = tonight.orders[-1], len(tonight.orders)
    fresh = Desk(desk.resources["orders"]._client, not_here)
    with pytest.raises(Refused) as caught:
        await value(fresh.resources["orders"].create(tonight.uuid, values))
    assert f"order {placed.order_id}" in caught.value.sentence
    assert len(tonight.orders) == before


@both_dialects
async def test_an_old_order_is_not_taken_for_the_one_that_was_not_placed(
    desk: Desk, tonight: SandboxEvent, sandbox: Sandbox
) -> None:
    orders = desk.resources["orders"]
    await orders.create(tonight.uuid, for_create(orders, NEW["orders"]))
    tonight.orders[-1].created -= timedelta(days=60)
    change = orders.create(tonight.uuid, for_create(orders, NEW["orders"]))
    sandbox.faults.set("502", method="POST", path="orders/", times=1)
    with pytest.raises(TicketbutlerError):
        await change
    before = len(tonight.orders)
    await change
    assert len(tonight.orders) == before + 1


@both_dialects
async def test_the_first_try_of_an_order_is_not_held_up_by_one_like_it(
    desk: Desk, tonight: SandboxEvent
) -> None:
    orders, before = desk.resources["orders"], len(tonight.orders)
    for _ in range(2):
        await orders.create(tonight.uuid, for_create(orders, NEW["orders"]))
    first, second = tonight.orders[before:]
    assert first.external_order_id != second.external_order_id
