"""Keeps the program loaded, and forks a process of it whenever one is asked for: a script.

Standard input is a socket. Over it come the length of an order (4 bytes, with them the files that
are to be its standard input, output and error), and the order: {"arguments": [...],
"environment": {...}, "folder": "..."} in JSON. Back goes the number of the process (4 bytes), whose
parent is by then the nearest one above that adopts.

Nothing of a start is left out but the loading of modules: the process has its own environment,
arguments and folder before the first line of the program runs. Its end waits for threads, runs
what is registered for it and flushes, as an interpreter's; only memory is left to the system.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import socket
import sys
import threading
import time
from pathlib import Path

PROGRAM = "boxoffice"
PARTS = (
    "cli", "config", "desk", "domain", "hooks", "lane", "log", "manage", "organiser", "paths",
    "secret", "store", "sync", "ticketbutler",
)  # fmt: skip
"""What commands are made of. Not the screens, which few of them open."""
BESIDE = (
    "anyio._backends._asyncio", "certifi", "concurrent.futures.thread", "encodings.ascii",
    "encodings.idna", "filelock", "h11", "httpcore", "httpx", "httpx_retries", "logging.handlers",
    "platformdirs.unix", "pydantic.dataclasses", "pydantic.type_adapter", "tomllib",
)  # fmt: skip
"""Only modules that read nothing of the environment as they are loaded: `keyring` does."""


def load() -> None:
    """Load what any command may load, so that no process of it has to."""
    folder = Path(__file__).parents[2] / PROGRAM
    for part in PARTS:
        files = [folder / f"{part}.py", *sorted((folder / part).rglob("*.py"))]
        for file in files:
            name = ".".join(file.relative_to(folder.parent).with_suffix("").parts)
            if file.exists() and file.stem not in ("__init__", "__main__"):
                importlib.import_module(name)
    for name in BESIDE:
        importlib.import_module(name)


def serve(orders: socket.socket) -> bool:
    """Fork as often as asked: True in each process that is to be the program, else False."""
    while True:
        head, files, _, _ = socket.recv_fds(orders, 4, 3)
        if not head:
            return False
        size, body = int.from_bytes(head, "big"), b""
        while len(body) < size:
            body += orders.recv(size - len(body))
        here, told = os.pipe()
        if (between := os.fork()) == 0:
            if (process := os.fork()) != 0:
                os.write(told, process.to_bytes(4, "big"))
                os._exit(0)
            for file in (here, told, orders.detach()):
                os.close(file)
            for number, stream in enumerate(files):
                os.dup2(stream, number)
                os.close(stream)
            _become(**json.loads(body))
            return True
        os.waitpid(between, 0)  # from now on its child is one of who asked
        orders.sendall(os.read(here, 4))
        for file in (*files, here, told):
            os.close(file)


def _become(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    time.tzset()
    sys.argv = [PROGRAM, *arguments]


def _end(leaving: SystemExit) -> None:
    """End here, unless only an interpreter's own end can say what is the matter."""
    if not isinstance(leaving.code, int | None):
        return
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(leaving.code or 0)


if __name__ == "__main__":
    load()
    gc.freeze()  # a process that collects would copy all of them
    with socket.socket(fileno=os.dup(0)) as orders:
        asked = serve(orders)
    if asked:
        try:
            runpy.run_module(PROGRAM, run_name="__main__", alter_sys=True)
        except SystemExit as leaving:
            _end(leaving)
            raise
