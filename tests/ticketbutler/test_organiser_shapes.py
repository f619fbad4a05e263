"""Whatever a site answers to an organiser, it is read, or it is of the wrong shape."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.ticketbutler.resources.discounts import read_code, read_codes, read_page
from boxoffice.ticketbutler.resources.event_models import EventSettings, read_event, read_events
from boxoffice.ticketbutler.resources.order_models import read_event_orders, read_order, read_refund
from boxoffice.ticketbutler.resources.questions import read_collections, read_question
from boxoffice.ticketbutler.resources.ticket_types import read_type, read_types
from boxoffice.ticketbutler.resources.tickets import read_details
from boxoffice.ticketbutler.wire import WrongShape
from tests.ticketbutler.scripted import EVENT, TYPE

NAMES = [
    *("uuid", "id", "pk", "title", "price", "amount", "amount_left", "amount_total", "active"),
    *("description", "start_date", "sort_id", "ticket_types", "eventsettings", "address", "team"),
    *("questions", "choices", "heading", "variation", "label", "code", "ticket_limit", "email"),
    *("order_lines", "tickets", "event", "vat_rate", "discount_code", "refund_date", "quantity"),
    *("reminder_email", "checked_in", "ticket_type_name", "ticket_type", "external_uuid", "url"),
]
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([EVENT, TYPE, "2026-05-08T19:00", "1e999", "0.005", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=10)
    ),
    max_leaves=30,
)
READERS: list[Callable[[object], object]] = [
    read_event,
    read_events,
    read_types,
    read_details,
    read_codes,
    read_code,
    read_collections,
    read_question,
    read_page,
    read_order,
    read_refund,
    lambda value: read_order(value).as_event_order(EVENT),
    lambda value: read_event_orders({"orders": value}, lambda order: order),
]


@pytest.mark.parametrize("read", READERS)
@given(value=ANY)
def test_any_answer_is_read_or_of_the_wrong_shape(
    read: Callable[[object], object], value: object
) -> None:
    named = {"uuid": EVENT, "checked_in": True, "id": 1}
    wholes = [value, [value]] + ([value | named] if isinstance(value, dict) else [])
    for each in wholes:
        try:
            told = read(each)
        except WrongShape:
            continue
        assert told is not None


def test_texts_are_cleaned_and_kept_raw() -> None:
    row = {
        "uuid": EVENT,
        "title": "A\x1b[31m\u202eB",
        "description": "<p>a\x00</p>\r\nb",
        "team": "T\u200b",
        "timezone": "Europe/Nowhere",
        "eventsettings": {"ticket_email_text": "a\nb\x07"},
    }
    event = read_event(row)
    assert (event.title, event.description, event.team) == ("A[31mB", "<p>a</p>\nb", "T")
    assert (event.timezone, event.start) == ("", None)
    assert event.settings == EventSettings(ticket_email_text="a\nb")
    assert event.raw == row
    assert event.settings.raw == row["eventsettings"]


def test_one_bad_row_of_what_is_written_back_spoils_all() -> None:
    good = {"uuid": TYPE, "pk": 1}
    assert len(read_types([good])) == 1
    bad_rows: tuple[object, ...] = ({"pk": 2}, None, [], {"uuid": "x"})
    for bad in bad_rows:
        with pytest.raises(WrongShape):
            read_types([good, bad])


def test_a_ticket_that_is_neither_in_nor_out_is_none() -> None:
    with pytest.raises(WrongShape):
        read_details({"uuid": EVENT})
    assert read_details({"uuid": EVENT, "checked_in": "false"}).checked_in is False


def test_sold_is_reckoned_where_it_is_not_told() -> None:
    row = {"uuid": TYPE, "amount_left": 4, "amount_total": 10}
    assert read_type(row).sold == 6
    assert read_type(row | {"amount_sold": 5}).sold == 5
    assert read_type({"uuid": TYPE}).sold is None
