"""Keeps the program loaded, and forks a process whenever one is asked for: a script.

Standard input is a socket. Over it come the length of an order (4 bytes, with them the files that
are to be its standard input, output and error), and the order: {"arguments": [...],
"environment": {...}, "folder": "..."} in JSON. Back goes the number of the process (4 bytes), whose
parent is by then the nearest one above that adopts.

Without arguments (null) it is a `Worker`, whose standard input is such a socket too. It runs what
is ordered there itself, one command after another, and answers with the exit status (4 bytes).

Nothing of a start is left out but the loading of modules, and the laying out of options that were
laid out before: the process has its own environment, arguments and folder before the first line of
the program runs. Its end waits for threads, runs what is registered for it and flushes, as an
interpreter's; only memory is left to the system.
"""

import atexit
import gc
import importlib
import json
import logging
import os
import runpy
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any, NoReturn

PROGRAM = "boxoffice"
PARTS = (
    "cli", "config", "desk", "domain", "hooks", "lane", "log", "manage", "organiser", "paths",
    "secret", "store", "sync", "ticketbutler", "venue",
)  # fmt: skip
"""What commands are made of. Not the screens, which few of them open."""
BESIDE = (
    "anyio._backends._asyncio", "certifi", "concurrent.futures.thread", "encodings.ascii",
    "encodings.idna", "encodings.utf_8_sig", "filelock", "h11", "httpcore", "httpx",
    "httpx_retries", "logging.handlers", "platformdirs.unix", "pydantic.dataclasses",
    "pydantic.type_adapter", "tomllib",
)  # fmt: skip
"""Only modules that read nothing of the environment as they are loaded: `keyring` does."""
STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


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


def lay_out_once() -> None:
    """Keep how the options of a command are laid out: it is asked for six times a command line.

    Without, an empty command takes four times as long, and most commands half as long again.
    """
    from cyclopts.argument import Argument, ArgumentCollection

    collection: Any = ArgumentCollection
    lay_out = ArgumentCollection._from_callable
    known: dict[tuple[object, ...], Sequence[Argument]] = {}

    def laid_out(
        function: Callable[..., Any], *defaults: Any, reserved: Iterable[str] = (), **settings: Any
    ) -> Any:
        settings["reserved"] = tuple(reserved)
        key = (function, *defaults, *settings.items())
        if key not in known:
            known[key] = lay_out(function, *defaults, **settings)
        anew = {id(argument): copy(argument) for argument in known[key]}
        for argument in anew.values():
            argument.tokens = []  # what a line says of it
            argument.children = collection(anew[id(each)] for each in argument.children)
        return collection(anew.values())

    setattr(ArgumentCollection, lay_out.__name__, staticmethod(laid_out))


def order_from(orders: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next order, and the files that came with it; None: no more will come."""
    head, files, _, _ = socket.recv_fds(orders, 4, 3)
    if not head:
        return None
    size, body = int.from_bytes(head, "big"), b""
    while len(body) < size:
        body += orders.recv(size - len(body))
    return json.loads(body), files


def serve(orders: socket.socket) -> bool:
    """Fork as often as asked: True in each process that is to be the program, else False."""
    while (ordered := order_from(orders)) is not None:
        order, files = ordered
        here, told = os.pipe()
        if (between := os.fork()) == 0:
            if (process := os.fork()) != 0:
                os.write(told, process.to_bytes(4, "big"))
                os._exit(0)
            for file in (here, told, orders.detach()):
                os.close(file)
            _take(files)
            if order["arguments"] is None:
                Worker().work()
            _become(**order)
            return True
        os.waitpid(between, 0)  # from now on its child is one of who asked
        orders.sendall(os.read(here, 4))
        for file in (*files, here, told):
            os.close(file)
    return False


def _take(files: list[int]) -> None:
    """Have these be the standard input, output and error."""
    for number, stream in enumerate(files):
        os.dup2(stream, number)
        os.close(stream)


def _become(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    time.tzset()
    sys.argv = [PROGRAM, *arguments]


def _run() -> None:
    """Run the program. Raises SystemExit."""
    runpy.run_module(PROGRAM, run_name="__main__", alter_sys=True)


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


class Worker:
    """Runs commands in this process, and makes it as it was before each of them.

    A copy of all that is loaded costs a fork as much as many a command.
    """

    def __init__(self) -> None:
        from boxoffice.cli.commands import app

        self._app, self._help_formatter = app, app.help_formatter
        self._umask = os.umask(0)
        self._signals = {
            number: signal.getsignal(number)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        self._texts = [
            {name: getattr(getattr(sys, stream), name) for name in ("encoding", "errors")}
            for stream, _ in STREAMS
        ]

    def work(self) -> NoReturn:
        """Until nothing more is ordered."""
        with socket.socket(fileno=os.dup(0)) as orders:
            while (ordered := order_from(orders)) is not None:
                order, files = ordered
                _take(files)
                self._begin_anew()
                _become(**order)
                status = self._status()
                _take([os.open(os.devnull, os.O_RDWR) for _ in STREAMS])
                orders.sendall(status.to_bytes(4, "big", signed=True))
        atexit._run_exitfuncs()
        os._exit(0)

    def _begin_anew(self) -> None:
        from boxoffice.log import _formatter

        for number, ((name, mode), text) in enumerate(zip(STREAMS, self._texts, strict=True)):
            stream = open(number, mode, closefd=False, **text)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        os.umask(self._umask)
        for number, before in self._signals.items():
            signal.signal(number, before)
        for handler in logging.getLogger().handlers[:]:
            logging.getLogger().removeHandler(handler)
            with suppress(OSError):  # what a full disk did not take
                handler.close()
        logging.raiseExceptions = True
        _formatter.secrets.clear()
        self._app.help_formatter = self._help_formatter
        sys.excepthook = sys.__excepthook__

    def _status(self) -> int:
        """With which the program ended, once its threads have."""
        code: object = None
        try:
            _run()
        except SystemExit as leaving:
            code = leaving.code
        except BaseException:  # noqa: BLE001 - as an interpreter does at its end
            sys.excepthook(*sys.exc_info())
            code = 1
        if not isinstance(code, int | None):
            print(code, file=sys.stderr)
            code = 1
        for thread in threading.enumerate():
            if not thread.daemon and thread is not threading.current_thread():
                thread.join()
        sys.stdout.flush()
        sys.stderr.flush()
        return code or 0


if __name__ == "__main__":
    load()
    lay_out_once()
    gc.freeze()  # a process that collects would copy all of them
    with socket.socket(fileno=os.dup(0)) as orders:
        asked = serve(orders)
    if asked:
        try:
            _run()
        except SystemExit as leaving:
            _end(leaving)
            raise
