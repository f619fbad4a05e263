"""How fast the list is built, searched and changed: `python -m tests.benchmarks.bench_search`.

Every figure stands beside a floor measured in the same run. Names are distributed as people's are:
a few are everywhere, many occur once, families share an address.
"""

import argparse
import gc
import random
import statistics
import threading
import time
import tracemalloc
from bisect import bisect
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate

from boxoffice.cli.run_app import tune_interpreter
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, LocalStatus, Roster, Row
from boxoffice.domain.search_texts import OrderTexts

SIZES = (1_000, 10_000, 100_000)
GIVEN = """
Anne Peter Mette Lars Hanne Søren Kirsten Jens Anna Michael Helle Thomas Susanne Henrik
Lene Jørgen Maria Christian Inge Martin Marianne Niels Bente Hans Camilla Rasmus Jette Ole
Karen Anders Ida Mads Louise Kim Charlotte Morten Pia Åge Birgit Bjørn Sofie Frederik Emma
Mikkel Aase Łukasz Zoë José Anne-Marie Jean-Luc Fatima Mohammed Agnieszka Jürgen Chloé
Siobhán
"""
FAMILY = """
Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen
Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen
Knudsen Jakobsen Jacobsen Mikkelsen Olesen Frederiksen Laursen Henriksen Lund Schmidt Holm
Eriksen Kristiansen Clausen Simonsen Svendsen Andreasen Iversen Østergaard Jeppesen Ågård
Aagaard Kjær O'Brien Müller Strauß Nguyen Kowalski García Vestergaard Nørgaard Bang Friis
"""
SYLLABLES = """
ba ber da dal en fa gen ha hol in ka kel la len ma mar ne nor o pe ra ros sa sen sk ta tor
u vel vi
"""
HOSTS = ("gmail.com", "hotmail.com", "outlook.dk", "live.dk", "yahoo.com", "icloud.com", "firma.dk")


class People:
    """Makes up names with a long tail."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self._given = self._tail(GIVEN.split(), 4_000)
        self._family = self._tail(FAMILY.split(), 20_000)

    def _tail(self, common: Sequence[str], rare: int) -> tuple[list[str], list[float]]:
        made = {
            "".join(
                self.random.choices(SYLLABLES.split(), k=self.random.randint(2, 4))
            ).capitalize()
            for _ in range(rare)
        }
        names = [*common, *sorted(made - set(common))]
        return names, list(accumulate(1 / (place + 5) for place in range(len(names))))

    def _pick(self, names: tuple[list[str], list[float]]) -> str:
        return names[0][bisect(names[1], self.random.random() * names[1][-1])]

    def name(self) -> str:
        middle = f" {self._pick(self._family)}" if self.random.random() < 0.25 else ""
        return f"{self._pick(self._given)}{middle} {self._pick(self._family)}"

    def tickets(self, size: int) -> tuple[list[Ticket], dict[str, OrderTexts]]:
        """Tickets of families, and what their orders tell, all of which were read."""
        tickets: list[Ticket] = []
        orders: dict[str, OrderTexts] = {}
        while len(tickets) < size:
            order, buyer = self.uuid(), self.name()
            plain = buyer.lower().replace(" ", ".")
            number = self.random.choice(("", str(self.random.randint(1, 999))))
            email = f"{plain}{number}@{self.random.choice(HOSTS)}"
            phone = f"+45 {self.random.randint(20_000_000, 99_999_999)}"
            orders[order] = OrderTexts(self.order_id(), "", buyer, email, phone)
            for holder in range(self.random.choice((1, 1, 2, 2, 3, 5))):
                tickets.append(
                    Ticket(
                        uuid=self.uuid(),
                        event="e" * 32,
                        checked_in=self.random.random() < 0.4,
                        refunded=self.random.random() < 0.02,
                        full_name=buyer if holder == 0 else self.name(),
                        email=email,
                        number=300_000 + len(tickets),
                        ticket_type=self.random.choice(("Standard", "Student", "VIP balcony")),
                        ticket_type_pk=7,
                        order=order,
                        url=f"{self.random.getrandbits(30):06x}",
                    )
                )
        return tickets[:size], orders

    def uuid(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def order_id(self) -> str:
        return "".join(self.random.choices("abcdefghkmnpqrstABCDEFGHKMNP123456789", k=5))

    def keystrokes(self, tickets: Sequence[Ticket], people: int) -> list[str]:
        """What stands in the search while `people` of the list are typed, key by key."""
        typed = []
        for ticket in self.random.sample(tickets, people):
            given, *_, family = ticket.full_name.split()
            text = self.random.choice(
                (family, given, f"{given} {family[:3]}", ticket.email, str(ticket.number))
            )
            typed += [text[: end + 1] for end in range(min(len(text), 10))]
        return typed

    def misses(self, tickets: Sequence[Ticket], number: int) -> list[str]:
        """Names with a typing error, and what is no name at all."""
        typed = []
        for ticket in self.random.sample(tickets, number):
            word = ticket.full_name.split()[-1]
            at = self.random.randrange(len(word))
            typed.append(word[:at] + self.random.choice("qxzwj") + word[at + 1 :])
        return [
            *typed,
            *("xqzw" + "".join(self.random.choices("xqzwv", k=4)) for _ in range(number)),
        ]


class Stalls(threading.Thread):
    """Sees how long another thread keeps this one from running, in milliseconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self._end = threading.Event()

    def run(self) -> None:
        before = time.perf_counter()
        while not self._end.wait(0.001):
            now = time.perf_counter()
            self.longest = max(self.longest, (now - before - 0.001) * 1e3)
            before = now

    def stop(self) -> None:
        self._end.set()
        self.join()


