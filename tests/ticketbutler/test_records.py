"""What models say of their fields, and differences between them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from boxoffice.ticketbutler.edits import Difference, apply_edit, differences
from boxoffice.ticketbutler.fields import Kind
from boxoffice.ticketbutler.record import Record, changed, field_info
from boxoffice.ticketbutler.resources.discounts import DiscountCode, NewDiscountCode
from boxoffice.ticketbutler.resources.event_models import (
    EventAddress,
    EventDetails,
    EventSettings,
    NewEvent,
)
from boxoffice.ticketbutler.resources.questions import ChoiceDetails, QuestionDetails
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails
from boxoffice.ticketbutler.resources.tickets import TicketDetails
from boxoffice.ticketbutler.resources.webhooks import NewWebhook, Webhook

MODELS = (
    ChoiceDetails,
    DiscountCode,
    EventDetails,
    EventSettings,
    NewDiscountCode,
    NewEvent,
    NewTicketType,
    NewWebhook,
    QuestionDetails,
    TicketDetails,
    TicketTypeDetails,
    Webhook,
)
NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)
UUID = "887d9eb1bd1d400490deead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"


@pytest.mark.parametrize("model", MODELS)
def test_every_field_says_what_it_is(model: type[Record]) -> None:
    told = field_info(model)
    shown = [name for name, each in model.model_fields.items() if not each.exclude]
    assert [each.name for each in told] == shown
    assert all(each.choices for each in told if each.kind is Kind.CHOICE)
    labels = [each.label for each in told]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("model", MODELS)
def test_what_makes_something_is_editable_and_what_names_it_is_not(model: type[Record]) -> None:
    editable = {each.name for each in field_info(model) if each.editable}
    if model.__name__.startswith("New"):
        assert editable == set(model.model_fields)
    assert not editable & {"uuid", "pk", "id", "raw"}


def test_only_editable_fields_change() -> None:
    before = TicketTypeDetails(pk=1, uuid=UUID, title="A").with_raw({"x": 1})
    after = apply_edit(before, {"title": "B", "active": False})
    assert (after.title, after.active, after.pk, after.raw) == ("B", False, 1, {"x": 1})
    assert changed(before, after) == ("title", "active")
    assert changed(before, before.with_raw({})) == ()
    for wrong in ("pk", "raw", "nothing"):
        with pytest.raises(ValueError, match=wrong):
            apply_edit(before, {wrong: 1})


# Differences


def test_what_is_different() -> None:
    before = EventDetails(uuid=UUID, title="Old", settings=EventSettings(ticket_limit=9))
    after = before.replace(
        title="New",
        start=NOON,
        settings=EventSettings(ticket_limit=4).with_raw({"a": 1}),
        venue=EventAddress(city="Aarhus"),
    )
    assert differences(before, after) == (
        Difference("title", "Title", "Old", "New"),
        Difference("start", "Begins", "", "2026-05-08 12:00+00:00"),
        Difference("venue.city", "Address: City", "", "Aarhus"),
        Difference("settings.ticket_limit", "Settings: Tickets of one order, at most", "9", "4"),
    )
    assert differences(before, before) == ()


def test_parts_are_matched_by_uuid() -> None:
    red, white = (
        ChoiceDetails(uuid=UUID, sort_id=0, label="Red"),
        ChoiceDetails(uuid=OTHER, sort_id=1, label="White"),
    )
    before = QuestionDetails(heading="Wine", choices=(red, white))
    after = before.replace(choices=(white.replace(label="Blanc"), ChoiceDetails(label="Rosé")))
    assert differences(before, after) == (
        Difference("choices[0].label", "Choices › White: Label", "White", "Blanc"),
        Difference("choices[1]", "Choices › Rosé", "", "new"),
        Difference("choices[1].label", "Choices › Rosé: Label", "", "Rosé"),
        Difference("choices[0]", "Choices › Red", "there", "removed"),
    )


def test_something_new_is_all_different() -> None:
    new = NewTicketType(title="Ticket", price=Decimal("12.50"), amount_total=10)
    assert differences(None, new) == (
        Difference("title", "Title", "", "Ticket"),
        Difference("price", "Price", "", "12.50"),
        Difference("amount_total", "Total", "", "10"),
        Difference("members_only", "Members only", "", "no"),
    )
