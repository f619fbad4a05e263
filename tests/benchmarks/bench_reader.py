"""What the background reader costs a scan: `python -m tests.benchmarks.bench_reader`.

One lane, whose scans by turns find the reader at work and held back, so that what else the machine
does disturbs both alike. The site is a sandbox in a process of its own.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from tests.benchmarks.bench_replay import Site, site
from tests.support import until

GOAL = 1.05
TURN = 10
"""Scans in one turn."""


async def measure(served: Site, scans: int, folder: Path) -> tuple[list[float], list[float], int]:
    """Seconds of scans without the reader and with it, and how many tickets it read."""
    settings = Settings(url=served.url, event=served.event, data_dir=folder)
    times: tuple[list[float], list[float]] = ([], [])
    async with AppContext(settings, key=SecretStr(served.token)) as context:
        lane = await context.lane(served.event)
        reader = lane.code_reader
        assert reader is not None
        await until(lambda: lane.status.codes.read > 3)
        tickets = iter(served.tickets[::-1])  # the reader begins at the other end
        before = lane.status.codes.read
        for turn in range(2 * scans // TURN):
            works = turn % 2
            with nullcontext() if works else reader.paused():
                await asyncio.sleep(0.3)
                for _ in range(TURN):
                    code = next(tickets)
                    began = time.perf_counter()
                    await lane.scan(code)
                    times[works].append(time.perf_counter() - began)
                    await asyncio.sleep(random.uniform(0.1, 0.3))
        return *times, lane.status.codes.read - before


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=5_000)
    parser.add_argument("--scans", type=int, default=200, help="of each kind")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds, of each request")
    given = parser.parse_args(arguments)
    with (
        site(given.tickets, given.latency) as served,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        without, beside, read = asyncio.run(measure(served, given.scans, Path(folder)))
    ratio = statistics.median(beside) / statistics.median(without)
    print(f"{given.scans} scans beside a reader that read {read} tickets meanwhile")
    for name, found in (("without", without), ("beside it", beside)):
        quick, slow = statistics.median(found) * 1000, sorted(found)[len(found) * 19 // 20] * 1000
        print(f"  {name:10}  p50 {quick:7.2f} ms   p95 {slow:7.2f} ms")
    print(f"  ratio of p50 {ratio:.3f} (goal {GOAL})")


if __name__ == "__main__":
    main()
