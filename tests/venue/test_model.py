"""Doors, links, undo, lost and late answers, and hubs that begin anew, in any order.

Whatever happens: rounds follow each other, and who was told that he has won is the one whom the hub
has in. In the end nothing is unknown, and of those who let somebody in with a ticket one has won.
"""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from boxoffice.domain.venue import Claim, ClaimState, Outcome, Taken
from boxoffice.venue import HubAwayError
from boxoffice.venue.connection import Connection
from boxoffice.venue.engine import Engine
from boxoffice.venue.record import Record
from tests.support import until
from tests.venue.doors import (
    AT,
    Cable,
    author,
    membership,
    open_stream,
    read_all,
    ticket,
)
from tests.venue.engines import free_port, hashes, prepare

GATES, TICKETS = 3, 2

EVENINGS = settings(
    max_examples=10, stateful_step_count=24, derandomize=True, phases=(Phase.generate,)
)
"""The same ones each time: a network's moments are not repeated, so nothing can be made smaller."""

numbers = st.integers(0, GATES - 1)
tickets = st.integers(0, TICKETS - 1).map(ticket)
rounds = st.sampled_from([0, 2, 4])
"""What a door knows of a ticket's last round may be old, or of another hub."""


class Gate:
    """A door, its cable, and its journal."""

    def __init__(self, engine: Engine, number: int) -> None:
        self.author = author(number)
        self.cable = Cable(engine.port)
        self.claims: dict[str, ClaimState] = {}
        """Of those who were let in here."""
        self.rounds: dict[str, int] = {}
        """By which they came in, where that is known."""
        self._member = membership(engine, number)
        self._record: Record | None = None
        self._is_held = False

    @property
    def reached(self) -> Record | None:
        """None: the hub does not answer."""
        return None if self._is_held else self._record

    async def join(self, event: str) -> None:
        """Have the hub answer; what was on its way arrives."""
        self.cable.restore()
        self._is_held = False
        if self._record is None:
            there = await Connection.open(self.cable.address, self._member)
            self._record = await Record.open(there, event)

    async def leave(self) -> None:
        """Lose the connection, and what was on its way."""
        self.cable.cut()
        if self._record is not None:
            await self._record.connection.close()
        self._record, self._is_held = None, False
        self.cable.restore()

    async def scan(self, wanted: str, round_: int) -> None:
        """Let somebody in who shows a ticket, unless it is another door's."""
        if (record := self.reached) is None:
            self.claims[wanted] = ClaimState.PENDING
        else:
            taken = await record.take(wanted, round_, self.author, AT)
            if taken.outcome is Outcome.WON:
                self._win(wanted, taken)

    async def scan_late(self, wanted: str, round_: int) -> None:
        """Let somebody in while what is sent does not get there yet."""
        before = self.cable.arrived
        self.cable.hold()
        scanning = asyncio.create_task(self.scan(wanted, round_))
        await until(lambda: self.cable.arrived > before)
        scanning.cancel()
        await asyncio.gather(scanning, return_exceptions=True)
        self._is_held = True
        self.claims[wanted] = ClaimState.PENDING

    async def scan_unanswered(self, wanted: str, round_: int) -> None:
        """Let somebody in while what is sent gets there, and no answer comes."""
        before = self.cable.arrived
        self.cable.lose_answers()
        scanning = asyncio.create_task(self.scan(wanted, round_))
        await until(lambda: self.cable.arrived > before)
        await self.leave()
        with suppress(HubAwayError):
            await scanning
        self.claims[wanted] = ClaimState.PENDING

    async def undo(self, wanted: str) -> None:
        if self.claims[wanted] is ClaimState.LOST:
            del self.claims[wanted]
        elif (record := self.reached) is None:
            self.claims[wanted] = ClaimState.RELEASING
        else:
            await record.release(wanted, self.rounds.pop(wanted, 0), self.author, AT)
            del self.claims[wanted]

    async def settle(self) -> None:
        """Ask for all that is not known; what was undone first, or it would be ours again."""
        assert self.reached is not None
        for wanted in self._in(ClaimState.RELEASING):
            await self.undo(wanted)
        for wanted in self._in(ClaimState.PENDING):
            taken = await self.reached.take(wanted, 0, self.author, AT)
            if taken.outcome is Outcome.WON:
                self._win(wanted, taken)
            else:
                assert taken.claim is not None
                assert taken.claim.device != self.author.device
                self.claims[wanted] = ClaimState.LOST

    def begin_anew(self) -> None:
        """At another hub, which knows of nothing that was won."""
        self.rounds.clear()
        for wanted in self._in(ClaimState.WON):
            self.claims[wanted] = ClaimState.PENDING

    def _in(self, state: ClaimState) -> list[str]:
        return [wanted for wanted, of in self.claims.items() if of is state]

    def _win(self, wanted: str, taken: Taken) -> None:
        assert taken.claim is not None
        assert taken.claim.device == self.author.device
        self.claims[wanted] = ClaimState.WON
        self.rounds[wanted] = taken.claim.round


