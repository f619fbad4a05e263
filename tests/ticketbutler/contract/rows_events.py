"""Scenarios of ping, events, ticket types and questions."""

from datetime import timedelta
from decimal import Decimal

import pytest

from boxoffice.ticketbutler import NotFound
from boxoffice.ticketbutler.resources.event_models import EventAddress, NewEvent
from boxoffice.ticketbutler.resources.questions import Asked, QuestionDetails
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType
from tests.ticketbutler.contract.stage import WEEK, Stage, row


@row("GET", "ping/")
async def ping(stage: Stage) -> None:
    await stage.client.ping()


@row("GET", "events/")
async def events(stage: Stage) -> None:
    told = await stage.client.events.list_details(old=True)
    everything = stage.box.state.events
    assert [(each.uuid, each.start) for each in told] == [
        (uuid, each.start) for uuid, each in everything.items()
    ]
    now = stage.clock.now()
    assert [each.expired for each in told] == [each.expired(now) for each in everything.values()]
    assert {each.currency for each in told} == {"DKK"}
    assert len(await stage.client.events.list_details()) < len(told)


@row("POST", "events/")
async def create_event(stage: Stage) -> None:
    start = stage.clock.now() + WEEK
    new = NewEvent(
        title="Fællessang på kajen",
        start=start,
        end=start + timedelta(hours=3),
        ticket_types=(
            NewTicketType(title="Voksen", price=Decimal("125.50"), amount_total=80),
            NewTicketType(title="Medlem", price=Decimal(0), amount_total=20, members_only=True),
        ),
        venue=EventAddress(venue="Pakhuset", city="København S", language="sv"),
        description="<p>Tag en ven med</p>",
        summary="Sang",
    )
    told = await stage.client.events.create(new)
    told = await stage.client.events.get_details(told.uuid)
    assert told.venue.language == "sv"
    made = stage.box.state.events[told.uuid]
    assert (made.title, made.start, made.end) == (new.title, new.start, new.end)
    assert (made.venue, made.description, made.summary) == (
        "Pakhuset",
        new.description,
        new.summary,
    )
    assert [(t.title, t.price, t.amount_total, t.members_only) for t in made.ticket_types] == [
        ("Voksen", Decimal("125.50"), 80, False),
        ("Medlem", Decimal(0), 20, True),
    ]
    assert [each.title for each in told.ticket_types] == ["Voksen", "Medlem"]
    assert [each.uuid for each in told.ticket_types] == [each.uuid for each in made.ticket_types]


@row("GET", "events/<event>/")
async def event(stage: Stage) -> None:
    told = await stage.client.events.get_details(stage.uuid)
    assert (told.uuid, told.start) == (stage.uuid, stage.event.start)
    assert told.settings.ticket_limit == stage.event.ticket_limit
    assert [each.pk for each in told.ticket_types] == [e.pk for e in stage.event.ticket_types]


@row("POST", "events/<event>/")
async def update_event(stage: Stage) -> None:
    before = [(each.uuid, each.pk, each.title) for each in stage.event.ticket_types]
    told = await stage.client.events.update(stage.uuid, title="Another title")
    assert told.title == stage.event.title == "Another title"
    assert [(each.uuid, each.pk, each.title) for each in stage.event.ticket_types] == before
    assert [each.uuid for each in told.ticket_types] == [uuid for uuid, _, _ in before]


@row("DELETE", "events/<event>/")
async def delete_event(stage: Stage) -> None:
    await stage.client.events.delete(stage.uuid, "The pipes have burst")
    assert stage.event.delete_reason == "The pipes have burst"
    with pytest.raises(NotFound):
        await stage.client.events.get_details(stage.uuid)


@row("GET", "events/<event>/ticket-types/")
async def ticket_types(stage: Stage) -> None:
    told = await stage.client.ticket_types.list_details(stage.uuid)
    assert [(e.pk, e.price, e.amount, e.amount_sold, e.amount_total, e.active) for e in told] == [
        (each.pk, each.price, each.amount_left, each.amount_sold, each.amount_total, each.active)
        for each in stage.event.ticket_types
    ]


