"""A long array inside an object, read piece by piece."""

import json
from collections.abc import Iterator

import pytest

from boxoffice.ticketbutler.json_stream import elements_of
from boxoffice.ticketbutler.wire import WrongShape

ROWS = [{"uuid": str(at), "tickets": [{"a": "},{"}, {"b": "]}"}]} for at in range(5)]
TOLD = {"uuid": "x", "more": {"orders": [1]}, "orders": ROWS, "after": [1, {"c": None}]}


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("told", [TOLD, {"orders": ROWS}, {"orders": []}])
def test_every_row_is_read(size: int, indent: int | None, told: dict[str, list[object]]) -> None:
    body = json.dumps(told, indent=indent).encode()
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert list(elements_of(chunks, "orders")) == told["orders"]


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", "null", '{"orders": {}}', '{"other": []}', '{"orders": []} 1'),
        *('{"orders": [1, 2', '{"orders": [1 2]}', '{"orders": [1]', '{"orders": [1], }'),
        '{"orders": [' + "[" * 100_000,
    ],
)
def test_what_is_no_such_object_or_breaks_off_is_told(body: str) -> None:
    with pytest.raises(WrongShape):
        list(elements_of([body.encode()], "orders"))


def test_the_first_is_there_before_the_last_has_been_looked_at() -> None:
    seen = 0

    def chunks() -> Iterator[bytes]:
        nonlocal seen
        yield b'{"orders":['
        for at in range(100):
            seen = at
            yield b'"' + b"x" * 100_000 + b'",'

    rows = elements_of(chunks(), "orders")
    assert next(rows)
    assert seen < 5
