"""What stands in the form of a ticket's or an order's questions, and what of it is to be stored.

A draft is what a field holds: a text, or a tuple: first and last name, or the uuids of the choices
taken. Only what differs from the answer given before is stored, since the site keeps what it is not
sent ("Collect Ticket Data"), and a text that was cleaned for showing must not be written back.
An order's form asks for the buyer's address as well, in fields that are written as questions.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple, TypeAlias

from boxoffice.domain.humanize import format_number
from boxoffice.domain.models import Address, Answer, AnswerInput, Question, Ticket
from boxoffice.domain.text import clean
from boxoffice.language import N_, _

Draft: TypeAlias = str | tuple[str, ...]

LINE_LIMIT = 1_000
"""Characters of a one-line answer."""
AREA_LIMIT = 4_000
"""Characters of an answer of several lines."""

REQUIRED = N_("This has to be answered.")
BOTH_NAMES = N_("Fill in both first name and last name.")
NOT_A_NUMBER = N_("Write a number, such as 42 or 1.5.")
NOT_AN_EMAIL = N_("Write an e-mail address, such as name@example.com.")
NOT_A_PHONE = N_("Write a phone number, such as +45 12 34 56 78.")

GONE = N_("a choice that is no longer offered")

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?")
_EMAIL = re.compile(r"[^\s@<>(),;:\"]{1,64}@[^\s@<>(),;:\".]+(?:\.[^\s@<>(),;:\".]+)+")
_PHONE = re.compile(r"\+?[0-9 ().\-/]{4,30}")


class Variation(StrEnum):
    """How a question is asked. The site may have others: they are asked as `TEXT`."""

    TEXT = "TEXT"
    TEXTAREA = "TEXTAREA"
    NUMBER = "NUMBER"
    NAME = "NAME"
    NAME_FIRST_LAST = "NAME_FIRST_LAST"
    COMPANY = "COMPANY"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    SELECT = "SELECT"
    SELECT_MULTIPLE = "SELECT_MULTIPLE"


def variation(question: Question) -> Variation:
    """How `question` is to be asked."""
    try:
        return Variation(question.variation.strip().upper())
    except ValueError:
        return Variation.TEXT


def still_open(questions: Iterable[Question], answered: Collection[str]) -> tuple[Question, ...]:
    """Those that must be answered before a ticket is admitted, without the uuids in `answered`."""
    return tuple(
        question
        for question in questions
        if question.required and question.active and question.uuid not in answered
    )


def requires_answers(questions: Iterable[Question] | None, ticket: Ticket | None) -> bool:
    """Whether a required question is asked of `ticket`; of None: of any ticket.

    As long as the questions are not known (None), it may be.
    """
    return questions is None or any(
        question.required and is_asked_of(question, ticket) for question in questions
    )


def is_asked_of(question: Question, ticket: Ticket | None) -> bool:
    """Whether `question` is asked of `ticket`; of None: of any ticket.

    As long as the type of the ticket is not known, it may be.
    """
    of_type = question.ticket_type
    return question.active and (
        not of_type or ticket is None or ticket.ticket_type in ("", of_type)
    )


class Field(NamedTuple):
    """A question in the form, with what was answered before."""

    question: Question
    before: Draft
    asked: bool = False
    """It must be answered before the ticket is admitted."""
    typed_over: bool = False
    """A first key takes the place of what stands there: a number, or what is only proposed."""

    @property
    def variation(self) -> Variation:
        return variation(self.question)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The choices as (uuid, label); one without a label is named by its place."""
        return tuple(
            (choice.uuid, choice.label or _("Choice {n}").format(n=place))
            for place, choice in enumerate(self.question.choices, 1)
        )


def fields(
    questions: Iterable[Question],
    answers: Mapping[str, Answer],
    asked: Iterable[Question] = (),
) -> tuple[Field, ...]:
    """The form of a ticket: what must be answered first, then the rest in the site's order.

    `asked`: the required questions still open, which the form shows also when `questions` (this
    computer's copy) does not know them yet. Questions that are no longer active are left out.
    """
    wanted = {question.uuid: question for question in asked}
    rest = {question.uuid: question for question in questions if question.active}
    known = {**wanted, **rest}
    order = [*wanted, *(uuid for uuid in rest if uuid not in wanted)]
    return tuple(
        Field(known[uuid], before(known[uuid], answers.get(uuid)), uuid in wanted) for uuid in order
    )


