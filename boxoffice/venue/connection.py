"""One connection to the hub. Whatever is asked through it ends within a time of our own choosing.

Once it is lost it stays lost: another is made in its place. A cut cable says nothing, so the hub is
asked for a sign of life twice a second.
"""

import asyncio
import json
import ssl
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Self, TypeAlias, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import Header

from boxoffice.domain.invitation import Address
from boxoffice.domain.venue import StoreTrouble
from boxoffice.language import _
from boxoffice.venue import HubAwayError
from boxoffice.venue.client import CLIENT_ERRORS, abandon, bounded, connect, cut
from boxoffice.venue.membership import Membership

T = TypeVar("T")
EndListening: TypeAlias = Callable[[], Coroutine[Any, Any, None]]
"""Raises HubAwayError."""

CONNECTS_WITHIN = 1.5
"""Seconds for a connection, of which TLS needs the most."""
ANSWERS_WITHIN = 2.0
"""Seconds for what no scan waits for."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
BEAT = 0.5
"""Seconds between two signs of life."""
SLICE, SLICES = 0.25, 4
"""Seconds that one is waited for at a time, and how often: where this computer stands still for a
while, one of them passes, and not the whole."""
PINGS_WITHIN = 3600
"""Seconds that the client waits for one by itself: we do not, and end it with the connection."""
LITTLE = 1 << 19
"""Bytes below which what is sent does not wait for the network, one message more or less."""
NOBODY = "503"
"""Status of the engine."""


class HubRefusedError(HubAwayError):
    """A hub answers, and must not be used; the sentence is for a person."""


class NobodyListensError(HubAwayError):
    """The engine answers that no stream and no program takes the subject."""


class NoStoreError(HubAwayError):
    """The engine gives signs of life, and stores nothing; perhaps it reads nothing either."""


class TroubleError(NoStoreError):
    """The hub says itself that it can store nothing."""

    def __init__(self, trouble: StoreTrouble) -> None:
        super().__init__(f"it stores nothing: {trouble}")
        self.trouble = trouble


class Connection:
    """To be made by `open`, and used on the loop that it was made on."""

    def __init__(self, client: Client) -> None:
        """`client`: connected."""
        self.is_local = False
        """The hub is on this computer."""
        self._client = client
        self._inbox = client.new_inbox()
        self._numbers = count()
        self._asked: dict[str, asyncio.Future[Msg]] = {}
        """Who waits for an answer, by the subject that it comes to."""
        self._pinging: asyncio.Task[None] | None = None
        self._lost: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        if (reading := client._reading_task) is not None:
            reading.add_done_callback(lambda _: self.lose(HubAwayError("the connection ended")))

    @classmethod
    async def open(cls, address: Address, membership: Membership) -> Self:
        """Raises HubAwayError; HubRefusedError where another computer answers, or it says no."""
        try:
            client = await connect(
                str(address),
                membership.user,
                membership.password.get_secret_value(),
                membership.certificate,
                CONNECTS_WITHIN,
            )
        except ssl.SSLCertVerificationError as error:
            raise HubRefusedError(
                _("{address} is not {venue}, and answers in its place: ignored.").format(
                    address=address, venue=membership.venue
                )
            ) from error
        except CLIENT_ERRORS as error:
            if "authorization" in str(error).lower():
                raise HubRefusedError(
                    _("{venue} does not know this computer any more: join it again.").format(
                        venue=membership.venue
                    )
                ) from error
            raise HubAwayError(f"{address}: {error}") from error
        connection = cls(client)
        connection.is_local = address.host in LOOPBACK
        try:
            await connection.listen(f"{connection._inbox}.*", connection._take_answer)
        except BaseException:
            await connection.close()
            raise
        return connection

    @property
    def lost_by(self) -> Exception | None:
        """None: it is not lost."""
        return self._lost.result() if self._lost.done() else None

    @property
    def engine(self) -> tuple[int, int]:
        """Its version."""
        version = self._client.connected_server_version
        return version.major, version.minor

    def lose(self, error: Exception) -> None:
        """Have everything that waits for the hub end, and `watch` raise the error."""
        if not self._lost.done():
            self._lost.set_result(error)
            for waiting in self._asked.values():
                _fail(waiting, str(error))

    async def close(self) -> None:
        """End it, without asking the hub."""
        self.lose(HubAwayError("the connection was closed"))
        await cut(self._client)
        if self._pinging is not None:
            abandon(self._pinging)

    async def watch(self) -> None:
        """Look for signs of life until there is none; raises what the connection was lost by.

        A cut cable is noticed in `BEAT` and `SLICE` times `SLICES` seconds.
        """
        while not self._lost.done():
            await self._ping()
            await asyncio.wait({self._lost}, timeout=BEAT)
        raise self._lost.result()

    async def _ping(self) -> None:
        """One that is not waited for goes on until the connection is closed.

        The client keeps it, and stops reading where the answer comes to one that was cancelled.
        """
        self._pinging = pinging = asyncio.ensure_future(self._client.flush(PINGS_WITHIN))
        either: set[asyncio.Future[Any]] = {pinging, self._lost}
        try:
            for _ in range(SLICES):
                await asyncio.wait(either, timeout=SLICE, return_when=asyncio.FIRST_COMPLETED)
                if pinging.done() or self._lost.done():
                    break
            else:
                self.lose(HubAwayError("the hub has given no sign of life"))
        finally:
            if not pinging.done():
                self.lose(HubAwayError("a sign of life was not waited for"))
            elif not pinging.cancelled() and (error := pinging.exception()) is not None:
                self.lose(HubAwayError(str(error)))

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """What `work` gives. Raises HubAwayError past these seconds, or when the hub is lost."""
        with _client_errors_as_away():
            return await bounded(work, seconds, self._lost)

    async def ask(self, subject: str, body: bytes = b"") -> dict[str, Any]:
        """The answer, which is a JSON object. Raises HubAwayError.

        Nothing of the library's is waited for, so that whoever asks goes on as the answer is there.
        """
        if self.lost_by is not None:
            raise HubAwayError(str(self.lost_by))
        loop, inbox = asyncio.get_running_loop(), f"{self._inbox}.{next(self._numbers)}"
        self._asked[inbox] = waiting = loop.create_future()
        late = f"no answer within {ANSWERS_WITHIN:g} s"
        deadline = loop.call_later(ANSWERS_WITHIN, _fail, waiting, late)
        try:
            await self.publish(subject, body, inbox)
            answer = await waiting
        finally:
            deadline.cancel()
            del self._asked[inbox]
        if (answer.headers or {}).get(Header.STATUS) == NOBODY:
            raise NobodyListensError(f"nobody listens to {subject}")
        try:
            fields = json.loads(answer.data)
        except (ValueError, RecursionError) as error:
            raise HubAwayError(f"{subject}: the answer is no JSON") from error
        if not isinstance(fields, dict):
            raise HubAwayError(f"{subject}: the answer is no object")
        return fields

    async def publish(self, subject: str, body: bytes, reply: str = "") -> None:
        """Send it; whether somebody takes it is not asked. Raises HubAwayError."""
        publishing = self._client.publish(subject, body, reply)
        if self._client.pending_data_size < LITTLE:
            with _client_errors_as_away():
                await publishing
        else:
            await self.within(ANSWERS_WITHIN, publishing)

    async def listen(self, subject: str, notify: Callable[[Msg], None]) -> EndListening:
        """Call `notify` with what comes to the subject, until the answer is called.

        What it raises ends the connection. Raises HubAwayError.
        """

        async def relay(message: Msg) -> None:
            try:
                notify(message)
            except Exception as error:  # noqa: BLE001 - raised by `watch`
                self.lose(error)

        subscription = await self.within(ANSWERS_WITHIN, self._client.subscribe(subject, cb=relay))

        async def end() -> None:
            await self.within(ANSWERS_WITHIN, subscription.unsubscribe())

        return end

    def _take_answer(self, message: Msg) -> None:
        waiting = self._asked.get(message.subject)
        if waiting is not None and not waiting.done():
            waiting.set_result(message)

    def new_inbox(self) -> str:
        """A subject that nobody else can read."""
        return self._client.new_inbox()


def _fail(waiting: "asyncio.Future[Msg]", why: str) -> None:
    if not waiting.done():
        waiting.set_exception(HubAwayError(why))
        waiting.exception()  # or asyncio warns of it where nobody waits any more


@contextmanager
def _client_errors_as_away() -> Iterator[None]:
    try:
        yield
    except CLIENT_ERRORS as error:
        raise HubAwayError(str(error)) from error
