"""Amounts of money as people of a locale write and read them.

`locale` is a name such as `da_DK` or `en-GB`; empty, or one that is not known: that of the system,
else English. Babel holds the rules; it is loaded at the first amount, off the start of the app.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from boxoffice.domain.text import clean

if TYPE_CHECKING:
    from babel import Locale

LONGEST = 9
"""Digits of the largest amount that is read, before its fraction."""
_SPACES = re.compile(r"[\s'’_]+")
_ONE_SEPARATOR = re.compile(r"([0-9]+)([.,])([0-9]+)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_BOTH = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})+(?!\1)[.,]([0-9]{1,2})")
_PLAIN = re.compile(r"[0-9]+")
_WORD_BEFORE_DIGIT = re.compile(r"(?<=[A-Za-z])(?=[0-9])")


def format_money(amount: Decimal, currency: str, locale: str = "") -> str:
    """`amount` with its currency, such as `295,00 kr.`; an empty `currency`: the number alone."""
    return _written(amount, currency, _locale(locale))


@lru_cache(maxsize=512)
def plain_amount(money: Decimal) -> str:
    """`300.00`, for programs and files; never `-0.00`."""
    return f"{money + 0:.2f}"


def _written(amount: Decimal, currency: str, locale: "Locale") -> str:
    """Kept, since a list of sales or prices writes the same amounts again and again."""
    from babel.numbers import format_currency, format_decimal  # noqa: PLC0415  # not to start

    if currency:
        written = format_currency(amount, currency, locale=locale)
    else:
        written = format_decimal(amount, format="#,##0.00", locale=locale)
    # Some locales set marks of direction, which a terminal draws wrongly.
    return _WORD_BEFORE_DIGIT.sub(" ", clean(written))


def read_money(text: str, locale: str = "") -> Decimal | None:
    """The amount that a person typed: `500`, `12,50`, `1.234,50`, `1 234.5`.

    None where it is none, or could be two: `1.234` is a thousand and more only in a locale that
    groups with a point, and never one and a bit.
    """
    typed = _SPACES.sub("", text)
    if _PLAIN.fullmatch(typed):
        whole, part = typed, ""
    elif both := _BOTH.fullmatch(typed):
        whole, part = typed[: -len(both[2]) - 1], both[2]
    elif (one := _ONE_SEPARATOR.fullmatch(typed)) and len(one[3]) <= 2:
        whole, part = one[1], one[3]
    elif (grouped := _GROUPED.fullmatch(typed)) and (
        typed.count(grouped[1]) > 1 or grouped[1] == _group(locale)
    ):
        whole, part = typed, ""
    else:
        return None
    digits = whole.replace(".", "").replace(",", "")
    return Decimal(f"{digits}.{part or 0}") if len(digits) <= LONGEST else None


def _group(locale: str) -> str:
    from babel.numbers import get_group_symbol  # noqa: PLC0415  # not needed to start

    return get_group_symbol(_locale(locale))


def _locale(name: str) -> "Locale":
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  # not needed to start
    from babel.core import default_locale  # noqa: PLC0415

    for wanted in (name, default_locale("LC_MONETARY")):
        try:
            if wanted:
                return Locale.parse(wanted.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue  # the next best
    return Locale("en")