def other_answers(
    questions: Iterable[Question], answers: Mapping[str, Answer]
) -> tuple[tuple[str, str], ...]:
    """Answers whose question is not in the form, as (heading, text): to be shown all the same."""
    known = {question.uuid: question for question in questions}
    rows = []
    for uuid, answer in answers.items():
        question = known.get(uuid)
        if question is not None and question.active:
            continue
        heading = answer.heading or (question.heading if question else "")
        rows.append((heading or _("A question of before"), answer_text(answer, question)))
    return tuple(rows)


def answer_text(answer: Answer, question: Question | None) -> str:
    """An answer as people read it; `question`: where it is known."""
    labels = {choice.uuid: choice.label for choice in question.choices} if question else {}
    return answer.value or ", ".join(
        labels.get(choice) or heading or _(GONE)
        for choice, heading in zip_longest(answer.choices, answer.headings, fillvalue="")
    )


def as_answer(given: AnswerInput, question: Question | None) -> Answer:
    """What is given, as it is read once the site has it; `question`: where it is known."""
    if not isinstance(given.value, str):
        return Answer(given.question, choices=given.value)
    if question is not None and is_choice(question):
        return Answer(given.question, choices=(given.value,))
    return Answer(given.question, value=given.value)


def before(question: Question, answer: Answer | None) -> Draft:
    """The draft that stands for `answer`, or for no answer."""
    offered = {choice.uuid for choice in question.choices}
    taken = tuple(uuid for uuid in answer.choices if uuid in offered) if answer else ()
    match variation(question):
        case Variation.SELECT:
            return taken[0] if taken else ""
        case Variation.SELECT_MULTIPLE:
            return taken
        case Variation.NAME_FIRST_LAST:
            # Two parts in one text. The last word is the family name more often than not.
            first, _, last = (answer.value if answer else "").strip().rpartition(" ")
            return (first, last) if first else (last, "")
        case _:
            return answer.value if answer else ""


def is_empty(draft: Draft) -> bool:
    return not draft.strip() if isinstance(draft, str) else not any(map(str.strip, draft))


def problem(question: Question, draft: Draft, *, required: bool) -> str:
    """What is wrong with a draft, in a sentence; empty when it can be stored."""
    if is_empty(draft):
        return _(REQUIRED) if required else ""
    kind = variation(question)
    if isinstance(draft, tuple):
        if kind is Variation.NAME_FIRST_LAST and required and not all(map(str.strip, draft)):
            return _(BOTH_NAMES)
        text = " ".join(draft) if kind is Variation.NAME_FIRST_LAST else ""
    else:
        text = draft.strip()
    limit = AREA_LIMIT if kind is Variation.TEXTAREA else LINE_LIMIT
    if len(text) > limit:
        shorten = _("Shorten this by {n} characters: {limit} is the most.")
        over = len(text) - limit
        return shorten.format(n=format_number(over), limit=format_number(limit))
    match kind:
        case Variation.NUMBER if not _NUMBER.fullmatch(text):
            return _(NOT_A_NUMBER)
        case Variation.EMAIL if not is_email(text):
            return _(NOT_AN_EMAIL)
        case Variation.PHONE if not _PHONE.fullmatch(text) or sum(map(str.isdigit, text)) < 4:
            return _(NOT_A_PHONE)
        case _:
            return ""


def value(question: Question, draft: Draft) -> str | tuple[str, ...]:
    """A draft without a problem, as the site takes it."""
    kind = variation(question)
    match kind:
        case Variation.SELECT_MULTIPLE:
            return tuple(draft)
        case Variation.NAME_FIRST_LAST:
            return clean(" ".join(draft), LINE_LIMIT)
    text = draft if isinstance(draft, str) else " ".join(draft)
    if kind is Variation.TEXTAREA:
        return clean(text, AREA_LIMIT, lines=True)
    text = clean(text, LINE_LIMIT)
    return text.replace(",", ".") if kind is Variation.NUMBER else text


