"""How commands ask for the PIN: by the environment, or on the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass

from boxoffice import ProblemError
from boxoffice.clock import in_detached_thread
from boxoffice.domain.pin import ASKS, Act

VARIABLE = "BOXOFFICE_PIN"
NO_TERMINAL = "{}: give it in BOXOFFICE_PIN, or run this on a terminal."


async def prompt_for_pin(act: Act, problem: str) -> str | None:
    """A `PinPrompt`: the variable, else what is typed on the terminal. Raises ProblemError."""
    if given := os.environ.get(VARIABLE):
        if problem:
            raise ProblemError(problem)
        return given
    if not on_terminal():
        raise ProblemError(NO_TERMINAL.format(ASKS[act]))
    if problem:
        print(problem, file=sys.stderr)
    return await typed(f"{ASKS[act]}: ") or None


async def typed(prompt: str) -> str:
    """What is typed, without being shown; empty at the end of the input.

    On a thread, so that a signal ends the program at once, with the terminal as it was.
    """

    def read() -> str:
        try:
            return getpass(prompt)
        except EOFError:
            return ""

    with restored_terminal():
        return await in_detached_thread(read)


@contextmanager
def restored_terminal() -> Iterator[None]:
    """Have it echo again at the end, and drop what was typed and not read: half a PIN."""
    if sys.platform == "win32":
        yield
        return
    import termios

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


def on_terminal() -> bool:
    """Whether a person can be asked there."""
    return bool(sys.stdin and sys.stdin.isatty())
