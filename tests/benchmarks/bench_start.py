"""How soon the app starts, and its memory: `python -m tests.benchmarks.bench_start`.

`[--tickets 100 1000 10000 100000]`. From process start to a door that takes scans, the list being
on disk. The floor is a bare Textual app, and the two take turns. What each used of the processor
until then tells a slow start that had more to do from one that had to wait. Of several sizes it
prints at the end how the figures grow.
"""

import asyncio
import compileall
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import boxoffice
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.config import Settings
from tests.benchmarks.bench_app import SETTLE, Figures, open_app, print_growth, report, sizes
from tests.benchmarks.bench_replay import sandbox

PACKAGE = Path(boxoffice.__file__).parent
STARTS = 5
SAYS = """
import resource, sys, time
from pathlib import Path
def memory():
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says there may be of the process that started this one
        (peak,) = (line.split()[1] for line in status.open() if line.startswith("VmHWM"))
        return int(peak) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
def say():
    print(time.monotonic(), memory(), time.process_time(), flush=True, file=sys.__stdout__)
"""
"""When a program is as far as it is measured; until then, the most memory that it had, in MB, and
its seconds of the processor.
"""
BARE = f"""{SAYS}
from textual.app import App
class Bare(App):
    def on_ready(self):
        say()
        self.exit()
Bare().run(headless=True)
"""
OPENS_DOOR = f"""{SAYS}
import gc
gc.disable()  # as main does first of all
from boxoffice.screens.door import DoorScreen
opens = DoorScreen.open
def opens_once(self, lane):
    opens(self, lane)
    done(self, lane)
DoorScreen.open = opens_once
from boxoffice.cli import main, run_app
run_app.needs_terminal = lambda: None
"""
START_DOOR = f"""{OPENS_DOOR}
def done(door, lane):
    door.call_after_refresh(lambda: (say(), door.app.exit()))
sys.exit(main([]))
"""
HOLD_LIST = f"""{OPENS_DOOR}
def done(door, lane):
    def look():
        if not lane.status.loading and lane.status.list_at is not None:
            looking.stop()
            door.set_timer({{settle}}, lambda: (say(), door.app.exit()))
    looking = door.set_interval(0.1, look)
sys.exit(main([]))
"""
SIZE = {"COLUMNS": "80", "LINES": "24"}
"""As every terminal has one: without, Textual takes two different sizes, one after the other."""
HEADLESS = "textual.drivers.headless_driver:HeadlessDriver"


async def fill(settings: Settings, token: str, count: int) -> None:
    async with open_app(settings, token, count):
        pass


def start(settings: Settings, token: str) -> Figures:
    """From process start to a door that takes scans, the list being on disk; and its memory."""
    environment = os.environ | {
        "BOXOFFICE_URL": settings.url,
        "BOXOFFICE_TOKEN": token,
        "BOXOFFICE_EVENT": settings.event,
        "BOXOFFICE_DATA_DIR": str(settings.data_dir),
        "TEXTUAL_DRIVER": HEADLESS,
        **SIZE,
    }
    compileall.compile_dir(PACKAGE, quiet=1)  # else each start compiles what was changed
    ours, bare = list[Ready](), list[Ready]()
    for _ in range(STARTS):
        bare.append(_run(BARE, environment))
        ours.append(_run(START_DOOR, environment))
    both = ours, bare
    figures = report("process start → door", *([one.after for one in some] for some in both))
    figures |= report("  processor used", *([one.used for one in some] for some in both))
    held = _run(HOLD_LIST.format(settle=SETTLE), environment).memory
    floor = _run(BARE, environment).memory
    print(f"  {'most memory, list read':34}      {held:8.0f} MB  floor {floor:8.0f} MB", flush=True)
    return figures | {"most memory, list read, MB": held}


class Ready(NamedTuple):
    """What it took until a program said that it was ready."""

    after: float
    """Seconds."""
    memory: float
    """MB, at most."""
    used: float
    """Seconds of the processor."""


def _run(program: str, environment: dict[str, str]) -> Ready:
    """Run it; the clock is the same for all processes."""
    command = [sys.executable, "-c", program]
    began = time.monotonic()
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    ready, memory, used = map(float, ended.stdout.split()[:3])
    return Ready(ready - began, memory, used)


def main() -> None:
    tune_interpreter()  # as every command does
    by_size = {}
    for count in sizes(__doc__):
        print(f"{count:,} tickets", flush=True)
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder, sandbox(count) as site:
            settings = Settings(url=site.url, event=site.event, data_dir=Path(folder))
            asyncio.run(fill(settings, site.token, count * 9 // 10))
            by_size[count] = start(settings, site.token)
    print_growth(by_size)


if __name__ == "__main__":
    main()
