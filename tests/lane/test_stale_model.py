"""Reads that lag in whatever order: never two greens without an undo or a person between."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import OpenLane, listed
from tests.lane.test_stale_reads import CACHE, PAST_LAG, SINGLE, guests
from tests.support import FakeClock

MOVES = st.one_of(
    st.sampled_from(["scan", "scan", "south", "override", "undo", "list", "restart", "details"]),
    st.sampled_from(["cache", "stale list", "no fault", "site takes back", "another door", "500"]),
    st.sampled_from([1, 20, 70, int(PAST_LAG)]),
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(MOVES, min_size=4, max_size=16))
async def test_never_two_greens_without_an_undo_or_a_person_between(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock, moves: list[str | int]
) -> None:
    world = await World.begin(sandbox, open_lane, clock)
    try:
        for move in moves:
            await world.play(move)
    finally:
        await world.end()


class World:
    """One ticket, two lanes on one data folder, and a site that may lag."""

    def __init__(self, sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.open_lane = open_lane
        (self.ticket,) = guests(sandbox, 1)
        self.lanes: dict[str, Lane] = {}
        self.last: Scan | None = None
        self.is_in = False
        """Let in here, and not undone since."""

    @classmethod
    async def begin(cls, sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock) -> "World":
        world = cls(sandbox, open_lane, clock)
        sandbox.faults.clear()
        for name in ("North", "South"):
            world.lanes[name] = await open_lane(name=name)
            await listed(world.lanes[name])
        return world

    async def end(self) -> None:
        self.sandbox.faults.clear()
        self.sandbox.state.check_in(self.ticket)  # of no use to the next
        for lane in self.lanes.values():
            await lane.stop()

    async def play(self, move: str | int) -> None:
        lane, state = self.lanes["North"], self.sandbox.state
        match move:
            case int():
                await self.clock.advance(move)
            case "scan" | "south":
                where = self.lanes["South"] if move == "south" else lane
                self.take(await where.scan(self.ticket.uuid), by_a_person=False)
            case "override":
                if self.last is not None and self.last.verdict.can_override:
                    self.take(await lane.override(self.last, "I know them"), by_a_person=True)
            case "undo":
                before = (await lane.undo.preview()).who
                if before == self.ticket.full_name and (await lane.undo.last()).done:
                    self.is_in = False
            case "list":
                await lane.refresh()
            case "restart":
                await lane.stop()
                self.lanes["North"] = await self.open_lane(name="North")
            case "details":
                if not list(self.sandbox.faults):
                    await lane.details.refresh(self.ticket.uuid)
            case "cache":
                self.sandbox.faults.set(CACHE)
            case "stale list":
                self.sandbox.faults.set("stale", path="events/*/tickets/")
            case "500":
                self.sandbox.faults.set("500", path=SINGLE, times=2)
            case "no fault":
                self.sandbox.faults.clear()
            case "site takes back":
                state.check_in(self.ticket, checked_in=False)
            case "another door":
                state.check_in(self.ticket)

    def take(self, scan: Scan, *, by_a_person: bool) -> None:
        """What a lane answered must be right by what happened."""
        self.last = scan
        if scan.verdict.code is VerdictCode.ADMITTED:
            assert not self.is_in or by_a_person
            self.is_in = True
        else:
            assert scan.verdict.code is VerdictCode.ALREADY_IN
