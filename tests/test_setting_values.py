"""What settings take: as pydantic would, of all that a config file or a variable can hold."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from boxoffice import setting_values as kinds
from boxoffice.setting_values import SettingError

TEXTS = (
    *("", " ", "x", "yes", "On", "TRUE", "f", "N", "ask", "quiet", "nan", "inf", "0x10"),
    *("0", "1", "10", " 10 ", "+5", "-1", "-0", "31", "1001", "1_000", "9" * 5_000),
    *("1.0", "5.0000", "1.5", ".5", "0.05", "1e3", "1e400"),
)
OTHERS: tuple[object, ...] = (
    *(0, 1, 5, -1, 31, 10**12, True, False, 0.0, 1.0, 1.5, -0.5, 1e300),
    *(float("nan"), float("inf"), float("-inf"), None, Path("a/b")),
    *([], ["a"], [1], ["a", 1], [["a"]], ("a",), {}, {"a": "b"}, {"a": 1}),
    *(date(2026, 11, 30), datetime(2026, 11, 30, 19), time(19)),
)

PYDANTIC: list[tuple[Callable[[object], object], Any]] = [
    (kinds.text, str),
    (kinds.yes_or_no, bool),
    (kinds.optional(kinds.yes_or_no), bool | None),
    (kinds.bounded(kinds.whole, least=0), Annotated[int, Field(ge=0)]),
    (kinds.bounded(kinds.number, above=0, most=30), Annotated[float, Field(gt=0, le=30)]),
    (kinds.bounded(kinds.amount, above=0, most=1000), Annotated[Decimal, Field(gt=0, le=1000)]),
    (kinds.one_of("ask", "admit"), Literal["ask", "admit"]),
    (kinds.one_of("on", "quiet", "off"), Literal["on", "quiet", "off"]),
    (kinds.texts, tuple[str, ...]),
    (kinds.named_texts, dict[str, str]),
]


def outcome(read: Callable[[object], object], value: object) -> tuple[object, str]:
    """The value that is read, or the place and the reason why none is."""
    try:
        return None, repr(read(value))
    except SettingError as error:
        return error.place, str(error)
    except ValidationError as error:
        first = error.errors()[0]
        return tuple(map(str, first["loc"])), first["msg"][:1].lower() + first["msg"][1:]


@pytest.mark.parametrize(("read", "kind"), PYDANTIC)
def test_values_are_read_as_by_pydantic(read: Callable[[object], object], kind: Any) -> None:
    judge = TypeAdapter(kind).validate_python
    for value in (*TEXTS, *OTHERS):
        assert outcome(read, value) == outcome(judge, value), value
