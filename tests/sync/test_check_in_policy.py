"""What becomes of a row of the queue: the whole table."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from boxoffice.domain.journal import QueueKind, QueueRow, QueueState
from boxoffice.domain.models import LAG, Ticket
from boxoffice.sync.check_in_policy import FAULTS, FRESH, NOT_THIS_ONE, Response, Step
from boxoffice.sync.check_in_policy import decide as decide_at
from boxoffice.sync.context import FAULT, REFUSED, UNKNOWN, wait_before
from boxoffice.ticketbutler import (
    CaptivePortal,
    Forbidden,
    Gone,
    KeyRefused,
    NoAnswer,
    NotFound,
    Refused,
    ServerFault,
    TooMany,
    Unreachable,
    Unreadable,
)
from tests.support import table

UUID = "a" * 32
OUT = Ticket(UUID, "", checked_in=False)
IN = Ticket(UUID, "", checked_in=True)
REFUNDED = OUT._replace(refunded=True)
MADE = datetime(2026, 5, 8, 17, tzinfo=UTC)
decide = partial(decide_at, now=MADE)


def row(
    kind: QueueKind = QueueKind.CHECK_IN, *, read_first: bool = False, attempted: bool = False
) -> QueueRow:
    return QueueRow(
        id=1,
        kind=kind,
        state=QueueState.WAITING,
        ticket=UUID,
        event="e" * 32,
        at=MADE,
        lane="1",
        operator="",
        read_first=read_first,
        attempted=attempted,
    )


NEW = row()
UNREAD = row(read_first=True)
TRIED = row(attempted=True)
ANSWERS = row(QueueKind.ANSWERS)
NAME = row(QueueKind.NAME)


@dataclass(frozen=True)
class Case:
    row: QueueRow
    step: Step
    read: Response | None = None
    write: Response | None = None


@table(
    "case",
    [
        # Before anything was said.
        Case(NEW, Step.WRITE),
        Case(UNREAD, Step.READ),
        Case(TRIED, Step.READ),
        Case(ANSWERS, Step.WRITE),
        Case(NAME, Step.WRITE),
        Case(row(QueueKind.ANSWERS, attempted=True), Step.WRITE),
        Case(row(QueueKind.NAME, attempted=True, read_first=True), Step.WRITE),
        # A read.
        Case(UNREAD, Step.WRITE, OUT),
        Case(UNREAD, Step.CONFLICT, IN),
        Case(UNREAD, Step.FAIL, REFUNDED),
        Case(UNREAD, Step.CONFLICT, REFUNDED._replace(checked_in=True)),
        Case(UNREAD, Step.FAIL, NotFound()),
        Case(UNREAD, Step.FAIL, Gone()),
        Case(UNREAD, Step.FAIL, Refused()),
        Case(UNREAD, Step.LATER, NoAnswer()),
        Case(UNREAD, Step.LATER, ServerFault()),
        Case(UNREAD, Step.LATER, Unreadable()),
        Case(TRIED, Step.WRITE, OUT),
        Case(TRIED, Step.DONE, IN),
        Case(TRIED, Step.DONE, REFUNDED._replace(checked_in=True)),
        Case(TRIED, Step.FAIL, REFUNDED),
        # A write, with or without the read before it.
        Case(NEW, Step.DONE, write=IN),
        Case(UNREAD, Step.DONE, OUT, IN),
        Case(NEW, Step.LATER, write=OUT),
        Case(NEW, Step.FAIL, write=NotFound()),
        Case(NEW, Step.FAIL, write=Gone()),
        Case(NEW, Step.FAIL, write=Refused()),
        Case(NEW, Step.LATER, write=Unreadable()),
        Case(NEW, Step.LATER, write=ServerFault()),
        Case(NEW, Step.LATER, write=NoAnswer()),
        Case(NEW, Step.LATER, write=Unreachable()),
        Case(NEW, Step.LATER, write=CaptivePortal()),
        Case(NEW, Step.LATER, write=KeyRefused()),
        Case(NEW, Step.LATER, write=Forbidden()),
        Case(NEW, Step.LATER, write=TooMany()),
        # Answers and names are the same however often they are sent.
        Case(ANSWERS, Step.DONE, write=()),
        Case(ANSWERS, Step.FAIL, write=Refused()),
        Case(ANSWERS, Step.FAIL, write=NotFound()),
        Case(ANSWERS, Step.LATER, write=NoAnswer()),
        Case(NAME, Step.DONE, write=OUT),
        Case(NAME, Step.FAIL, write=Refused()),
        Case(NAME, Step.LATER, write=ServerFault()),
    ],
)
def test_the_step_after_what_was_said(case: Case) -> None:
    assert decide(case.row, case.read, case.write).step is case.step


class TestSoonAfterOurOwnUndo:
    """A read that says in may be from before it."""

    @table(
        ("case", "ago"),
        [
            (Case(UNREAD, Step.LATER, IN), timedelta(0)),
            (Case(UNREAD, Step.LATER, IN), LAG),
            (Case(UNREAD, Step.CONFLICT, IN), LAG + timedelta(seconds=1)),
            (Case(TRIED, Step.WRITE, IN), LAG),
            (Case(TRIED, Step.DONE, IN), LAG + timedelta(seconds=1)),
            (Case(UNREAD, Step.WRITE, OUT), timedelta(0)),
            (Case(UNREAD, Step.FAIL, REFUNDED), timedelta(0)),
            (Case(NEW, Step.DONE, write=IN), timedelta(0)),
            (Case(UNREAD, Step.DONE, IN, IN), timedelta(0)),
        ],
    )
    def test_it_proves_nothing(self, case: Case, ago: timedelta) -> None:
        assert decide(case.row, case.read, case.write, undone_at=MADE - ago).step is case.step

    def test_it_is_no_fault_of_the_sites_however_often(self) -> None:
        step = decide(UNREAD, IN, undone_at=MADE, faults=99)
        assert step.step is Step.LATER
        assert not step.maybe_applied


@table("error", [Refused("", "No."), NotFound("", "No such ticket.")])
@table("kind", list(QueueKind))
def test_a_failure_says_why_and_what_to_do(kind: QueueKind, error: Refused | NotFound) -> None:
    reason = decide(row(kind), write=error).reason
    assert len(reason) > 40
    assert ":" in reason


class TestWhetherAWriteMayHaveBeenApplied:
    """On this hangs whether a ticket found in was us or another door."""

    @table("error", [NoAnswer(), ServerFault(), Unreadable()])
    def test_it_may_after_an_unknown_outcome(self, error: Response) -> None:
        assert decide(NEW, write=error).maybe_applied

    def test_it_may_after_an_answer_that_proves_nothing(self) -> None:
        assert decide(NEW, write=OUT).maybe_applied

    @table("error", [Unreachable(), TooMany(), KeyRefused(), Forbidden()])
    def test_it_was_surely_not(self, error: Response) -> None:
        assert not decide(NEW, write=error).maybe_applied
        assert not decide(UNREAD, OUT, error).maybe_applied

    def test_a_captive_portal_is_what_the_client_says_of_it(self) -> None:
        assert not decide(NEW, write=CaptivePortal(maybe_applied=False)).maybe_applied
        assert decide(NEW, write=CaptivePortal(maybe_applied=True)).maybe_applied

    @table("error", [NoAnswer(), ServerFault(), Unreachable()])
    def test_a_read_applies_nothing(self, error: Response) -> None:
        assert not decide(UNREAD, error).maybe_applied

    @table("error", [Unreachable(), TooMany(), Refused()])
    def test_an_earlier_unknown_outcome_stays_unknown(self, error: Response) -> None:
        assert decide(TRIED, error).maybe_applied
        assert decide(TRIED, OUT, error).maybe_applied

    @table("error", [NotFound(), Refused()])
    def test_a_failure_does_not_forget_it(self, error: Response) -> None:
        """Retried by a person and found in by then, it would pass for another door's."""
        assert decide(TRIED, REFUNDED).maybe_applied
        assert not decide(UNREAD, REFUNDED).maybe_applied
        assert decide(TRIED, OUT, error).maybe_applied
        assert not decide(UNREAD, OUT, error).maybe_applied


