"""All benchmarks in turn: `python -m tests.benchmarks`. They print, and gate nothing."""

import subprocess
import sys

BENCHMARKS = (
    "search",
    "store",
    "client",
    "lists",
    "replay",
    "reader",
    "app",
    "online",
    "desk",
    "venue",
)


def main() -> None:
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"tests.benchmarks.bench_{name}"], check=True)


if __name__ == "__main__":
    main()
