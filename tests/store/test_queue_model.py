"""The queue against a simple model, by random moves of stewards, sender and clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from boxoffice.domain.journal import Counts, QueueKind, QueueState
from boxoffice.domain.models import KEPT_SAYING, LAG, Admission, AnswerInput
from boxoffice.store import admissions, by_hand, queue
from boxoffice.store.database import utc_text
from boxoffice.store.db_file import transaction
from boxoffice.store.journal_db import Transaction
from tests.store.support import EVENT, JournalMachine, position, said, scan, uuid
from tests.support import EVENING

P = ParamSpec("P")
T = TypeVar("T")

TICKETS = [uuid(number) for number in range(3)]
UNSENT = (QueueState.WAITING, QueueState.SENDING)
ASIDE = (QueueState.FAILED, QueueState.CONFLICT)


@dataclass
class Row:
    kind: QueueKind
    ticket: str
    read_first: bool = False
    state: QueueState = QueueState.WAITING
    attempted: bool = False
    due: int = 0
    network: bool = False


@dataclass
class Model:
    rows: dict[int, Row] = field(default_factory=dict)
    admitted: dict[str, Admission] = field(default_factory=dict)
    """By ticket."""
    made: list[Admission] = field(default_factory=list)
    """All that there ever were."""
    given: dict[int, tuple[QueueKind, str]] = field(default_factory=dict)
    """All rows of names and answers there ever were, but for those dismissed."""
    now: int = 0

    def add(self, number: int, kind: QueueKind, ticket: str) -> None:
        self.rows[number] = Row(kind, ticket)
        self.given[number] = (kind, ticket)

    def given_anew(self, number: int) -> bool:
        same = self.given.get(number)
        return any(newer > number and what == same for newer, what in self.given.items())

    def heads(self) -> list[int]:
        """Waiting rows with nothing unsent of their ticket before them, due ones only."""
        held: set[str] = set()
        found = []
        for number, row in sorted(self.rows.items()):
            if row.state in UNSENT and row.ticket not in held:
                held.add(row.ticket)
                if row.state is QueueState.WAITING and row.due <= self.now:
                    found.append(number)
        return found


class QueueMachine(JournalMachine):
    tickets = st.sampled_from(TICKETS)

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.open_journal()

    @property
    def tx(self) -> Transaction:
        now = utc_text(EVENING + timedelta(seconds=self.model.now))
        return Transaction(self.connection, now, "North", "Bo")

    def write(
        self,
        change: Callable[Concatenate[Transaction, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with transaction(self.connection):
            return change(self.tx, *args, **kwargs)

    def pick(self, data: st.DataObject, states: tuple[QueueState, ...]) -> int:
        """A row in one of these states, or any, or none there is."""
        fitting = [number for number, row in self.model.rows.items() if row.state in states]
        return data.draw(st.sampled_from([*fitting, *self.model.rows, 0]))

    # Stewards

    @rule(ticket=tickets, answers=st.booleans(), read_first=st.booleans())
    def admit(self, ticket: str, answers: bool, read_first: bool) -> None:
        given = [AnswerInput(uuid(900), "x")] if answers else []
        admission, new, _ = self.write(
            admissions.admit, scan(ticket), given=given, read_first=read_first
        )
        assert new == (ticket not in self.model.admitted)
        newest = position(self.connection)
        if answers:
            self.model.add(newest - 1, QueueKind.ANSWERS, ticket)
        if new:
            assert admission.journal == newest
            self.model.rows[newest] = Row(QueueKind.CHECK_IN, ticket, read_first)
            self.model.admitted[ticket] = admission
            self.model.made.append(admission)

    @rule(ticket=tickets)
    def rename(self, ticket: str) -> None:
        row = self.write(queue.enqueue_name, said("name", ticket), "A")
        self.model.add(row, QueueKind.NAME, ticket)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        admission = self.pick_admission(data)
        row = self.model.rows.get(admission.journal)
        unsent = row is not None and row.state is QueueState.WAITING and not row.attempted
        undo = said("undo", admission.ticket)
        assert self.write(admissions.cancel, admission, undo) == unsent
        if unsent:
            del self.model.rows[admission.journal]
            self.drop(admission)

    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        admission = self.pick_admission(data)
        undo = said("undo", admission.ticket)
        gone = self.write(admissions.drop, admission, undo)
        assert gone == self.drop(admission)
        row = self.model.rows.get(admission.journal)
        if row is not None and row.state is not QueueState.SENDING:
            del self.model.rows[admission.journal]

    def pick_admission(self, data: st.DataObject) -> Admission:
        """One of those that there ever were, or one that never was."""
        never = Admission(TICKETS[0], EVENT, EVENING, "North", "Bo", False)
        return data.draw(st.sampled_from([*reversed(self.model.made), never]))

    def drop(self, admission: Admission) -> bool:
        now = self.model.admitted.get(admission.ticket)
        if now is None or now.journal != admission.journal:
            return False
        del self.model.admitted[admission.ticket]
        return True

    @rule(every=st.booleans(), data=st.data())
    def retry(self, every: bool, data: st.DataObject) -> None:
        wanted = None if every else [self.pick(data, ASIDE)]
        chosen = [
            number
            for number, row in self.model.rows.items()
            if row.state in ASIDE and (wanted is None or number in wanted)
        ]
        old = {number for number in chosen if self.model.given_anew(number)}
        sent = self.write(by_hand.retry, wanted)
        assert sent == len(chosen) - len(old)
        for number in chosen:
            row = self.model.rows[number]
            row.state, row.read_first = QueueState.WAITING, True
        for number in old:
            del self.model.rows[number]

    @rule(data=st.data())
    def dismiss(self, data: st.DataObject) -> None:
        number = self.pick(data, ASIDE)
        row = self.model.rows.get(number)
        gone = self.write(by_hand.dismiss, number, "reason")
        assert gone == (row is not None and row.state in ASIDE)
        if gone and row is not None:
            del self.model.rows[number]
            self.model.given.pop(number, None)
            if row.state is QueueState.CONFLICT and row.kind is QueueKind.CHECK_IN:
                self.confirm(number, row)

    # The sender

    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        number = self.pick(data, (QueueState.WAITING,))
        row = self.model.rows.get(number)
        marked = self.write(queue.mark_sending, number)
        assert marked == (row is not None and row.state is QueueState.WAITING)
        if marked and row is not None:
            row.state = QueueState.SENDING

    @rule(data=st.data())
    def done(self, data: st.DataObject) -> None:
        number = self.pick(data, UNSENT)
        row = self.model.rows.get(number)
        entry = said("outcome", TICKETS[0])
        is_unsent = row is not None and row.state in UNSENT
        assert self.write(queue.complete, number, entry) == is_unsent
        if row is not None and is_unsent:
            del self.model.rows[number]
            if row.kind is QueueKind.CHECK_IN:
                self.confirm(number, row)

    def set_state_aside(self, number: int, state: QueueState, maybe_applied: bool) -> bool:
        if state is QueueState.CONFLICT:
            return self.write(queue.set_aside, number, QueueState.CONFLICT, "")
        return self.write(
            queue.set_aside, number, QueueState.FAILED, "", maybe_applied=maybe_applied
        )

    @rule(state=st.sampled_from(ASIDE), maybe_applied=st.booleans(), data=st.data())
    def set_aside(self, state: QueueState, maybe_applied: bool, data: st.DataObject) -> None:
        number = self.pick(data, UNSENT)
        self.settle(
            number,
            maybe_applied and state is QueueState.FAILED,
            lambda: self.set_state_aside(number, state, maybe_applied),
            state=state,
        )

    @rule(
        wait=st.integers(0, 9), network=st.booleans(), maybe_applied=st.booleans(), data=st.data()
    )
    def postpone(self, wait: int, network: bool, maybe_applied: bool, data: st.DataObject) -> None:
        number, until = self.pick(data, UNSENT), self.model.now + wait
        self.settle(
            number,
            maybe_applied,
            lambda: self.write(
                queue.postpone,
                number,
                EVENING + timedelta(seconds=until),
                "",
                network=network,
                maybe_applied=maybe_applied,
            ),
            due=until,
            network=network,
        )

    def settle(
        self,
        number: int,
        maybe_applied: bool,
        work: Callable[[], bool],
        *,
        state: QueueState = QueueState.WAITING,
        due: int = 0,
        network: bool = False,
    ) -> None:
        row = self.model.rows.get(number)
        assert work() == (row is not None and row.state in UNSENT)
        if row is not None and row.state in UNSENT:
            row.attempted |= maybe_applied and row.state is QueueState.SENDING
            row.state, row.due, row.network = state, due, network

    def confirm(self, number: int, row: Row) -> None:
        admission = self.model.admitted.get(row.ticket)
        if admission is not None and admission.journal == number:
            now = EVENING + timedelta(seconds=self.model.now)
            self.model.admitted[row.ticket] = admission._replace(confirmed=True, confirmed_at=now)

    # What reads say

    @rule(ticket=tickets, checked_in=st.booleans(), late=st.sampled_from([0, 1, 200]))
    def read(self, ticket: str, checked_in: bool, late: int) -> None:
        began = EVENING + timedelta(seconds=self.model.now + late)
        told = self.write(admissions.note_read, ticket, checked_in, began)
        ours = self.model.admitted.get(ticket)
        if ours is None or ours.confirmed_at is None:
            assert told == (0, 0)
            return
        now = ours
        if checked_in:
            now = ours._replace(said_out=0)
            if ours.taken_back:
                now = now._replace(confirmed_at=EVENING + timedelta(seconds=self.model.now))
        elif began - ours.confirmed_at > LAG:
            now = ours._replace(said_out=min(ours.said_out + 1, KEPT_SAYING))
        assert told == (ours.said_out, now.said_out)
        self.model.admitted[ticket] = now

    @rule(data=st.data())
    def override(self, data: st.DataObject) -> None:
        """A person lets in again in place of some admission that there was."""
        seen = self.pick_admission(data)
        before = self.model.admitted.get(seen.ticket)
        admission, new, _ = self.write(
            admissions.admit, scan(seen.ticket), read_first=False, instead_of=seen.journal
        )
        replaces = before is not None and before.taken_back and before.journal == seen.journal
        assert new == (before is None or replaces)
        if new:
            newest = position(self.connection)
            self.model.rows[newest] = Row(QueueKind.CHECK_IN, seen.ticket)
            self.model.admitted[seen.ticket] = admission
            self.model.made.append(admission)

    @rule()
    def wake(self) -> None:
        queue.wake(self.tx)
        for row in self.model.rows.values():
            if row.network:
                row.due, row.network = 0, False

    @rule()
    def recover(self) -> None:
        lost = [row for row in self.model.rows.values() if row.state is QueueState.SENDING]
        assert queue.recover(self.tx) == len(lost)
        for row in lost:
            row.state, row.attempted = QueueState.WAITING, True

    @rule(seconds=st.integers(1, 9))
    def time_passes(self, seconds: int) -> None:
        self.model.now += seconds

    # What must hold

    @rule(limit=st.integers(1, 4), skip=st.sets(tickets))
    def take(self, limit: int, skip: set[str]) -> None:
        now = EVENING + timedelta(seconds=self.model.now)
        found = [row.id for row in queue.take(self.connection, limit, now, skip=skip)]
        due = [n for n in self.model.heads() if self.model.rows[n].ticket not in skip]
        assert len(found) == min(limit, len(due))
        assert found == sorted(found)
        assert set(found) <= set(due)
        if limit >= len(due):
            assert found == due

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        rows = queue.in_states(self.connection, QueueState)
        assert {
            row.id: (row.kind, row.ticket, row.state, row.attempted, row.read_first) for row in rows
        } == {
            number: (row.kind, row.ticket, row.state, row.attempted, row.read_first)
            for number, row in self.model.rows.items()
        }
        states = [row.state for row in self.model.rows.values()]
        assert queue.counts(self.connection, EVENT) == Counts(
            *(states.count(state) for state in (*UNSENT, *ASIDE))
        )

    @invariant()
    def the_admissions_are_those_of_the_model(self) -> None:
        found = admissions.of_event(self.connection, EVENT)
        assert {one.ticket: one for one in found} == self.model.admitted

    @invariant()
    def the_unsent_check_ins_are_those_of_the_model(self) -> None:
        unsent = {
            row.ticket
            for row in self.model.rows.values()
            if row.kind is QueueKind.CHECK_IN and row.state in UNSENT
        }
        assert queue.unsent(self.connection, EVENT, None) == unsent
        some = TICKETS[:2]
        assert queue.unsent(self.connection, EVENT, some) == unsent.intersection(some)


TestQueue = QueueMachine.TestCase
TestQueue.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
