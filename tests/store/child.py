"""A lane in a process of its own, for tests that kill it or set two of them against each other.

`forever JOURNAL`: admits until it is killed. `race JOURNAL`: admits the tickets it reads, a line
each. `sell JOURNAL`: sells until it is killed. `number JOURNAL`: begins as many sales as it reads.
Says on stdout what it was answered, after it was answered.
"""

import asyncio
import itertools
import random
import sys
from pathlib import Path
from uuid import uuid4

from boxoffice.clock import SystemClock
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.sale import AFTER, SaleState, SaleUpdate
from boxoffice.store import Journal, admissions, queue, sales
from tests.store.sale_support import BEGINNINGS, begin, cart
from tests.store.support import EVENT, said, scan, uuid


async def forever(journal: Journal) -> None:
    for number in itertools.count():
        ticket = uuid4().hex
        given = [AnswerInput(uuid(900), "vegetarian")] * (number % 3 == 0)
        await journal.write(admissions.admit, scan(ticket), given=given, read_first=True)
        print(f"admitted {ticket}", flush=True)


async def race(journal: Journal) -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        ticket = line.strip()
        admission, new, _ = await journal.write(admissions.admit, scan(ticket), read_first=True)
        if new and not await journal.write(queue.mark_sending, admission.journal):
            raise SystemExit("the row is not there")
        if new and not await journal.write(
            queue.complete, admission.journal, said("outcome", ticket)
        ):
            raise SystemExit("the row has gone")
        await journal.read(queue.counts, EVENT)
        print(f"{'new' if new else 'old'} {ticket}", flush=True)


async def sell(journal: Journal) -> None:
    chance = random.Random()
    while True:
        what = cart(chance.randint(1, 9))
        sale = await begin(journal, chance.choice(BEGINNINGS), what)
        print(f"{sale.id} {sale.state}", flush=True)
        while ways := sorted(AFTER[sale.state]):
            order = uuid4().hex if SaleState.SOLD in ways else None
            moved = await journal.write(
                sales.advance, sale.id, chance.choice(ways), SaleUpdate(order=order)
            )
            if moved is None:
                raise SystemExit("the sale moved by itself")
            sale = moved
            print(f"{sale.id} {sale.state}", flush=True)


async def number(journal: Journal) -> None:
    print("ready", flush=True)
    for _ in range(int(sys.stdin.readline())):
        sale = await begin(journal, SaleState.QUEUED)
        print(sale.external_order_id, flush=True)


WORK = {"forever": forever, "race": race, "sell": sell, "number": number}


async def main(what: str, path: str) -> None:
    journal = await Journal.open(Path(path), lane=what, operator="", clock=SystemClock())
    await WORK[what](journal)
    await journal.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
