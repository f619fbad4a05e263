"""ANSWERS NEEDED: what is asked, what is stored, and the check-in behind it."""

from boxoffice.domain.models import AnswerInput, Question
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import goes_offline, sent
from tests.support import FakeClock, both_dialects


def answer_to(question: Question) -> AnswerInput:
    match question.variation:
        case "SELECT":
            return AnswerInput(question.uuid, question.choices[0].uuid)
        case "SELECT_MULTIPLE":
            return AnswerInput(question.uuid, tuple(choice.uuid for choice in question.choices))
        case "NUMBER":
            return AnswerInput(question.uuid, "42")
        case "EMAIL":
            return AnswerInput(question.uuid, "mads@example.com")
        case "PHONE":
            return AnswerInput(question.uuid, "+45 12345678")
    return AnswerInput(question.uuid, "Mads Holm")


@both_dialects
async def test_answering_admits_and_the_answers_arrive_first(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ANSWERS_NEEDED
    given = [answer_to(question) for question in scan.verdict.questions]
    admitted = await lane.answer(ticket.uuid, given, admit=True)
    assert admitted is not None
    assert admitted.verdict.word == "ADMITTED"
    await sent(lane, clock)
    assert ticket.checked_in
    writes = [entry.path for entry in sandbox.log if entry.method in ("POST", "PATCH")]
    assert [path.rstrip("/").endswith("questions") for path in writes] == [True, False]


@both_dialects
async def test_offline_answers_and_check_in_are_replayed_in_order(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    scan = await lane.scan(ticket.uuid)
    await goes_offline(sandbox, lane, clock)
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ANSWERS_NEEDED
    given = [answer_to(question) for question in scan.verdict.questions]
    admitted = await lane.answer(ticket.uuid, given, admit=True)
    assert admitted is not None
    assert admitted.verdict.word == "ADMITTED · not confirmed"
    await sandbox.start()
    await sent(lane, clock)
    assert ticket.checked_in
    writes = [entry.path for entry in sandbox.log if entry.method in ("POST", "PATCH")]
    assert [path.rstrip("/").endswith("questions") for path in writes] == [True, False]


async def test_offline_a_ticket_whose_questions_were_never_read_is_admitted_and_says_so(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    scan = await lane.scan(sandbox.examples()["answers_needed"].uuid)
    assert scan.verdict.word == "ADMITTED · not confirmed"
    assert "questions not checked" in scan.verdict.reason


async def test_details_show_fields_order_questions_and_answers(
    sandbox: Sandbox, lane: Lane
) -> None:
    ticket = sandbox.examples()["answered"]
    details = await lane.details.refresh(ticket.uuid)
    assert details is not None
    assert details.confirmed
    assert details.order is not None
    assert details.order.order_id == ticket.order.order_id
    assert details.questions
    assert set(details.answers) >= set(ticket.answers or {})


async def test_a_name_is_changed_here_at_once_and_then_at_the_server(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await lane.details.rename(ticket.uuid, "Åse Øst")
    row = lane.roster.get(ticket.uuid)
    assert row is not None
    assert row.ticket.full_name == "Åse Øst"
    await sent(lane, clock)
    assert ticket.full_name == "Åse Øst"


async def test_what_was_stored_is_not_asked_for_again_offline(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    details = await lane.details.refresh(ticket.uuid)
    assert details is not None
    assert details.unanswered
    given = [answer_to(question) for question in details.unanswered]
    await lane.answer(ticket.uuid, given, admit=False)
    await sent(lane, clock)
    await goes_offline(sandbox, lane, clock)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert "questions not checked" not in scan.verdict.reason
    details = await lane.details.known(ticket.uuid)
    assert details is not None
    assert {answer.question for answer in given} <= set(details.answers)
