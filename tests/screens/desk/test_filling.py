"""A model as a form, and what was filled in as values of the model."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from boxoffice.domain.questions import Draft
from boxoffice.manage.questions import NewQuestion
from boxoffice.screens.desk.context import FormatOptions
from boxoffice.screens.desk.form_model import FormModel, facts, parts
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.edits import Increment, NestedEdit
from boxoffice.ticketbutler.record import Record
from boxoffice.ticketbutler.resources.discounts import NewDiscountCode
from boxoffice.ticketbutler.resources.event_models import EventAddress, EventDetails, NewEvent
from boxoffice.ticketbutler.resources.questions import QuestionDetails
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
    form = FormModel(TicketTypeDetails, STANDARD, DANISH)
    assert form.read({}).values == {}
    told = form.read({"title": " Standard ", "price": "295,00", "active": ("yes",)})
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
    form = FormModel(TicketTypeDetails, STANDARD, DANISH)
    told = form.read({name: draft})
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
    form = FormModel(TicketTypeDetails, STANDARD, DANISH)
    told = form.read({name: draft, "members_only": ("yes",)})
    assert list(told.problems) == [name]
    assert told.values == {}


def test_a_new_one_needs_what_is_required_and_takes_what_stands_there() -> None:
    form = FormModel(NewTicketType)
    told = form.read({})
    assert list(told.problems) == ["title"]
    told = form.read({"title": "VIP", "amount_total": "20"})
    assert NewTicketType(**told.values) == NewTicketType(title="VIP", amount_total=20)
    code = FormModel(NewDiscountCode)
    told = code.read({"code": "SUMMER", "amount": "50"})
    assert NewDiscountCode(**told.values) == NewDiscountCode(code="SUMMER", amount=Decimal(50))


def test_parts_are_fields_too() -> None:
    event = EventDetails(
        uuid="b" * 32, title="Jazz", venue=EventAddress(city="Aarhus", street="Mejlgade 1")
    )
    form = FormModel(EventDetails, event)
    assert {"venue.city", "settings.ticket_limit"} <= {entry.name for entry in form.entries}
    told = form.read({"venue.city": "Odense"})
    assert told.values == {"venue": NestedEdit({"city": "Odense"})}
    new = FormModel(NewEvent, options=DANISH)
    drafts = {"title": "Jazz", "start": "2026-06-01 19:00", "venue.city": "Odense"}
    made = NewEvent(**new.read(drafts).values)
    assert made.venue.city == "Odense"
    assert made.start == datetime(2026, 6, 1, 17, 0, tzinfo=UTC)


def test_what_the_site_does_not_tell_stays() -> None:
    told = Told()
    form = FormModel(Told, told)
    assert form.read({}).values == {}
    assert form.read({"email": "no"}).values == {"email": False}


def test_lists_and_facts_are_no_fields() -> None:
    assert [each.name for each in parts(QuestionDetails)] == ["choices"]
    assert "choices" not in {entry.name for entry in FormModel(QuestionDetails).entries}
    assert {"uuid", "amount_sold"} <= {each.name for each in facts(TicketTypeDetails)}


def test_a_choice_that_is_not_known_can_be_kept_and_others_can_be_named() -> None:
    hook = Webhook(uuid="c" * 32, url="https://example.com", action="ticket.moved")
    form = FormModel(Webhook, hook)
    (action,) = (entry for entry in form.entries if entry.name == "action")
    assert ("ticket.moved", "ticket.moved") in action.field.choices
    assert ("ticket.checkin", "a ticket is checked in") in action.field.choices
    assert form.read({}).values == {}
    assert form.read({"action": "all"}).values == {"action": "all"}
    offered = {"ticket_type_uuid": [("d" * 32, "VIP")]}
    form = FormModel(NewDiscountCode, offered=offered)
    (kind,) = (entry for entry in form.entries if entry.name == "ticket_type_uuid")
    assert kind.field.choices == (("d" * 32, "VIP"),)
    drafts: dict[str, Draft] = {"code": "A", "amount": "1", "ticket_type_uuid": "d" * 32}
    told = form.read(drafts)
    assert told.values["ticket_type_uuid"] == "d" * 32


def test_what_has_a_few_values_is_picked_by_its_words() -> None:
    for model, name, api, word in (
        (NewDiscountCode, "discount_type", "PER_TICKET", "for each ticket"),
        (NewQuestion, "variation", "SELECT_MULTIPLE", "several choices"),
        (NewQuestion, "asked", "buyers", "buyers"),
        (NewWebhook, "action", "ticket.checkin", "a ticket is checked in"),
    ):
        form = FormModel(model)
        (entry,) = (entry for entry in form.entries if entry.name == name)
        assert (api, word) in entry.field.choices
        filled: dict[str, Draft] = {"code": "A", "amount": "1", "heading": "Diet?"}
        told = form.read(filled | {"url": "https://example.com", name: api})
        assert told.values[name] == api
