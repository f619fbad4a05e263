"""Which webhooks this computer has at the site, on its disk: none stays there for good.

A program holds a file for its webhook, and a lock on that as long as it runs: the system takes the
lock away however it ends. What stands in a file that nobody holds was left behind.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from boxoffice.organiser import Webhook

log = logging.getLogger(__name__)

MOST = 64
"""Programs that have webhooks of one site at the same time."""
_MADE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class MarkError(Exception):
    """A webhook cannot be marked as this program's; it must not be made."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one webhook."""

    url: str
    action: str
    uuid: str = ""
    """Empty: it is not known whether the site has made it."""
    others: tuple[str, ...] = ()
    """uuids of webhooks to the same address that are not ours."""

    def names(self, webhook: Webhook) -> bool:
        """Whether this is that webhook, and so ours."""
        if not self.goes_to(webhook):
            return False
        return webhook.uuid == self.uuid if self.uuid else webhook.uuid not in self.others

    def goes_to(self, other: "Mark | Webhook") -> bool:
        """Whether the same is sent to the same address, whoever made it."""
        return (other.url, other.action) == (self.url, self.action)


class Held:
    """A file that this program holds, until it lets it go or ends."""

    def __init__(self, file: Path, lock: FileLock) -> None:
        self.mark = _read(file)
        """What is at the site; None: nothing."""
        self._file = file
        self._lock = lock

    def write(self, mark: Mark | None) -> None:
        """Keep what is at the site from now on. Raises MarkError."""
        text = "" if mark is None else json.dumps(asdict(mark))
        draft = self._file.with_suffix(".new")
        try:
            with os.fdopen(os.open(draft, _MADE, 0o600), "w", encoding="utf-8") as opened:
                opened.write(text)
            draft.replace(self._file)
        except OSError as error:
            raise _unusable(error) from error
        self.mark = mark

    def let_go(self) -> None:
        """Leave what stands in the file to the next."""
        self._lock.release()


class Marks:
    """The files of all programs on this computer that have, or had, a webhook at one site."""

    def __init__(self, folder: Path) -> None:
        """`folder`: for these files alone; made when it is needed."""
        self._folder = folder

    def claim(self, wanted: Mark) -> Held:
        """A file for a webhook: the one in which it was left behind, or one that says `wanted`.

        Raises MarkError, also where another program that runs has webhooks sent there.
        """
        with self._looked_through() as (free, taken):
            if any(mark.url == wanted.url for mark in taken):
                raise MarkError(
                    "Another boxoffice on this computer has webhooks sent to the same address: "
                    "give each an address of its own with --hooks-public."
                )
            held = next((each for each in free if each.mark and each.mark.goes_to(wanted)), None)
            if held is None:
                if all(each.mark for each in free):
                    free.append(self._new())
                held = next(each for each in free if each.mark is None)
                held.write(wanted)
            free.remove(held)
            return held

    def left(self) -> list[Held]:
        """The files of programs that run no more, with a webhook in each. Raises MarkError."""
        with self._looked_through() as (free, _):
            left = [each for each in free if each.mark is not None]
            free[:] = [each for each in free if each.mark is None]
            return left

    @contextmanager
    def _looked_through(self) -> Iterator[tuple[list[Held], list[Mark]]]:
        """The files that nobody held, and what stands in the others.

        They are held meanwhile, and let go afterwards if they are still in the list.
        """
        free: list[Held] = []
        taken: list[Mark] = []
        try:
            for file in sorted(self._folder.glob("*.json")):
                if (held := _hold(file)) is not None:
                    free.append(held)
                elif (mark := _read(file)) is not None:
                    taken.append(mark)
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
                if held.mark is None:
                    return held
                held.let_go()  # another program was there at the same moment
        raise MarkError("Too many programs on this computer have the site send webhooks.")


def _hold(file: Path) -> Held | None:
    """None: another program holds it. Raises MarkError."""
    lock = FileLock(file.with_suffix(".lock"), timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    except OSError as error:
        raise _unusable(error) from error
    return Held(file, lock)


def _read(file: Path) -> Mark | None:
    """None also for what no program has written, and for what cannot be read."""
    try:
        told = json.loads(file.read_text(encoding="utf-8") or "null")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s cannot be read: %s", file.name, type(error).__name__)
        return None
    match told:
        case {"url": str(url), "action": str(action), "uuid": str(uuid), "others": [*others]}:
            return Mark(url, action, uuid, tuple(str(each) for each in others))
    return None


def _unusable(error: OSError) -> MarkError:
    return MarkError(
        f"Which webhooks this computer has cannot be kept in its data folder: "
        f"{error.strerror or error}."
    )
