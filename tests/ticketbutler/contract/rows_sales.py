"""Scenarios of orders, discount codes and tickets."""

from decimal import Decimal

from boxoffice.domain.models import Answer, AnswerInput
from boxoffice.ticketbutler.resources.discounts import NewDiscountCode
from tests.ticketbutler.contract.stage import ANNA, Stage, row


@row("POST", "orders/")
async def create_order(stage: Stage) -> None:
    wanted = [(stage.event.ticket_types[0].uuid, 2)]
    told = await stage.client.orders.create(
        stage.uuid, address=ANNA, amounts=wanted, external_order_id="BX-door-1"
    )
    assert len(stage.box.state.orders[told.uuid].tickets) == 2


@row("GET", "orders/<order>/")
async def order(stage: Stage) -> None:
    wanted = stage.ticket.order
    assert (await stage.client.orders.get(wanted.uuid)).order_id == wanted.order_id
    told = await stage.client.orders.get_details(wanted.uuid)
    assert (told.order_id, told.event_uuid, told.state) == (
        wanted.order_id,
        stage.uuid,
        wanted.state,
    )
    assert told.event == stage.event.title
    assert told.address.email == wanted.address["email"]
    assert told.pdf.endswith(f"{wanted.uuid}/tickets-as-pdf/")


@row("GET", "events/<event>/orders/")
async def event_orders(stage: Stage) -> None:
    told = await stage.client.orders.list(stage.uuid)
    assert {each.order.uuid for each in told} == {each.uuid for each in stage.event.orders}
    in_full = await stage.client.orders.list_details(stage.uuid)
    assert [each.uuid for each in in_full] == [each.order.uuid for each in told]
    assert [each.total for each in in_full] == [each.order.total for each in told]
    for each, short in zip(in_full, told, strict=True):
        assert each.currency == short.currency
        assert [one.uuid for one in each.people] == [one.uuid for one in short.tickets]
        assert sum(line.quantity or 0 for line in each.lines) == len(short.tickets)
        assert {line.title for line in each.lines} == {one.ticket_type for one in short.tickets}


@row("PATCH", "orders/<order>/")
async def update_order(stage: Stage) -> None:
    wanted = stage.ticket.order
    told = await stage.client.orders.update(wanted.uuid, last_name="Østergård")
    assert wanted.address["last_name"] == told.address.last_name == "Østergård"
    assert (told.tickets, told.total) == (len(wanted.tickets), wanted.total)
    assert told.fees == Decimal(0)


@row("DELETE", "orders/<order>/")
async def refund_order(stage: Stage) -> None:
    wanted = stage.ticket.order
    assert (await stage.client.orders.refund(wanted.uuid)).refunded
    assert wanted.refunded


@row("POST", "orders/<order>/questions/")
async def answer_order(stage: Stage) -> None:
    wanted = stage.ticket.order
    asked = next(each for each in stage.event.purchase_questions if not each.choices)
    told = await stage.client.orders.answer(wanted.uuid, [AnswerInput(asked.uuid, "7")])
    assert Answer(asked.uuid, told[0].heading, "7") in told


@row("GET", "orders/<order>/questions/")
async def order_answers(stage: Stage) -> None:
    await answer_order(stage)
    assert await stage.client.orders.answers(stage.ticket.order.uuid)


@row("GET", "/da/purchase/<order>/tickets-as-pdf/")
async def order_pdf(stage: Stage) -> None:
    told = await stage.client.orders.get(stage.ticket.order.uuid)
    assert (await stage.client.orders.pdf(told)).startswith(b"%PDF")


CODE = NewDiscountCode(code="SOMMER", amount=Decimal("50.00"), usage_tickets_limit=3)


async def made(stage: Stage, event: str | None) -> int:
    (told,) = await stage.client.discounts.create(event, [CODE])
    return told.id


async def created(stage: Stage, event: str | None) -> None:
    of_type = stage.event.ticket_types[0].uuid
    tied = NewDiscountCode(
        code="VINTER", amount=Decimal("12.50"), usage_tickets_limit=1, ticket_type_uuid=of_type
    )
    told = await stage.client.discounts.create(event, [CODE, tied])
    assert [(e.code, e.amount, e.usage_tickets_limit, e.ticket_type_uuid) for e in told] == [
        ("SOMMER", Decimal("50.00"), 3, None),
        ("VINTER", Decimal("12.50"), 1, of_type),
    ]
    assert all(each.active and not each.amount_times_applied for each in told)


