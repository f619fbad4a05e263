"""Every form of a code lets in the one whose it is, once, at any speed, whatever ends it.

`BOXOFFICE_BURSTS` says how many each test sends.
"""

from pathlib import Path

import pytest

from tests.hands.burst import FORMS, LEARNT
from tests.hands.door import Door
from tests.hands.judging import SEED, all_right, bursts
from tests.hands.terminal import until

PLAIN = tuple(form for form in FORMS if "layout" not in form)
LAYOUTS = tuple(form for form in FORMS if "layout" in form)


@pytest.mark.parametrize("forms", [PLAIN, LAYOUTS], ids=["as printed", "other keyboards"])
def test_each_is_let_in_once(door: Door, forms: tuple[str, ...]) -> None:
    made = door.bursts(SEED + 1).good(bursts(len(forms)), forms)
    all_right(door.try_one(burst) for burst in made)
    written = [ticket for ticket, _ in door.writes()]
    assert len(written) == len(set(written)), "somebody was let in twice"


def test_one_right_after_another(door: Door) -> None:
    """Nobody waits for the answer to the scan before."""
    made = door.bursts(SEED)
    sent = []
    for burst in made.good(bursts(6), ("hex", "dashed", "link")):
        sent.append(burst)
        door.terminal.send((*burst.keys, "enter"), 0.002)
    door.fence()
    named = {ticket for burst in sent for ticket in burst.names}
    assert sorted(door.writes()) == sorted((ticket, True) for ticket in named)


def test_forms_that_the_list_does_not_hold_are_learnt(tmp_path: Path) -> None:
    """Short links and external uuids, once the tickets have been read in the background."""
    # One ticket, and those that are always there.
    with Door(tmp_path / "door", tickets=1, reads_codes=True) as door:
        made = door.bursts(SEED)
        made.fresh = [person for person in made.fresh if person.external]
        known = {person.uuid: door.server.state.tickets[person.uuid].order for person in made.fresh}

        def read() -> bool:
            log = door.server.log
            return bool(log.count("GET", "events/*/orders/", applied=True)) or all(
                log.count("GET", f"tickets/{ticket}/", applied=True)
                or log.count("GET", f"orders/{order.uuid}/", applied=True)
                for ticket, order in known.items()
            )

        until(read, "the tickets are not read in the background")
        all_right(door.try_one(burst) for burst in made.good(len(known), LEARNT))