class Checked(NamedTuple):
    """A form that was looked through."""

    given: tuple[AnswerInput, ...]
    """What is to be stored, when there is no problem."""
    problems: Mapping[str, str]
    """Sentences by the question's uuid, in the form's order."""


def check(form: Iterable[Field], drafts: Mapping[str, Draft], *, admit: bool) -> Checked:
    """What of `drafts` (by the question's uuid) is to be stored, and what is wrong with it.

    `admit`: what is asked must be answered, and is sent even if it stood there before: the site
    says that it does not have it. Otherwise only what was changed is looked at.
    """
    given: list[AnswerInput] = []
    problems: dict[str, str] = {}
    for field in form:
        question = field.question
        draft = drafts.get(question.uuid, field.before)
        if _same(draft) == _same(field.before) and not (admit and field.asked):
            continue
        if is_choice(question) and not question.choices:
            continue  # nothing can be picked here: the site has to settle it
        if sentence := problem(question, draft, required=field.asked or question.required):
            problems[question.uuid] = sentence
        elif field.variation is not Variation.SELECT or not is_empty(draft):
            given.append(AnswerInput(question.uuid, value(question, draft)))
    return Checked(() if problems else tuple(given), problems)


def changed(form: Iterable[Field], drafts: Mapping[str, Draft]) -> bool:
    """Whether anything was typed or taken that would be lost."""
    return any(
        _same(drafts.get(field.question.uuid, field.before)) != _same(field.before)
        for field in form
    )


def is_choice(question: Question) -> bool:
    return variation(question) in (Variation.SELECT, Variation.SELECT_MULTIPLE)


def _same(draft: Draft) -> Draft:
    """A form in which two drafts that mean the same are equal."""
    return draft.strip() if isinstance(draft, str) else tuple(map(str.strip, draft))


def is_email(text: str) -> bool:
    """Whether it is written as an e-mail address is."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


# The buyer of an order

ADDRESS_PREFIX = "address."
"""Before a field's name, in place of a question's uuid."""

_ADDRESS_FIELDS = (
    ("first_name", N_("First name"), "TEXT", True),
    ("last_name", N_("Last name"), "TEXT", True),
    ("email", N_("E-mail"), "EMAIL", True),
    ("phone", N_("Phone"), "PHONE", False),
    ("business_name", N_("Company"), "COMPANY", False),
    ("cvr", N_("Company number (CVR)"), "TEXT", False),
    ("title", N_("Title"), "TEXT", False),
    ("venue", N_("Place"), "TEXT", False),
    ("street", N_("Street"), "TEXT", False),
    ("street_2", N_("Street, second line"), "TEXT", False),
    ("postcode", N_("Postcode"), "TEXT", False),
    ("city", N_("City"), "TEXT", False),
    ("country", N_("Country"), "TEXT", False),
)
ADDRESS_FIRST = 4
"""Fields that stand before the questions; the others follow them."""


def address_fields(address: Address) -> tuple[Field, ...]:
    """The form, with what the order has."""
    known = asdict(address)
    return tuple(
        Field(Question(ADDRESS_PREFIX + name, _(heading), kind, required=required), known[name])
        for name, heading, kind, required in _ADDRESS_FIELDS
    )


def corrected(address: Address, given: Iterable[AnswerInput]) -> Address:
    """`address` with what was filled in; other answers are left out."""
    return replace(
        address,
        **{
            answer.question.removeprefix(ADDRESS_PREFIX): str(answer.value)
            for answer in given
            if answer.question.startswith(ADDRESS_PREFIX)
        },
    )


def others(given: Iterable[AnswerInput]) -> tuple[AnswerInput, ...]:
    """The answers that are no part of the address."""
    return tuple(answer for answer in given if not answer.question.startswith(ADDRESS_PREFIX))
