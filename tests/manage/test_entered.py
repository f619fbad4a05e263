"""Values of models as texts and as JSON, and back."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.manage.edit_input import entered
from boxoffice.manage.questions import AskedQuestion
from boxoffice.ticketbutler.edits import differences
from boxoffice.ticketbutler.fields import EntryError, Kind
from boxoffice.ticketbutler.record import (
    FieldInfo,
    as_json,
    field_info,
    read_entered,
    shown,
    written,
)
from boxoffice.ticketbutler.resources.discounts import DiscountCode, NewDiscountCode
from boxoffice.ticketbutler.resources.event_models import (
    EventAddress,
    EventDetails,
    EventSettings,
    NewEvent,
)
from boxoffice.ticketbutler.resources.order_models import OrderDetails
from boxoffice.ticketbutler.resources.questions import QuestionDetails
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails
from boxoffice.ticketbutler.resources.webhooks import Webhook

NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)
UUID = "887d9eb1bd1d400490deead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"


def a(kind: Kind, *, required: bool = False) -> FieldInfo:
    return FieldInfo("field", "Field", kind, editable=True, required=required)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, " Anna ", "Anna"),
        (Kind.TEXT, "", ""),
        (Kind.LINES, "a\nb", "a\nb"),
        (Kind.WHOLE, "120", 120),
        (Kind.WHOLE, "", None),
        (Kind.MONEY, "295.50", Decimal("295.50")),
        (Kind.MONEY, "0", Decimal(0)),
        (Kind.MOMENT, "2026-05-08 12:00+00:00", NOON),
        (Kind.MOMENT, "2026-05-08T12:00Z", NOON),
        (Kind.MOMENT, "", None),
        (Kind.YES, "Yes", True),
        (Kind.YES, "0", False),
        (Kind.UUID, UUID.upper(), UUID),
        (Kind.UUID, "", None),
        (Kind.URL, "https://example.com/a", "https://example.com/a"),
        (Kind.EMAIL, "a@example.com", "a@example.com"),
        (Kind.CHOICE, "ticket.new", "ticket.new"),
    ],
)
def test_what_is_entered(kind: Kind, text: str, value: object) -> None:
    assert entered(a(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((Kind.WHOLE, text) for text in ("-1", "1.5", "many", "１２", "9" * 13)),
        *((Kind.MONEY, text) for text in ("-1", "+50", "NaN", "Infinity", "1e30", "12,50", "free")),
        *((Kind.MOMENT, text) for text in ("tomorrow", "2026-05-08T12:00", "2026-13-01")),
        *((Kind.YES, text) for text in ("maybe", "2")),
        *((Kind.URL, text) for text in ("example.com", "ftp://a", "https://", "https://[")),
        (Kind.UUID, "abc"),
        (Kind.EMAIL, "anna"),
        (Kind.PARTS, "3"),
        (Kind.PART, "x"),
    ],
)
def test_what_cannot_be_entered(kind: Kind, text: str) -> None:
    with pytest.raises(EntryError) as caught:
        entered(a(kind), text)
    assert caught.value.sentence.startswith("Field: ")
    assert caught.value.sentence.endswith(".")


def test_what_is_needed() -> None:
    with pytest.raises(EntryError, match="this is needed"):
        entered(a(Kind.TEXT, required=True), "  ")


def test_a_moment_without_an_offset_is_of_the_zone_given() -> None:
    zone = timezone(timedelta(hours=2))
    assert entered(a(Kind.MOMENT), "2026-05-08 14:00", zone) == NOON


@given(
    st.one_of(
        st.tuples(st.just(Kind.WHOLE), st.integers(0, 10**12 - 1)),
        st.tuples(st.just(Kind.MONEY), st.decimals(0, 10**9, places=2)),
        st.tuples(st.just(Kind.YES), st.booleans()),
        st.tuples(
            st.just(Kind.MOMENT),
            st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
                lambda moment: moment.replace(second=0, microsecond=0)
            ),
        ),
    )
)
def test_what_is_shown_can_be_entered(value: tuple[Kind, object]) -> None:
    field = a(value[0])
    assert entered(field, shown(field, value[1])) == value[1]


def test_hostile_text_is_shown_clean() -> None:
    assert shown(a(Kind.TEXT), "a\x1b[31m\nb") == "a[31m b"
    assert shown(a(Kind.LINES), "a\x1b\nb") == "a\nb"


KIND = next(each for each in field_info(QuestionDetails) if each.name == "variation")


@pytest.mark.parametrize(
    ("api", "said"),
    [
        ("SELECT_MULTIPLE", "several choices"),
        ("NAME_FIRST_LAST", "first/last name"),
        ("SING", "SING"),
        ("", ""),
    ],
)
def test_people_read_their_own_words_and_may_give_either(api: str, said: str) -> None:
    assert (shown(KIND, api), written(KIND, api)) == (said, api)
    for text in (api, api.lower(), said, f" {said.upper()} "):
        if api == "SING":
            with pytest.raises(EntryError, match="give one of these"):
                entered(KIND, text)
        else:
            assert entered(KIND, text) == api
    assert as_json(QuestionDetails(variation=api))["variation"] == api


def test_no_two_choices_are_called_alike() -> None:
    models = (QuestionDetails, DiscountCode, Webhook, OrderDetails, AskedQuestion)
    for each in (each for model in models for each in field_info(model)):
        words = [word for pair in each.choices.items() for word in {*map(str.casefold, pair)}]
        assert len(words) == len(set(words)), each.name


def test_a_difference_is_told_in_both() -> None:
    before = QuestionDetails(uuid=UUID, heading="Diet?", variation="SELECT")
    (told,) = differences(before, before.replace(variation="SELECT_MULTIPLE"))
    assert told.excerpts() == ("one choice", "several choices")
    assert as_json(told) == {
        "name": "variation",
        "label": "Kind",
        "before": "SELECT",
        "after": "SELECT_MULTIPLE",
    }


@pytest.mark.parametrize(
    ("text", "before", "value"),
    [("+5", 7, 12), ("-5", 7, 2), ("+ 50", 7, 57), ("5", 7, 5), ("-7", 7, 0)],
)
def test_a_number_may_be_so_many_more_or_less(text: str, before: int, value: int) -> None:
    assert entered(a(Kind.WHOLE), text, before=before) == value


@pytest.mark.parametrize(("text", "before"), [("-8", 7), ("+5", None), ("+5", True), ("+", 7)])
def test_more_of_what_is_no_number_is_none(text: str, before: object) -> None:
    with pytest.raises(EntryError, match="whole number"):
        entered(a(Kind.WHOLE), text, before=before)


# JSON


def test_a_list_can_be_piped_into_a_create() -> None:
    told = DiscountCode(
        id=8,
        code="SOMMER",
        amount=Decimal("50.00"),
        discount_type="PER_TICKET",
        usage_tickets_limit=3,
        amount_times_applied=1,
        active=True,
        ticket_type_uuid=UUID,
    )
    row = as_json(told)
    assert row == {
        "id": 8,
        "code": "SOMMER",
        "amount": "50.00",
        "discount_type": "PER_TICKET",
        "usage_tickets_limit": 3,
        "amount_times_applied": 1,
        "active": True,
        "ticket_type_uuid": UUID,
        "start": None,
        "end": None,
        "usage_limit_per_event": None,
        "total_revenue": None,
        "group_name": "",
    }
    assert read_entered(NewDiscountCode, row) == NewDiscountCode(
        code="SOMMER",
        amount=Decimal("50.00"),
        usage_tickets_limit=3,
        discount_type="PER_TICKET",
        ticket_type_uuid=UUID,
    )


def test_parts_are_written_and_raw_is_not() -> None:
    event = EventDetails(
        uuid=UUID, start=NOON, ticket_types=(TicketTypeDetails(pk=1),), raw={"a": 1}
    )
    row = as_json((event,))[0]
    assert row["start"] == NOON.isoformat()
    assert row["ticket_types"][0]["pk"] == 1
    assert row["settings"]["ticket_limit"] is None
    assert "raw" not in row
    assert as_json({"a": (Decimal("1.50"), None)}) == {"a": ["1.50", None]}


def test_an_event_with_its_parts_can_be_piped_too() -> None:
    told = EventDetails(
        uuid=UUID,
        title="Party",
        start=NOON,
        description="a\nb",
        venue=EventAddress(city="Aarhus"),
        settings=EventSettings(ticket_limit=4, reminder_email=False),
        ticket_types=(
            TicketTypeDetails(
                pk=1,
                uuid=OTHER,
                title="Ticket",
                price=Decimal("12.50"),
                amount=3,
                amount_sold=7,
                amount_total=10,
            ),
        ),
    )
    row = as_json(told)
    assert read_entered(NewEvent, row) == NewEvent(
        title="Party",
        start=NOON,
        description="a\nb",
        venue=EventAddress(city="Aarhus"),
        settings=EventSettings(reminder_email=False, ticket_limit=4),
        ticket_types=(NewTicketType(title="Ticket", price=Decimal("12.50"), amount_total=10),),
    )
    rows: list[dict[str, object]] = [
        {"ticket_types": {}},
        {"ticket_types": [7]},
        {"ticket_types": [{}]},
        {"venue": 1},
    ]
    for wrong in rows:
        with pytest.raises(EntryError):
            read_entered(NewEvent, {"title": "x", "start": NOON.isoformat()} | wrong)


def test_a_request_is_written_with_its_differences() -> None:
    different = differences(None, NewTicketType(title="Ticket"))
    assert as_json(different)[0] == {
        "name": "title",
        "label": "Title",
        "before": "",
        "after": "Ticket",
    }


@pytest.mark.parametrize(
    "given",
    [
        {"code": None},
        {"code": True},
        {"amount": "free"},
        {"amount": [1]},
        {"usage_tickets_limit": 1.5},
    ],
)
def test_json_of_another_kind(given: dict[str, object]) -> None:
    with pytest.raises(EntryError):
        read_entered(NewDiscountCode, {"code": "A", "amount": 1} | given)


def test_json_numbers_and_nulls() -> None:
    given = {"code": 7, "amount": 12.5, "ticket_type_uuid": None, "unknown": 1}
    made = read_entered(NewDiscountCode, given)
    assert made == NewDiscountCode(code="7", amount=Decimal("12.5"))
