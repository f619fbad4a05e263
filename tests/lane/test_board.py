"""The status line tells the truth whatever happens at once."""

from boxoffice.door.models import Counts, LinkState
from boxoffice.lane.board import Board
from boxoffice.store import Journal
from tests.lane.conftest import OpenLane
from tests.support import until


async def test_a_link_that_changes_during_a_count_is_not_overwritten(open_lane: OpenLane) -> None:
    lane = await open_lane()
    await until(lambda: lane.status.link is LinkState.ONLINE and not lane.status.loading)

    class Slow:
        """The lane's journal, during whose count the link is lost."""

        till = lane._journal.till

        async def counts(self, event: str) -> Counts:
            board.link(LinkState.OFFLINE, "gone")
            return await journal.counts(event)

    journal: Journal = lane._journal
    board: Board = lane._board
    board._journal = Slow()  # type: ignore[assignment] # only what a count asks
    await board.recount()
    board._journal = journal
    assert lane.status.link is LinkState.OFFLINE
