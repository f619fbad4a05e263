"""`boxoffice sandbox`: the server alone, until Ctrl-C."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from boxoffice.sandbox.shapes import Dialect
from boxoffice.sandbox.thread import SandboxThread


@dataclass(frozen=True, slots=True)
class Options:
    """What the command takes. `faults` are written as `Faults.switch` reads them."""

    port: int = 8800
    token: str | None = None
    tickets: int = 400
    dialect: Dialect = "docs"
    latency: float = 0.0
    """Seconds that every request waits."""
    seed: int = 1
    faults: Sequence[str] = ()
    another_door_every: float | None = None


def serve(options: Options, out: TextIO = sys.stdout) -> None:
    """Serve until Ctrl-C. Raises PortTakenError, or ValueError for a fault that cannot be read."""
    server = SandboxThread(
        port=options.port,
        token=options.token,
        tickets=options.tickets,
        dialect=options.dialect,
        seed=options.seed,
        another_door_every=options.another_door_every,
    )
    if options.latency:
        server.faults.set(f"latency={options.latency}")
    for written in options.faults:
        server.faults.switch(written)
    with server:
        print(f"url:   {server.url}", file=out)
        print(f"token: {server.token}", file=out)
        print(f"state: {server.url}/_sandbox/state/   faults: /_sandbox/faults/", file=out)
        print("Ctrl-C stops it.", file=out, flush=True)
        try:
            while server.running:
                server.join(1.0)
        except KeyboardInterrupt:
            print("Stopped.", file=out, flush=True)
