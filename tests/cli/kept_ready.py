"""Keeps the program loaded, and forks a process of it whenever one is asked for: a script.

Standard input is a socket. Over it come the length of an order (4 bytes, with them the files that
are to be its standard input, output and error, and one for what is told of it), and the order:
{"arguments": [...], "environment": {...}, "folder": "..."} in JSON. Told are the number of the
process, a line, and once it has ended its status as of `os.waitpid`, another line.

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
from typing import Any

PROGRAM = "boxoffice"
LOADED = (
    "anyio._backends._asyncio",
    "httpx",
    "httpx_retries",
    *(f"{PROGRAM}.cli.{part}" for part in ("table", "house", "manage", "report")),
)
"""Only modules that read nothing of the environment as they are loaded: `keyring` does."""


def serve(orders: socket.socket) -> bool:
    """Fork as often as asked: True in each process that is to be the program, else False."""
    while True:
        head, files, _, _ = socket.recv_fds(orders, 4, 4)
        if not head:
            return False
        size, body = int.from_bytes(head, "big"), b""
        while len(body) < size:
            body += orders.recv(size - len(body))
        if os.fork() == 0:
            orders.close()
            return _kept(json.loads(body), files)
        for file in files:
            os.close(file)
        _bury(os.WNOHANG)


def _kept(order: dict[str, Any], files: list[int]) -> bool:
    """Fork the program, and wait for its end in the process that is its parent."""
    *streams, told = files
    process = os.fork()
    if process == 0:
        os.close(told)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        _become(**order)
        return True
    for stream in (*streams, 0, 1):
        os.close(stream)
    os.write(told, f"{process}\n".encode())
    _, status = os.waitpid(process, 0)
    os.write(told, f"{status}\n".encode())
    os._exit(0)


def _become(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    time.tzset()
    sys.argv = [PROGRAM, *arguments]


def _bury(options: int) -> None:
    try:
        while os.waitpid(-1, options)[0]:
            continue
    except ChildProcessError:
        return


if __name__ == "__main__":
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()  # a process that collects would copy all of them
    with socket.socket(fileno=os.dup(0)) as orders:
        asked = serve(orders)
    if asked:
        runpy.run_module(PROGRAM, run_name="__main__", alter_sys=True)
    _bury(0)
