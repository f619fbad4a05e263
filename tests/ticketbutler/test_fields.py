"""Single values, in every form a site has been seen to write them, and in any other."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.ticketbutler.fields import flag, last_part, moment, raw, refunded, valid_on, whole

SUMMER = timezone(timedelta(hours=2))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


def test_raw_is_kept_only_where_it_differs() -> None:
    assert raw("Ada", "Ada") is None
    assert raw(None, "") is None
    assert raw(" Ada\x07", "Ada") == " Ada\x07"
    assert raw("half \ud83d", "half") == "half ?"
    assert len(raw("x" * 10_000, "x…") or "") == 2000


@given(json_values)
def test_nothing_fails(value: object) -> None:
    for read in (flag, refunded, whole, moment, valid_on, last_part):
        read(value)
    (raw(value, "") or "").encode()
    json.dumps(whole(value))
