"""Processes of the program: started cold, or forked from one that has its modules loaded."""

import atexit
import ctypes
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PROGRAM = (sys.executable, "-m", "boxoffice")
ADOPT = 36
"""PR_SET_CHILD_SUBREAPER: a process whose parent has ended becomes a child of this one."""

cold = Path()
"""Where this run of the tests notes, whichever of its processes, what was started cold."""


def is_first(command: str) -> bool:
    """Whether this run of the tests starts `command` for the first time, which it does cold.

    So nothing hides what a command must load.
    """
    cold.mkdir(exist_ok=True)
    try:
        (cold / (command or "none")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


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


class Loaded(subprocess.Popen[str]):
    """A process of the program that need not load its modules; a child as any other."""

    def _execute_child(self, args: Sequence[str], *settings: Any) -> None:
        streams = (settings[9], settings[12], settings[14])
        order = {"arguments": args[len(PROGRAM) :], "environment": settings[5]}
        try:
            self.pid = kept_ready().fork(order | {"folder": str(Path.cwd())}, streams)
        finally:
            self._closed_child_pipe_fds = True
            for file in streams:
                os.close(file)
        self._child_created = True


class KeptReady:
    """The script that forks them, for as long as the tests run."""

    def __init__(self) -> None:
        ctypes.CDLL(None).prctl(ADOPT, 1)
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

    def fork(self, order: Mapping[str, object], files: Sequence[int]) -> int:
        """The number of a process that is a child of this one."""
        body = json.dumps(order).encode()
        socket.send_fds(self._orders, [len(body).to_bytes(4, "big")], files)
        self._orders.sendall(body)
        return int.from_bytes(self._orders.recv(4), "big")

    def close(self) -> None:
        self._orders.close()
        self._process.communicate()


kept_ready = cache(KeptReady)
