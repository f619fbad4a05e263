"""How fast the client is, beside floors of the same run: `python -m tests.benchmarks.bench_client`.

Starts `--tickets` in a sandbox of another process, which answers in each of the forms that a site
may have. Ratios are to `json.loads` of the same bytes, or to a bare httpx client that makes the
same requests, eight at once.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import get_args

import httpx

from boxoffice.cli.run_app import tune_interpreter
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.store.ticket_lists import compare
from boxoffice.ticketbutler import KnownRows, Ticketbutler
from boxoffice.ticketbutler.resources.tickets import read_list
from boxoffice.ticketbutler.transport import BoundedBody
from tests.benchmarks.stalls import Stalls

TOKEN = "benchmark-key"
PIECE = 65_536
ONE_CHANGED = 0.6


def serve(dialect: Dialect, tickets: int, pipe: Connection) -> None:
    async def run() -> None:
        async with Sandbox(dialect=dialect, tickets=tickets, token=TOKEN) as box:
            event = box.state.tonight
            pipe.send((box.url, event.uuid, [each.uuid for each in event.tickets[:1000]]))
            await asyncio.to_thread(pipe.recv)

    asyncio.run(run())


def best(work: Callable[[], object], runs: int = 3) -> float:
    """Seconds of the quickest run."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


async def best_async(work: Callable[[], Awaitable[object]], runs: int = 3) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        await work()
        times.append(time.perf_counter() - began)
    return min(times)


def one_changed(body: bytes, event: str) -> float:
    """What a list with one changed ticket costs until that is found, against `json.loads`.

    Of the processor's seconds, by turns: the median of the turns' ratios.
    """
    rows = json.loads(body)
    rows[len(rows) // 2]["full_name"] = "Somebody Else"
    changed = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    del rows
    chunks, before = in_pieces(changed), read_list(in_pieces(body), event)
    known = {ticket.uuid: ticket for ticket in before.tickets}

    def find() -> None:
        listed = read_list(chunks, event, before.hashes)
        found = compare(known, listed.tickets, {}, listed.uuids)
        assert len(found.changed) == 1
        assert hashed(chunks)

    def floor() -> None:
        json.loads(changed)

    return statistics.median(used(find) / used(floor) for _ in range(9))


def used(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    began = time.process_time()
    work()
    return time.process_time() - began


def in_pieces(body: bytes) -> list[bytes]:
    return [body[at : at + PIECE] for at in range(0, len(body), PIECE)]


def hashed(chunks: list[bytes]) -> str:
    body = BoundedBody("", 1 << 40)
    for chunk in chunks:
        body.add(chunk)
    return body.end()


async def measure(dialect: str, url: str, event: str, tickets: list[str]) -> None:
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
        print(
            f"form {dialect}: {len(body) / 1e6:.1f} MB, json.loads {floor * 1000:.0f} ms;"
            " ratios to it:",
            flush=True,
        )
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
        stalls = Stalls()
        async with stalls.seen():
            # To throw a hundred thousand tickets away takes as long as a stall.
            kept = [await client.tickets.list(event) for _ in range(3)]
        stalls.report(f"the client reads {len(kept)} lists of {dialect}")

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
    parser.add_argument(
        "--dialects", choices=get_args(Dialect), nargs="+", default=get_args(Dialect)
    )
    options = parser.parse_args()
    tune_interpreter()  # as every command does
    context = multiprocessing.get_context("spawn")
    for dialect in options.dialects:
        here, there = multiprocessing.Pipe()
        server = context.Process(target=serve, args=(dialect, options.tickets, there))
        server.start()
        asyncio.run(measure(dialect, *here.recv()))
        here.send(None)
        server.join()


if __name__ == "__main__":
    main()
