"""Runs a command's work, or the app, in this process: its log, signals, sentences and terminal.

Knows nothing of command lines: most starts have none to read.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from boxoffice import ProblemError
from boxoffice.clock import in_detached_thread
from boxoffice.domain.pin import ASKS, Act
from boxoffice.language import N_, _

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.config import Settings
    from boxoffice.domain.readiness import Check
    from boxoffice.domain.secret_text import SecretStr
    from boxoffice.lane.pin_lock import Attempt
    from boxoffice.screens.base import Demo
    from boxoffice.widgets.terminal import Terminal

log = logging.getLogger(__name__)

Result = TypeVar("Result")

LOOK_UP = 10.0
"""Seconds that the look-up of a name is waited for."""
_window_handlers: list[object] = []
"""Windows may call them until the process ends."""
PIN_VARIABLE = "BOXOFFICE_PIN"
NO_TERMINAL = N_("{act}: give it in BOXOFFICE_PIN, or run this on a terminal.")
LEAVE = 15.0
"""Seconds that all has to close in order, once a signal has come."""
SWITCHES_WITHIN = 0.001
"""Seconds after which a thread that computes lets the next one go on; five times that is Python's
own. While a list is read or indexed the loop waits for it each time that it has looked at a file or
a socket: a few times before a scan is answered."""


if sys.platform == "win32":
    Loop = asyncio.ProactorEventLoop
else:
    Loop = asyncio.SelectorEventLoop


class EventLoop(Loop):
    """Looks names up on threads of their own: one for each name, however often it is asked for.

    A resolver that does not answer holds its thread for half a minute. In asyncio's threads all
    other work would wait for it, and so would the end of the program.
    """

    def __init__(self) -> None:
        super().__init__()
        self._looked_up: dict[tuple[Any, ...], asyncio.Task[Any]] = {}

    async def getaddrinfo(self, host: Any, port: Any, **hints: Any) -> Any:
        """As `socket.getaddrinfo`. Raises OSError, also where that takes longer than LOOK_UP."""
        asked = (host, port, *sorted(hints.items()))
        if asked not in self._looked_up:
            work = in_detached_thread(partial(socket.getaddrinfo, host, port, **hints))
            self._looked_up[asked] = task = self.create_task(work)
            task.add_done_callback(lambda done: self._finish(asked, done))
        try:
            async with asyncio.timeout(LOOK_UP):
                return await asyncio.shield(self._looked_up[asked])
        except TimeoutError:
            raise socket.gaierror(socket.EAI_AGAIN, "the name service does not answer") from None

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """To the log as all faults go: asyncio's own writes out what failed, with its values."""
        log.error("asyncio: %s", context["message"], exc_info=context.get("exception"))

    def _finish(self, asked: tuple[Any, ...], task: "asyncio.Task[Any]") -> None:
        del self._looked_up[asked]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.info("%s is not found: %s", asked[0], error)  # who asked may wait no more


