"""The queue, sent to a real server over a real socket, with every fault on the way."""

import asyncio
import logging
from pathlib import Path

import pytest
from filelock import FileLock

from boxoffice.domain.journal import Entry, JournalKind, QueueKind, QueueRow, QueueState
from boxoffice.domain.models import AnswerInput
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.faults import Fault, Kind
from boxoffice.store import StoreError, admissions, by_hand, queue
from boxoffice.store.updates import RowSettled, StoreUpdate
from boxoffice.sync import Drained
from boxoffice.sync.check_in_policy import ALREADY_IN, NO_SUCH_TICKET, REFUNDED
from boxoffice.sync.link import Heartbeat
from boxoffice.sync.sender import LOCK_FILE, OTHER_SENDS, Sender
from tests.support import FakeClock, until
from tests.sync.conftest import Laptop, laptop_at, pass_by, pass_until, running

ONE_TICKET = "tickets/*/"


def heartbeat(laptop: Laptop) -> Heartbeat:
    return Heartbeat(laptop.client, laptop.link, clock=laptop.clock, jitter=lambda: 0.5)


class TestSending:
    async def test_a_check_in_is_written_once_and_confirmed(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        assert await laptop.sender().drain() == Drained(sent=1, waiting=0, attention=0)
        assert guest.checked_in
        assert await laptop.confirmed(guest)
        assert [entry.method for entry in laptop.site.log] == ["PATCH"]

    async def test_what_was_decided_without_the_server_is_read_first(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest, read_first=True)
        await laptop.sender().drain()
        assert [entry.method for entry in laptop.site.log] == ["GET", "PATCH"]
        assert guest.checked_in

    @pytest.mark.parametrize("ticket_count", [200])
    async def test_many_are_sent_and_each_once(self, laptop: Laptop) -> None:
        guests = laptop.guests(100)
        await laptop.admit(*guests)
        assert await laptop.sender().drain() == Drained(100, 0, 0)
        assert all(guest.checked_in for guest in guests)
        assert laptop.writes() == 100

    async def test_answers_go_before_the_check_in_they_belong_to(self, laptop: Laptop) -> None:
        guest = laptop.site.examples()["answers_needed"]
        question = next(q for q in laptop.site.state.unanswered(guest) if q.variation == "TEXT")
        await laptop.admit(guest, given=(AnswerInput(question.uuid, "Nuts"),))
        assert (await laptop.sender().drain()).sent == 2
        assert [entry.method for entry in laptop.site.log] == ["POST", "PATCH"]
        assert guest.answers is not None
        assert guest.answers[question.uuid].value == "Nuts"
        assert guest.checked_in

    async def test_answers_that_cannot_be_kept_here_are_sent_all_the_same(
        self, laptop: Laptop
    ) -> None:
        guest = laptop.site.examples()["answers_needed"]
        question = next(q for q in laptop.site.state.unanswered(guest) if q.variation == "TEXT")
        await laptop.admit(guest, given=(AnswerInput(question.uuid, "Nuts"),))
        await laptop.store.close()
        assert await laptop.sender().drain() == Drained(sent=2, waiting=0, attention=0)
        assert guest.checked_in

    async def test_answers_that_are_refused_do_not_hold_the_check_in_up(
        self, laptop: Laptop
    ) -> None:
        guest = laptop.site.examples()["answers_needed"]
        await laptop.admit(guest, given=(AnswerInput("f" * 32, "Nuts"),))
        assert await laptop.sender().drain() == Drained(sent=1, waiting=0, attention=1)
        assert guest.checked_in
        row = await laptop.row()
        assert (row.kind, row.state) == (QueueKind.ANSWERS, QueueState.FAILED)
        assert row.reason.startswith("The answers are refused: open the ticket")

    async def test_a_name_is_written(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        entry = Entry(JournalKind.NAME, event=laptop.event, ticket=guest.uuid)
        await laptop.journal.write(queue.enqueue_name, entry, "Åse Ågård")
        assert (await laptop.sender().drain()).sent == 1
        assert guest.full_name == "Åse Ågård"
        assert not guest.checked_in

    async def test_those_who_watch_are_told_of_each_row_that_is_settled(
        self, laptop: Laptop
    ) -> None:
        fine, gone = laptop.guests(2)
        laptop.site.faults.set("404", path=f"tickets/{gone.uuid}/")
        await laptop.admit(fine, gone)
        sender = laptop.sender()
        settled: list[QueueRow] = []

        async def follow(update: StoreUpdate) -> None:
            if isinstance(update, RowSettled):
                settled.append(update.row)

        laptop.updates.subscribe(follow, RowSettled)
        await sender.drain()
        assert {row.ticket for row in settled} == {fine.uuid, gone.uuid}

    async def test_a_check_in_undone_before_it_is_sent_never_leaves(self, laptop: Laptop) -> None:
        """Undone in the moment between the sender's read and its write."""
        (guest,) = laptop.guests(1)
        await laptop.admit(guest, read_first=True)
        hanging = laptop.site.faults.set("hang", method="GET")
        async with running(laptop.sender().run()):
            await until(lambda: hanging.hits == 1)
            undo = Entry(JournalKind.UNDO, event=laptop.event, ticket=guest.uuid)
            admission = await laptop.journal.read(admissions.get, guest.uuid)
            assert admission is not None
            assert await laptop.journal.write(admissions.cancel, admission, undo)
            laptop.site.faults.clear()
            (other,) = laptop.guests(1)
            await until(lambda: laptop.site.log.count("GET") == 1)
        assert laptop.writes() == 0
        assert not other.checked_in


class TestWithProof:
    """A row leaves the queue only on proof, and nothing is sent twice."""

    @pytest.mark.parametrize("fault", ["drop-after", "503-after", "524-after", "truncated"])
    async def test_a_lost_answer_is_not_a_refusal(self, laptop: Laptop, fault: str) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set(fault, method="PATCH", times=1)
        sender = laptop.sender()
        assert await sender.drain() == Drained(0, 1, 0)
        assert (await laptop.row()).attempted
        assert not await laptop.confirmed(guest)
        await laptop.clock.advance(10)
        assert await sender.drain() == Drained(1, 0, 0)
        assert await laptop.confirmed(guest)
        assert laptop.writes() == 1

    @pytest.mark.parametrize("fault", ["drop", "500", "503", "520", "524"])
    async def test_what_did_not_arrive_is_written_after_a_read(
        self, laptop: Laptop, fault: str
    ) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set(fault, method="PATCH", times=1)
        sender = laptop.sender()
        await sender.drain()
        await laptop.clock.advance(10)
        assert await sender.drain() == Drained(1, 0, 0)
        assert [entry.method for entry in laptop.site.log] == ["PATCH", "GET", "PATCH"]
        assert laptop.writes(applied=True) == 1

    async def test_an_answer_that_says_not_in_is_no_proof(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        rule = laptop.site.faults.set("wrong-shape", method="PATCH", times=1)
        rule.fault = type(rule.fault)(
            rule.fault.kind, body=b'{"uuid": "%s", "checked_in": false}' % guest.uuid.encode()
        )
        sender = laptop.sender()
        assert (await sender.drain()).waiting == 1
        await laptop.clock.advance(1)
        assert (await sender.drain()).sent == 1
        assert laptop.writes() == 1

    @pytest.mark.parametrize("status", ["400", "404", "405", "410", "422"])
    async def test_a_refusal_is_kept_for_a_person_and_holds_nobody_up(
        self, laptop: Laptop, status: str
    ) -> None:
        refused, fine = laptop.guests(2)
        laptop.site.faults.set(status, path=f"tickets/{refused.uuid}/")
        await laptop.admit(refused, fine)
        assert await laptop.sender().drain() == Drained(1, 0, 1)
        row = await laptop.row()
        assert (row.ticket, row.state) == (refused.uuid, QueueState.FAILED)
        assert "tell the organiser" in row.reason
        assert (row.reason == NO_SUCH_TICKET) is (status in ("404", "410"))
        assert fine.checked_in
        laptop.site.faults.clear()
        await laptop.journal.write(by_hand.retry, [row.id])
        assert await laptop.sender().drain() == Drained(1, 0, 0)
        assert await laptop.confirmed(refused)

    async def test_the_log_has_no_words_of_the_site_which_may_name_people(
        self, laptop: Laptop, caplog: pytest.LogCaptureFixture
    ) -> None:
        refused, later = laptop.guests(2)
        words = b'{"detail": "Ada Berg (ada@example.com) is on a list."}'
        faults = laptop.site.faults
        faults.set(Fault(Kind.STATUS, status=400, body=words), path=f"tickets/{refused.uuid}/")
        faults.set(Fault(Kind.STATUS, status=503, body=words), path=f"tickets/{later.uuid}/")
        with caplog.at_level(logging.INFO):
            await laptop.admit(refused, later)
            assert await laptop.sender().drain() == Drained(0, 1, 1)
        assert any("Ada Berg" in row.reason for row in await laptop.queue())
        assert refused.uuid in caplog.text
        assert later.uuid in caplog.text
        assert "400" in caplog.text
        assert "Berg" not in caplog.text
        assert "ada@" not in caplog.text

    async def test_another_door_was_first(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest, read_first=True)
        laptop.site.state.check_in(guest)
        assert await laptop.sender().drain() == Drained(0, 0, 1)
        row = await laptop.row()
        assert (row.state, row.reason) == (QueueState.CONFLICT, ALREADY_IN)
        assert laptop.writes() == 0

    async def test_a_write_surely_not_applied_does_not_hide_another_door(
        self, laptop: Laptop
    ) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest, read_first=True)
        laptop.site.faults.set("429", method="PATCH", times=1)
        sender = laptop.sender()
        await sender.drain()
        laptop.site.state.check_in(guest)
        await laptop.clock.advance(60)
        await sender.drain()
        assert (await laptop.row()).state is QueueState.CONFLICT

    async def test_refunded_meanwhile(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest, read_first=True)
        laptop.site.state.refund_ticket(guest)
        assert await laptop.sender().drain() == Drained(0, 0, 1)
        row = await laptop.row()
        assert (row.state, row.reason) == (QueueState.FAILED, REFUNDED)
        assert laptop.writes() == 0


class TestStoppedInBetween:
    @pytest.mark.parametrize(("fault", "writes"), [("hang", 2), ("hang-after", 1)])
    async def test_a_write_under_way_is_read_before_it_is_sent_again(
        self, laptop: Laptop, fault: str, writes: int
    ) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        hanging = laptop.site.faults.set(fault, method="PATCH", times=1)
        async with running(laptop.sender().run()):
            await until(lambda: hanging.hits == 1)
        assert (await laptop.row()).state is QueueState.SENDING
        laptop.site.faults.clear()
        assert await laptop.sender().drain() == Drained(1, 0, 0)
        assert laptop.site.log.count("GET", ONE_TICKET) == 1
        assert laptop.writes() == writes
        assert await laptop.confirmed(guest)

    async def test_what_the_journal_cannot_keep_is_not_sent_and_surfaces(
        self, laptop: Laptop
    ) -> None:
        await laptop.admit(*laptop.guests(3))
        await laptop.journal.close()
        with pytest.raises(StoreError):
            await laptop.sender().run()
        assert laptop.writes() == 0

    async def test_a_fault_in_the_middle_surfaces_and_frees_the_folder(
        self, laptop: Laptop
    ) -> None:
        await laptop.admit(*laptop.guests(3))
        hanging = laptop.site.faults.set("hang", method="PATCH")
        sending = asyncio.create_task(laptop.sender().run())
        await until(lambda: hanging.hits == 3)
        await laptop.journal.close()
        laptop.site.faults.clear()
        with pytest.raises(StoreError):
            await pass_until(laptop.clock, sending.done)
            await sending
        lock = FileLock(laptop.folder / LOCK_FILE, timeout=0)
        with lock:
            assert lock.is_locked


class TestOneSenderAFolder:
    @pytest.mark.parametrize("ticket_count", [200])
    async def test_two_processes_send_nothing_twice(
        self, laptop: Laptop, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
    ) -> None:
        guests = laptop.guests(60)
        await laptop.admit(*guests, read_first=True)
        async with (
            laptop_at(sandbox, clock, tmp_path) as other,
            running(laptop.sender().run()),
            running(other.sender().run()),
        ):
            await until(lambda: all(guest.checked_in for guest in guests))
            (last,) = laptop.guests(1)
            await other.admit(last)
            await pass_until(clock, lambda: last.checked_in)
        assert laptop.writes() == 61

    async def test_the_other_takes_over(
        self, laptop: Laptop, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
    ) -> None:
        async with laptop_at(sandbox, clock, tmp_path) as other:
            async with running(laptop.sender().run()):
                await until(lambda: clock.sleeping == 1)
                waiting = other.sender()
                taking_over = running(waiting.run())
                await taking_over.__aenter__()
                await pass_by(clock, 5)
            (guest,) = laptop.guests(1)
            await laptop.admit(guest)
            await pass_until(clock, lambda: guest.checked_in)
            await taking_over.__aexit__(None, None, None)

    async def test_drain_waits_for_the_one_who_sends(
        self, laptop: Laptop, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
    ) -> None:
        (guest,) = laptop.guests(1)
        hanging = laptop.site.faults.set("hang", method="PATCH")
        await laptop.admit(guest)
        async with laptop_at(sandbox, clock, tmp_path) as other, running(laptop.sender().run()):
            await until(lambda: hanging.hits == 1)
            drained: list[Drained] = []

            async def drain() -> None:
                drained.append(await other.sender().drain())

            async with running(drain()) as draining:
                await pass_by(clock, 5)
                assert not draining.done()
                laptop.site.faults.clear()
                await pass_until(clock, draining.done)
            assert drained == [Drained(0, 0, 0)]

    async def test_drain_does_not_wait_for_ever(
        self, laptop: Laptop, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
    ) -> None:
        laptop.site.faults.set("503", method="PATCH")
        await laptop.admit(*laptop.guests(1))
        async with laptop_at(sandbox, clock, tmp_path) as other, running(laptop.sender().run()):
            await until(lambda: clock.sleeping == 1)
            drained: list[Drained] = []

            async def drain() -> None:
                drained.append(await other.sender().drain())

            async with running(drain()) as draining:
                began = clock.monotonic()
                await pass_until(clock, draining.done)
                assert clock.monotonic() - began >= OTHER_SENDS
            assert drained == [Drained(0, 1, 0)]

    async def test_a_sender_does_one_thing_at_a_time(self, laptop: Laptop) -> None:
        sender: Sender = laptop.sender()
        async with running(sender.run()):
            await until(lambda: laptop.clock.sleeping == 1)
            with pytest.raises(RuntimeError):
                await sender.drain()
