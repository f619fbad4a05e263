"""A lane in a process of its own, for tests that kill it or set two of them against each other.

`forever JOURNAL`: admits until it is killed. `race JOURNAL`: admits the tickets it reads, a line
each. Says on stdout what it was answered, after it was answered.
"""

import asyncio
import itertools
import sys
from pathlib import Path
from uuid import uuid4

from boxoffice.clock import SystemClock
from boxoffice.door.models import Given
from boxoffice.store import Journal
from tests.store.support import EVENT, said, scan, uuid


async def forever(journal: Journal) -> None:
    for number in itertools.count():
        ticket = uuid4().hex
        given = [Given(uuid(900), "vegetarian")] * (number % 3 == 0)
        await journal.admit(scan(ticket), given=given, read_first=True)
        print(f"admitted {ticket}", flush=True)


async def race(journal: Journal) -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        ticket = line.strip()
        admission, new = await journal.admit(scan(ticket), read_first=True)
        if new and not await journal.mark_sending(admission.journal):
            raise SystemExit("the row is not there")
        if new and not await journal.done(admission.journal, said("outcome", ticket)):
            raise SystemExit("the row has gone")
        await journal.counts(EVENT)
        print(f"{'new' if new else 'old'} {ticket}", flush=True)


async def main(what: str, path: str) -> None:
    journal = await Journal.open(Path(path), lane=what, operator="", clock=SystemClock())
    await (forever if what == "forever" else race)(journal)
    await journal.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