def needs_terminal() -> None:
    """Raises ProblemError where there is none."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise ProblemError(
            _("The app needs a terminal; boxoffice scan works without one."), status=2
        )


def this_terminal(settings: "Settings") -> "Terminal":
    """What the terminal of this process can show."""
    from boxoffice.widgets.terminal import Terminal

    written = sys.__stderr__.encoding if sys.__stderr__ else "utf-8"  # what Textual writes to
    return Terminal.of(os.environ, sys.platform, written, ascii_only=settings.ascii)


def run_app(
    settings: "Settings", *, key: "SecretStr | None" = None, demo: "Demo | None" = None
) -> int:
    """Run the app until the person quits; answers the exit status. `key`: not a stored one.

    `demo`: what there is to try it with.
    """
    from boxoffice.app import BoxofficeApp
    from boxoffice.commands import check_keys
    from boxoffice.widgets.speaker import Speaker

    check_keys(settings.keys)
    terminal = this_terminal(settings)

    async def work(context: "AppContext") -> int:
        context.is_demo = demo is not None
        if context.ready and settings.event and context.event is None:
            from boxoffice.cli.select_event import select_event
            from boxoffice.ticketbutler import KeyMissing

            try:
                context.event = (await select_event(context)).uuid
            except KeyMissing:
                if context.ready:  # and it may be given in a moment
                    raise

        async def examine() -> "list[Check]":
            from boxoffice.cli.checks import examine

            return await examine(context)

        from boxoffice.cli.settings_control import SettingsControl
        from boxoffice.cli.venue_control import VenueControl

        venue, control = VenueControl(context), SettingsControl(context)
        app = BoxofficeApp(
            context,
            theme=settings.theme,
            terminal=terminal,
            keys=settings.keys,
            demo=demo,
            examine=examine,
            venue=venue,
            settings=control,
        )
        speaker = Speaker(context.clock, app.bell, partial(control.value, "sound"))
        app.door.speaker = speaker
        app.door.flashes = app.door.preloads = True
        if settings.reduced_motion:
            app.animation_level = "none"
        try:
            await app.run_async()
        finally:
            speaker.close()
            await venue.end_hub()
        return app.return_code or 0

    return run(settings, work, key=key, draws_first=True)


def tune_interpreter() -> None:
    """Share it fairly between the loop and threads, and collect garbage, but none of what is there.

    To be called once all is loaded that stays.
    """
    from boxoffice.collector import collector_paused

    sys.setswitchinterval(SWITCHES_WITHIN)
    collector_paused.freeze()
    gc.enable()


def run(
    settings: "Settings",
    work: Callable[["AppContext"], Coroutine[Any, Any, Result]],
    *,
    key: "SecretStr | None" = None,
    draws_first: bool = False,
) -> Result:
    """Run `work` with a context of its own, closed after it. Raises ProblemError.

    `key`, `draws_first`: see `AppContext`.

    From here on the process logs to the data folder, ends on a fault of its own with a sentence,
    and collects garbage: not in what is loaded now, which stays.
    """
    from boxoffice.cli.app_context import AppContext
    from boxoffice.log import open_log, stop_with_a_sentence
    from boxoffice.store import StoreError
    from boxoffice.ticketbutler import TicketbutlerError

    context = AppContext(settings, key=key, draws_first=draws_first)
    context.pin.ask = prompt_for_pin
    stop_with_a_sentence(open_log(context.data))
    tune_interpreter()

    async def opened() -> Result:
        async with context:
            return await unless_signalled(work(context))

    try:
        with asyncio.Runner(loop_factory=EventLoop) as runner:
            return runner.run(opened())
    except (StoreError, TicketbutlerError) as error:
        log.warning("%s: %s", type(error).__name__, error)
        raise ProblemError(error.sentence) from error


async def unless_signalled(work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` comes to; SIGTERM and SIGHUP cancel it, as Ctrl-C does.

    On Windows Ctrl-Break does, and closing the window or logging off.

    Signals that come once it is over do nothing: what is open is being closed then.

    Raises ProblemError where one came; the exit status is 128 and its number.
    """
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
    came: list[signal.Signals] = []

    def cancel(by: signal.Signals) -> None:
        if not task.cancelling() and task.cancel():
            came.append(by)

    def end(number: int, _frame: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(cancel, signal.Signals(number))
        # Not by the loop, which may stand still. What was shown is on disk: what hangs shall not
        # stay behind and keep the data folder's locks.
        late = threading.Timer(LEAVE, os._exit, (128 + number,))
        late.daemon = True
        late.start()

    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, end)
        _hold_window(lambda: end(signal.SIGBREAK, None))
    else:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, end)
    try:
        result = await task
    except asyncio.CancelledError:
        if not came:
            raise
    else:
        if not came:
            return result
    # also the app, which ends in order
    sentence = _("boxoffice was told to end ({signal}).").format(signal=came[0].name)
    raise ProblemError(sentence, status=128 + came[0])


def _hold_window(close: Callable[[], None]) -> None:
    """Have `close` called where Windows closes the console, and that wait until this process ends.

    Windows ends a process as soon as a handler has returned, and gives it five seconds; it calls
    the handler on a thread of its own. Python's signals know nothing of that.
    """
    if sys.platform != "win32":
        return
    import ctypes

    closed, logged_off, shut_down = 2, 5, 6

    def handle(event: int) -> int:
        if event not in (closed, logged_off, shut_down):
            return 0
        close()
        threading.Event().wait(LEAVE)
        return 1

    handler = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(handle)
    _window_handlers.append(handler)
    ctypes.windll.kernel32.SetConsoleCtrlHandler(handler, 1)


# On the terminal


async def prompt_for_pin(act: Act, attempt: "Attempt") -> bool:
    """A `PinPrompt`: the variable, else what is typed on the terminal. Raises ProblemError."""
    if given := os.environ.get(PIN_VARIABLE):
        if problem := await attempt(given):
            raise ProblemError(problem)
        return True
    if not on_terminal():
        raise ProblemError(_(NO_TERMINAL).format(act=_(ASKS[act])))
    while given := await typed(_("{act}: ").format(act=_(ASKS[act]))):
        if not (problem := await attempt(given)):
            return True
        print(problem, file=sys.stderr)
    return False


async def typed(prompt: str) -> str:
    """What is typed, without being shown; empty at the end of the input.

    On a thread, so that a signal ends the program at once, with the terminal as it was.
    """
    from getpass import getpass

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
    return bool(sys.stdin and sys.stdin.isatty())
