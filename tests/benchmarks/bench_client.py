"""How fast the client is, beside floors of the same run: `python -m tests.benchmarks.bench_client`.

Starts `--tickets` in a sandbox of another process. Ratios are to `json.loads` of the same bytes,
or to a bare httpx client that makes the same requests, eight at once.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import httpx

from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.store.ticket_lists import compare
from boxoffice.ticketbutler import KnownRows, Ticketbutler
from boxoffice.ticketbutler.resources.tickets import read_list
from boxoffice.ticketbutler.transport import BoundedBody

TOKEN = "benchmark-key"
PIECE = 65_536
ONE_CHANGED = 0.6


def serve(dialect: Dialect, tickets: int, pipe: Connection) -> None:
    async def run() -> None:
        async with Sandbox(dialect=dialect, tickets=tickets, token=TOKEN) as box:
            event = next(iter(box.state.events.values()))
            pipe.send((box.url, event.uuid, [each.uuid for each in event.tickets[:1000]]))
            await asyncio.to_thread(pipe.recv)

    asyncio.run(run())


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of the quickest run."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


async def best_async(work: Callable[[], Awaitable[object]], runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        await work()
        times.append(time.perf_counter() - began)
    return min(times)


async def longest_stall(work: Callable[[], Awaitable[object]], kept: list[object]) -> float:
    """Seconds for which a task that only wants to run was kept from it while `work` ran.

    What `work` makes is kept: to throw a hundred thousand tickets away takes as long as a stall.
    """
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    watching = asyncio.create_task(watch())
    kept.append(await work())
    watching.cancel()
    return longest


def in_ms(times: list[float]) -> str:
    return " ".join(f"{each * 1000:.0f}" for each in sorted(times))


def one_changed(body: bytes, event: str) -> float:
    """What a list with one changed ticket costs until that is found, against `json.loads`.

    In seconds of the processor, by turns, the median of each.
    """
    rows = json.loads(body)
    rows[len(rows) // 2]["full_name"] = "Somebody Else"
    changed = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    del rows
    chunks, before = in_pieces(changed), read_list(in_pieces(body), event)
    known = {ticket.uuid: ticket for ticket in before.tickets}
    times: tuple[list[float], list[float]] = ([], [])

    def find() -> None:
        listed = read_list(chunks, event, before.hashes)
        found = compare(known, listed.tickets, {}, listed.uuids)
        assert len(found.changed) == 1
        assert hashed(chunks)

    def floor() -> None:
        json.loads(changed)

    for _ in range(9):
        for work, taken in ((floor, times[0]), (find, times[1])):
            began = time.process_time()
            work()
            taken.append(time.process_time() - began)
    bare, ours = map(statistics.median, times)
    return ours / bare


def in_pieces(body: bytes) -> list[bytes]:
    return [body[at : at + PIECE] for at in range(0, len(body), PIECE)]


def hashed(chunks: list[bytes]) -> str:
    body = BoundedBody("", 1 << 40)
    for chunk in chunks:
        body.add(chunk)
    return body.end()


async def measure(url: str, event: str, tickets: list[str]) -> None:
    headers = {"Authorization": f"Token {TOKEN}"}
    limits = httpx.Limits(max_connections=8, keepalive_expiry=60)
    async with (
        httpx.AsyncClient(
            base_url=f"{url}/api/v3/", headers=headers, limits=limits, trust_env=False, timeout=60
        ) as bare,
        Ticketbutler(url, SecretStr(TOKEN)) as client,
    ):
        body = (await bare.get(f"events/{event}/tickets/")).content
        chunks = in_pieces(body)
        floor = best(lambda: json.loads(body))
        print(f"{len(body) / 1e6:.1f} MB, json.loads {floor * 1000:.0f} ms; ratios to it:")
        print(
            f"  bytes -> tickets              {best(lambda: read_list(chunks, event)) / floor:.2f}"
        )
        print(
            f"  bytes -> one changed ticket   {one_changed(body, event):.2f} (goal {ONE_CHANGED})"
        )
        print(f"  taken in and hashed           {best(lambda: hashed(chunks)) / floor:.2f}")
        got = await best_async(lambda: bare.get(f"events/{event}/tickets/"))
        print(f"  bare httpx download           {got / floor:.2f}")
        known = KnownRows()
        if (first := await client.tickets.list(event, since=known)) is not None:
            known.renew(first, (), is_whole=True)
        unchanged = await best_async(lambda: client.tickets.list(event, since=known))
        print(f"  ticket_list, unchanged        {unchanged / floor:.2f}")
        changed = await best_async(lambda: client.tickets.list(event))
        print(f"  ticket_list, everything new   {changed / floor:.2f}")
        kept: list[object] = []
        idle = [await longest_stall(lambda: asyncio.sleep(0.5), kept) for _ in range(5)]
        busy = [await longest_stall(lambda: client.tickets.list(event), kept) for _ in range(5)]
        print(f"stalls of the loop, idle (ms)   {in_ms(idle)}")
        print(f"  during a ticket_list          {in_ms(busy)}")

        eight = asyncio.Semaphore(8)

        async def bare_ticket(ticket: str) -> None:
            async with eight:
                (await bare.get(f"tickets/{ticket}/")).json()

        async def all_of(ask: Callable[[str], Awaitable[object]]) -> None:
            await asyncio.gather(*(ask(ticket) for ticket in tickets))

        bare_time = await best_async(lambda: all_of(bare_ticket), 3)
        time_taken = await best_async(lambda: all_of(client.tickets.get), 3)
        rate = len(tickets) / time_taken
        print(f"{rate:.0f} tickets/s, {bare_time / time_taken:.2f} of the bare client's rate")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--dialect", choices=["docs", "live"], default="docs")
    options = parser.parse_args()
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=serve, args=(options.dialect, options.tickets, there))
    server.start()
    asyncio.run(measure(*here.recv()))
    here.send(None)
    server.join()


if __name__ == "__main__":
    main()
