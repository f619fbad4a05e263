"""Runs a program for no longer than the process that asked for it lives, however that one ends.

    python -I -S watchdog.py PROGRAM ARGUMENT…

Standard input is a pipe that the other end never writes to. The system closes it with the process
that has it, also one that was killed, and on every system: then the program is killed, at once,
so that the next one finds no two at work on the same files.
"""

import os
import signal
import subprocess
import sys
import threading


def run(command: list[str]) -> int:
    """Exit status of the program, as the shell would have it."""
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - what was asked for
    signal.signal(signal.SIGTERM, lambda *_: program.kill())
    threading.Thread(target=_end_with_input, args=(program,), daemon=True).start()
    return program.wait()


def _end_with_input(program: "subprocess.Popen[bytes]") -> None:
    os.read(sys.stdin.fileno(), 1)  # a buffered one would hold up the end of this process
    program.kill()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
