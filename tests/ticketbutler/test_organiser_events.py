"""What is written back of an event, and when nothing is."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from boxoffice.ticketbutler import (
    NoAnswer,
    NotFound,
    Refused,
    Ticketbutler,
    TicketbutlerError,
    Unreadable,
)
from boxoffice.ticketbutler.edits import ListEdit, NestedEdit, apply_edit
from boxoffice.ticketbutler.record import jsonable
from boxoffice.ticketbutler.resources.event_models import EventAddress, EventSettings, NewEvent
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType
from tests.ticketbutler.scripted import EVENT, OTHER, TYPE, ScriptedServer, reply

ROW = {
    "pk": 18,
    "uuid": "5025811E-9d83-4637-9d1d-b8a527909d0b",
    "title": "Free  ticket\u200b",
    "price": "0.00",
    "active": True,
    "amount_left": 40,
    "amount_sold": 60,
    "amount_total": 100,
    "is_members_only": False,
    "description": None,
    "start_date": None,
    "sort_id": None,
    "sales_end_date": "2026-06-01T08:00+02:00",
    "of_the_future": {"kept": [1, 2]},
}
SECOND = ROW | {"pk": 19, "uuid": OTHER, "title": "Second", "amount_left": 7, "amount_sold": 93}
TOLD = {
    "uuid": EVENT,
    "title": "Weekend  hack\u200b",
    "start_date": "2026-06-30T13:45+02:00",
    "address": {"venue": "Hal", "first_name": "A", "language": "da", "unknown": 1},
    "eventsettings": {"ticket_limit": 9, "reminder_email": True, "fee_type": "attendee"},
    "ticket_types": [{"uuid": TYPE}, {"uuid": OTHER}],
}
READ, TYPES = f"GET events/{EVENT}/", f"GET events/{EVENT}/ticket-types/"
WRITE = f"POST events/{EVENT}/"


@pytest.fixture
def script(script: ScriptedServer) -> ScriptedServer:
    script.answers = {READ: TOLD, TYPES: [ROW, SECOND], WRITE: {}}
    return script


async def test_ticket_types_go_back_as_they_were_said(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    await organiser.events.update(EVENT, title="New")
    (sent,) = script.writes
    kept = {name: value for name, value in ROW.items() if name != "amount_left"}
    assert isinstance(sent.body, dict)
    assert sent.body["title"] == "New"
    # What is left of them goes with no update: some of it may be sold meanwhile.
    assert sent.body["ticket_types"][0] == kept
    assert set(sent.body) == {"title", "ticket_types"}


async def test_only_what_is_different_of_a_part_is_changed(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    await organiser.events.update(
        EVENT,
        venue=NestedEdit({"city": "Aarhus"}),
        settings=NestedEdit({"ticket_limit": 4}),
        end=datetime(2026, 6, 30, 20, tzinfo=UTC),
    )
    (sent,) = script.writes
    assert isinstance(sent.body, dict)
    address, settings = TOLD["address"], TOLD["eventsettings"]
    assert isinstance(address, dict)
    assert isinstance(settings, dict)
    assert sent.body["address"] == address | {"city": "Aarhus"}
    assert sent.body["eventsettings"] == settings | {"ticket_limit": 4}
    assert sent.body["end_date"] == "2026-06-30T20:00:00+00:00"
    assert "title" not in sent.body
    assert "start_date" not in sent.body


async def test_a_new_date_is_sent_and_nothing_beside_it(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    """A date that is left out stays as it was: people come on the wrong day."""
    begins, valid_on = datetime(2026, 7, 1, 18, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)
    await organiser.events.update(EVENT, start=begins)
    await organiser.ticket_types.update(EVENT, TYPE, start=valid_on)
    event, ticket_type = (sent.body for sent in script.writes)
    assert isinstance(event, dict)
    assert isinstance(ticket_type, dict)
    assert set(event) == {"start_date", "ticket_types"}
    assert event["start_date"] == "2026-07-01T18:00:00+00:00"
    assert set(ticket_type) == {"ticket_types"}
    first, second = ticket_type["ticket_types"]
    assert first["start_date"] == "2026-07-02T00:00:00+00:00"
    assert second["start_date"] is None


PATCHED = f"PATCH events/{EVENT}/ticket-types/{TYPE}/"


async def test_stock_is_set_by_the_types_own_update(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    # Not active: the update of one ticket type does not take it.
    now = [ROW, SECOND]
    script.answers |= {TYPES: (now, [ROW | {"amount_total": 130}, SECOND]), PATCHED: {}}
    await organiser.ticket_types.update(EVENT, TYPE, active=False, amount_total=130)
    stock, event = script.writes
    assert (stock.line, stock.body) == (PATCHED, {"amount_total": 130})
    assert isinstance(event.body, dict)
    first, second = event.body["ticket_types"]
    assert (first["active"], second["active"], second["amount_total"]) == (False, True, 100)
    assert not {"amount", "amount_left", "amount_total"} & set(first)
    assert not {"amount", "amount_left"} & set(second)


async def test_stock_alone_needs_no_update_of_the_event(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers |= {PATCHED: {}}
    change = organiser.events.update(EVENT, ticket_types=ListEdit({TYPE: {"amount": 3}}))
    prepared = await change.prepare()
    assert (prepared.call.method, prepared.call.body) == ("PATCH", {"amount": 3})
    await change
    assert [each.line for each in script.writes] == [PATCHED]


async def test_a_stock_that_is_refused_changes_nothing_else(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers[PATCHED] = reply(b'["Has to be more than sold"]', "400 Bad Request")
    with pytest.raises(Refused) as caught:
        await organiser.ticket_types.update(EVENT, TYPE, active=False, amount_total=60)
    assert not caught.value.maybe_applied
    assert len(script.writes) == 1
    with pytest.raises(Refused, match="fewer than sold"):
        await organiser.ticket_types.update(EVENT, TYPE, active=False, amount_total=59)
    assert len(script.writes) == 1


async def test_an_event_that_is_refused_after_its_stock_was_set_says_so(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers |= {PATCHED: {}, WRITE: reply(b"", "400 Bad Request")}
    with pytest.raises(Refused) as caught:
        await organiser.ticket_types.update(EVENT, TYPE, active=False, amount_total=130)
    assert caught.value.maybe_applied


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in SECOND.items() if key != name}


@pytest.mark.parametrize(
    ("told", "types"),
    [
        (TOLD, [ROW, without("pk")]),
        (TOLD, [ROW, without("uuid")]),
        (TOLD, [ROW, SECOND | {"pk": "many"}]),
        (TOLD, [ROW, SECOND | {"pk": 18}]),
        (TOLD, [ROW, SECOND, SECOND | {"pk": 20}]),
        (TOLD, [ROW, None]),
        (TOLD, [ROW]),
        (TOLD, []),
        (TOLD | {"ticket_types": [{"uuid": TYPE}, {"title": "no uuid"}]}, [ROW]),
        (TOLD | {"uuid": OTHER}, [ROW, SECOND]),
    ],
    ids=lambda value: str(value)[-40:],
)
async def test_nothing_is_sent_where_not_all_is_known(
    organiser: Ticketbutler, script: ScriptedServer, told: object, types: object
) -> None:
    script.answers |= {READ: told, TYPES: types}
    for change in (
        organiser.events.update(EVENT, title="New"),
        organiser.ticket_types.update(EVENT, TYPE, description="New"),
    ):
        with pytest.raises(TicketbutlerError) as caught:
            await change
        assert isinstance(caught.value, Unreadable | NotFound)
        with pytest.raises(type(caught.value)):
            await change.prepare()
    assert not script.writes


async def test_a_type_that_is_lost_all_the_same_is_told(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers[TYPES] = ([ROW, SECOND], [ROW])
    with pytest.raises(Unreadable) as caught:
        await organiser.events.update(EVENT, title="New")
    assert caught.value.maybe_applied
    assert "no longer there: “Second”." in caught.value.sentence


async def test_settings_that_are_not_given_stay(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    settings = {"ticket_limit": 9, "reminder_email": True, "ticket_email_text": "Hi"}
    script.answers[READ] = TOLD | {"eventsettings": settings | {"fee_type": "attendee"}}
    change = organiser.events.update(
        EVENT, settings=EventSettings(ticket_limit=3, ticket_email_text="")
    )
    prepared = await change.prepare()
    assert isinstance(prepared.call.body, dict)
    assert prepared.call.body["eventsettings"] == {
        "ticket_limit": 3,
        "reminder_email": True,
        "ticket_email_text": "",
        "fee_type": "attendee",
    }
    assert {each.name for each in prepared.differences} == {
        "settings.ticket_limit",
        "settings.ticket_email_text",
    }


async def test_an_event_that_cannot_be_read_again_may_be_changed(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers[READ] = (TOLD, reply(b"", "503 Service Unavailable"))
    with pytest.raises(NoAnswer) as caught:
        await organiser.events.update(EVENT, title="New")
    assert caught.value.maybe_applied
    assert caught.value.sentence.startswith("The site took the change")


@pytest.mark.parametrize("field", ["price", "amount", "amount_total"])
async def test_a_number_that_is_taken_away_is_refused(
    organiser: Ticketbutler, script: ScriptedServer, field: str
) -> None:
    first = (await organiser.events.get_details(EVENT)).ticket_types[0]
    for change in (
        organiser.ticket_types.update(EVENT, TYPE, **{field: None}),
        organiser.ticket_types.update(EVENT, TYPE, **{field: None, "description": "New"}),
        organiser.events.update(
            EVENT,
            ticket_types=(apply_edit(first, {field: None}),),
        ),
    ):
        with pytest.raises(Refused) as caught:
            await change
        assert "make the ticket type inactive" in caught.value.sentence
    assert not script.writes


async def test_no_such_ticket_type(organiser: Ticketbutler, script: ScriptedServer) -> None:
    with pytest.raises(NotFound):
        await organiser.ticket_types.update(EVENT, "0" * 32, amount_total=130)
    foreign = (await organiser.events.get_details(EVENT)).ticket_types[0].replace(uuid="0" * 32)
    with pytest.raises(TicketbutlerError, match="no ticket types"):
        await organiser.events.update(EVENT, ticket_types=(foreign,))
    assert not script.writes


async def test_an_answer_fills_in_what_was_known(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    path = f"events/{EVENT}/ticket-types/{TYPE}/"
    script.answers[f"PATCH {path}"] = {"uuid": TYPE, "title": "Best", "amount": 50, "price": 0}
    told = await organiser.ticket_types.update(EVENT, TYPE, amount=50, title="Best")
    assert script.writes[0].body == {"title": "Best", "amount": 50}
    assert (told.pk, told.title, told.amount, told.amount_sold) == (18, "Best", 50, 60)


async def test_the_answer_tells_what_is_left_by_either_name(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    path = f"events/{EVENT}/ticket-types/{TYPE}/"
    script.answers[TYPES] = [{"pk": 18, "uuid": TYPE, "amount": 40}]
    script.answers[f"PATCH {path}"] = {"uuid": TYPE, "amount_left": 50}
    assert (await organiser.ticket_types.update(EVENT, TYPE, amount=50)).amount == 50


async def test_a_new_event(organiser: Ticketbutler, script: ScriptedServer) -> None:
    start = datetime(2026, 11, 6, 9, 45, tzinfo=UTC)
    script.answers["POST events/"] = {"uuid": EVENT, "title": "Testing event"}
    new = NewEvent(
        title="Testing event",
        start=start,
        end=start.replace(hour=18, minute=0),
        ticket_types=(NewTicketType(title="Ticket", price=Decimal("400.00"), amount_total=100),),
        team="Default",
        settings=EventSettings(reminder_email=False, ticket_limit=3),
        venue=EventAddress(first_name="John", phone="42424242", language="da"),
        description="<b>Hi</b>",
        summary="Short",
    )
    change = organiser.events.create(new)
    prepared = await change.prepare()
    assert not script.asked
    assert prepared.call.body == {
        "title": "Testing event",
        "start_date": "2026-11-06T09:45:00+00:00",
        "end_date": "2026-11-06T18:00:00+00:00",
        "ticket_types": [
            {"title": "Ticket", "price": 400, "amount_total": 100, "is_members_only": False}
        ],
        "is_members_only": False,
        "team": "Default",
        "eventsettings": {"reminder_email": False, "ticket_limit": 3},
        "address": {"first_name": "John", "phone": "42424242", "language": "da"},
        "description": "<b>Hi</b>",
        "summary": "Short",
    }
    assert (await change).uuid == EVENT
    assert script.writes[0].body == prepared.call.body


def test_prices_are_written_digit_by_digit() -> None:
    assert [str(jsonable(Decimal(text))) for text in ("0", "400.00", "199.95", "0.1")] == [
        "0",
        "400",
        "199.95",
        "0.1",
    ]


async def test_odd_rows_of_the_list_are_left_out(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    deleted = TOLD | {"uuid": OTHER, "is_deleted": True}
    script.answers["GET events/"] = [TOLD | {"ticket_types": None}, deleted, {}, 7]
    (event,) = await organiser.events.list_details()
    assert (event.title, event.deleted, event.settings.ticket_limit) == ("Weekend hack", False, 9)
    assert event.raw["title"] == TOLD["title"]


async def test_a_moment_without_an_offset_is_a_mistake(organiser: Ticketbutler) -> None:
    naive = datetime(2026, 11, 6, 9, 45)
    with pytest.raises(ValueError, match="without an offset"):
        await organiser.events.create(NewEvent(title="Testing event", start=naive))


@pytest.mark.parametrize(
    ("settings", "is_sent"),
    [
        ({"reminder_email": True}, True),
        ({"reminder_email": False}, False),
        ({"reminder_email_settings": "24_hours"}, True),
        ({"reminder_email_settings": None}, None),
        ({}, None),
    ],
)
def test_whether_a_reminder_is_sent(settings: dict[str, object], is_sent: bool | None) -> None:
    assert EventSettings.model_validate(settings).reminder_email is is_sent
