"""Single values, in every form a site has been seen to write them, and in any other."""

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.ticketbutler.parsers import (
    currency,
    flag,
    last_part,
    moment,
    money,
    price,
    refunded,
    url,
    valid_on,
    whole,
)
from tests.support import table

SUMMER = timezone(timedelta(hours=2))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@table(
    ("value", "read"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        ("False", False),
        ("0", False),
        (2, None),
        ("yes", None),
        (None, None),
        (float("nan"), None),
        ([], None),
    ],
)
def test_flag(value: object, read: bool | None) -> None:
    assert flag(value) is read


@table(
    ("value", "read"),
    [
        (0, "0.00"),
        (295, "295.00"),
        (295.0, "295.00"),
        (0.1 + 0.2, "0.30"),
        ("0.00", "0.00"),
        (" 12.5 ", "12.50"),
        ("1.234", "1.2340"),
        ("-7.00", "-7.00"),
        ("1e2", "100.00"),
        (1e300, None),
        (10**12, None),
        ("9" * 41, None),
        ("1.234,50", None),
        ("12,50", None),
        ("NaN", None),
        (float("inf"), None),
        ("1_000", None),
        ("٧", None),
        ("", None),
        (True, None),
        (None, None),
        ([295], None),
    ],
)
def test_money(value: object, read: str | None) -> None:
    amount = money(value)
    assert (None if amount is None else str(amount)) == read
    assert price(value) == (None if read and read.startswith("-") else amount)


@given(value=json_values | st.floats().map(str) | st.decimals().map(str))
def test_any_money(value: object) -> None:
    amount = money(value)
    assert amount is None or -4 <= int(amount.as_tuple().exponent) <= -2
    assert url(value) == "" or url(value) == value
    assert currency(value) == "" or len(currency(value)) == 3


def test_currency() -> None:
    assert currency(" dkk ") == "DKK"
    assert [currency(odd) for odd in ("Kr.", "EURO", "ÆØÅ", "", None, 208)] == [""] * 6


def test_url() -> None:
    assert url("https://a.example/da/?a=1") == "https://a.example/da/?a=1"
    odd = ["https://a.example/\x1b[2J", "https://a.example/a b", "https://ø.example", "x" * 1001, 7]
    assert [url(each) for each in odd] == [""] * 5


@table(
    ("value", "read"),
    [
        (7, 7),
        ("7", 7),
        ("٧", None),
        ("-7", None),
        (-7, -7),
        (7.0, None),
        (True, None),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        ("9" * 19, None),
        ("9" * 5000, None),
        (None, None),
        ({}, None),
    ],
)
def test_whole(value: object, read: int | None) -> None:
    assert whole(value) == read


@table(
    ("text", "read"),
    [
        ("2019-06-29T07:45:00+02:00", datetime(2019, 6, 29, 7, 45, tzinfo=SUMMER)),
        ("2024-08-22T08:30+02:00", datetime(2024, 8, 22, 8, 30, tzinfo=SUMMER)),
        ("2019-10-20T14:00:00Z", datetime(2019, 10, 20, 14, tzinfo=UTC)),
        ("2022-04-20T22:18:08.357360+02:00", datetime(2022, 4, 20, 22, 18, 8, 357360, SUMMER)),
        ("2024-08-22T08:30", datetime(2024, 8, 22, 8, 30)),
        ("2024-08-22", datetime(2024, 8, 22)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("tomorrow", None),
        ("", None),
        ("2" * 100, None),
        (1566460800, None),
        (None, None),
    ],
)
def test_moment(text: object, read: datetime | None) -> None:
    assert moment(text) == read


@table(
    ("value", "date"),
    [
        ("2024-08-22T08:30", "2024-08-22T08:30:00"),
        ("2024-08-22T08:30+02:00", "2024-08-22T08:30:00+02:00"),
        ("2024-08-22", "2024-08-22T00:00:00"),
        (" 22.08.2024\x07", "22.08.2024"),
        (1566460800, "1566460800"),
        ("", "unknown"),
        (None, "unknown"),
        ([], "unknown"),
    ],
)
def test_a_date_is_never_lost(value: object, date: str) -> None:
    assert valid_on(value) == date


@table(
    ("url", "part"),
    [
        ("http://localhost:8000/t/nz9lb/", "nz9lb"),
        ("https://test.ticketbutler.io/t/nz9lb?utm=1#top", "nz9lb"),
        ("", None),
        ("///", None),
        (7, None),
    ],
)
def test_last_part(url: object, part: str | None) -> None:
    assert last_part(url) == part


@given(json_values)
def test_nothing_fails(value: object) -> None:
    for read in (flag, refunded, whole, moment, valid_on, last_part):
        read(value)
    json.dumps(whole(value))
