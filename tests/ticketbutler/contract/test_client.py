"""The client and the sandbox, two readings of one document, against each other over a socket."""

import subprocess
import sys
from datetime import UTC, datetime
from uuid import UUID

import pytest

from boxoffice.domain.models import (
    Answer,
    AnswerInput,
    Choice,
    Question,
    Ticket,
)
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.text import clean
from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.sandbox.models import Question as SandboxQuestion
from boxoffice.sandbox.models import Ticket as SandboxTicket
from boxoffice.ticketbutler import (
    Exchange,
    KeyRefused,
    KnownRows,
    Refused,
    Ticketbutler,
)
from tests.support import both_dialects

DOCUMENTED = {"TEXT", "TEXTAREA", "NUMBER", "NAME", "COMPANY", "EMAIL", "SELECT", "SELECT_MULTIPLE"}


def listed(ticket: SandboxTicket, dialect: Dialect) -> Ticket:
    """The ticket as a list of this dialect tells it."""
    known = Ticket(
        uuid=ticket.uuid,
        event=ticket.event.uuid,
        checked_in=ticket.checked_in,
        refunded=ticket.refunded,
        full_name=clean(ticket.full_name),
        email=clean(ticket.email, 320),
        number=ticket.number,
        ticket_type=clean(ticket.ticket_type.title),
    )
    if dialect == "live":
        return known._replace(seat=ticket.seat or "")
    date = ticket.ticket_type.date
    return known._replace(
        ticket_type_pk=ticket.ticket_type.pk,
        date=date.astimezone(UTC).isoformat() if date else "",
        order=ticket.order.uuid,
    )


def question(asked: SandboxQuestion, dialect: Dialect) -> Question:
    variation = asked.variation
    if dialect == "docs" and variation not in DOCUMENTED:
        variation = "NAME" if variation == "NAME_FIRST_LAST" else "TEXT"
    return Question(
        uuid=asked.uuid,
        heading=clean(asked.heading),
        variation=variation,
        required=asked.required,
        active=asked.active,
        choices=tuple(Choice(each.uuid, clean(each.label)) for each in asked.choices),
    )


@both_dialects
async def test_ping(client: Ticketbutler) -> None:
    await client.ping()


@both_dialects
async def test_ticket_list(
    client: Ticketbutler, sandbox: Sandbox, dialect: Dialect, exchanges: list[Exchange]
) -> None:
    for event in sandbox.state.events.values():
        tickets = await client.tickets.list(str(UUID(event.uuid)))
        assert tickets is not None
        assert tickets.unread == 0
        read = {ticket.uuid: ticket for ticket in tickets.tickets}
        assert len(read) == len(tickets.tickets) == len(event.tickets)
        assert read == {ticket.uuid: listed(ticket, dialect) for ticket in event.tickets}
    assert not any(each.error for each in exchanges)


