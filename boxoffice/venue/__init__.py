"""Several doors that share one truth: `Venue` is what a lane may ask of the hub.

The hub's engine is NATS JetStream: a stream in which the server itself refuses a second message on
the same subject, so that of two claims one wins. `protocol` defines the messages between doors and
hub. A computer that never joined a venue imports none of the modules here.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol, TypeAlias, Unpack

from boxoffice import ProblemError
from boxoffice.domain.seats import Pool
from boxoffice.domain.venue import Attempt, Message, Presence, Shown, Taken, VenueStatus
from boxoffice.language import N_, _

EXTRA = frozenset({"nats", "zeroconf", "ifaddr", "spake2", "cryptography", "bcrypt"})
"""The packages that `boxoffice[hub]` installs."""
MISSING = N_("Several doors need more than is installed here: run pip install 'boxoffice[hub]'.")

After = Callable[[str, int], Awaitable[int]]
"""Returns the number of the last message of a record and epoch that was applied; 0: none."""
Apply = Callable[[str, int, Sequence[Message]], Awaitable[None]]
"""Applies a batch of the feed: record, epoch, and up to 250 messages in the order of their numbers.

A record is a hub's list of what happened at an event. When a hub's store is emptied a new record
begins, and claims that were won in the old one have to be claimed again. An empty batch, one for
each connection, says that everything that was there when it connected has been applied. An
exception ends the feed, which then begins again after what was applied.
"""
Watcher: TypeAlias = Callable[[str, dict[str, Any]], None]
"""Is called with a device and what it sent: JSON from outside, which may be anything."""


class HubAwayError(Exception):
    """The hub could not be asked, or did not answer in time."""


@contextmanager
def extra_needed() -> Iterator[None]:
    """Turn the lack of a package that venues need into a ProblemError."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        raise ProblemError(_(MISSING)) from error


class Venue(Protocol):
    """The venue that this computer has joined. Methods are called on the caller's event loop."""

    @property
    def device(self) -> str:
        """The id of this data folder, which its claims carry."""

    @property
    def status(self) -> VenueStatus: ...

    async def put(self, message: Message) -> bool:
        """Have the hub store a message that no door contests, or that the site has a ticket out.

        True: it is stored, by us or by another door. False: not known; put it once more.
        """

    async def take(self, event: str, ticket: str, round_: int, at: datetime | None = None) -> Taken:
        """Claim that `ticket` goes in. Returns within 0.35 s, and at once if the hub is away.

        If the hub has the round already, or lacks the round before it as it is another hub, the
        ticket's last round counts: the claim is lost if another door has the ticket in, and won if
        this computer has. `at`: when it went in; None: now.
        """

    async def release(
        self, event: str, ticket: str, round_: int, at: datetime | None = None
    ) -> Taken:
        """Claim that `ticket`, which our own even `round_` had in, is out again.

        Won also if it is out already; lost if another door has it in. If the hub does not have the
        round, that is claimed first, as rounds follow each other without a gap.
        """

    async def attempt(self, attempt: Attempt) -> Attempt | None:
        """Try to take a turn at sending a posted check-in.

        Returns the turn that the hub has, ours or another door's. None: not known; the hub may have
        ours, now or later.
        """

    async def read_pool(self, event: str, kind: str) -> tuple[int, Pool] | None:
        """The pool of a ticket type's seats, after the number of its state; 0: there is none yet.

        None: the hub did not answer.
        """

    async def write_pool(self, event: str, kind: str, number: int, pool: Pool) -> bool:
        """Store `pool` as the state with that number, which follows the number that was read.

        False: another till has stored that number; or it is not known, and ours may arrive later.
        Read the pool again.
        """

    def follow(self, event: str, after: After, apply: Apply) -> Callable[[], None]:
        """Call `apply` with every message at `event`, from the one after `after(record, epoch)`.

        Each new connection begins again from there. Call what this returns to stop it.
        """

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` when `status` changes. Call what this returns to stop it."""

    # Doors that are there now, and what they send each other: nothing of it is stored

    async def doors(self, event: str) -> Sequence[Presence]:
        """The doors that are at the event now, this one too, sorted by their lanes' names.

        Raises HubAwayError.
        """

    def show(self, event: str, **fields: Unpack[Shown]) -> None:
        """Show these figures of ours to the other doors from now on."""

    def broadcast(self, event: str, kind: str, fields: Mapping[str, Any]) -> None:
        """Send something to the doors that are there now, if the hub can be reached.

        `kind`: one word, in letters. `fields`: JSON of less than 60 kB.
        """

    def watch_broadcasts(self, event: str, kind: str, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with what others send of that kind. Call what this returns to stop it."""
