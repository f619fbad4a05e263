"""What a ticket is found by beside its holder's name, and why it was found.

Its own company, address and number; its type; what its holder answered; and what its order tells:
who bought it, their phone, and what the order is called. Phones are found however they are written,
with the country's code or without: by their last digits.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from boxoffice.domain.models import Answer, Order, Question, Ticket
from boxoffice.domain.questions import answer_text
from boxoffice.domain.text import clean, fold, index_words, mail_words, name_words, spelled_words
from boxoffice.language import _

_PHONE = re.compile(r"\(?(\+|00)?[0-9 ().\-/]+")
_PHONE_DIGITS = 8
"""The last so many tell phones apart; what is before them is written or left out."""
_SHORTEST_PHONE = 6
_SHORTEST_START = 4
"""Digits from which on the beginning of a phone number is searched for."""
_PHONE_MARK = "+"
"""Begins the words of phones, so that no other number is taken for one."""
_MOST_ANSWERS, _LONGEST_ANSWER = 20, 100
"""Answers of one ticket that are searched, and characters of each."""
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


def answer_texts(answers: Iterable[Answer], questions: Mapping[str, Question]) -> tuple[str, ...]:
    """What was answered for a ticket, to be found by; `questions`: by their uuids."""
    texts = (answer_text(answer, questions.get(answer.question)) for answer in answers)
    cleaned = (clean(text, _LONGEST_ANSWER) for text in texts if text.strip())
    return tuple(dict.fromkeys(islice(cleaned, _MOST_ANSWERS)))


class SearchTexts:
    """What is known of tickets beside their own rows, to be found by."""

    def __init__(
        self, orders: Mapping[str, OrderTexts], answers: Mapping[str, tuple[str, ...]]
    ) -> None:
        """`orders`: by their uuids. `answers`: by ticket."""
        self._orders = dict(orders)
        self._answers = dict(answers)

    def containers(self) -> list[dict[Any, Any] | list[Any]]:
        """What it is made of."""
        return [self._orders, self._answers]

    def order(self, uuid: str | None) -> OrderTexts:
        return self._orders.get(uuid or "", NO_ORDER)

    def answers(self, ticket: str) -> tuple[str, ...]:
        return self._answers.get(ticket, ())

    def add_order(self, uuid: str, texts: OrderTexts) -> None:
        """Take up what an order tells, beside what it told before."""
        self._orders[uuid] = texts.completed(self.order(uuid))

    def set_answers(self, ticket: str, texts: tuple[str, ...]) -> None:
        """Take up what was answered for a ticket, in place of what was before."""
        self._answers[ticket] = texts

    def words(self, ticket: Ticket | None) -> list[str]:
        """The words by which a ticket is found, beside its holder's name."""
        if ticket is None:
            return []
        words = [*mail_words(ticket.email), *name_words(ticket.company_name or "")]
        if ticket.number is not None:
            words.append(str(ticket.number))
        for text in filter(_PHONE.fullmatch, self.answers(ticket.uuid)):
            words += phone_words(text)
        order = self.order(ticket.order)
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

    def kind_words(self, ticket: Ticket | None) -> list[str]:
        """Those that many have in common: of its type, and of what was answered for it."""
        if ticket is None:
            return []
        texts = (ticket.ticket_type, *self.answers(ticket.uuid))
        return [word for text in texts for word in kind_words(text)]

    def why(self, ticket: Ticket, words: Sequence[str], phones: Iterable[str]) -> str:
        """What tells why a ticket was found by `words`, or as one of `phones`.

        Empty: its name, address or type tells, which are seen beside.
        """
        left = [word for word in words if not _begins(word, name_words(ticket.full_name))]
        if left:
            seen = [*mail_words(ticket.email), *kind_words(ticket.ticket_type)]
            left = [word for word in left if not _begins(word, seen)]
        left += phones
        if not left:
            return ""
        for text, known in self._sources(ticket):
            if any(_begins(word, known) for word in left):
                return text
        return ""

    def _sources(self, ticket: Ticket) -> Iterator[tuple[str, list[str]]]:
        """Each text by which it may have been found, and the words of it."""
        order = self.order(ticket.order)
        for company in filter(None, (ticket.company_name, order.company)):
            yield company, [*name_words(company)]
        yield order.phone, [*phone_words(order.phone)]
        if ticket.number is not None:
            yield str(ticket.number), [str(ticket.number)]
        for called in filter(None, (order.order_id, order.external_id)):
            yield _("order {order}").format(order=called), index_words(spelled_words(called))
        yield order.email, mail_words(order.email)
        yield _("bought by {name}").format(name=order.buyer), [*name_words(order.buyer)]
        for text in self.answers(ticket.uuid):
            yield text, [*kind_words(text), *phone_words(text)]


def kind_words(text: str) -> list[str]:
    """The words of a ticket's type, or of an answer."""
    return index_words(spelled_words(text))


def _begins(word: str, known: Iterable[str]) -> bool:
    folded = fold(word)
    return any(one.startswith(word) or one == folded for one in known)