class Evening(RuleBasedStateMachine):
    """At one event. Each hub is a stream of its own, since one engine is quicker than many."""

    engine: ClassVar[Engine]
    runner: ClassVar[asyncio.Runner]
    onlooker: ClassVar[Connection]
    """Of a door that only looks, for as long as the engine runs."""
    hubs: ClassVar[int] = 0
    """That there have been, of all evenings."""

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        self.runner.run(work)

    @property
    def event(self) -> str:
        return f"{self.hubs:032x}"

    @initialize()
    def begin(self) -> None:
        self.gates = [Gate(self.engine, number) for number in range(GATES)]

        async def lay_cables() -> None:
            for gate in self.gates:
                await gate.cable.__aenter__()

        self.do(lay_cables())
        self.take_over()

    @rule()
    def take_over(self) -> None:
        """Have another hub, with nothing in its store."""

        async def take_over() -> None:
            for gate in self.gates:
                await gate.leave()
                gate.begin_anew()
            Evening.hubs += 1
            await open_stream(self.engine, self.event)
            for gate in self.gates:
                await gate.join(self.event)

        self.do(take_over())

    @rule(number=numbers, wanted=tickets, round_=rounds)
    def scan(self, number: int, wanted: str, round_: int) -> None:
        if wanted not in self.gates[number].claims:
            self.do(self.gates[number].scan(wanted, round_))

    @rule(number=numbers, wanted=tickets, round_=rounds)
    def scan_late(self, number: int, wanted: str, round_: int) -> None:
        gate = self.gates[number]
        if gate.reached is not None and wanted not in gate.claims:
            self.do(gate.scan_late(wanted, round_))

    @rule(number=numbers, wanted=tickets, round_=rounds)
    def scan_in_vain(self, number: int, wanted: str, round_: int) -> None:
        """What is sent is lost, and the hub is there again."""
        gate = self.gates[number]

        async def scan() -> None:
            await gate.scan_late(wanted, round_)
            await gate.leave()
            await gate.join(self.event)

        if gate.reached is not None and wanted not in gate.claims:
            self.do(scan())

    @rule(number=numbers, wanted=tickets, round_=rounds)
    def scan_unanswered(self, number: int, wanted: str, round_: int) -> None:
        gate = self.gates[number]
        if gate.reached is not None and wanted not in gate.claims:
            self.do(gate.scan_unanswered(wanted, round_))

    @rule(number=numbers, wanted=tickets)
    def undo(self, number: int, wanted: str) -> None:
        gate = self.gates[number]
        if gate.claims.get(wanted, ClaimState.RELEASING) is not ClaimState.RELEASING:
            self.do(gate.undo(wanted))

    @rule(number=numbers)
    def leave(self, number: int) -> None:
        self.do(self.gates[number].leave())

    @rule(number=numbers)
    def join(self, number: int) -> None:
        self.do(self.gates[number].join(self.event))

    @rule(number=numbers)
    def settle(self, number: int) -> None:
        if self.gates[number].reached is not None:
            self.do(self.gates[number].settle())

    @invariant()
    def each_winner_holds_the_last_round(self) -> None:
        self.do(self.check())

    async def check(self) -> dict[str, Claim]:
        """The last claim of each ticket: its winner's, if somebody has won."""
        claims = await read_all(await Record.open(self.onlooker, self.event))
        last = {claim.ticket: claim for claim in claims}
        seen: defaultdict[str, list[int]] = defaultdict(list)
        for claim in claims:
            seen[claim.ticket].append(claim.round)
        for held in seen.values():
            assert held == list(range(len(held)))
        for gate in self.gates:
            for wanted, round_ in gate.rounds.items():
                assert last[wanted].round == round_
                assert last[wanted].device == gate.author.device
        return last

    def teardown(self) -> None:
        async def end() -> None:
            try:
                for gate in self.gates:
                    await gate.join(self.event)
                for gate in self.gates:
                    await gate.settle()
                last = await self.check()
            finally:
                for gate in self.gates:
                    await gate.leave()
                    await gate.cable.__aexit__()
            for wanted in map(ticket, range(TICKETS)):
                claims = {gate.author.device: gate.claims.get(wanted) for gate in self.gates}
                won = [device for device, of in claims.items() if of is ClaimState.WON]
                is_in = wanted in last and last[wanted].is_in
                assert won == ([last[wanted].device] if is_in else [])
                assert set(claims.values()) <= {ClaimState.WON, ClaimState.LOST, None}

        self.do(end())


def test_a_round_has_one_holder_whatever_happens(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        engine = Engine(prepare(tmp_path / "hub"), free_port())
        Evening.engine, Evening.runner, Evening.hubs = engine, runner, 0
        try:
            runner.run(engine.start(hashes()))
            onlooker = membership(engine, GATES)
            Evening.onlooker = runner.run(Connection.open(onlooker.addresses[0], onlooker))
            run_state_machine_as_test(Evening, settings=EVENINGS)
            runner.run(Evening.onlooker.close())
        finally:
            runner.run(engine.stop())
