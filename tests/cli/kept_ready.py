"""Keeps the program loaded, and forks a process of it whenever one is asked for: a script.

Standard input is a socket. Over it come the length of an order (4 bytes, with them the files that
are to be its standard input, output and error), and the order: {"arguments": [...],
"environment": {...}, "folder": "..."} in JSON. Back goes the number of the process (4 bytes), whose
parent is by then the nearest one above that adopts.

Nothing of a start is left out but the loading of modules: the process has its own environment,
arguments and folder before the first line of the program runs, and ends as an interpreter ends.
"""

import gc
import importlib
import json
import os
import runpy
import socket
import sys
import time

PROGRAM = "boxoffice"
LOADED = (
    "anyio._backends._asyncio",
    "httpx",
    "httpx_retries",
    *(f"{PROGRAM}.cli.{part}" for part in ("commands", "headless", "manage", "report", "sell")),
)
"""Only modules that read nothing of the environment as they are loaded: `keyring` does."""


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


if __name__ == "__main__":
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()  # a process that collects would copy all of them
    with socket.socket(fileno=os.dup(0)) as orders:
        asked = serve(orders)
    if asked:
        runpy.run_module(PROGRAM, run_name="__main__", alter_sys=True)
