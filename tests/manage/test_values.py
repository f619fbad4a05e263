"""What was entered becomes what is sent, or one sentence."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from boxoffice.domain.discount import PER_TICKET
from boxoffice.manage import RESOURCES, Resource, for_create, for_input, for_update
from boxoffice.manage.questions import AskedQuestion
from boxoffice.manage.site import Month
from boxoffice.ticketbutler.edits import Increment, ListEdit, NestedEdit
from boxoffice.ticketbutler.fields import EntryError
from boxoffice.ticketbutler.record import as_json
from boxoffice.ticketbutler.resources.event_models import EventDetails, EventSettings
from boxoffice.ticketbutler.resources.order_models import OrderDetails
from boxoffice.ticketbutler.resources.questions import ChoiceDetails
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails
from boxoffice.ticketbutler.resources.webhooks import Webhook

KINDS: Mapping[str, type[Resource]] = {kind.name: kind for kind in RESOURCES}
RED, BLUE = (
    ChoiceDetails(uuid="a" * 32, sort_id=0, label="Red"),
    ChoiceDetails(uuid="b" * 32, sort_id=1, label="Blue"),
)
COLOUR = AskedQuestion(
    uuid="c" * 32, sort_id=1, heading="Colour?", variation="SELECT", choices=(RED, BLUE)
)
STANDARD = TicketTypeDetails(
    pk=7,
    uuid="d" * 32,
    title="Standard",
    price=Decimal("295.00"),
    amount=5,
    amount_sold=15,
    amount_total=20,
)
EVENT = EventDetails(
    uuid="e" * 32,
    title="Jazz",
    start=datetime(2026, 6, 1, 17, tzinfo=UTC),
    timezone="Europe/Copenhagen",
    settings=EventSettings(ticket_limit=9),
    ticket_types=(STANDARD,),
)


def changed(kind: str, before: object, given: Mapping[str, object]) -> dict[str, object]:
    return for_update(KINDS[kind], before, given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "before", "given", "values"),
    [
        ("ticket-types", STANDARD, {"price": "295"}, {}),
        ("ticket-types", STANDARD, {"price": "0.10"}, {"price": Decimal("0.10")}),
        ("ticket-types", STANDARD, {"amount_total": 21}, {"amount_total": 21}),
        ("ticket-types", STANDARD, {"active": "no", "title": "Standard"}, {"active": False}),
        ("ticket-types", STANDARD, {"uuid": "f" * 32, "amount_sold": 3}, {}),
        ("ticket-types", STANDARD, {"sort_id": None}, {}),
        ("ticket-types", STANDARD, {"description": "a\nb"}, {"description": "a\nb"}),
        ("questions", COLOUR, {"choices": []}, {}),
        ("questions", COLOUR, {"choices": [as_json(BLUE)]}, {}),
        (
            "questions",
            COLOUR,
            {"choices": [{"label": "Green"}]},
            {"choices": ListEdit(new=(ChoiceDetails(label="Green"),))},
        ),
        (
            "questions",
            COLOUR,
            {"choices": [as_json(RED), {"uuid": "B" * 32, "label": "Navy"}]},
            {"choices": ListEdit({BLUE.uuid: {"label": "Navy"}})},
        ),
        (
            "events",
            EVENT,
            {"settings": {"ticket_limit": "6"}},
            {"settings": NestedEdit({"ticket_limit": 6})},
        ),
        ("events", EVENT, {"settings": {"ticket_limit": 9}, "title": "Jazz"}, {}),
        ("webhooks", Webhook(uuid="a" * 32), {"action": "site.own"}, {"action": "site.own"}),
        ("orders", OrderDetails(uuid="a" * 32), {"last_name": ""}, {}),
        ("questions", COLOUR, {"variation": "Several choices"}, {"variation": "SELECT_MULTIPLE"}),
        ("questions", COLOUR, {"variation": "one choice"}, {}),
        ("ticket-types", STANDARD, {"amount_total": "+5"}, {"amount_total": Increment(5)}),
        ("ticket-types", STANDARD, {"amount_total": "-5"}, {"amount_total": Increment(-5)}),
        ("ticket-types", STANDARD, {"amount_total": "+0"}, {}),
        (
            "events",
            EVENT,
            {
                "settings": {"ticket_limit": "-4"},
                "ticket_types": [{"uuid": STANDARD.uuid, "amount_total": "+5"}],
            },
            {
                "settings": NestedEdit({"ticket_limit": Increment(-4)}),
                "ticket_types": ListEdit({STANDARD.uuid: {"amount_total": Increment(5)}}),
            },
        ),
    ],
)
def test_what_is_different(
    kind: str, before: object, given: Mapping[str, object], values: Mapping[str, object]
) -> None:
    assert changed(kind, before, given) == values


@pytest.mark.parametrize(
    ("kind", "before", "given", "said"),
    [
        ("ticket-types", STANDARD, {"titel": "x"}, "no such field; there are title, price"),
        ("ticket-types", STANDARD, {"title": " "}, "Title: this is needed."),
        ("ticket-types", STANDARD, {"price": "a"}, "give an amount"),
        ("ticket-types", STANDARD, {"amount": True}, "no yes or no"),
        ("ticket-types", STANDARD, {"active": ""}, "cannot be empty"),
        ("ticket-types", STANDARD, {"title": ["x"]}, "give one value"),
        ("ticket-types", STANDARD, {"start": "2026-06-01 19:00"}, "give a day and a time"),
        ("questions", COLOUR, {"variation": "SING"}, "give one of these: short text (TEXT), "),
        ("ticket-types", STANDARD, {"amount_total": -5}, "give a whole number"),
        ("ticket-types", STANDARD, {"amount_total": "-21"}, "give a whole number"),
        ("ticket-types", STANDARD, {"sort_id": "+5"}, "give a whole number"),
        ("questions", COLOUR, {"choices": {"label": "x"}}, "give a list"),
        ("questions", COLOUR, {"choices": ["x"]}, "give a list of objects"),
        ("questions", COLOUR, {"choices": [{"uuid": "9" * 32, "label": "x"}]}, "none with the"),
        ("questions", COLOUR, {"choices": [{"description": "x"}]}, "Label: this is needed"),
        ("questions", COLOUR, {"choices": [{"lable": "x"}]}, "no such field"),
        ("events", EVENT, {"settings": 3}, "give an object"),
        ("events", EVENT, {"settings": {"colour": 3}}, "no such field"),
    ],
)
def test_what_cannot_be(kind: str, before: object, given: Mapping[str, object], said: str) -> None:
    with pytest.raises(EntryError) as caught:
        changed(kind, before, given)
    assert said in caught.value.sentence
    assert caught.value.sentence.endswith(".")


def test_what_is_left_by_an_earlier_list_is_not_written_back() -> None:
    types = KINDS["ticket-types"]
    before = TicketTypeDetails(
        pk=7, uuid="d" * 32, title="A", amount=8, amount_sold=4, amount_total=12
    )
    listed = as_json(before.replace(amount=12, amount_sold=0))
    assert isinstance(listed, dict)
    assert for_update(types, before, listed | {"title": "B"}) == {"title": "B"}
    assert for_update(types, before, listed | {"amount": 20}) == {"amount": 20}
    assert for_update(types, before, listed | {"amount": "12"}) == {"amount": 12}


def test_a_moment_without_an_offset_is_the_place_s_own() -> None:
    given = {"start": "2026-06-01 20:30"}
    zone = ZoneInfo("Europe/Copenhagen")
    values = for_update(KINDS["events"], EVENT, given, zone)
    assert values == {"start": datetime(2026, 6, 1, 18, 30, tzinfo=UTC)}


def test_what_a_look_gave_can_be_made_again() -> None:
    values = for_create(KINDS["events"], as_json(EVENT))
    assert values["ticket_types"] == (
        NewTicketType(title="Standard", price=Decimal("295.00"), amount_total=20),
    )
    assert values["settings"] == EventSettings(ticket_limit=9)
    again = for_create(KINDS["questions"], as_json(COLOUR))
    assert [(each.uuid, each.label) for each in again["choices"]] == [("", "Red"), ("", "Blue")]
    assert for_create(KINDS["ticket-types"], {"title": "x", "price": "", "amount_total": 3}) == {
        "title": "x",
        "amount_total": 3,
    }


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("events", {"title": "x"}, "Begins: this is needed."),
        ("ticket-types", {}, "Title: this is needed."),
        ("ticket-types", {"title": "x"}, "Total: this is needed."),
        ("ticket-types", {"title": None}, "Title: this is needed."),
        ("ticket-types", {"title": "x", "nope": 1}, "no such field"),
        ("discounts", {"code": "x"}, "Discount: this is needed."),
        ("orders", {"first_name": "A", "last_name": "B", "email": "a@b"}, "Tickets: this is"),
        (
            "questions",
            {"heading": "x", "asked": "everybody"},
            "one of these: attendees, buyers",
        ),
        ("tickets", {}, "none can be made"),
        ("ticket-types", {"title": "x", "amount_total": 1, "active": False}, "is active once it"),
        ("discounts", {"code": "OFF1", "amount": "5", "active": False}, "is active once it"),
        ("discounts", {"code": "OFF1", "amount": "5", "active": "no"}, "is active once it"),
    ],
)
def test_what_cannot_be_made(kind: str, given: Mapping[str, object], said: str) -> None:
    with pytest.raises(EntryError) as caught:
        for_create(KINDS[kind], given)
    assert said in caught.value.sentence


def test_what_an_action_is_told() -> None:
    assert for_input(Month, {"year": "2026", "month": ""}) == {"year": 2026, "month": None}
    with pytest.raises(EntryError, match="Year"):
        for_input(Month, {"year": "soon"})


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, "PER_TICKET"),
        ({"discount_type": "For each ticket"}, "PER_TICKET"),
        ({"discount_type": "PER_SITE"}, "PER_SITE"),
    ],
)
def test_a_type_is_given_in_either_word_and_a_site_may_have_others(
    given: Mapping[str, object], kind: str
) -> None:
    told = for_create(KINDS["discounts"], {"code": "A", "amount": "5", **given})
    assert told.get("discount_type", PER_TICKET) == kind
