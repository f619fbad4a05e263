"""Which webhooks this computer has at the site, on its disk: none stays there for good.

A program holds a file for its webhook, and a lock on that as long as it runs: the system takes the
lock away however it ends. What stands in a file that nobody holds was left behind.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from boxoffice.disk import write_whole
from boxoffice.organiser import Webhook

log = logging.getLogger(__name__)

MOST = 64
"""Programs that have webhooks of one site at the same time."""
LATEST = 3600.0
"""Seconds after which a site makes no webhook any more that it was asked for."""


class TraceError(Exception):
    """A webhook cannot be remembered as this program's; it must not be made."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of one webhook."""

    url: str
    action: str
    uuid: str = ""
    """Empty: as far as is known there is none at the site."""
    others: tuple[str, ...] = ()
    """uuids of webhooks to the same address that are not ours."""
    asked: tuple[float, ...] = ()
    """When the site was asked to make one and did not say what came of that, oldest first: it may
    make it yet. Seconds since 1970."""

    def is_ours(self, webhook: Webhook) -> bool:
        """Whether this is that webhook, or one that the site was asked for.

        What the site has told the uuid of stays ours where its address or action was changed.
        """
        if self.uuid and webhook.uuid == self.uuid:
            return True
        return bool(self.asked) and self.goes_to(webhook) and webhook.uuid not in self.others

    def goes_to(self, other: "Trace | Webhook") -> bool:
        """Whether the same is sent to the same address, whoever made it."""
        same = other.url.rstrip("/") == self.url.rstrip("/")  # a site may add a slash
        return same and other.action == self.action

    def awaited(self, found: Iterable[Webhook], now: float) -> tuple[float, ...]:
        """What is left of `asked` at that time, after these of ours were found."""
        came = sum(webhook.uuid != self.uuid for webhook in found)
        return tuple(at for at in self.asked[came:] if abs(now - at) < LATEST)


class Held:
    """A file that this program holds, until it lets it go or ends."""

    def __init__(self, file: Path, lock: FileLock) -> None:
        self.trace = _read(file)
        """What is at the site; None: nothing."""
        self._file = file
        self._lock = lock

    def write(self, trace: Trace | None) -> None:
        """Keep what is at the site from now on. Raises TraceError."""
        text = "" if trace is None else json.dumps(asdict(trace))
        try:
            write_whole(self._file, text)
        except OSError as error:
            raise _unusable(error) from error
        self.trace = trace

    def let_go(self) -> None:
        """Leave what stands in the file to the next."""
        self._lock.release()


class Traces:
    """The files of all programs on this computer that have, or had, a webhook at one site."""

    def __init__(self, folder: Path) -> None:
        """`folder`: for these files alone; made when it is needed."""
        self._folder = folder

    def claim(self, wanted: Trace) -> Held:
        """A file for a webhook: the one in which it was left behind, or one that says `wanted`.

        Raises TraceError, also where another program that runs has webhooks sent there.
        """
        with self._looked_through() as (free, taken):
            if any(trace.url == wanted.url for trace in taken):
                raise TraceError(
                    "Another boxoffice on this computer has webhooks sent to the same address: "
                    "give each an address of its own with --hooks-public."
                )
            held = next((each for each in free if each.trace and each.trace.goes_to(wanted)), None)
            if held is None:
                if all(each.trace for each in free):
                    free.append(self._new())
                held = next(each for each in free if each.trace is None)
                held.write(wanted)
            free.remove(held)
            return held

    def left(self) -> list[Held]:
        """The files of programs that run no more, with a webhook in each. Raises TraceError."""
        with self._looked_through() as (free, _):
            left = [each for each in free if each.trace is not None]
            free[:] = [each for each in free if each.trace is None]
            return left

    @contextmanager
    def _looked_through(self) -> Iterator[tuple[list[Held], list[Trace]]]:
        """The files that nobody held, and what stands in the others.

        They are held meanwhile, and let go afterwards if they are still in the list.
        """
        free: list[Held] = []
        taken: list[Trace] = []
        try:
            for file in sorted(self._folder.glob("*.json")):
                if (held := _hold(file)) is not None:
                    free.append(held)
                elif (trace := _read(file)) is not None:
                    taken.append(trace)
            yield free, taken
        finally:
            for held in free:
                held.let_go()

    def _new(self) -> Held:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _unusable(error) from error
        for number in range(MOST):
            file = self._folder / f"{number:02}.json"
            if not file.exists() and (held := _hold(file)) is not None:
                if held.trace is None:
                    return held
                held.let_go()  # another program was there at the same moment
        raise TraceError("Too many programs on this computer have the site send webhooks.")


def _hold(file: Path) -> Held | None:
    """None: another program holds it. Raises TraceError."""
    lock = FileLock(file.with_suffix(".lock"), timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    except OSError as error:
        raise _unusable(error) from error
    return Held(file, lock)


def _read(file: Path) -> Trace | None:
    """None also for what no program has written, and for what cannot be read."""
    try:
        told = json.loads(file.read_text(encoding="utf-8") or "null")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s cannot be read: %s", file.name, type(error).__name__)
        return None
    match told:
        case {
            "url": str(url),
            "action": str(action),
            "uuid": str(uuid),
            "others": [*others],
            "asked": [*asked],
        }:
            known = tuple(str(each) for each in others)
            return Trace(url, action, uuid, known, tuple(a for a in asked if isinstance(a, float)))
    return None


def _unusable(error: OSError) -> TraceError:
    return TraceError(
        f"Which webhooks this computer has cannot be kept in its data folder: "
        f"{error.strerror or error}."
    )
