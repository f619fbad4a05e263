"""A model as a form, and what was read_form in as values of the model."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from boxoffice.domain.questions import Draft
from boxoffice.manage.questions import NewQuestion
from boxoffice.screens.desk.context import FormatOptions
from boxoffice.screens.desk.form_model import facts, form_entries, parts, read_form
from boxoffice.ticketbutler.resources import fields
from boxoffice.ticketbutler.resources.discounts import NewDiscountCode
from boxoffice.ticketbutler.resources.edits import Increment, NestedEdit
from boxoffice.ticketbutler.resources.events import EventAddress, EventDetails, NewEvent
from boxoffice.ticketbutler.resources.questions import QuestionDetails
from boxoffice.ticketbutler.resources.record import Record
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails
from boxoffice.ticketbutler.resources.webhooks import NewWebhook, Webhook

DANISH = FormatOptions(ZoneInfo("Europe/Copenhagen"), "da_DK")
STANDARD = TicketTypeDetails(
    pk=1, uuid="a" * 32, title="Standard", price=Decimal("295.00"), amount=63, amount_total=291
)


class Told(Record):
    """Of what the site need not tell all."""

    name: fields.Line = fields.editable("", title="Name", required=True)
    email: fields.OptionalBool = fields.editable(None, title="E-mail")


def test_what_was_not_touched_is_not_sent() -> None:
    form = form_entries(TicketTypeDetails, STANDARD, format_options=DANISH)
    assert read_form(TicketTypeDetails, form, {}, before=STANDARD).values == {}
    told = read_form(
        TicketTypeDetails,
        form,
        {"title": " Standard ", "price": "295,00", "active": ("yes",)},
        before=STANDARD,
        format_options=DANISH,
    )
    assert told.values == {}


@pytest.mark.parametrize(
    ("name", "draft", "value"),
    [
        ("title", "Early", "Early"),
        ("price", "1.250,50", Decimal("1250.50")),
        ("price", "", None),
        ("amount_total", "300", 300),
        ("amount_total", "+50", Increment(50)),
        ("amount_total", "- 91", Increment(-91)),
        ("active", (), False),
        ("members_only", ("yes",), True),
        ("start", "2026-07-01 19:00", datetime(2026, 7, 1, 17, 0, tzinfo=UTC)),
        ("description", "two\nlines", "two\nlines"),
    ],
)
def test_what_a_person_writes_is_a_value(name: str, draft: Draft, value: object) -> None:
    form = form_entries(TicketTypeDetails, STANDARD, format_options=DANISH)
    told = read_form(TicketTypeDetails, form, {name: draft}, before=STANDARD, format_options=DANISH)
    assert told.problems == {}
    assert told.values == {name: value}


@pytest.mark.parametrize(
    ("name", "draft"),
    [
        ("title", ""),
        ("price", "much"),
        ("amount_total", "-500"),
        ("amount_total", "many"),
        ("start", "tomorrow"),
    ],
)
def test_what_is_no_value_is_said_at_its_field(name: str, draft: str) -> None:
    form = form_entries(TicketTypeDetails, STANDARD, format_options=DANISH)
    told = read_form(
        TicketTypeDetails, form, {name: draft, "members_only": ("yes",)}, before=STANDARD
    )
    assert list(told.problems) == [name]
    assert told.values == {}


def test_a_new_one_needs_what_is_required_and_takes_what_stands_there() -> None:
    form = form_entries(NewTicketType)
    told = read_form(NewTicketType, form, {}, before=None)
    assert list(told.problems) == ["title"]
    told = read_form(NewTicketType, form, {"title": "VIP", "amount_total": "20"}, before=None)
    assert NewTicketType(**told.values) == NewTicketType(title="VIP", amount_total=20)
    code = form_entries(NewDiscountCode)
    told = read_form(NewDiscountCode, code, {"code": "SUMMER", "amount": "50"}, before=None)
    assert NewDiscountCode(**told.values) == NewDiscountCode(code="SUMMER", amount=Decimal(50))


def test_parts_are_fields_too() -> None:
    event = EventDetails(
        uuid="b" * 32, title="Jazz", venue=EventAddress(city="Aarhus", street="Mejlgade 1")
    )
    form = form_entries(EventDetails, event)
    assert {"venue.city", "settings.ticket_limit"} <= {entry.name for entry in form}
    told = read_form(EventDetails, form, {"venue.city": "Odense"}, before=event)
    assert told.values == {"venue": NestedEdit({"city": "Odense"})}
    new = form_entries(NewEvent, format_options=DANISH)
    drafts = {"title": "Jazz", "start": "2026-06-01 19:00", "venue.city": "Odense"}
    made = NewEvent(**read_form(NewEvent, new, drafts, before=None, format_options=DANISH).values)
    assert made.venue.city == "Odense"
    assert made.start == datetime(2026, 6, 1, 17, 0, tzinfo=UTC)


def test_what_the_site_does_not_tell_stays() -> None:
    told = Told()
    form = form_entries(Told, told)
    assert read_form(Told, form, {}, before=told).values == {}
    assert read_form(Told, form, {"email": "no"}, before=told).values == {"email": False}


def test_lists_and_facts_are_no_fields() -> None:
    assert [each.name for each in parts(QuestionDetails)] == ["choices"]
    assert "choices" not in {entry.name for entry in form_entries(QuestionDetails)}
    assert {"uuid", "amount_sold"} <= {each.name for each in facts(TicketTypeDetails)}


def test_a_choice_that_is_not_known_can_be_kept_and_others_can_be_named() -> None:
    hook = Webhook(uuid="c" * 32, url="https://example.com", action="ticket.moved")
    (action,) = (entry for entry in form_entries(Webhook, hook) if entry.name == "action")
    assert ("ticket.moved", "ticket.moved") in action.field.choices
    assert ("ticket.checkin", "a ticket is checked in") in action.field.choices
    assert read_form(Webhook, [action], {}, before=hook).values == {}
    assert read_form(Webhook, [action], {"action": "all"}, before=hook).values == {"action": "all"}
    offered = {"ticket_type_uuid": [("d" * 32, "VIP")]}
    form = form_entries(NewDiscountCode, offered=offered)
    (kind,) = (entry for entry in form if entry.name == "ticket_type_uuid")
    assert kind.field.choices == (("d" * 32, "VIP"),)
    drafts: dict[str, Draft] = {"code": "A", "amount": "1", "ticket_type_uuid": "d" * 32}
    told = read_form(NewDiscountCode, form, drafts, before=None)
    assert told.values["ticket_type_uuid"] == "d" * 32


def test_what_has_a_few_values_is_picked_by_its_words() -> None:
    for model, name, api, word in (
        (NewDiscountCode, "discount_type", "PER_TICKET", "for each ticket"),
        (NewQuestion, "variation", "SELECT_MULTIPLE", "several choices"),
        (NewQuestion, "asked", "buyers", "buyers"),
        (NewWebhook, "action", "ticket.checkin", "a ticket is checked in"),
    ):
        (entry,) = (entry for entry in form_entries(model) if entry.name == name)
        assert (api, word) in entry.field.choices
        told = read_form(model, [entry], {name: api}, before=None)
        assert told.values == {name: api}