class TestHowLongToWait:
    def test_the_link_and_the_key_are_waited_for(self) -> None:
        for error in (Unreachable(), CaptivePortal(), KeyRefused()):
            assert decide(NEW, write=error).network

    def test_too_many_requests_hold_the_whole_queue(self) -> None:
        step = decide(NEW, write=TooMany(retry_after=7.0))
        assert (step.everyone, step.after, step.network) == (True, 7.0, False)
        assert decide(NEW, write=TooMany()).after is None

    def test_a_refused_key_holds_the_whole_queue(self) -> None:
        step = decide(UNREAD, KeyRefused())
        assert (step.everyone, step.pace) == (True, REFUSED)

    @table("error", [NoAnswer(), ServerFault(), Unreadable(), Unreachable()])
    def test_what_is_about_one_row_holds_up_no_other(self, error: Response) -> None:
        assert not decide(NEW, write=error).everyone

    @table("error", [NoAnswer(), ServerFault(), Unreadable(), TooMany()])
    def test_a_site_that_answers_oddly_is_not_taken_for_no_link(self, error: Response) -> None:
        """A link that is back, as it always was, would send the row again at once."""
        assert not decide(NEW, write=error).network

    def test_a_fault_is_tried_again_soon_an_unknown_outcome_slowly(self) -> None:
        assert decide(NEW, write=ServerFault(retry_after=3.0)).after == 3.0
        assert decide(NEW, write=ServerFault()).pace == FAULT
        assert decide(NEW, write=NoAnswer()).pace == UNKNOWN
        assert not decide(NEW, write=NoAnswer()).everyone

    @table(("tries", "most"), [(1, 1), (2, 2), (3, 4), (7, 60), (900, 60)])
    def test_full_jitter_doubles_up_to_the_cap(self, tries: int, most: float) -> None:
        assert wait_before(tries, FAULT, lambda: 0.0) == 0
        assert wait_before(tries, FAULT, lambda: 1.0) == most
        assert wait_before(tries, FAULT, lambda: 0.5) == most / 2


