"""Rows that are too many for the loop to make."""

import threading
from datetime import timedelta, timezone

import pytest

from boxoffice.manage.change_helpers import rows_of
from boxoffice.manage.orders import newest_first
from boxoffice.ticketbutler.resources.order_models import OrderDetails
from tests.support import EVENING


async def test_rows_are_made_elsewhere_and_stay_in_order() -> None:
    threads = set[int]()

    def read(each: int) -> str:
        threads.add(threading.get_ident())
        return str(each)

    told = list(range(1000))
    assert await rows_of(told, read) == [str(each) for each in range(1000)]
    assert not told
    assert threading.get_ident() not in threads


def test_the_newest_come_first_and_those_of_no_known_time_last() -> None:
    other = timezone(timedelta(hours=14))
    times = {"a": EVENING, "b": None, "c": EVENING.astimezone(other) + timedelta(seconds=1)}
    times |= {"d": EVENING - timedelta(days=9), "e": None, "f": EVENING}
    orders = [OrderDetails(uuid=name, created=at) for name, at in times.items()]
    assert "".join(each.uuid for each in sorted(orders, key=newest_first)) == "cafdbe"


async def test_one_that_cannot_be_read_is_told() -> None:
    def read(each: int) -> float:
        return 1 / each

    with pytest.raises(ZeroDivisionError):
        await rows_of([1, 0], read)
