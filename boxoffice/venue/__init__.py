"""Several doors with one truth: what a lane may ask of the hub, whatever engine is behind it.

The engine is NATS JetStream: a stream in which the server itself refuses the second message of a
subject. Nothing here is imported by a computer that never joined a venue; `protocol` has the words
that doors and hub exchange.
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
"""What `boxoffice[hub]` brings."""
MISSING = N_("Several doors need more than is installed here: run pip install 'boxoffice[hub]'.")
"""What is said where the extra is not there."""

After = Callable[[str, int], Awaitable[int]]
"""The number of the last message that was taken up of this record and epoch; 0: none."""
Apply = Callable[[str, int, Sequence[Message]], Awaitable[None]]
"""Takes up what the feed brings: record, epoch, at most 250 messages in the order of their numbers.

A record is a hub's list of what happened at an event: another one once that hub's store is emptied,
so that claims which were won there have to be claimed again. Of each new connection one batch is
empty: all there was when it began has been taken up. What it raises ends the feed; that begins
again after what was taken up.
"""
Watcher: TypeAlias = Callable[[str, dict[str, Any]], None]
"""Takes a device, and what it says: JSON from outside."""


class HubAwayError(Exception):
    """The hub was not asked, or did not answer in time."""


@contextmanager
def extra_needed() -> Iterator[None]:
    """Raises ProblemError where the part of the installation is missing that venues need."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        raise ProblemError(_(MISSING)) from error


class Venue(Protocol):
    """A computer's membership, at work. Its methods are called on the caller's event loop."""

    @property
    def device(self) -> str:
        """Whose claims ours are, as it stands in its claims."""

    @property
    def status(self) -> VenueStatus: ...

    async def put(self, message: Message) -> bool:
        """Have the hub store what nobody contests, or that the site has a ticket out.

        True: it is there, by this or by another. False: that is not known, so put it once more.
        """

    async def take(self, event: str, ticket: str, round_: int, at: datetime | None = None) -> Taken:
        """Claim that `ticket` goes in. Answers within 0.35 s, at once where the hub is away.

        Where a door has used the round already, or another hub's is meant, so that the one before
        it is not there, goes on from the ticket's last one: lost where another door has it in, won
        where that door is this computer. `at`: when it went in; None: now.
        """

    async def release(
        self, event: str, ticket: str, round_: int, at: datetime | None = None
    ) -> Taken:
        """Claim that `ticket`, in by our own even `round_`, is out again.

        Won also where it is out already; lost where another door has it in. Where the hub does not
        have the round, it is claimed first: rounds follow each other without a gap.
        """

    async def attempt(self, attempt: Attempt) -> Attempt | None:
        """Take a turn at a posted check-in: the one that stands there, ours or another.

        None: that is not known, and ours may stand there, also later.
        """

    async def read_pool(self, event: str, kind: str) -> tuple[int, Pool] | None:
        """The seats of a ticket type, and how often they were divided anew; 0: never.

        None: the hub did not answer.
        """

    async def write_pool(self, event: str, kind: str, number: int, pool: Pool) -> bool:
        """Have `pool` be the one with that number, which is the next to the one that was read.

        False: somebody else's is, or that is not known: it may arrive later, so read it again.
        """

    def follow(self, event: str, after: After, apply: Apply) -> Callable[[], None]:
        """Have `apply` take up every message at `event`, from the one after `after(record, epoch)`.

        Read again from there with each new connection, until the answer is called.
        """

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` when `status` changes, until the answer is called."""

    # Who is there, and what they say: nothing of it is stored

    async def doors(self, event: str) -> Sequence[Presence]:
        """Those that are at the event, by their lanes' names, this one with them.

        Raises HubAwayError.
        """

    def show(self, event: str, **fields: Unpack[Shown]) -> None:
        """Have the other doors see this of ours from now on."""

    def broadcast(self, event: str, kind: str, fields: Mapping[str, Any]) -> None:
        """Send it to the doors that are there now, if the hub is reached: JSON, below 60 kB.

        `kind`: one word, in letters.
        """

    def watch_broadcasts(self, event: str, kind: str, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with what others send of that kind, until the answer is called."""