class TestWhetherItIsReadFirst:
    """The server's word on which a check-in was decided does not last."""

    @table("age", [timedelta(0), FRESH])
    def test_not_when_the_server_was_asked_just_now(self, age: timedelta) -> None:
        assert decide_at(NEW, now=MADE + age).step is Step.WRITE

    @table("seconds", [5.1, 3600, -0.1, -7200])
    def test_when_that_is_a_while_ago_or_by_the_clock_still_to_come(self, seconds: float) -> None:
        assert decide_at(NEW, now=MADE + timedelta(seconds=seconds)).step is Step.READ

    def test_when_it_was_tried_before(self) -> None:
        assert decide(NEW._replace(tries=1)).step is Step.READ

    def test_answers_and_names_never(self) -> None:
        for each in (ANSWERS, NAME):
            late = decide_at(each._replace(tries=3), now=MADE + timedelta(hours=1))
            assert late.step is Step.WRITE


class TestWhenItIsAboutThisRow:
    @table("kind", list(QueueKind))
    def test_forbidden_though_others_are_not(self, kind: QueueKind) -> None:
        step = decide(row(kind), write=Forbidden(), others_may=True)
        assert (step.step, step.maybe_applied) == (Step.FAIL, False)
        assert step.reason.endswith(NOT_THIS_ONE)

    def test_forbidden_to_be_read_though_others_are_not(self) -> None:
        assert decide(TRIED, Forbidden(), others_may=True).step is Step.FAIL
        assert decide(TRIED, Forbidden(), others_may=True).maybe_applied

    def test_a_refused_key_is_about_all(self) -> None:
        assert decide(NEW, write=KeyRefused(), others_may=True).step is Step.LATER

    @table("kind", list(QueueKind))
    @table("error", [ServerFault(), Unreadable()])
    def test_fault_after_fault(self, kind: QueueKind, error: Response) -> None:
        last = FAULTS[kind] - 1
        assert decide(row(kind), write=error, faults=last - 1).step is Step.LATER
        step = decide(row(kind), write=error, faults=last)
        assert (step.step, step.maybe_applied) == (Step.FAIL, True)
        assert "again and again" in step.reason

    def test_never_an_answer_that_proves_it(self) -> None:
        assert decide(NEW, write=OUT, faults=9).step is Step.FAIL
        assert decide(NEW, write=OUT, faults=9).maybe_applied

    @table("error", [Unreachable(), NoAnswer(), TooMany(), KeyRefused()])
    def test_the_network_and_the_key_are_waited_for_however_long(self, error: Response) -> None:
        assert decide(ANSWERS, write=error, faults=99).step is Step.LATER
