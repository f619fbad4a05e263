"""All benchmarks in turn: `python -m tests.benchmarks`. They print, and gate nothing.

At the end it shows together how long the loop stood still in each of them, and how long they took.
"""

import sys
import time
from subprocess import PIPE, Popen

from tests.benchmarks.stalls import MARK

BENCHMARKS = (
    "search",
    "store",
    "client",
    "lists",
    "replay",
    "reader",
    "start",
    "app",
    "online",
    "desk",
    "venue",
)


def main() -> None:
    stalls: list[str] = []
    took: list[str] = []
    failed: list[str] = []
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-u", "-m", f"tests.benchmarks.bench_{name}"]
        with Popen(command, stdout=PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                if MARK in line:
                    stalls.append(line)
        took.append(f"{name} {time.monotonic() - began:.0f}")
        if process.returncode:
            failed.append(name)
    print("\n== stalls of the loop, of all of these")
    print(*stalls, sep="", end="")
    print(f"\nseconds: {', '.join(took)}")
    if failed:
        sys.exit(f"ended with an error: {', '.join(failed)}")


if __name__ == "__main__":
    main()
