"""How far the codes are read stands in the status line while that goes on, and beside the lane."""

import pytest

from boxoffice.domain.models import CodesKnown, LinkState
from boxoffice.domain.queue import Counts
from boxoffice.lane import Status
from boxoffice.widgets.status import StatusLine
from tests.support import FakeClock


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (CodesKnown(5000, 340, 10, 10), "codes 340/5000"),
        (CodesKnown(5000, 5000, 3100, 3100), "orders 3100/5000"),
        (CodesKnown(5000, 5000, 5000, 5000), ""),
        (CodesKnown(), ""),
    ],
)
@pytest.mark.parametrize("width", [80, 100, 120])
def test_how_far_it_is(clock: FakeClock, known: CodesKnown, said: str, width: int) -> None:
    line = StatusLine(clock)
    now = clock.now()
    line.status = Status(
        "Sommerfest på Havnen",
        "North",
        LinkState.ONLINE,
        list_at=now,
        loading=False,
        counts=Counts(),
        checked_in=1250,
        total=5000,
        codes=known,
    )
    text = "".join(piece.text for piece in line.line(0, width))
    assert said in text
    assert ("codes" in text or "orders" in text) is bool(said)
    assert "· North" in text
    assert len(text) == width