def timed(action: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def spread(samples: Sequence[float]) -> tuple[float, float]:
    """p50 and p99."""
    return statistics.median(samples), statistics.quantiles(samples, n=100)[98]


def report(what: str, floor: float, figure: float, unit: str = "ms") -> None:
    ratio = f"{figure / floor:9.2f}x" if floor else "         -"
    print(f"  {what:<52} floor {floor:9.4f}  figure {figure:9.4f} {unit:<2} {ratio}")


def show(roster: Roster, query: str, only: Filter = Filter.ALL) -> list[Row | None]:
    """Search as the list widget does: how many, a screenful of rows, where the cursor's row is."""
    found = roster.find(query, only).uuids
    shown = [roster.get(uuid) for uuid in found[:40]]
    if shown:
        found.index(found[len(found) // 2])
    return shown


def build(tickets: list[Ticket], orders: dict[str, OrderTexts]) -> Roster:
    floor = min(
        timed(lambda: sorted(tickets, key=lambda ticket: ticket.full_name.casefold()))
        for _ in range(3)
    )
    figure = min(timed(lambda: Roster(tickets, {}, orders)) for _ in range(3))
    report("build; floor: sort by case-folded name", floor, figure)
    built: list[Roster] = []
    thread = threading.Thread(target=lambda: built.append(Roster(tickets, {}, orders)))
    stalls = Stalls()
    stalls.start()
    thread.start()
    thread.join()
    stalls.stop()
    report("longest stall of another thread meanwhile; floor: 30", 30, stalls.longest)
    tracemalloc.start()
    kept = Roster(tickets, {}, orders)
    now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    report("memory beyond the tickets; floor: 60", 60, now / 2**20, "MB")
    report("memory at most while building; floor: 60", 60, most / 2**20, "MB")
    return kept


def search(roster: Roster, tickets: list[Ticket], people: People) -> float:
    lines = [f"{ticket.full_name} {ticket.email} {ticket.number}".casefold() for ticket in tickets]
    naive = statistics.median(
        timed(lambda: [line for line in lines if "jens" in line]) for _ in range(9)
    )
    typed = people.keystrokes(tickets, 300)
    kinds = {
        "keys of names, addresses, numbers": typed,
        "one letter or digit": list("abcdefghijklmnopqrstuvwxyz0123456789") * 3,
        "two letters": [a + b for a in "aeijklmst" for b in "aeilnor"] * 2,
        "two words": [
            f"{one} {two}" for one in "ajmhs" for two in ("jen", "niel", "h", "mor", "s")
        ],
        "no hit": people.misses(tickets, 60),
    }
    typical = 0.0
    for only in (Filter.ALL, Filter.NOT_IN):
        for kind, queries in kinds.items():
            samples = [timed(partial(show, roster, query, only)) for query in queries]
            p50, p99 = spread(samples)
            typical = typical or p50
            report(f"{only}: {kind}, p50; floor: a linear scan", naive, p50)
            report(f"{only}: {kind}, p99", naive, p99)
    return typical


def change(roster: Roster, tickets: list[Ticket], people: People) -> None:
    floor = statistics.median(
        timed(lambda: [ticket for ticket in tickets if not ticket.checked_in]) for _ in range(9)
    )
    now = datetime.now(UTC)
    changed = people.random.sample(tickets, 60)
    moves: dict[str, Callable[[Ticket], object]] = {
        "checked in elsewhere": lambda old: roster.update([old._replace(checked_in=True)]),
        "our admission": lambda old: roster.set_status(old.uuid, LocalStatus(now, True)),
        "renamed": lambda old: roster.update([old._replace(full_name=people.name())]),
        "sold at the door": lambda old: roster.update([old._replace(uuid=people.uuid())]),
        "removed": lambda old: roster.update([], [old.uuid]),
        "back": lambda old: roster.update([old]),
    }
    for what, move in moves.items():
        p50, p99 = spread([timed(partial(move, old)) for old in changed])
        report(f"one ticket {what}, p50; floor: filter a list", floor, p50)
        report(f"one ticket {what}, p99", floor, p99)
    samples = []
    for only, old in zip(list(Filter) * 15, changed, strict=True):
        roster.set_status(old.uuid, LocalStatus(now, False, "failed"))
        samples.append(timed(partial(screenful, roster, only)))
    p50, p99 = spread(samples)
    report("a filter's first screen after a change, p50", floor, p50)
    report("a filter's first screen after a change, p99", floor, p99)


def screenful(roster: Roster, only: Filter) -> list[Row | None]:
    return [roster.get(uuid) for uuid in roster.rows(only)[:40]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    sizes = parser.parse_args().sizes
    typical: dict[int, float] = {}
    for size in sizes:
        people = People()
        tickets, orders = people.tickets(size)
        tune_interpreter()  # as every command does
        gc.collect()
        print(f"{size:,} tickets")
        roster = build(tickets, orders)
        gc.freeze()
        typical[size] = search(roster, tickets, people)
        change(roster, tickets, people)
    first, last = min(typical), max(typical)
    print("growth")
    report(f"a key, {first:,} to {last:,} tickets, p50", typical[first], typical[last])


if __name__ == "__main__":
    main()
