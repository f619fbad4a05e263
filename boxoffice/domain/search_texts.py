"""What a ticket is found by beside its holder's name, and why it was found.

Its own company, address and number; its type; and what its order tells: who bought it, their phone,
and what the order is called. Phones are found however they are written, with the country's code or
without: by their last digits.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from boxoffice.domain.models import Order, Ticket
from boxoffice.domain.text import fold, index_words, mail_words, name_words, spelled_words
from boxoffice.language import _

_PHONE = re.compile(r"\(?(\+|00)?[0-9 ().\-/]+")
_PHONE_DIGITS = 8
"""The last so many tell phones apart; what is before them is written or left out."""
_SHORTEST_PHONE = 6
_SHORTEST_START = 4
"""Digits from which on the beginning of a phone number is searched for."""
_PHONE_MARK = "+"
"""Begins the words of phones, so that no other number is taken for one."""
_COUNTRY_CODES = (2, 3)
"""Digits; the few of one digit are told by the last digits."""


class OrderTexts(NamedTuple):
    """What an order tells that its tickets are found by; empty: not told."""

    order_id: str = ""
    """What people call it: `dZy1`."""
    external_id: str = ""
    buyer: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""

    @classmethod
    def of(cls, order: Order) -> "OrderTexts":
        return cls(
            order.order_id,
            order.external_order_id or "",
            order.full_name,
            order.email,
            order.address.phone,
            order.address.business_name,
        )

    def completed(self, known: "OrderTexts") -> "OrderTexts":
        """These, with what `known` tells where these say nothing."""
        return OrderTexts(*(new or old for new, old in zip(self, known, strict=True)))


NO_ORDER = OrderTexts()


def phone_words(phone: str) -> tuple[str, ...]:
    """What a phone number is found by."""
    digits = re.sub(r"\D", "", phone)
    return (_PHONE_MARK + digits[-_PHONE_DIGITS:],) if len(digits) >= _SHORTEST_PHONE else ()


def query_phones(query: str) -> list[str]:
    """The beginnings of phones' words that `query` may be; none where it is no number."""
    if not (written := _PHONE.fullmatch(query.strip())):
        return []
    digits = re.sub(r"\D", "", query).lstrip("0")
    begins = {digits[code:] for code in _COUNTRY_CODES} if written[1] else {digits}
    begins |= {digits[-_PHONE_DIGITS:]} if len(digits) > _PHONE_DIGITS else set()
    return [_PHONE_MARK + begin for begin in begins if len(begin) >= _SHORTEST_START]


def other_words(ticket: Ticket, order: OrderTexts) -> list[str]:
    """The words by which a ticket is found beside its holder's name."""
    words = [*mail_words(ticket.email), *name_words(ticket.company_name or "")]
    if ticket.number is not None:
        words.append(str(ticket.number))
    if order is NO_ORDER:
        return words
    words += index_words([*spelled_words(order.order_id), *spelled_words(order.external_id)])
    # The holder's own are not kept twice: most buy for themselves.
    if order.buyer != ticket.full_name:
        words += name_words(order.buyer)
    if order.email != ticket.email:
        words += mail_words(order.email)
    words += phone_words(order.phone)
    if order.company != ticket.company_name:
        words += name_words(order.company)
    return words


def kind_words(ticket_type: str) -> list[str]:
    """The words by which a ticket is found by its type."""
    return index_words(spelled_words(ticket_type))


def why_found(
    ticket: Ticket, order: OrderTexts, words: Sequence[str], phones: Iterable[str]
) -> str:
    """What tells why a ticket was found by `words`, or as one of `phones`.

    Empty: its name, address or type tells, which are seen beside.
    """
    seen = [*name_words(ticket.full_name), *mail_words(ticket.email)]
    seen += kind_words(ticket.ticket_type)
    left = [*(word for word in words if not _begins(word, seen)), *phones]
    return next(
        (shown for shown, held in _sources(ticket, order) if any(_begins(w, held) for w in left)),
        "",
    )


def _sources(ticket: Ticket, order: OrderTexts) -> Iterator[tuple[str, list[str]]]:
    """Each text by which it may have been found, and the words of it."""
    for company in filter(None, (ticket.company_name, order.company)):
        yield company, [*name_words(company)]
    yield order.phone, [*phone_words(order.phone)]
    if ticket.number is not None:
        yield str(ticket.number), [str(ticket.number)]
    for called in filter(None, (order.order_id, order.external_id)):
        yield _("order {order}").format(order=called), index_words(spelled_words(called))
    yield order.email, mail_words(order.email)
    yield _("bought by {name}").format(name=order.buyer), [*name_words(order.buyer)]


def _begins(word: str, held: Iterable[str]) -> bool:
    folded = fold(word)
    return any(one.startswith(word) or one == folded for one in held)
