"""The PIN: asked for where the act is done, tried a few times, and never lost in silence."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boxoffice import ProblemError
from boxoffice.domain.journal import JournalKind
from boxoffice.domain.pin import Act, Permit
from boxoffice.domain.sale import Refund
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.pin_lock import Attempt, PinLock
from boxoffice.sandbox import Sandbox
from boxoffice.store import Journal, journal_db, takings
from boxoffice.store import pin as pin_file
from tests.lane.conftest import OpenLane, listed, sent
from tests.support import FakeClock

PIN = "4711"


class Person:
    """Who is asked, and gives these one after another; None: goes back."""

    def __init__(self, *given: str | None) -> None:
        self.given = list(given)
        self.asked: list[tuple[Act, str]] = []

    async def __call__(self, act: Act, attempt: Attempt) -> bool:
        self.asked.append((act, ""))
        while self.given and (given := self.given.pop(0)) is not None:
            if not (problem := await attempt(given)):
                return True
            self.asked.append((act, problem))
        return False


async def set_pin(lock: PinLock, pin: str | None = PIN) -> None:
    await lock.change(pin, Permit(Act.PIN))


async def rows(lane: Lane, *kinds: JournalKind) -> list[tuple[str, str]]:
    found = await lane._journal.read_all(journal_db.log)
    return [
        (row.operator, str((row.entry.data or {}).get("act")))
        for row in found
        if row.entry.kind in kinds
    ]


@pytest.fixture
async def lane(open_lane: OpenLane) -> Lane:
    """Where a ticket that is not paid may be let in all the same."""
    lane = await open_lane(override=[VerdictCode.NOT_PAID])
    await listed(lane)
    return lane


async def unpaid(lane: Lane, sandbox: Sandbox) -> Scan:
    scan = await lane.scan(sandbox.examples()["not_paid"].uuid)
    assert scan.verdict.can_override
    return scan


Guarded = Callable[[Lane, Sandbox, FakeClock], Awaitable[Any]]


async def refund(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> object:
    return await lane.orders.refund(sandbox.examples()["party"].order.uuid, Refund())


async def override(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> object:
    return await lane.override(await unpaid(lane, sandbox), "the organiser says so")


async def close_till(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> object:
    await lane.box_office.refresh()
    if await lane.box_office.till() is None:
        await lane.box_office.open_till(Decimal(500))
    return await lane.box_office.close_till(Decimal(500))


async def reopen_till(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> object:
    await lane.box_office.refresh()
    if await lane.box_office.last_till() is None:
        await lane.box_office.open_till(Decimal(500))
        await lane._journal.write(takings.close_shift, Decimal(500))
    return await lane.box_office.reopen_till()


async def late_undo(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> object:
    await lane.scan(sandbox.examples()["plain"].uuid)
    await sent(lane, clock)
    await clock.advance(61)
    return await lane.undo.last()


GUARDED: dict[Act, Guarded] = {
    Act.REFUND: refund,
    Act.OVERRIDE: override,
    Act.CLOSE_TILL: close_till,
    Act.REOPEN_TILL: reopen_till,
    Act.LATE_UNDO: late_undo,
}


@pytest.mark.parametrize("act", GUARDED)
async def test_it_is_asked_for_and_who_gave_it_is_written_down(
    act: Act, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await set_pin(lane.pin)
    lane.pin.ask = person = Person("0000", PIN)
    await GUARDED[act](lane, sandbox, clock)
    assert person.asked == [(act, ""), (act, "That is not the PIN.")]
    assert await rows(lane, JournalKind.PIN_WRONG) == [("Anna", act)]
    assert await rows(lane, JournalKind.UNLOCKED) == [("Anna", act)]


@pytest.mark.parametrize("act", GUARDED)
async def test_without_it_nothing_is_done(
    act: Act, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await set_pin(lane.pin)
    before = sandbox.log.count("POST"), await rows(lane, JournalKind.UNDO, JournalKind.OVERRIDE)
    with pytest.raises(ProblemError, match="PIN: nothing was done"):
        await GUARDED[act](lane, sandbox, clock)
    after = sandbox.log.count("POST"), await rows(lane, JournalKind.UNDO, JournalKind.OVERRIDE)
    assert before == after
    assert await rows(lane, JournalKind.REFUND_ASKED, JournalKind.SHIFT_REOPEN) == []


@pytest.mark.parametrize("act", GUARDED)
async def test_where_none_is_set_nobody_is_asked(
    act: Act, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    lane.pin.ask = person = Person()
    await GUARDED[act](lane, sandbox, clock)
    await set_pin(lane.pin)
    await set_pin(lane.pin, None)
    assert await lane.pin.permit(act) == Permit(act)
    assert person.asked == []


async def test_a_fresh_check_in_is_undone_by_anybody(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await set_pin(lane.pin)
    await lane.scan(sandbox.examples()["plain"].uuid)
    await sent(lane, clock)
    await clock.advance(59)
    assert (await lane.undo.preview()).permit is not None
    assert (await lane.undo.last()).done


async def test_an_undo_takes_back_only_whom_it_was_asked_for(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """Others are scanned while the PIN is typed."""
    await set_pin(lane.pin)
    first, second = (sandbox.examples()[name] for name in ("plain", "party"))

    async def slow(act: Act, attempt: Attempt) -> bool:
        assert (await lane.scan(second.uuid)).verdict.code is VerdictCode.ADMITTED
        return not await attempt(PIN)

    lane.pin.ask = slow
    await lane.scan(first.uuid)
    await sent(lane, clock)
    await clock.advance(61)
    undone = await lane.undo.last()
    assert not undone.done
    assert "meanwhile" in undone.sentence
    await sent(lane, clock)
    assert first.checked_in
    assert second.checked_in


async def test_a_permit_is_for_its_act_alone(sandbox: Sandbox, lane: Lane) -> None:
    await set_pin(lane.pin)
    scan = await unpaid(lane, sandbox)
    with pytest.raises(ProblemError):
        await lane.override(scan, "because", Permit(Act.REFUND))
    assert (await lane.override(scan, "because", Permit(Act.OVERRIDE))).verdict.code.is_green
    with pytest.raises(ProblemError):
        await lane.pin.change("9999", Permit(Act.DESK))


# Tries


@pytest.fixture
async def lock(tmp_path: Path, clock: FakeClock) -> AsyncIterator[PinLock]:
    """With a PIN, and a journal."""
    lock = PinLock(tmp_path, clock)
    journal = await Journal.open(tmp_path / "journal.db", lane="North", operator="", clock=clock)
    await lock.attach(journal)
    await set_pin(lock)
    yield lock
    await journal.close()


async def tried(lock: PinLock, *pins: str) -> str:
    """What is said after these; empty: the last was the PIN."""
    lock.ask = person = Person(*pins)
    try:
        await lock.permit(Act.DESK)
    except ProblemError:
        return person.asked[-1][1]
    return ""


async def test_after_five_wrong_tries_there_is_a_wait_that_grows(
    lock: PinLock, clock: FakeClock
) -> None:
    assert await tried(lock, *["0000"] * 4) == "That is not the PIN."
    assert "the next try counts in 30 seconds" in await tried(lock, "0000")
    assert "in 30 seconds" in await tried(lock, PIN)  # it is not even looked at
    await clock.advance(30)
    assert "in 60 seconds" in await tried(lock, "0000")
    await clock.advance(59)
    assert await tried(lock, PIN)
    await clock.advance(1)
    assert await tried(lock, PIN) == ""
    assert await tried(lock, *["0000"] * 4) == "That is not the PIN."


async def test_a_start_anew_and_another_site_do_not_shorten_the_wait(
    lock: PinLock, clock: FakeClock, tmp_path: Path
) -> None:
    await tried(lock, *["0000"] * 5)
    for _ in range(2):
        assert "the next try counts" in await tried(PinLock(tmp_path, clock), PIN)


async def test_many_processes_have_five_tries_together(
    lock: PinLock, clock: FakeClock, tmp_path: Path
) -> None:
    said = await asyncio.gather(*(tried(PinLock(tmp_path, clock), "0000") for _ in range(12)))
    assert sum(sentence.startswith("That is not the PIN.") for sentence in said) == 5


# The file


async def test_it_holds_no_pin_and_is_its_owner_s_alone(lock: PinLock, tmp_path: Path) -> None:
    file = tmp_path / pin_file.FILE
    assert PIN.encode() not in file.read_bytes()
    if os.name == "posix":
        assert oct(file.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize("harm", ["gone", "empty", "rubbish", "another", "new", "removed"])
async def test_a_lost_or_damaged_one_stays_shut(
    harm: str, lock: PinLock, clock: FakeClock, tmp_path: Path
) -> None:
    file = tmp_path / pin_file.FILE
    if harm == "gone":
        file.unlink()
    elif harm == "another":
        file.write_bytes((tmp_path / "journal.db").read_bytes())
    elif harm in ("new", "removed"):  # as by a site whose journal knows nothing of the first
        file.unlink()
        elsewhere = PinLock(tmp_path, clock)
        await set_pin(elsewhere, "9999")
        if harm == "removed":
            elsewhere.ask = Person("9999")
            await set_pin(elsewhere, None)
    else:
        file.write_bytes(b"" if harm == "empty" else b"rubbish" * 1000)
    later = PinLock(tmp_path, clock)
    later.ask = Person(PIN, "9999")
    await later.attach(lock._journal)
    assert later.is_on
    for act in (Act.REFUND, Act.PIN):
        with pytest.raises(ProblemError, match="stays shut"):
            await later.permit(act)


async def test_one_that_was_changed_or_put_back_at_another_site_is_the_same(
    lock: PinLock, clock: FakeClock, tmp_path: Path
) -> None:
    file = tmp_path / pin_file.FILE
    copy, elsewhere = file.read_bytes(), PinLock(tmp_path, clock)
    elsewhere.ask = Person(PIN)
    await elsewhere.change("9999", await elsewhere.permit(Act.PIN))
    assert await tried(lock, "9999") == ""
    file.write_bytes(copy)
    assert await tried(lock, PIN) == ""
    elsewhere.ask = Person(PIN)
    await elsewhere.change(None, await elsewhere.permit(Act.PIN))
    assert not await lock.is_set()
    await set_pin(elsewhere)
    assert await tried(lock, PIN) == ""


async def test_a_folder_whose_pin_is_lost_still_admits(
    sandbox: Sandbox, open_lane: OpenLane, lane: Lane, tmp_path: Path
) -> None:
    await set_pin(lane.pin)
    (tmp_path / "data" / pin_file.FILE).unlink()
    again = await open_lane(name="South", override=[VerdictCode.NOT_PAID])
    await listed(again)
    scan = await again.scan(sandbox.examples()["plain"].uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    with pytest.raises(ProblemError, match="stays shut"):
        await again.override(await unpaid(again, sandbox), "because")


async def test_a_change_needs_the_old_one_and_a_new_one_that_can_be_one(lock: PinLock) -> None:
    with pytest.raises(ProblemError, match="4 to 64"):
        await set_pin(lock, "12")
    lock.ask = Person(PIN)
    await lock.change("Ångstrøm", await lock.permit(Act.PIN))
    assert await tried(lock, PIN)
    assert await tried(lock, "A\u030angstrøm") == ""