@both_dialects
async def test_of_a_list_that_is_known_only_what_is_new_is_read(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    known = KnownRows()
    first = await client.tickets.list(tonight.uuid, since=known)
    assert first is not None
    assert len(first.tickets) == len(first.uuids) == len(tonight.tickets)
    known.renew(first, (), is_whole=True)
    assert await client.tickets.list(tonight.uuid, since=known) is None
    plain = sandbox.examples()["plain"]
    other = next(ticket for ticket in tonight.tickets if ticket is not plain)
    sandbox.state.check_in(plain)
    known.drop(other.uuid)
    second = await client.tickets.list(tonight.uuid, since=known)
    assert second is not None
    assert {(ticket.uuid, ticket.checked_in) for ticket in second.tickets} == {
        (plain.uuid, True),
        (other.uuid, other.checked_in),
    }
    assert sorted(second.uuids) == sorted(first.uuids)
    whole = await client.tickets.list(tonight.uuid)
    assert whole is not None
    before = {ticket.uuid: ticket for ticket in first.tickets}
    assert second.completed(before) == {ticket.uuid: ticket for ticket in whole.tickets}


@both_dialects
async def test_ticket(client: Ticketbutler, sandbox: Sandbox) -> None:
    for name, ticket in sandbox.examples().items():
        told = await client.tickets.get(ticket.uuid.upper())
        expected = listed(ticket, "docs")._replace(
            event="", external_uuid=ticket.external_uuid, url=ticket.slug, seat=told.seat
        )
        assert told._replace(date=None) == expected._replace(date=None), name
        assert instant(told.date) == instant(expected.date)


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@both_dialects
async def test_check_in_and_out(client: Ticketbutler, sandbox: Sandbox) -> None:
    plain = sandbox.examples()["plain"]
    told = await client.tickets.patch(plain.uuid, checked_in=True)
    assert told.checked_in
    assert told.event == ""
    assert plain.checked_in
    assert (await client.tickets.patch(plain.uuid, checked_in=True)).checked_in
    assert not (await client.tickets.patch(plain.uuid, checked_in=False)).checked_in
    assert not plain.checked_in
    written = sandbox.log.find("PATCH")
    assert [each.data for each in written] == [{"checked_in": each} for each in (True, True, False)]


@both_dialects
async def test_rename(client: Ticketbutler, sandbox: Sandbox) -> None:
    plain = sandbox.examples()["plain"]
    told = await client.tickets.patch(plain.uuid, full_name="Åse  Ægidius\u200b")
    assert plain.full_name == "Åse  Ægidius\u200b"
    assert told.full_name == "Åse Ægidius"
    assert not told.checked_in


@both_dialects
async def test_questions_of_an_event(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent, dialect: Dialect
) -> None:
    asked = await client.questions.list(tonight.uuid)
    by_uuid = {each.uuid: each for each in asked}
    assert len(by_uuid) == len(asked) == len(tonight.questions)
    for each in tonight.questions:
        told, expected = by_uuid[each.uuid], question(each, dialect)
        title = each.ticket_type.title if each.ticket_type and dialect == "live" else None
        assert (told.heading, told.variation, told.required, told.choices, told.ticket_type) == (
            expected.heading,
            expected.variation,
            expected.required,
            expected.choices,
            title,
        )
    assert await client.questions.list_for_buyers(tonight.uuid) == [
        question(each, dialect) for each in tonight.purchase_questions
    ]
    for event in sandbox.state.events.values():
        if not event.questions:
            assert await client.questions.list(event.uuid) == []


@both_dialects
async def test_questions_of_a_ticket(
    client: Ticketbutler, sandbox: Sandbox, dialect: Dialect
) -> None:
    state = sandbox.state
    for name in ("answers_needed", "answered", "plain", "any_day"):
        ticket = sandbox.examples()[name]
        every = await client.tickets.questions(ticket.uuid)
        assert every == [question(each, dialect) for each in state.questions_of(ticket)]
        left = await client.tickets.unanswered(ticket.uuid)
        assert left == [question(each, dialect) for each in state.unanswered(ticket)]


@both_dialects
async def test_answers(client: Ticketbutler, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["answered"]
    stored = (ticket.answers or {}).values()
    assert await client.tickets.answers(ticket.uuid) == [
        Answer(
            each.question.uuid,
            clean(each.question.heading),
            clean(each.value, 4000, lines=each.question.variation == "TEXTAREA"),
            tuple(choice.uuid for choice in each.choices),
            tuple(clean(choice.label) for choice in each.choices),
        )
        for each in stored
    ]


@both_dialects
async def test_every_variation_is_answered_and_read_back(
    client: Ticketbutler, sandbox: Sandbox
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    given = [answer_to(each) for each in await client.tickets.unanswered(ticket.uuid)]
    assert {type(each.value) for each in given} == {str, tuple}
    stored = {each.question: each for each in await client.tickets.answer(ticket.uuid, given)}
    assert stored == {each.question: each for each in await client.tickets.answers(ticket.uuid)}
    for each in given:
        answer = stored[each.question]
        taken = each.value if isinstance(each.value, tuple) else (each.value,)
        assert taken in ((answer.value,), answer.choices)
    assert await client.tickets.unanswered(ticket.uuid) == []


def answer_to(asked: Question) -> AnswerInput:
    choices = tuple(choice.uuid for choice in asked.choices)
    match asked.variation:
        case "SELECT":
            return AnswerInput(asked.uuid, choices[0])
        case "SELECT_MULTIPLE":
            return AnswerInput(asked.uuid, choices[:2])
        case "NUMBER":
            return AnswerInput(asked.uuid, "7")
        case "EMAIL":
            return AnswerInput(asked.uuid, "ada@example.com")
        case _:
            return AnswerInput(asked.uuid, "+45 42 42 42 42")


async def test_a_wrong_key(sandbox: Sandbox) -> None:
    async with Ticketbutler(sandbox.url, SecretStr("wrong")) as client:
        with pytest.raises(KeyRefused) as caught:
            await client.ping()
    assert caught.value.sentence == "The site refused the key: check it, and log in again."


@both_dialects
async def test_an_answer_that_is_refused(client: Ticketbutler, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["answers_needed"]
    choosing = next(each for each in await client.tickets.questions(ticket.uuid) if each.choices)
    with pytest.raises(Refused) as caught:
        await client.tickets.answer(ticket.uuid, [AnswerInput(choosing.uuid, "not a choice")])
    assert caught.value.sentence.startswith("The site refused this: ")


def test_a_client_loads_neither_httpx_nor_pydantic_until_it_is_opened() -> None:
    program = """
import sys
from boxoffice.ticketbutler import KeyRefused, SecretStr, Ticketbutler
Ticketbutler("https://test.ticketbutler.io", SecretStr("key"))
print(*sorted({"httpx", "pydantic"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"
