"""`sandbox`: the built-in Ticketbutler server alone."""

import gc
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from boxoffice.cli.options import NONE, Options
from boxoffice.problem import ProblemError

Dialect = Annotated[
    Literal["docs", "live"],
    Parameter(help="Answer as the API document says, or as the live service was seen to."),
]
Tickets = Annotated[
    int,
    Parameter(help="How many the first event has.", validator=Number(gte=1, lte=1_000_000)),
]
Seed = Annotated[int, Parameter(help="Another number makes up other people.")]
Port = Annotated[
    int,
    Parameter(
        help="0: any that is free; the first line of the output names it.",
        validator=Number(gte=0, lte=65_535),
    ),
]
Token = Annotated[str | None, Parameter(help="The key that it accepts; else one is made up.")]
Latency = Annotated[
    float,
    Parameter(help="Seconds that every request waits.", validator=Number(gte=0, lte=3600)),
]
AnotherDoor = Annotated[
    float,
    Parameter(
        help="Somebody is admitted about every so many seconds; 0: nobody.",
        validator=Number(gte=0, lte=86_400),
    ),
]
Faults = Annotated[
    tuple[str, ...],
    Parameter(
        name="--fault",
        help="What goes wrong: 503, 429=5, hang, drop, drop-after, html, truncated, stale and so "
        "on, if need be with method, path and how often: “drop-after PATCH tickets/\\*/ x3”. "
        "“stale=60 tickets/\\*/”: a cache of 60 s before single tickets; as well before the list "
        "and orders. May be given several times.",
    ),
]


def sandbox(
    *,
    port: Port = 8800,
    token: Token = None,
    tickets: Tickets = 400,
    dialect: Dialect = "docs",
    latency: Latency = 0.0,
    seed: Seed = 1,
    faults: Faults = (),
    another_door: AnotherDoor = 0.0,
    options: Options = NONE,
) -> None:
    """Serve the built-in sandbox on this computer until Ctrl-C.

    The options of all commands are accepted and change nothing here.
    """
    from boxoffice.sandbox import PortTakenError, SandboxThread
    from boxoffice.sandbox.thread import serve

    gc.enable()
    server = SandboxThread(
        port=port,
        token=token,
        tickets=tickets,
        dialect=dialect,
        seed=seed,
        another_door_every=another_door or None,
    )
    try:
        for fault in (f"latency={latency}" if latency else "", *faults):
            if fault:
                server.faults.switch(fault)
        serve(server)
    except PortTakenError as error:
        raise ProblemError(str(error)) from error
    except ValueError as error:  # a fault that cannot be read
        raise ProblemError(str(error), status=2) from error
