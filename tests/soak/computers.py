"""Data folders with processes of the real program, killed as they run, and what must hold of them.

The site is the sandbox, in a thread of this process.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.models import Ticket

ROOT = Path(__file__).parents[2]
WAITS, NEEDS_A_PERSON = 3, 4
"""Exit statuses of `boxoffice sync`."""
FAULTS = (
    "drop-after PATCH x1",
    "524-after PATCH x1",
    "500-after PATCH x1",
    "drop x1",
    "503 x1",
    "429=1 x1",
    "truncated x1",
    "cut x1",
    "latency=0.5 x1",
    "latency-after=2 GET tickets/*/ x1",
)
FAILING = 5
"""One request in so many meets a fault."""
LOOK = 0.005
"""Seconds between two looks at how many requests there were."""
AGAIN = 100
"""Scans of one ticket, until the site or the list says something of it."""
WARM = 250
"""Scans after which a process has loaded what it needs, the whole list too."""
MOST_WAL = 16 << 20
"""Bytes that a write-ahead log may have."""
MOST_GROWTH = 24 << 20
"""Bytes by which the memory of a process may grow from its first scans to its last."""


@dataclass
class Computer:
    """One data folder, for any number of processes."""

    folder: Path
    site: SandboxThread
    guests: list[Ticket]
    greens: Counter[str] = field(default_factory=Counter)
    """How often a process answered green: by ticket."""

    def environment(self, lane: str) -> dict[str, str]:
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("BOXOFFICE_", "XDG_"))}
        return kept | {
            "BOXOFFICE_URL": self.site.url,
            "BOXOFFICE_TOKEN": self.site.token,
            "BOXOFFICE_EVENT": self.site.state.tonight.uuid,
            "BOXOFFICE_DATA_DIR": str(self.folder),
            "BOXOFFICE_LANE": lane,
            "HOME": str(self.folder.parent),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def start(self, lane: str, *arguments: str) -> "subprocess.Popen[str]":
        with self.complaints(lane).open("ab") as stderr:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment(lane),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                encoding="utf-8",
            )

    def complaints(self, lane: str) -> Path:
        """What the processes of a lane wrote to stderr."""
        return self.folder.with_name(f"{self.folder.name} {lane}.err")

    def sync(self) -> int:
        """Send until nothing waits; answers the exit status of the last one."""
        for _ in range(100):
            with self.start("Office", "-m", "boxoffice", "sync", "--json") as process:
                process.communicate()
            if process.returncode in (0, NEEDS_A_PERSON):
                return process.returncode
            assert process.returncode == WAITS, f"sync ended with {process.returncode}"
        raise AssertionError("the queue is never sent")

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        (file,) = self.folder.rglob("journal.db")
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute(sql, values).fetchall()

    def lost(self) -> list[str]:
        """Admissions that were shown and are not on disk, or neither at the site nor in the queue.

        The queue has to be sent before.
        """
        rows = self.query("SELECT ticket, confirmed IS NOT NULL, journal FROM admission")
        queued = {number for (number,) in self.query("SELECT id FROM queue")}
        event = self.site.state.tonight
        at_site = {ticket.uuid for ticket in event.tickets if ticket.checked_in}
        gone = [str(t) for t, has, row in rows if row not in queued and not has]
        gone += [str(t) for t, has, _ in rows if has and t not in at_site]
        return gone + sorted(self.greens.keys() - {str(ticket) for ticket, _, _ in rows})

    def double(self) -> list[str]:
        """Tickets that were answered green more than once."""
        return [ticket for ticket, often in self.greens.items() if often > 1]

    def sizes(self) -> dict[str, int]:
        """Bytes of all files, by their names."""
        return {file.name: file.stat().st_size for file in self.folder.rglob("*") if file.is_file()}


@contextmanager
def site_of(tickets: int) -> Iterator[tuple[SandboxThread, list[Ticket], Path]]:
    """A site, those who may come in, and a folder for data folders."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        SandboxThread(tickets=tickets) as site,
    ):
        event = site.state.tonight
        guests = [ticket for ticket in event.tickets if site.state.may_enter(ticket)]
        yield site, guests, Path(folder)


