"""Processes of the program: started cold, or forked from one that has its modules loaded."""

import atexit
import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PROGRAM = (sys.executable, "-m", "boxoffice")

_seen: set[str] = set()
"""Commands that were started cold: each is, once, so that nothing hides what it must load."""


def surroundings() -> dict[str, str]:
    """The environment, with compiled files allowed: without them each start takes twice as long."""
    kept = dict(os.environ)
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


def start(arguments: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """The program, as a process of its own: the first of a command cold, all others loaded."""
    command = next(iter(arguments), "")
    # Elsewhere there is no fork, or what the system itself brings does not survive one.
    loaded = sys.platform == "linux" and command in _seen
    make = Loaded if loaded else subprocess.Popen
    _seen.add(command)
    return make(
        [*PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=dict(environment),
    )


class Loaded(subprocess.Popen[str]):
    """A process of the program that need not load its modules.

    Its parent is another's child, which tells how it ended; all else is as with any process.
    """

    _waitpid_lock: threading.Lock
    _handle_exitstatus: Callable[[int], None]

    def _execute_child(self, args: Sequence[str], *settings: Any) -> None:
        environment = settings[5]
        here, told = os.pipe()
        self._told = os.fdopen(here, "rb", buffering=0)
        streams = (settings[9], settings[12], settings[14])
        order = {"arguments": args[len(PROGRAM) :], "environment": environment}
        try:
            kept_ready().fork(order | {"folder": str(Path.cwd())}, (*streams, told))
        finally:
            self._closed_child_pipe_fds = True
            for file in (*streams, told):
                os.close(file)
        self.pid = int(self._told.readline())
        self._child_created = True

    def _try_wait(self, options: int) -> tuple[int, int]:
        """As `os.waitpid` answers for a child: 0 where it has not ended yet."""
        if options & os.WNOHANG and not select.select([self._told], [], [], 0)[0]:
            return 0, 0
        with self._told:
            return self.pid, int(self._told.readline())

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        if self.returncode is None and self._waitpid_lock.acquire(blocking=False):
            try:
                ended, status = self._try_wait(os.WNOHANG)
                if ended:
                    self._handle_exitstatus(status)
            finally:
                self._waitpid_lock.release()
        return self.returncode


class KeptReady:
    """The script that forks them, for as long as the tests run."""

    def __init__(self) -> None:
        self._orders, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("kept_ready.py"))],
                stdin=there.fileno(),
                stdout=subprocess.PIPE,  # the streams of a process are of the kind found here
                stderr=subprocess.PIPE,
                env=surroundings(),
            )
        atexit.register(self.close)

    def fork(self, order: Mapping[str, object], files: Sequence[int]) -> None:
        body = json.dumps(order).encode()
        socket.send_fds(self._orders, [len(body).to_bytes(4, "big")], files)
        self._orders.sendall(body)

    def close(self) -> None:
        self._orders.close()
        self._process.communicate()


kept_ready = cache(KeptReady)
