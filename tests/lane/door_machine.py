"""Lanes, senders, pullers and the site together, moved by whoever drives it."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.undo import UNDO_WITHIN, Undone
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.sync import Sender
from tests.lane.conftest import Wrong, lane_in
from tests.lane.folders import FAULTS, FOLDERS, LOST_ANSWERS, Folder
from tests.support import UNDERWAY, FakeClock

T = TypeVar("T")

IN_PLAY = 4
"""Tickets: so few that lanes, the site and faults meet at each of them."""
STEP = 0.5
"""Seconds between two looks whether something is done."""
LONGEST = 3600.0
"""Seconds in which anything that is asked for is done, and the queue is sent at the end."""


class DoorMachine(RuleBasedStateMachine):
    lanes = st.sampled_from(sorted(FOLDERS))
    tickets = st.integers(0, IN_PLAY - 1)

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.directory = tempfile.TemporaryDirectory()
        self.clock = FakeClock()
        self.site = Sandbox(
            tickets=60, now=self.clock.now, sleep=UNDERWAY.held_back(self.clock.sleep)
        )
        event = self.site.state.tonight
        state = self.site.state
        self.guests = [ticket for ticket in event.tickets if state.may_enter(ticket)][:IN_PLAY]
        self.by_uuid = {ticket.uuid: ticket for ticket in self.guests}
        self.folders = {
            name: Folder(Path(self.directory.name, name), Wrong(self.clock))
            for name in sorted(set(FOLDERS.values()))
        }
        self.open: dict[str, tuple[Lane, AsyncExitStack]] = {}
        self.elsewhere: set[str] = set()
        """Tickets that another door has checked in."""
        self.taken_out: set[str] = set()
        """Tickets that somebody has taken out at the site: an undo of ours, or a person there."""
        self.undo_writes = 0
        self.moves = 0

    @initialize()
    def begin(self) -> None:
        self.runner.run(self.site.start())
        for name in FOLDERS:
            self.opened(name)

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.all_ends_well()
        finally:
            self.site.faults.clear()
            for name in list(self.open):
                self.closed(name)
            self.runner.run(self.site.stop())
            self.runner.close()
            self.directory.cleanup()

    # Running

    def run(self, work: Awaitable[T]) -> T:
        """Let time go by until it is done."""
        return self.runner.run(self._finish(work))

    async def _finish(self, work: Awaitable[T]) -> T:
        task = asyncio.ensure_future(work)
        give_up = self.clock.monotonic() + LONGEST
        await self.clock.advance(0)
        while not task.done():
            assert self.clock.monotonic() < give_up, "it never ends"
            await self.clock.advance(STEP)
        return await task

    def folder(self, name: str) -> Folder:
        return self.folders[FOLDERS[name]]

    def opened(self, name: str) -> Lane:
        """The lane, opened from its files where it was closed."""
        if name not in self.open:
            stack, folder = AsyncExitStack(), self.folder(name)
            lane = self.run(lane_in(stack, self.site, folder.path, folder.clock, name=name))
            self.open[name] = (lane, stack)
        return self.open[name][0]

    def closed(self, name: str) -> None:
        if name in self.open:
            _, stack = self.open.pop(name)
            self.run(stack.aclose())

    # At the doors

    @rule(name=lanes, number=tickets)
    def scan(self, name: str, number: int) -> None:
        lane, ticket = self.opened(name), self.guests[number]
        self.answered(name, ticket, self.run(lane.scan(ticket.uuid)))

    @rule(name=lanes, number=tickets, fault=st.sampled_from(LOST_ANSWERS))
    def scan_whose_answer_is_lost(self, name: str, number: int, fault: str) -> None:
        """The site has it, or not, and the lane is not told."""
        self.site.faults.clear()
        self.site.faults.switch(fault)
        self.scan(name, number)
        self.time_goes_by(10.0)

    @rule(number=tickets, data=st.data())
    def scan_at_all_doors(self, number: int, data: st.DataObject) -> None:
        """At once, and at one of them twice."""
        ticket = self.guests[number]
        names = [*FOLDERS, data.draw(self.lanes)]
        lanes = [self.opened(name) for name in names]

        async def together() -> list[Scan]:
            return await asyncio.gather(*(lane.scan(ticket.uuid) for lane in lanes))

        for name, scan in zip(names, self.run(together()), strict=True):
            self.answered(name, ticket, scan)

    def answered(self, name: str, ticket: Ticket, scan: Scan, *, overridden: bool = False) -> None:
        folder, verdict = self.folder(name), scan.verdict
        newest = folder.query(
            "SELECT verdict, lane FROM journal WHERE kind = 'scan' ORDER BY id DESC LIMIT 4"
        )
        assert (verdict.code, name) in newest, "promise 9: what is answered is in the journal"
        if not verdict.code.is_green:
            return
        assert overridden or ticket.uuid not in folder.inside, "promise 3: green twice"
        folder.inside[ticket.uuid] = name
        folder.ever.add(ticket.uuid)
        folder.dismissed.discard(ticket.uuid)
        folder.others.discard(ticket.uuid)
        assert folder.admitted()[ticket.uuid][0] == name, "promise 1: a green is on disk first"

    @rule(name=lanes, number=tickets)
    def override(self, name: str, number: int) -> None:
        lane, ticket = self.opened(name), self.guests[number]
        scan = self.run(lane.scan(ticket.uuid))
        self.answered(name, ticket, scan)
        if scan.verdict.can_override:
            assert scan.verdict.code is VerdictCode.ALREADY_IN
            again = self.run(lane.override(scan, "looked at both"))
            self.answered(name, ticket, again, overridden=True)

    @rule(name=lanes)
    def undo(self, name: str) -> None:
        lane, folder = self.opened(name), self.folder(name)
        mine = {t: row for t, (lane_of, _, row) in folder.admitted().items() if lane_of == name}
        began = folder.clock.now()
        undone = self.run(lane.undo.last())
        self.wrote_undo(folder, max(mine, key=mine.__getitem__) if mine else "")
        if undone.done:
            self.was_undone(folder, mine, undone)
            (at,) = folder.query("SELECT at FROM journal WHERE id = ?", mine[self.of(undone).uuid])[
                0
            ]
            age = began - began.fromisoformat(str(at))
            assert age <= UNDO_WITHIN, "promise 6: at most 15 minutes old"

    def of(self, undone: Undone) -> Ticket:
        assert undone.ticket is not None
        return self.by_uuid[undone.ticket.uuid]

    def was_undone(self, folder: Folder, mine: dict[str, int], undone: Undone) -> None:
        ticket = self.of(undone).uuid
        assert mine[ticket] == max(mine.values()), "promise 6: this lane's own, the last one"
        assert folder.admitted().get(ticket, ("", False, 0))[2] != mine[ticket]
        folder.inside.pop(ticket, None)

    def wrote_undo(self, folder: Folder, ticket: str) -> None:
        """An undo may have written to the site: of this ticket alone."""
        writes = self.takes_out()
        may = {ticket} - folder.others
        assert set(writes[self.undo_writes :]) <= may, "promise 6: this lane's own"
        folder.undone.update(writes[self.undo_writes :])
        self.taken_out.update(writes)
        self.undo_writes = len(writes)

    def takes_out(self) -> list[str]:
        """The tickets of all writes that take one out, in their order."""
        return [
            entry.path.split("/")[1]
            for entry in self.site.log.find("PATCH", "tickets/*/")
            if entry.data == {"checked_in": False}
        ]

    @rule(name=lanes, number=tickets, steps=st.integers(0, 60), undoes=st.booleans())
    def end_in_the_midst(self, name: str, number: int, steps: int, undoes: bool) -> None:
        """End a lane while it answers, which nobody sees; what is on disk counts from then on."""
        lane, folder, ticket = self.opened(name), self.folder(name), self.guests[number]
        mine = {t: row for t, (lane_of, _, row) in folder.admitted().items() if lane_of == name}

        async def begin() -> None:
            work = lane.undo.last() if undoes else lane.scan(ticket.uuid)
            task = asyncio.create_task(work)
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self.runner.run(begin())
        self.closed(name)
        self.wrote_undo(folder, max(mine, key=mine.__getitem__) if mine and undoes else "")
        now = folder.admitted()
        ours = {t: lane_of for t, (lane_of, _, _) in now.items()}
        new, gone = ours.keys() - folder.inside.keys(), folder.inside.keys() - ours.keys()
        assert new <= (set() if undoes else {ticket.uuid})
        assert gone <= (set(mine) if undoes else set()), "promise 3: nothing takes ours back"
        folder.ever |= new
        folder.inside = ours

    @rule(name=lanes)
    def restart(self, name: str) -> None:
        self.closed(name)

    @rule(name=st.sampled_from(sorted(FOLDERS.values())), retries=st.booleans())
    def look_at_the_queue(self, name: str, retries: bool) -> None:
        """A person sends what failed again, or takes it off with a reason."""
        folder = self.folders[name]
        lane = self.opened(next(lane for lane, its in FOLDERS.items() if its == name))
        view = self.run(lane.queue.view())
        if retries:
            self.run(lane.queue.retry())
            return
        for row in (*view.failed, *view.conflicts):
            if self.run(lane.queue.dismiss(row.id, "seen to")):
                folder.dismissed.add(row.ticket)
                if row in view.conflicts:
                    folder.others.add(row.ticket)

    # At the site, and on the way there

    @rule(number=tickets)
    def another_door(self, number: int) -> None:
        ticket = self.guests[number]
        if not ticket.checked_in:
            self.elsewhere.add(ticket.uuid)
            self.site.state.check_in(ticket)

    @rule(name=lanes, number=tickets)
    def another_door_is_first(self, name: str, number: int) -> None:
        """While the lane is offline, which lets the holder in by its own list."""
        lane, ticket = self.opened(name), self.guests[number]
        if self.site.running:
            self.runner.run(self.site.stop())
        self.answered(name, ticket, self.run(lane.scan(ticket.uuid)))
        self.another_door(number)
        self.site.faults.clear()
        self.runner.run(self.site.start())
        self.time_goes_by(10.0)

    @rule(number=tickets)
    def taken_back_at_the_site(self, number: int) -> None:
        self.taken_out.add(self.guests[number].uuid)
        self.site.state.check_in(self.guests[number], checked_in=False)

    @rule(fault=st.sampled_from(FAULTS))
    def fail(self, fault: str) -> None:
        self.site.faults.switch(fault)

    @rule()
    def works_again(self) -> None:
        self.site.faults.clear()

    @rule()
    def network_goes_or_comes(self) -> None:
        self.runner.run(self.site.stop() if self.site.running else self.site.start())

    @rule(seconds=st.sampled_from([0.3, 2.0, 10.0, 45.0, 200.0]))
    def time_goes_by(self, seconds: float) -> None:
        self.runner.run(self.clock.advance(seconds))

    @rule(
        name=st.sampled_from(sorted(FOLDERS.values())),
        minutes=st.sampled_from([-90, -5, -0.5, 0.5, 5, 20]),
    )
    def clock_is_set(self, name: str, minutes: float) -> None:
        self.folders[name].clock.by += timedelta(minutes=minutes)

    # What must hold

    @invariant()
    def the_journal_only_grows(self) -> None:
        self.moves += 1
        for folder in self.folders.values():
            if folder.path.exists():
                rows = folder.query("SELECT * FROM journal ORDER BY id")
                before = folder.journal
                assert rows[: len(before)] == before, "promise 9: it is only ever added to"
                folder.journal = rows

    @invariant()
    def nothing_that_is_read_takes_our_own_back(self) -> None:
        for folder in self.existing():
            admitted = {ticket: lane for ticket, (lane, _, _) in folder.admitted().items()}
            assert admitted == folder.inside, "promises 1 and 3"

    @invariant()
    def each_is_at_the_site_or_in_the_queue(self) -> None:
        for folder in self.existing():
            check_ins = {row for row, kind, _, _ in folder.queued() if kind == "check_in"}
            for ticket, (_, confirmed, row) in folder.admitted().items():
                if confirmed:
                    is_in = self.by_uuid[ticket].checked_in
                    assert is_in or ticket in self.taken_out, "promise 2: only on proof"
                elif ticket not in folder.dismissed:
                    assert row in check_ins, "promise 2: it ends there or before a person"

    @invariant()
    def a_lost_answer_is_no_refusal(self) -> None:
        for folder in self.existing():
            others = [other for other in self.folders.values() if other is not folder]
            may = folder.undone.union(self.elsewhere, *(other.ever for other in others))
            conflicts = {t for _, _, state, t in folder.queued() if state == "conflict"}
            assert conflicts <= may, "promise 5: it was us"

    @invariant()
    def undo_is_written_by_undo_alone(self) -> None:
        assert len(self.takes_out()) == self.undo_writes, "promise 6: never from the queue"

    @invariant()
    def only_what_was_admitted_is_checked_in(self) -> None:
        ever = set().union(*(folder.ever for folder in self.folders.values()))
        for entry in self.site.log.find("PATCH", "tickets/*/"):
            assert entry.path.split("/")[1] in ever

    @invariant()
    def one_sender_a_folder(self) -> None:
        senders = [FOLDERS[name] for name, (lane, _) in self.open.items() if sends(lane)]
        assert len(senders) == len(set(senders)), "promise 8: one sender for a data folder"

    def check(self) -> None:
        """All that must hold after each move."""
        self.the_journal_only_grows()
        self.nothing_that_is_read_takes_our_own_back()
        self.each_is_at_the_site_or_in_the_queue()
        self.a_lost_answer_is_no_refusal()
        self.undo_is_written_by_undo_alone()
        self.only_what_was_admitted_is_checked_in()
        self.one_sender_a_folder()

    def existing(self) -> list[Folder]:
        return [folder for folder in self.folders.values() if folder.path.exists()]

    def all_ends_well(self) -> None:
        """When everything works again, what was admitted is at the site or before a person."""
        self.site.faults.clear()
        if not self.site.running:
            self.runner.run(self.site.start())
        for folder in self.folders.values():
            folder.clock.by = timedelta()
        for name in FOLDERS:
            self.opened(name)
        self.run(self.sent())
        for folder in self.folders.values():
            assert not [row for row in folder.queued() if row[2] in ("waiting", "sending")]
        self.check()

    async def sent(self) -> None:
        """Return when nothing waits to be sent."""
        while any(
            state in ("waiting", "sending")
            for folder in self.folders.values()
            for _, _, state, _ in folder.queued()
        ):
            await self.clock.sleep(STEP)


def sends(lane: Lane) -> bool:
    """Whether it has the queue of its folder."""
    sender = getattr(lane._parts["sender"], "__self__", None)
    assert isinstance(sender, Sender)
    return sender._lock.is_locked
