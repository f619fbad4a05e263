"""Rows that the site will not take, and that must hold nobody else up."""

from dataclasses import replace

import pytest

from boxoffice.domain.journal import Entry, JournalKind, QueueKind, QueueState
from boxoffice.domain.models import AnswerInput, LinkState
from boxoffice.sandbox.models import Ticket as SiteTicket
from boxoffice.store import by_hand, queue
from boxoffice.sync.check_in_policy import AGAIN_AND_AGAIN, FAULTS, NOT_THIS_ONE
from boxoffice.sync.link import WRITES
from tests.support import until
from tests.sync.conftest import Laptop, pass_by, running


async def pass_until_settled(laptop: Laptop) -> None:
    """Let time go by, while the site is heard of now and then, until nothing waits."""

    async def settled() -> bool:
        await laptop.clock.advance(1)
        await laptop.client.ping()
        return await laptop.unsent() == 0

    await until(settled)


async def admit_with_answers(laptop: Laptop) -> SiteTicket:
    guest = laptop.site.examples()["answers_needed"]
    question = next(q for q in laptop.site.state.unanswered(guest) if q.variation == "TEXT")
    await laptop.admit(guest, given=(AnswerInput(question.uuid, "Nuts"),))
    return guest


class TestForbidden:
    @pytest.mark.parametrize("many", [1, 3])
    async def test_those_tried_alone_do_not_starve_others(self, laptop: Laptop, many: int) -> None:
        *refused, one, two = laptop.guests(many + 2)
        for guest in refused:
            laptop.site.faults.set("403", method="PATCH", path=f"tickets/{guest.uuid}/")
        await laptop.admit(*refused)
        async with running(laptop.sender().run()):
            await until(lambda: laptop.writes() == many)
            await until(laptop.held)
            assert laptop.link.sentence == WRITES
            await laptop.admit(one, two)
            await pass_until_settled(laptop)
        assert one.checked_in
        assert two.checked_in
        assert laptop.link.state is LinkState.ONLINE
        rows = await laptop.queue()
        assert [row.ticket for row in rows] == [guest.uuid for guest in refused]
        assert {row.state for row in rows} == {QueueState.FAILED}
        assert all(row.reason.endswith(NOT_THIS_ONE) for row in rows)

    async def test_one_that_may_not_be_read_holds_the_others_back_once(
        self, laptop: Laptop
    ) -> None:
        guests = laptop.guests(20)
        laptop.site.faults.set("403", path=f"tickets/{guests[0].uuid}/")
        await laptop.admit(*guests, read_first=True)
        async with running(laptop.sender().run()):
            await pass_until_settled(laptop)
        assert all(guest.checked_in for guest in guests[1:])
        assert (await laptop.row()).state is QueueState.FAILED

    async def test_while_no_other_is_taken_it_may_be_the_key(self, laptop: Laptop) -> None:
        guests = laptop.guests(20)
        forbidden = laptop.site.faults.set("403", method="PATCH")
        await laptop.admit(*guests)
        async with running(laptop.sender().run()):
            await pass_by(laptop.clock, 600)
            await until(laptop.held)
            assert {row.state for row in await laptop.queue()} == {QueueState.WAITING}
            laptop.site.faults.clear(forbidden)
            await pass_until_settled(laptop)
        assert all(guest.checked_in for guest in guests)
        assert not await laptop.queue()


class TestAskedToWait:
    @pytest.mark.parametrize("status", ["429", "503"])
    async def test_no_time_at_all_is_no_leave_to_hurry(self, laptop: Laptop, status: str) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set(f"{status}=0")
        sender = laptop.sender()
        waits = []
        for _ in range(4):
            await sender.drain()
            due = (await laptop.row()).due
            assert due is not None
            waits.append((due - laptop.clock.now()).total_seconds())
            await laptop.clock.advance(waits[-1])
        assert waits == [0.5, 1, 2, 4]
        assert len(laptop.site.log) == 4


class TestFaultAfterFault:
    @pytest.mark.parametrize("fault", ["500", "truncated"])
    async def test_answers_do_not_hold_their_check_in_up_for_ever(
        self, laptop: Laptop, fault: str
    ) -> None:
        guest = await admit_with_answers(laptop)
        failing = laptop.site.faults.set(fault, method="POST")
        async with running(laptop.sender().run()):
            await pass_until_settled(laptop)
        assert guest.checked_in
        row = await laptop.row()
        assert (row.kind, row.state) == (QueueKind.ANSWERS, QueueState.FAILED)
        assert row.reason == AGAIN_AND_AGAIN[QueueKind.ANSWERS]
        assert failing.hits >= FAULTS[QueueKind.ANSWERS]

    async def test_a_name_comes_before_a_person(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        entry = Entry(JournalKind.NAME, event=laptop.event, ticket=guest.uuid)
        await laptop.journal.write(queue.enqueue_name, entry, "Kim")
        laptop.site.faults.set("500", method="PATCH")
        async with running(laptop.sender().run()):
            await pass_until_settled(laptop)
        assert (await laptop.row()).reason == AGAIN_AND_AGAIN[QueueKind.NAME]

    @pytest.mark.parametrize("proof", ["fault", "none"])
    async def test_a_check_in_comes_before_a_person_and_may_be_retried(
        self, laptop: Laptop, proof: str
    ) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        if proof == "none":
            body = b'{"uuid": "%s", "checked_in": false}' % guest.uuid.encode()
            rule = laptop.site.faults.set("wrong-shape", path=f"tickets/{guest.uuid}/")
            rule.fault = replace(rule.fault, body=body)
        else:
            laptop.site.faults.set("500", method="PATCH")
        async with running(laptop.sender().run()):
            await pass_until_settled(laptop)
            row = await laptop.row()
            assert (row.state, row.attempted) == (QueueState.FAILED, True)
            assert row.reason == AGAIN_AND_AGAIN[QueueKind.CHECK_IN]
            assert laptop.writes() >= FAULTS[QueueKind.CHECK_IN]
            laptop.site.faults.clear()
            await laptop.journal.write(by_hand.retry, [row.id])
            await pass_until_settled(laptop)
        assert guest.checked_in
        assert await laptop.confirmed(guest)

    async def test_while_all_of_the_site_is_ill_nothing_is_given_up(self, laptop: Laptop) -> None:
        guests = laptop.guests(5)
        await laptop.admit(*guests)
        with_answers = await admit_with_answers(laptop)
        laptop.site.faults.set("503")
        async with running(laptop.sender().run()):

            async def tried_often() -> bool:
                await laptop.clock.advance(5)
                tried = [row for row in await laptop.queue() if row.tries > max(FAULTS.values())]
                return len(tried) == 6  # the last check-in waits for its answers

            await until(tried_often)
            rows = await laptop.queue()
            assert not any(row.state is QueueState.FAILED for row in rows)
            laptop.site.faults.clear()
            await pass_until_settled(laptop)
        assert all(guest.checked_in for guest in [*guests, with_answers])
        assert not await laptop.queue()
