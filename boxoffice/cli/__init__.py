"""The commands, and the one place where the parts are put together.

This module is what a start pays for first: it imports nothing but the standard library. Exit
statuses: 0 done, 1 an error with one sentence, 2 asked wrongly, 129 its terminal was closed, 130
stopped with Ctrl-C, 141 nobody reads the output, 143 told to end; `sell` also has 3, `sync` 3 and
4.
"""

import errno
import gc
import os
import select
import sys
from collections.abc import Sequence
from typing import TextIO

from boxoffice import ProblemError, language
from boxoffice.language import _

UNWRITABLE = frozenset({errno.EPIPE, errno.ENOSPC, errno.EIO})
"""What the output's end, a full disk and a closed terminal answer."""
JSON = "--json"
"""What programs ask for: they are answered in English."""
LAST_WORD = 1.0
"""Seconds in which a terminal takes the sentence that a command ends with."""


def main(argv: Sequence[str] | None = None, *, speaks: str = language.ENGLISH) -> int:
    """Run one command; answers its exit status.

    `speaks`: the language of what goes wrong where a program asks.
    """
    gc.disable()  # loading makes much and drops little; on again where the work begins
    argv = sys.argv[1:] if argv is None else argv
    language.use(speaks if JSON in argv else language.of_system())
    # Looking for plugins reads of each library here what it is; and none shall see who comes.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    os.umask(0o077)  # attendees' data: whatever is written is this user's alone
    _leave_no_core()
    prepare_streams()
    try:
        status = _command(argv) if argv else _app()
        sys.stdout.flush()
    except ProblemError as problem:
        return _ended(problem)
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:
        if end.code != 1:
            raise
        return 141  # rich, which prints the help, ends so where nobody reads it
    except OSError as error:
        if error.errno not in UNWRITABLE or error.filename is not None:
            raise
        _drop(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return 141
        from boxoffice.paths import reason_of

        sentence = _("The output cannot be written: {strerror}.")
        return _ended(ProblemError(sentence.format(strerror=reason_of(error))))
    return status


def _leave_no_core() -> None:
    """Have no memory written to a file where the process dies: key and guests are in it."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def prepare_streams() -> None:
    """Have output that takes every name; on Windows a pipe carries UTF-8, with or without a mark.

    Python reads and writes pipes there as the system's old code page has it.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed before the start
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not hasattr(stream, "reconfigure"):
            continue
        if sys.platform == "win32" and not stream.isatty():
            stream.reconfigure(encoding="utf-8-sig" if stream is sys.stdin else "utf-8")
        if stream is not sys.stdin:
            stream.reconfigure(errors="replace")


def _ended(problem: ProblemError) -> int:
    """The status to end with, which says it all where the terminal was closed.

    What was asked for is quoted as it was given: what a terminal would obey is left out of it.
    """
    obeyed = {char for char in problem.sentence if not char.isprintable()} - {"\n"}
    shown = problem.sentence.translate(dict.fromkeys(map(ord, obeyed), " "))
    try:
        if _is_read(sys.stderr):
            from boxoffice.cli.output import folded

            print(folded(shown, sys.stderr), file=sys.stderr)
    except OSError:
        _drop(sys.stderr)
    return problem.status


def _is_read(stream: TextIO) -> bool:
    """False where it is a terminal that takes nothing: a process would wait there for ever."""
    if sys.platform == "win32" or not stream.isatty():
        return True
    return bool(select.select([], [stream], [], LAST_WORD)[1])


def _drop(stream: TextIO) -> None:
    """Write what is still in the buffer to nowhere.

    It would be written, and fail again, when Python ends, with an exit status of Python's own.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _app() -> int:
    """The start that people wait for: nothing is loaded to read a command line that is empty."""
    from boxoffice.cli.run_app import needs_terminal, run_app

    needs_terminal()
    from boxoffice.config import read_settings

    settings = read_settings({})
    language.use(settings.language)
    return run_app(settings)


def _command(argv: Sequence[str]) -> int:
    from cyclopts import CycloptsError, UnusedCliTokensError

    from boxoffice.cli.commands import app, load_all

    if JSON not in argv:
        from boxoffice.config_file import preferred_language

        language.use(preferred_language())  # also of what a command was asked wrongly
    if language.current() != language.ENGLISH:
        from boxoffice.cli.help_texts import TranslatedHelp

        app.help_formatter = TranslatedHelp()
    if not set(app.help_flags).isdisjoint(argv):
        load_all()  # what each does stands with it
    try:
        status = app.meta(argv)
    except UnusedCliTokensError as error:
        asked = " ".join((*(error.command_chain or ()), *(error.unused_tokens or ())))
        raise ProblemError(
            _("There is no command “{asked}”: see boxoffice --help.").format(asked=asked[:80]),
            status=2,
        ) from error
    except CycloptsError as error:
        from boxoffice.cli.help_texts import usage_problem

        command = " ".join(("boxoffice", *(error.command_chain or ())))
        raise ProblemError(
            _("{problem} See {command} --help.").format(
                problem=usage_problem(error), command=command
            ),
            status=2,
        ) from error
    return status if isinstance(status, int) else 0
