"""How requests go out: slots, the connection made at the first one, errors, the observer."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from boxoffice.clock import Clock, SiteClock, SystemClock
from boxoffice.collector import collector_paused
from boxoffice.domain.secret_text import SecretStr
from boxoffice.language import _
from boxoffice.ticketbutler.errors import KeyRefused, TicketbutlerError, Unreachable
from boxoffice.ticketbutler.parsers import read_site
from boxoffice.ticketbutler.wire import Call, Exchange, Limits, Reply, check, read_date, result

if TYPE_CHECKING:
    import httpx

    from boxoffice.ticketbutler.transport import Transport

log = logging.getLogger(__name__)

T = TypeVar("T")

_LONG = 64 * 1024
"""Bytes of an answer that is decoded in a thread."""

KeySource = Callable[[], Awaitable[SecretStr]]
"""Gives the key when the first request is about to be made; raises KeyMissing."""

_Reads = dict[tuple[str, SecretStr | KeySource, str], Reply]
"""By site, key and target."""
_reads: ContextVar[_Reads | None] = ContextVar("_reads", default=None)


@contextmanager
def reading_once(*, anew: bool = False) -> Iterator[None]:
    """Within this, what `Session.send` has read is not asked for again, until something is written.

    One within another is the same, unless it begins `anew`.
    """
    outer = _reads.get()
    token = _reads.set({} if outer is None or anew else outer)
    try:
        yield
    finally:
        _reads.reset(token)


class Session:
    """One site, asked with one key. To be used as an async context manager, on one event loop."""

    def __init__(
        self,
        site: str,
        token: SecretStr | KeySource,
        *,
        clock: Clock | None = None,
        observe: Callable[[Exchange], None] | None = None,
        limits: Limits | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        """Prepare for `site` (see `read_site`) and its key; nothing is sent yet.

        `token`: the key, or what gives it; no request goes out without. `observe` gets every
        request that is over. A `clock` that is a `SiteClock` is set by what the answers say the
        time is. `transport` takes the network's place.

        Raises SiteError where the address cannot be used, and KeyRefused where the key holds what
        no key holds.
        """
        self.site = read_site(site)
        self._token = _read_key(token) if isinstance(token, SecretStr) else token
        self._clock = clock or SystemClock()
        self._observe = observe
        self._limits = limits or Limits()
        self._custom_transport = transport
        self._transport: Transport | None = None
        self._is_loaded = False
        self._loading = asyncio.Lock()
        self._opening = asyncio.Lock()
        self._slots = asyncio.Semaphore(self._limits.at_once)

    def __repr__(self) -> str:
        return f"<Ticketbutler {self.site}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._transport is not None:
            await self._transport.close()

    async def send(self, call: Call[T], read: Callable[[Call[T], Reply], T] = result) -> T:
        """Send `call`; gives what `read` makes of the answer, a long one in a thread.

        Raises TicketbutlerError: not reached, not a 2xx, or `read` could make nothing of the
        answer.
        """
        reads, place = _reads.get(), (self.site, self._token, call.target)

        async def decoded(call: Call[T], reply: Reply) -> T:
            if reads is not None and call.method == "GET":
                reads[place] = reply
            if reply.size > _LONG:
                return await asyncio.to_thread(_read_long, call, reply, read)
            return read(call, reply)

        if reads is not None and call.method != "GET":
            reads.clear()
        elif reads is not None and (known := reads.get(place)) is not None:
            return await decoded(call, known)
        return await self.exchange(call, decoded)

    async def exchange(
        self, call: Call[Any], read: Callable[[Call[Any], Reply], Awaitable[T]]
    ) -> T:
        """Send `call`; gives what `read` makes of the answer, and reports to the observer.

        Raises TicketbutlerError: not reached, not a 2xx, or `read` could make nothing of the
        answer.
        """
        began = ended = self._clock.monotonic()
        try:
            async with self._slots:
                began = self._clock.monotonic()
                try:
                    transport = await self.open()
                    reply = await transport.send(call)
                finally:
                    ended = self._clock.monotonic()
            self._set_clock(reply, ended - began, ended)
            now = self._clock.now()
            check(call, reply, site=self.site, now=now, redact=transport.without_key)
            value = await read(call, reply)
        except TicketbutlerError as error:
            self._report(Exchange(call.method, call.path, ended - began, ended, error))
            raise
        self._report(Exchange(call.method, call.path, ended - began, ended, None))
        return value

    def _set_clock(self, reply: Reply, seconds: float, ended: float) -> None:
        """Set a clock that goes by the site's."""
        if isinstance(self._clock, SiteClock) and (date := read_date(reply)) is not None:
            self._clock.record(date, seconds=seconds, ended=ended)

    def _report(self, exchange: Exchange) -> None:
        if exchange.error is not None:
            log.info("%s", exchange.error)
        if self._observe is not None:
            self._observe(exchange)

    async def load(self) -> None:
        """Load, in a thread, what requests are made with and answers are read by.

        That takes longer than the start of a screen. The first request does it, where nobody has
        done it before.
        """
        async with self._loading:
            if not self._is_loaded:
                with collector_paused:  # what is loaded stays
                    await asyncio.to_thread(self._load)
                self._is_loaded = True

    async def open(self) -> "Transport":
        """Load all, and read this computer's certificates, in a thread too.

        The first request does it, as with `load`. Raises Unreachable, KeyMissing or KeyRefused.
        """
        await self.load()
        async with self._opening:
            if self._transport is None:
                token = self._token
                key = token if isinstance(token, SecretStr) else _read_key(await token())
                try:
                    self._transport = await asyncio.to_thread(self._make_transport, key)
                except OSError as error:
                    raise Unreachable(
                        f"no certificates: {error}",
                        _(
                            "This computer's list of certificates cannot be read: check "
                            "SSL_CERT_FILE."
                        ),
                    ) from error
            return self._transport

    def _load(self) -> None:
        # httpx does without its command line where there is none, and so without click, rich and
        # pygments, which take as long to load as it does.
        sys.modules.setdefault("httpx._main", cast(ModuleType, None))
        import boxoffice.ticketbutler.transport  # noqa: F401, PLC0415 - see `load`

    def _make_transport(self, key: SecretStr) -> "Transport":
        from boxoffice.ticketbutler.transport import Transport  # noqa: PLC0415 - see `load`

        return Transport(self.site, key, self._limits, self._custom_transport)


def _read_long(call: Call[T], reply: Reply, read: Callable[[Call[T], Reply], T]) -> T:
    with collector_paused:
        return read(call, reply)


def _read_key(token: SecretStr) -> SecretStr:
    """The key as a header can hold it, without what was copied along with it."""
    key = token.get_secret_value().strip()
    if key.split()[:1] == ["Token"]:
        key = key.removeprefix("Token").lstrip()
    if not key or " " in key or not key.isascii() or not key.isprintable():
        raise KeyRefused(
            "not a key",
            _("This is not a key: copy it from “General settings > API access” of the site."),
        )
    return SecretStr(key)
