"""Processes of the program: started cold, or forked from one that has its modules loaded.

And one that runs commands of which only the answer matters, one after another.
"""

import atexit
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

PROGRAM = (sys.executable, "-m", "boxoffice")
ADOPT = 36
"""PR_SET_CHILD_SUBREAPER: a process whose parent has ended becomes a child of this one."""

LONGEST = 180.0
"""Seconds; a process that takes longer is ended, which only a broken program needs."""
RUNS = 100
"""Commands that one worker runs: what each leaves in memory is not collected."""

cold = Path()
"""Where this run of the tests notes, whichever of its processes, what was started cold."""


def is_first(command: str) -> bool:
    """Whether this run of the tests starts `command` for the first time, which it does cold.

    So nothing hides what a command must load.
    """
    cold.mkdir(exist_ok=True)
    try:
        _mark(command).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _mark(command: str) -> Path:
    return cold / (command or "none")


def surroundings() -> dict[str, str]:
    """The environment, with compiled files allowed: without them each start takes twice as long."""
    kept = dict(os.environ)
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


def start(arguments: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """The program, as a process of its own: the first of a command cold, the others loaded."""
    command = next(iter(arguments), "")
    # Elsewhere there is no fork, or what the system itself brings does not survive one.
    loaded = sys.platform == "linux" and not is_first(command)
    make = Loaded if loaded else subprocess.Popen
    return make(
        [*PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=dict(environment),
    )


def send(orders: socket.socket, order: Mapping[str, object], files: Sequence[int]) -> None:
    """To `warm_processes.py`, with what is to be standard input, output and error."""
    body = json.dumps(order).encode()
    socket.send_fds(orders, [len(body).to_bytes(4, "big")], files)
    orders.sendall(body)


class Loaded(subprocess.Popen[str]):
    """A process of the program that need not load its modules; a child as any other."""

    def _execute_child(self, args: Sequence[str], *settings: Any) -> None:
        streams = (settings[9], settings[12], settings[14])
        order = {"arguments": args[len(PROGRAM) :], "environment": settings[5]}
        try:
            self.pid = warm_processes().fork(order | {"folder": str(Path.cwd())}, streams)
        finally:
            self._closed_child_pipe_fds = True
            for file in streams:
                os.close(file)
        self._child_created = True


class WarmProcesses:
    """The script that forks them, for as long as the tests run."""

    def __init__(self) -> None:
        ctypes.CDLL(None).prctl(ADOPT, 1)
        self._orders, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("warm_processes.py"))],
                stdin=there.fileno(),
                stdout=subprocess.PIPE,  # the streams of a process are of the kind found here
                stderr=subprocess.PIPE,
                env=surroundings(),
            )
        atexit.register(self.close)

    def fork(self, order: Mapping[str, object], files: Sequence[int]) -> int:
        """The number of a process that is a child of this one."""
        send(self._orders, order, files)
        return int.from_bytes(self._orders.recv(4), "big")

    def close(self) -> None:
        self._orders.close()
        self._process.communicate()


warm_processes = cache(WarmProcesses)


class Worker:
    """A process that runs one command after another, as if each were a process of its own."""

    def __init__(self) -> None:
        self._orders, there = socket.socketpair()
        self._orders.settimeout(LONGEST)
        self.left = RUNS
        """Commands."""
        self._ended: int | None = None
        with there, Path(os.devnull).open("r+b") as nothing:
            streams = (there.fileno(), nothing.fileno(), nothing.fileno())
            order = {"arguments": None, "environment": None, "folder": None}
            self._number = warm_processes().fork(order, streams)
        atexit.register(self.close)

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], text: str
    ) -> tuple[int, str, str]:
        """The exit status, and what was written to the output and to the errors."""
        order = {"arguments": arguments, "environment": environment, "folder": str(Path.cwd())}
        with ExitStack() as stack:
            given, out, err = (
                stack.enter_context(
                    open(os.memfd_create(name), "w+", encoding="utf-8")  # noqa: PTH123
                )
                for name in ("given", "out", "err")
            )
            given.write(text)
            given.seek(0)
            send(self._orders, order, [file.fileno() for file in (given, out, err)])
            status = self._status()
            self.left -= 1
            out.seek(0)
            err.seek(0)
            return status, out.read(), err.read()

    def _status(self) -> int:
        try:
            answer = self._orders.recv(4)
        except TimeoutError:
            os.kill(self._number, signal.SIGKILL)
            answer = b""
        if answer:
            return int.from_bytes(answer, "big", signed=True)
        self.left = 1
        return self.close()

    def close(self) -> int:
        """End it; answers how it ended."""
        atexit.unregister(self.close)
        self._orders.close()
        if self._ended is None:
            self._ended = os.waitstatus_to_exitcode(os.waitpid(self._number, 0)[1])
        return self._ended


_free: list[Worker] = []
"""Workers at nothing; who works is in no list."""


def answered(
    arguments: Sequence[str], environment: Mapping[str, str], text: str
) -> tuple[int, str, str] | None:
    """As `Worker.run`; None where the command is to be a process of its own, as its first is."""
    if sys.platform != "linux" or not _mark(next(iter(arguments), "")).exists():
        return None
    worker = _free.pop() if _free else Worker()
    answer = worker.run(arguments, environment, text)
    if worker.left:
        _free.append(worker)
    else:
        worker.close()
    return answer