@contextmanager
def failing(site: SandboxThread, chance: random.Random) -> Iterator[None]:
    """One request in `FAILING` meets a fault, each time another."""
    ended = threading.Event()

    def fail() -> None:
        met = seen = 0
        while not ended.wait(LOOK):
            seen += len(site.log)
            site.log.clear()
            while met * FAILING < seen:
                site.faults.switch(chance.choice(FAULTS))
                met += 1

    thread = threading.Thread(target=fail, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        site.faults.clear()


def memory(process: int) -> int:
    """Bytes that it has in memory; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in status.splitlines() if "VmRSS" in line), 0)


@dataclass
class Door:
    """One process after the other, each killed after some scans, until all were answered."""

    computer: Computer
    lane: str
    codes: Sequence[str]
    chance: random.Random
    life: int
    """Scans that a process lives for, on average."""
    kills: int = 0
    growth: int = 0
    """Bytes by which the memory of one process grew at the most, its first scans apart."""
    failure: BaseException | None = None

    def work(self) -> None:
        """Runs in a thread of its own."""
        try:
            answered = 0
            while answered < len(self.codes):
                answered += self._live(self.codes[answered:])
        except BaseException as error:  # noqa: BLE001 - it travels to the one who waits
            self.failure = error

    def _live(self, codes: Sequence[str]) -> int:
        """How many a process answered before it was killed, or came to the end."""
        after = self.chance.randint(1, 2 * self.life)
        with self.computer.start(self.lane, "-m", "boxoffice", "scan", "--json") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            answered = first = 0
            for code in codes[:after]:
                for _ in range(AGAIN):
                    process.stdin.write(f"{code}\n")
                    process.stdin.flush()
                    if self._is_answer(process.stdout.readline()):
                        break
                else:
                    raise AssertionError(f"{self.lane}: {code} is never answered")
                answered += 1
                if answered == WARM:
                    first = memory(process.pid)
            if answered > WARM:
                self.growth = max(self.growth, memory(process.pid) - first)
            if after < len(codes):  # in the midst of the next one
                process.stdin.write(f"{codes[after]}\n")
                process.stdin.flush()
                for _ in range(self.chance.randrange(200_000)):
                    continue
                process.send_signal(signal.SIGKILL)
                self.kills += 1
                rest = process.stdout.read()
                answered += rest.endswith("\n") and self._is_answer(rest)
        return answered

    def _is_answer(self, line: str) -> bool:
        """Whether it says green or in; else nothing is known of the ticket now."""
        if not line:
            complaints = self.computer.complaints(self.lane).read_text("utf-8")
            raise AssertionError(f"{self.lane} ended by itself: {complaints[-2000:]}")
        answer = json.loads(line)
        if answer["verdict"] == "admitted":
            self.computer.greens[answer["ticket"]] += 1
        return answer["verdict"] in ("admitted", "already_in")


def night(admissions: int, life: int, seed: int, say: Callable[[str], None]) -> None:
    """So many admissions over three processes and two data folders, with faults and kills.

    Raises AssertionError where one is lost, or double in a folder, or where memory or files grow.
    """
    chance = random.Random(seed)
    # Some of the site's tickets may not come in, so that it has more than are admitted.
    with site_of(admissions + admissions // 2 + 100) as (site, guests, folder):
        assert len(guests) >= admissions
        third = admissions // 3
        shared = Computer(folder / "shared", site, guests[: admissions - third])
        alone = Computer(folder / "alone", site, guests[admissions - third : admissions])
        doors = []
        for lane, computer in (("North", shared), ("South", shared), ("West", alone)):
            codes = [guest.uuid for guest in computer.guests]
            chance.shuffle(codes)
            doors.append(Door(computer, lane, codes, random.Random(chance.random()), life))
        with failing(site, chance):
            threads = [threading.Thread(target=door.work) for door in doors]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        for door in doors:
            if door.failure is not None:
                raise door.failure
        for computer in (shared, alone):
            computer.sync()
            lost, double, sizes = computer.lost(), computer.double(), computer.sizes()
            (rows,) = computer.query("SELECT count(*) FROM admission")[0]
            (queued,) = computer.query("SELECT count(*) FROM queue")[0]
            say(
                f"{computer.folder.name}: {rows} admitted, {sum(computer.greens.values())} shown, "
                f"{queued} before a person, {len(lost)} lost, {len(double)} double; "
                f"journal {sizes['journal.db'] / max(1, int(str(rows))):,.0f} bytes an admission"
            )
            assert not lost, f"lost: {lost}"
            assert not double, f"double: {double}"
            assert rows == len(computer.guests)
            wal = [size for name, size in sizes.items() if name.endswith("-wal")]
            assert max(wal, default=0) < MOST_WAL, f"a log grows: {sizes}"
        growth = max(door.growth for door in doors)
        say(f"{sum(door.kills for door in doors)} kills; memory grew by {growth >> 10:,} KiB")
        assert growth < MOST_GROWTH
