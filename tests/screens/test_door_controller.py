"""What a door decides and asks of its lane, without a terminal."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from boxoffice.clock import SystemClock
from boxoffice.domain.models import Ticket
from boxoffice.domain.verdicts import Scan, Verdict, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.screens import door_controller
from boxoffice.screens.door_controller import DoorController
from boxoffice.screens.door_state import (
    CANNOT_OVERRIDE,
    NO_LANE,
    NO_OVERRIDE,
    NOTHING_TO_TIE,
    DoorState,
    PartyOf,
)
from boxoffice.widgets.verdict import Face
from tests.support import until

AT = datetime(2026, 11, 28, 19, 2, 5, tzinfo=UTC)
ANNA = Ticket("a" * 32, "e" * 32, checked_in=False, full_name="Anna", order="1" * 32)
BO = ANNA._replace(uuid="b" * 32, full_name="Bo")
STRANGER = ANNA._replace(uuid="c" * 32, full_name="Cy", order="2" * 32)


def scan(code: VerdictCode, ticket: Ticket | None = None, number: int = 1, **more: Any) -> Scan:
    verdict = Verdict(code, "why", confirmed=True, ticket=ticket)
    return Scan(number, "Abc9def", verdict._replace(**more), AT)


def after(*scans: Scan) -> DoorState:
    state = DoorState()
    for each in scans:
        state.answer(each)
    return state


# The band


def test_an_older_answer_does_not_take_the_place_of_a_newer_one() -> None:
    state = after(scan(VerdictCode.ADMITTED, ANNA, 5))
    assert not state.answer(scan(VerdictCode.ADMITTED, BO, 4))
    assert state.ticket(None) == ANNA.uuid
    assert state.answer(scan(VerdictCode.ADMITTED, ANNA, 5)._replace(readings=2))


def test_a_bare_enter_admits_only_whose_name_is_to_be_checked() -> None:
    assert after(scan(VerdictCode.CHECK_NAME, ANNA)).to_confirm == ANNA.uuid
    assert after(scan(VerdictCode.WRONG_DAY, ANNA)).to_confirm is None
    assert DoorState().to_confirm is None


# What a command is about


def test_a_row_that_is_highlighted_comes_before_the_band() -> None:
    state = after(scan(VerdictCode.ADMITTED, ANNA))
    assert state.ticket(BO.uuid) == state.subject(BO.uuid) == BO.uuid
    assert state.ticket(None) == state.subject(None) == ANNA.uuid


def test_what_was_undone_is_still_the_ticket_on_the_band() -> None:
    state = after(scan(VerdictCode.ADMITTED, ANNA))
    state.notice(ANNA)
    assert state.ticket(None) == state.subject(None) == ANNA.uuid
    assert state.party(None) == PartyOf(ANNA.uuid, ticked=True)
    state.notice()
    assert state.subject(None) is None
    assert state.party(None) is None


def test_a_code_that_names_several_proves_nobody() -> None:
    state = after(scan(VerdictCode.AMBIGUOUS, candidates=(ANNA, BO)))
    assert state.ticket(None) is None
    assert state.subject(None) == ANNA.uuid
    assert state.party(None) == PartyOf(ANNA.uuid, ticked=False)
    assert state.party(BO.uuid) == PartyOf(BO.uuid, ticked=True)


@pytest.mark.parametrize(
    ("candidates", "party"),
    [
        ((ANNA, BO), ANNA),
        ((ANNA, STRANGER), None),
        ((ANNA, STRANGER._replace(order=None)), ANNA),
        ((STRANGER._replace(order=None),), None),
    ],
)
def test_candidates_of_one_order_are_a_party(
    candidates: tuple[Ticket, ...], party: Ticket | None
) -> None:
    state = after(scan(VerdictCode.AMBIGUOUS, candidates=candidates))
    assert state.candidates_party == (PartyOf(party.uuid, ticked=False) if party else None)


def test_answers_admit_only_the_ticket_that_they_are_asked_of() -> None:
    asked = scan(VerdictCode.ANSWERS_NEEDED, ANNA)
    assert after(asked).scan_to_admit(ANNA.uuid) is asked
    assert after(asked).scan_to_admit(BO.uuid) is None
    assert after(scan(VerdictCode.ADMITTED, ANNA)).scan_to_admit(ANNA.uuid) is None


# Commands that cannot be given


def test_commands_say_why_they_cannot_be_given() -> None:
    nothing = DoorState()
    assert nothing.refusal("queue", is_open=False) == NO_LANE
    assert nothing.refusal("queue", is_open=True) is None
    assert nothing.refusal("override", is_open=True) == NO_OVERRIDE
    assert nothing.refusal("tie", is_open=True) == NOTHING_TO_TIE
    refunded = after(scan(VerdictCode.REFUNDED, ANNA))
    assert refunded.refusal("override", is_open=True) == CANNOT_OVERRIDE.format("REFUNDED")
    wrong_day = after(scan(VerdictCode.WRONG_DAY, ANNA, can_override=True))
    assert wrong_day.refusal("override", is_open=True) is None
    assert after(scan(VerdictCode.UNKNOWN)).refusal("tie", is_open=True) is None


def test_the_footer_changes_with_what_can_be_overridden() -> None:
    state = after(scan(VerdictCode.ADMITTED, ANNA, 1))
    assert not state.offers_changed
    state.answer(scan(VerdictCode.WRONG_DAY, ANNA, 2, can_override=True))
    assert state.offers_changed
    state.notice()
    assert state.offers_changed
    state.notice()
    assert not state.offers_changed


# Forms


def test_forms_come_in_turn_and_once() -> None:
    state = DoorState()
    first, second = (scan(VerdictCode.ANSWERS_NEEDED, one) for one in (ANNA, BO))
    for each in (first, second, first):
        state.queue_form(each)
    assert state.next_form() == (ANNA.uuid, first)
    state.form = ANNA.uuid
    state.queue_form(first)  # its form is open
    assert state.next_form() == (BO.uuid, second)
    assert state.next_form() is None


# Requests


class View:
    """Notes what it is to show."""

    is_idle = True

    def __init__(self) -> None:
        self.scans: list[Scan] = []
        self.faces: list[Face] = []
        self.sentences: list[str] = []
        self.past_shown = 0
        self.questions: list[tuple[str, Callable[[], None]]] = []
        self.waiting: list[int] = []

    @property
    def answers(self) -> list[Face]:
        """The faces without the notice that an answer takes long, which comes where it does."""
        return [face for face in self.faces if face.word != "…"]

    def show_answer(self, scan: Scan) -> None:
        self.scans.append(scan)

    def show_notice(self, face: Face, ticket: Ticket | None = None) -> None:
        self.faces.append(face)

    def confirm(self, title: str, text: str, yes: str, go_on: Callable[[], None]) -> None:
        self.questions.append((title, go_on))

    def announce(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def show_past(self) -> None:
        self.past_shown += 1

    def work(self, work: Coroutine[Any, Any, None], description: str) -> object:
        return asyncio.create_task(work)

    def count_waiting(self, requests: int) -> None:
        self.waiting.append(requests)


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
async def controller(view: View) -> AsyncIterator[DoorController]:
    """One at no lane yet, which runs."""
    controller = DoorController(view, SystemClock())
    running = asyncio.create_task(controller.run())
    yield controller
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_scanned_before_the_door_is_open_is_answered_then(
    controller: DoorController,
    view: View,
    lane: Lane,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door_controller, "SLOW", 0.0)
    plain, party = (sandbox.examples()[name].uuid for name in ("plain", "party"))
    controller.scan(plain)
    controller.admit(party, "The other one")
    await until(lambda: view.faces, "that it takes long")
    assert (view.faces[0].word, view.faces[0].name) == ("…", plain)
    assert not view.scans
    controller.open(lane)
    await until(lambda: not controller.waiting, "both answered")
    assert [one.verdict.ticket and one.verdict.ticket.uuid for one in view.scans] == [plain, party]
    assert view.waiting == [1, 2, 1, 0]


async def test_what_fails_is_said_and_the_next_is_answered(
    controller: DoorController, view: View, lane: Lane, sandbox: Sandbox
) -> None:
    controller.open(lane)

    async def fails(lane: Lane) -> Scan:
        raise OSError("the disk is full")

    controller.ask("whoever", fails)
    controller.scan(sandbox.examples()["plain"].uuid)
    await until(lambda: view.scans, "the next one")
    (failure,) = [face for face in view.faces if face.word == "NOT DONE"]
    assert failure.reason


async def test_an_undo_of_another_than_the_one_shown_is_asked_about(
    controller: DoorController, view: View, lane: Lane, sandbox: Sandbox
) -> None:
    controller.open(lane)
    plain = sandbox.examples()["plain"]
    controller.scan(plain.uuid)
    await until(lambda: view.scans, "the answer")
    controller.undo()
    await until(lambda: view.questions, "the question")
    ((title, go_on),) = view.questions
    assert plain.full_name in title
    assert not view.answers
    controller.state.answer(view.scans[0])  # now it is shown
    controller.undo()
    await until(lambda: view.answers, "undone")
    assert view.answers[0].word == "UNDONE"
    go_on()
    await until(lambda: len(view.answers) == 2, "nothing left to undo")
    assert view.answers[1].word == "NOT UNDONE"


async def test_bare_numbers_admit_or_ask(
    controller: DoorController, view: View, lane: Lane
) -> None:
    controller.open(lane)
    before = lane.numbers_admit
    controller.toggle_numbers()
    await until(lambda: view.sentences, "the sentence")
    assert lane.numbers_admit is not before
    controller.toggle_numbers()
    await until(lambda: len(view.sentences) == 2, "back")
    assert lane.numbers_admit is before
