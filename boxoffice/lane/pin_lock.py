"""The PIN of a data folder. It is asked for in the method that does what it guards.

Such a method calls `PinLock.permit` itself, so that no screen or command can get around it.
`boxoffice/domain/pin.py` lists what is guarded. A permit holds for one act; that for the desk holds
as long as the desk is open.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from boxoffice import ProblemError
from boxoffice.clock import Clock, steady_time
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.pin import ASKS, Act, Permit, describe_wait, normalized, problem_of
from boxoffice.language import N_, _
from boxoffice.store import DamagedError, Journal, StoreError, journal_db
from boxoffice.store import pin as pin_file
from boxoffice.store.database import Work
from boxoffice.store.journal_db import recall, remember

log = logging.getLogger(__name__)

T = TypeVar("T")

MEMO = "pin"
"""Setting in the journal: a mark of the PIN's file, by which a lost or another file is noticed."""
WRONG = N_("That is not the PIN.")
WAIT = N_("Wrong too often: the next try counts in {wait}.")
NOT_DONE = N_("{needed}: nothing was done.")
GONE = N_(
    "{path} is gone: what asks for the PIN stays shut. Put the file back from a copy, or go on in "
    "another data folder and log in there; boxoffice sync still sends what this one holds."
)
ANOTHER = N_(
    "{path} is not the one that was set here: what asks for the PIN stays shut. Put the file back "
    "from a copy, or go on in another data folder and log in there; boxoffice sync still sends "
    "what this one holds."
)
DAMAGED = N_(
    "{path} is damaged: what asks for the PIN stays shut. Put the file back from a copy, or go on "
    "in another data folder and log in there; boxoffice sync still sends what this one holds."
)


Attempt: TypeAlias = Callable[[str], Awaitable[str]]
"""Tries what was typed; returns what is wrong with it, in a sentence. Empty: it is the PIN."""


class PinPrompt(Protocol):
    """How a person is asked for the PIN."""

    async def __call__(self, act: Act, attempt: Attempt) -> bool:
        """Ask until `attempt` accepts what is typed; False: the person went back.

        Raises ProblemError if nobody can be asked.
        """


async def nobody(act: Act, attempt: Attempt) -> bool:
    """The prompt of a program that can ask nobody."""
    return False


class PinLock:
    """Asks for the PIN, and writes down who gave it. Its methods raise ProblemError."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """`folder`: whose PIN it is."""
        self.ask: PinPrompt = nobody
        self.is_on = False
        """Whether a PIN was set when last looked at. Only for showing: `permit` decides."""
        self._file = folder / pin_file.FILE
        self._clock = clock
        self._journal: Journal | None = None
        self._turn = asyncio.Lock()

    async def attach(self, journal: Journal | None) -> None:
        """Write to this journal from now on. It stores a mark, should the PIN's file be lost."""
        self._journal = journal
        if journal is None:
            return
        try:
            stored = await self._read()
        except ProblemError as problem:  # it keeps nobody from opening the door
            log.warning(problem.sentence)
            return
        if stored is not None and stored.is_set:
            await journal.write(remember, MEMO, stored.mark)

    async def is_set(self) -> bool:
        """Whether there is a PIN. Raises if there was one and it cannot be read."""
        stored = await self._read()
        return stored is not None and stored.is_set

    async def permit(self, act: Act) -> Permit:
        """Ask for the PIN for `act`, if one is set. Raises if it is not given."""
        async with self._turn:
            if await self.is_set() and not await self.ask(act, partial(self._try, act)):
                raise ProblemError(_(NOT_DONE).format(needed=_(ASKS[act])))
            return Permit(act)

    async def require(self, act: Act, permit: Permit | None) -> None:
        """Return if `permit` is for `act`; otherwise ask for a permit now."""
        if permit is None or permit.act is not act:
            await self.permit(act)

    async def change(self, new: str | None, permit: Permit) -> None:
        """Set another PIN, or none. `permit`: the PIN before it was given."""
        await self.require(Act.PIN, permit)
        pin = None if new is None else normalized(new)
        if pin is not None and (problem := problem_of(pin)):
            raise ProblemError(problem, status=2)
        mark = await self._look(lambda connection: pin_file.put(connection, pin))
        self.is_on = pin is not None
        await self._record(JournalKind.PIN_SET if pin else JournalKind.PIN_REMOVED)
        if self._journal is not None:
            await self._journal.write(remember, MEMO, mark if pin else "")

    async def _try(self, act: Act, given: str) -> str:
        """An `Attempt`. Anything is right if the PIN was removed in the meantime."""
        if not await self.is_set():
            return ""
        pin, now = normalized(given), steady_time(self._clock)
        tried = await self._look(lambda connection: pin_file.try_pin(connection, pin, now))
        if tried.right:
            await self._record(JournalKind.UNLOCKED, act)
            return ""
        if tried.counted:
            await self._record(JournalKind.PIN_WRONG, act)
        wait = _(WAIT).format(wait=describe_wait(tried.wait)) if tried.wait else ""
        return " ".join(filter(None, (_(WRONG) if tried.counted else "", wait)))

    async def _record(self, kind: JournalKind, act: Act | None = None) -> None:
        """Write it to the journal, which adds who and when. Before the log-in there is none."""
        log.info("PIN: %s %s", kind, act or "")
        if self._journal is not None:
            data = {"act": act} if act else None
            await self._journal.write(journal_db.record, Entry(kind, data=data))

    async def _read(self) -> pin_file.StoredPin | None:
        """What is stored of the PIN. Raises if it does not fit the mark in the journal."""
        self.is_on = True
        stored = await self._look(pin_file.read) if self._file.exists() else None
        mark = await self._journal.read(recall, MEMO) if self._journal is not None else ""
        if mark and (stored is None or stored.mark != mark):
            shut = _(GONE) if stored is None else _(ANOTHER)
            raise ProblemError(shut.format(path=self._file))
        self.is_on = stored is not None and stored.is_set
        return stored

    async def _look(self, work: Work[[], T]) -> T:
        try:
            return await asyncio.to_thread(pin_file.with_file, self._file, work)
        except (DamagedError, ValueError, TypeError) as error:  # also a row that makes no sense
            log.warning("the PIN cannot be read: %s", error)
            raise ProblemError(_(DAMAGED).format(path=self._file)) from error
        except StoreError as error:
            raise ProblemError(error.sentence) from error
