"""What models say of their fields, and differences between them."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from boxoffice import organiser
from boxoffice.domain.models import Address
from boxoffice.organiser import (
    About,
    ChoiceDetails,
    Difference,
    DiscountCode,
    EventAddress,
    EventDetails,
    EventSettings,
    Hook,
    Kind,
    NewDiscountCode,
    NewEvent,
    NewTicketType,
    NewWebhook,
    QuestionDetails,
    TicketDetails,
    TicketTypeDetails,
    Webhook,
    about,
    differences,
)
from boxoffice.organiser.fields import changed, with_fields

MODELS = (
    ChoiceDetails,
    DiscountCode,
    EventDetails,
    EventSettings,
    Hook,
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
def test_every_field_says_what_it_is(model: type) -> None:
    for each in fields(model):
        assert each.metadata["label"], each.name
        assert isinstance(each.metadata["kind"], Kind)
    told = about(model)
    assert all(each.kind is not Kind.RAW for each in told)
    assert all(each.choices for each in told if each.kind is Kind.CHOICE)
    labels = [each.label for each in told]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("model", MODELS)
def test_what_makes_something_is_editable_and_what_names_it_is_not(model: type) -> None:
    editable = {each.name for each in about(model) if each.editable}
    if model.__name__.startswith("New"):
        assert editable == {each.name for each in fields(model)}
    assert not editable & {"uuid", "pk", "id", "raw"}


def test_a_model_without_metadata_is_shown_under_its_own_names() -> None:
    assert about(Address)[:2] == (
        About("first_name", "First name", api="first_name", editable=True),
        About("last_name", "Last name", api="last_name", editable=True),
    )


def test_what_there_is_can_be_imported_from_one_place() -> None:
    assert all(getattr(organiser, name) for name in organiser.__all__)


def test_only_editable_fields_change() -> None:
    before = TicketTypeDetails(pk=1, uuid=UUID, title="A", raw={"x": 1})
    after = with_fields(before, {"title": "B", "active": False})
    assert (after.title, after.active, after.pk, after.raw) == ("B", False, 1, {"x": 1})
    assert changed(before, after) == ("title", "active")
    assert changed(before, replace(before, raw={})) == ()
    for wrong in ("pk", "raw", "nothing"):
        with pytest.raises(ValueError, match=wrong):
            with_fields(before, {wrong: 1})


# Differences


def test_what_is_different() -> None:
    before = EventDetails(UUID, "Old", settings=EventSettings(ticket_limit=9))
    after = replace(
        before,
        title="New",
        start=NOON,
        settings=EventSettings(ticket_limit=4, raw={"a": 1}),
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
    red, white = ChoiceDetails(UUID, 0, "Red"), ChoiceDetails(OTHER, 1, "White")
    before = QuestionDetails(heading="Wine", choices=(red, white))
    after = replace(before, choices=(replace(white, label="Blanc"), ChoiceDetails(label="Rosé")))
    assert differences(before, after) == (
        Difference("choices[0].label", "Choices › White: Label", "White", "Blanc"),
        Difference("choices[1]", "Choices › Rosé", "", "new"),
        Difference("choices[1].label", "Choices › Rosé: Label", "", "Rosé"),
        Difference("choices[0]", "Choices › Red", "there", "removed"),
    )


def test_something_new_is_all_different() -> None:
    new = NewTicketType("Ticket", Decimal("12.50"), 10)
    assert differences(None, new) == (
        Difference("title", "Title", "", "Ticket"),
        Difference("price", "Price", "", "12.50"),
        Difference("amount_total", "Total", "", "10"),
        Difference("members_only", "Members only", "", "no"),
    )
