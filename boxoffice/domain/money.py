"""Amounts of money as people of a locale write and read them.

`locale` is a name such as `da_DK` or `en-GB`; empty, or one that is not known: that of the system
where it is of the language in use, or that is English; else that of the language. Babel holds the
rules; it is loaded at the first amount, off the start of the app.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from boxoffice.domain.text import clean
from boxoffice.language import ENGLISH, current

if TYPE_CHECKING:
    from babel import Locale

LONGEST = 9
"""Digits of the largest amount that is read, before its fraction."""
MOST_DIGITS = 3
"""Of the fraction of any currency."""
_SPACES = re.compile(r"[\s'’_]+")
_ONE_SEPARATOR = re.compile(r"([0-9]+)([.,])([0-9]+)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_BOTH = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})+(?!\1)[.,]([0-9]{1,3})")
_PLAIN = re.compile(r"[0-9]+")
_WORD_BEFORE_DIGIT = re.compile(r"(?<=[A-Za-z])(?=[0-9])")


def format_money(amount: Decimal, currency: str, locale: str = "") -> str:
    """`amount` with its currency, such as `295,00 kr.`; an empty `currency`: the number alone."""
    if not currency:
        return format_amount(amount, currency, locale)
    from babel.numbers import format_currency  # noqa: PLC0415  # not to start

    return _written(format_currency(amount, currency, locale=_locale(locale)))


def format_amount(amount: Decimal, currency: str, locale: str = "") -> str:
    """`amount` alone, with the decimals of its currency, and all that it has beyond them."""
    from babel.numbers import format_decimal  # noqa: PLC0415  # not to start

    decimals = "0" * fraction_digits(currency)
    pattern = f"#,##0.{decimals:#<4}"
    return _written(format_decimal(amount, format=pattern, locale=_locale(locale)))


def _written(text: str) -> str:
    # Some locales set marks of direction, which a terminal draws wrongly.
    return _WORD_BEFORE_DIGIT.sub(" ", clean(text))


@lru_cache(maxsize=512)
def plain_amount(money: Decimal, currency: str = "") -> str:
    """`300.00`, for programs and files, with the decimals of `currency`; never `-0.00`.

    All decimals that it has beyond them stay.
    """
    beyond = -int(money.normalize().as_tuple().exponent)
    return f"{money + 0:.{max(fraction_digits(currency), beyond)}f}"


def local_amount(money: Decimal, currency: str = "") -> str:
    """As `plain_amount`, but with the decimal sign of the language in use: for people."""
    plain = plain_amount(money, currency)
    if current() == ENGLISH:
        return plain
    from babel.numbers import get_decimal_symbol  # noqa: PLC0415  # not to start

    return plain.replace(".", get_decimal_symbol(current()))


@lru_cache
def fraction_digits(currency: str) -> int:
    """Decimals of an amount in `currency`; 2 where it is empty or not known."""
    return _fractions(currency)[0]


@lru_cache
def cash_step(currency: str) -> Decimal:
    """What amounts of cash in `currency` are multiples of: its smallest coin."""
    *_, digits, step = _fractions(currency)
    return Decimal(step or 1).scaleb(-digits)


def _fractions(currency: str) -> tuple[int, int, int, int]:
    """Digits and rounding, then those of cash. Source: `currencyData` of Unicode's CLDR."""
    from babel.core import get_global  # noqa: PLC0415  # not needed to start

    known = get_global("currency_fractions")
    digits, rounding, cash_digits, cash_rounding = known.get(currency, known["DEFAULT"])
    return digits, rounding, cash_digits, cash_rounding


def cash_rounding(amount: Decimal, step: Decimal) -> Decimal:
    """What is added to `amount` when it is paid in coins of `step`; half a step is a whole one."""
    coins = (amount / step).quantize(Decimal(1), ROUND_HALF_UP)
    return coins * step - amount


def read_money(text: str, locale: str = "", currency: str = "") -> Decimal | None:
    """The amount that a person typed: `500`, `12,50`, `1.234,50`, `1 234.5`.

    None where it is none, has more decimals than its currency, or could be two: `1.234` is a
    thousand and more only in a locale that groups with a point, and one and a bit only in one that
    has decimals behind it and a currency with three of them.
    """
    typed = _SPACES.sub("", text)
    digits = fraction_digits(currency)
    if _PLAIN.fullmatch(typed):
        whole, part = typed, ""
    elif both := _BOTH.fullmatch(typed):
        whole, part = typed[: -len(both[2]) - 1], both[2]
    elif (one := _ONE_SEPARATOR.fullmatch(typed)) and (
        len(one[3]) < MOST_DIGITS
        or (len(one[3]) == digits and one[2] == _symbol("decimal", locale))
    ):
        whole, part = one[1], one[3]
    elif (grouped := _GROUPED.fullmatch(typed)) and (
        typed.count(grouped[1]) > 1 or grouped[1] == _symbol("group", locale)
    ):
        whole, part = typed, ""
    else:
        return None
    if len(part.rstrip("0")) > digits or len(part) > max(digits, 2):
        return None
    number = whole.replace(".", "").replace(",", "")
    return Decimal(f"{number}.{part or 0}") if len(number) <= LONGEST else None


def _symbol(name: str, locale: str) -> str:
    return str(_locale(locale).number_symbols["latn"][name])


def _locale(name: str) -> "Locale":
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  # not needed to start
    from babel.core import default_locale  # noqa: PLC0415

    language = current()
    for wanted in (name, default_locale("LC_MONETARY")):
        try:
            if wanted:
                locale = Locale.parse(wanted.replace("-", "_"))
                if wanted == name or language in (ENGLISH, locale.language):
                    return locale
        except (UnknownLocaleError, ValueError):
            continue  # the next best
    return Locale(language)