@row("POST", "events/<event>/ticket-types/")
async def create_ticket_type(stage: Stage) -> None:
    new = NewTicketType(title="Balkon", price=Decimal("99.95"), amount_total=12, members_only=True)
    told = await stage.client.ticket_types.create(stage.uuid, new)
    made = next(each for each in stage.event.ticket_types if each.uuid == told.uuid)
    assert (made.title, made.price, made.amount_total, made.members_only) == (
        "Balkon",
        Decimal("99.95"),
        12,
        True,
    )
    assert (told.title, told.price, told.amount) == ("Balkon", Decimal("99.95"), 12)


@row("GET", "events/<event>/ticket-types/<type>/")
async def ticket_type(stage: Stage) -> None:
    wanted = stage.event.ticket_types[1]
    told = await stage.client.ticket_types.get_details(stage.uuid, wanted.uuid)
    assert (told.uuid, told.price, told.amount) == (wanted.uuid, wanted.price, wanted.amount_left)


@row("PATCH", "events/<event>/ticket-types/<type>/")
async def update_ticket_type(stage: Stage) -> None:
    raised = stage.event.ticket_types[0]
    total, left = raised.amount_total + 25, raised.amount_left
    told = await stage.client.ticket_types.update(stage.uuid, raised.uuid, amount_total=total)
    assert raised.amount_total == told.amount_total == total
    assert told.amount == left + 25
    assert told.pk == raised.pk


@row("DELETE", "events/<event>/ticket-types/<type>/")
async def delete_ticket_type(stage: Stage) -> None:
    new = NewTicketType(title="A mistake", price=Decimal(1), amount_total=1)
    made = await stage.client.ticket_types.create(stage.uuid, new)
    before = len(stage.event.ticket_types)
    await stage.client.ticket_types.delete(stage.uuid, made.uuid)
    assert len(stage.event.ticket_types) == before - 1


@row("GET", "events/<event>/ticket-type-questions/")
async def ticket_type_questions(stage: Stage) -> None:
    told = await stage.client.questions.list_details(stage.uuid)
    asked = [each for collection in told for each in collection.questions]
    assert {each.uuid for each in asked} == {each.uuid for each in stage.event.questions}


@row("GET", "events/<event>/purchase-questions/")
async def purchase_questions(stage: Stage) -> None:
    (told,) = await stage.client.questions.list_details(stage.uuid, Asked.BUYERS)
    assert [(each.uuid, each.required) for each in told.questions] == [
        (each.uuid, each.required) for each in stage.event.purchase_questions
    ]


@row("POST", "events/<event>/ticket-type-questions/")
async def save_questions(stage: Stage) -> None:
    before = [(each.uuid, len(each.choices)) for each in stage.event.questions]
    new = QuestionDetails(heading="Shoe size?", variation="NUMBER")
    told = await stage.client.questions.create(stage.uuid, new)
    now = stage.event.questions
    assert set(before) < {(each.uuid, len(each.choices)) for each in now}
    assert len(told) == len(now) == len(before) + 1
    assert "Shoe size?" in {each.heading for each in now}


@row("POST", "events/<event>/purchase-questions/")
async def save_purchase_questions(stage: Stage) -> None:
    before = [each.uuid for each in stage.event.purchase_questions]
    new = QuestionDetails(heading="How did you hear of us?")
    await stage.client.questions.create(stage.uuid, new, of=Asked.BUYERS)
    now = stage.event.purchase_questions
    assert [each.uuid for each in now][: len(before)] == before
    assert len(now) == len(before) + 1


@row("GET", "events/<event>/questions/<question>/")
async def question(stage: Stage) -> None:
    for wanted in (*stage.event.questions, *stage.event.purchase_questions):
        told = await stage.client.questions.get_details(stage.uuid, wanted.uuid)
        assert (told.uuid, len(told.choices)) == (wanted.uuid, len(wanted.choices))


@row("PATCH", "events/<event>/questions/<question>/")
async def patch_question(stage: Stage) -> None:
    wanted = next(each for each in stage.event.questions if each.choices)
    choices = list(wanted.choices)
    told = await stage.client.questions.update(stage.uuid, wanted.uuid, heading="Which one?")
    assert wanted.heading == told.heading == "Which one?"
    assert wanted.choices == choices


@row("DELETE", "events/<event>/questions/<question>/")
async def delete_question(stage: Stage) -> None:
    gone, *kept = list(stage.event.questions)
    await stage.client.questions.delete(stage.uuid, gone.uuid)
    assert stage.event.questions == kept
