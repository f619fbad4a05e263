"""Many bursts at a door of their own, and what came of them by kind."""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.hands.burst import FORMS, HOSTILE
from tests.hands.door import Door
from tests.hands.judging import all_of, tickets
from tests.hands.outcome import Outcome


class Row(NamedTuple):
    """What came of one burst."""

    kind: str
    good: bool
    right: bool
    wrong: bool
    missed: bool
    other: bool
    again: bool
    words: str


def row(outcome: Outcome) -> Row:
    burst = outcome.burst
    return Row(
        burst.kind,
        burst.admits,
        outcome.right and not outcome.strangers,
        bool(outcome.strangers),
        burst.admits and not outcome.right,
        bool(outcome.effects),
        outcome.tries > 1,
        str(outcome) if outcome.wrong else "",
    )


def one_door(seed: int, hostile: int, good: int) -> list[Row]:
    """At a door of its own."""
    with tempfile.TemporaryDirectory(prefix="hands-") as folder:
        size = tickets(good + hostile // 2 + 20)
        with Door(Path(folder), tickets=size, seed=seed) as door:
            made = door.bursts(seed)
            rows = [row(door.try_one(burst)) for burst in made.good(good, FORMS)]
            rows += map(row, all_of(door, made, made.hostile(hostile)))
            return rows


def shares(count: int, doors: int) -> list[int]:
    return [count // doors + (at < count % doors) for at in range(doors)]


def table(rows: Sequence[Row]) -> str:
    by_kind: dict[tuple[bool, str], list[Row]] = defaultdict(list)
    for each in rows:
        by_kind[each.good, each.kind].append(each)
        by_kind[each.good, "all"].append(each)
    order = [*FORMS, *HOSTILE, "all"]
    lines = []
    for good, title in ((False, "hostile"), (True, "good")):
        lines.append(f"\n{title:24} {'sent':>6} {'right':>6} {'wrong':>6} {'not':>6} {'other':>6}")
        kinds = sorted((k for g, k in by_kind if g is good), key=order.index)
        for kind in kinds:
            those = by_kind[good, kind]
            counts = (
                len(those),
                sum(each.right for each in those),
                sum(each.wrong for each in those),
                sum(each.missed for each in those),
                sum(each.other for each in those),
            )
            lines.append(f"{kind:24} " + " ".join(f"{count:6}" for count in counts))
    again = sum(each.again for each in rows)
    lines.append(f"\n{again} of them were torn apart by the machine, and sent again.")
    return "\n".join(lines)