async def listed(stage: Stage, event: str | None) -> None:
    number = await made(stage, event)
    assert number in {each.id for each in await stage.client.discounts.list(event)}
    other = None if event else stage.uuid
    assert number not in {each.id for each in await stage.client.discounts.list(other)}


async def toggled(stage: Stage, event: str | None) -> None:
    number = await made(stage, event)
    assert not (await stage.client.discounts.toggle(event, number)).active
    assert (await stage.client.discounts.toggle(event, number)).active


async def deleted(stage: Stage, event: str | None) -> None:
    number = await made(stage, event)
    await stage.client.discounts.delete(event, number)
    assert number not in stage.box.state.discount_codes


@row("POST", "events/<event>/discount-code/")
async def create_codes(stage: Stage) -> None:
    await created(stage, stage.uuid)


@row("GET", "events/<event>/discount-code/")
async def list_codes(stage: Stage) -> None:
    await listed(stage, stage.uuid)


@row("POST", "events/<event>/discount-code/<code>/")
async def toggle_code(stage: Stage) -> None:
    await toggled(stage, stage.uuid)


@row("DELETE", "events/<event>/discount-code/<code>/")
async def delete_code(stage: Stage) -> None:
    await deleted(stage, stage.uuid)


@row("POST", "discount-code/")
async def create_generic_codes(stage: Stage) -> None:
    await created(stage, None)


@row("GET", "discount-code/")
async def list_generic_codes(stage: Stage) -> None:
    await listed(stage, None)


@row("POST", "discount-code/<code>/")
async def toggle_generic_code(stage: Stage) -> None:
    await toggled(stage, None)


@row("DELETE", "discount-code/<code>/")
async def delete_generic_code(stage: Stage) -> None:
    await deleted(stage, None)


@row("GET", "events/<event>/tickets/")
async def tickets(stage: Stage) -> None:
    told = await stage.client.tickets.list(stage.uuid)
    assert told is not None
    assert {each.uuid for each in told.tickets} == {each.uuid for each in stage.event.tickets}


@row("GET", "tickets/<ticket>/")
async def ticket(stage: Stage) -> None:
    wanted = stage.ticket
    told = await stage.client.tickets.get_details(wanted.uuid)
    assert (told.uuid, told.number, told.order) == (wanted.uuid, wanted.number, wanted.order.uuid)
    assert (await stage.client.tickets.get(wanted.uuid)).uuid == wanted.uuid


@row("PATCH", "tickets/<ticket>/")
async def update_ticket(stage: Stage) -> None:
    wanted = stage.ticket
    told = await stage.client.tickets.update(
        wanted.uuid,
        full_name="Full Name",
        checked_in=True,
        external_uuid="external_uuid",
        lead_tracking_reference="127812kjg1278",
    )
    assert (wanted.full_name, wanted.checked_in) == ("Full Name", True)
    assert told.external_uuid == wanted.external_uuid == "external_uuid"
    assert wanted.lead_tracking_reference == "127812kjg1278"
    again = await stage.client.tickets.patch(wanted.uuid, checked_in=False, full_name="Another")
    assert (again.checked_in, again.full_name) == (wanted.checked_in, "Another")
    assert (wanted.checked_in, wanted.external_uuid) == (False, "external_uuid")


@row("POST", "tickets/<ticket>/questions/")
async def answer(stage: Stage) -> None:
    told = await stage.client.tickets.answer(
        stage.ticket.uuid, [AnswerInput(stage.text.uuid, "Yes please")]
    )
    assert (stage.text.uuid, "Yes please") in {(each.question, each.value) for each in told}


@row("GET", "tickets/<ticket>/questions/")
async def answers(stage: Stage) -> None:
    await answer(stage)
    assert await stage.client.tickets.answers(stage.ticket.uuid)


@row("GET", "tickets/<ticket>/questions/all/")
async def questions(stage: Stage) -> None:
    assert await stage.client.tickets.questions(stage.ticket.uuid)


@row("GET", "tickets/<ticket>/questions/unanswered/")
async def unanswered(stage: Stage) -> None:
    wanted = stage.ticket
    left = {each.uuid for each in await stage.client.tickets.unanswered(wanted.uuid)}
    assert left <= {each.uuid for each in await stage.client.tickets.questions(wanted.uuid)}
