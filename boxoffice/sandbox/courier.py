"""Webhooks really delivered: each is posted to its receiver, again after a while where that fails.

Only receivers on this computer are called; for any other the log says why not. A message is
written when something happens, on whatever thread; it is posted on the server's own loop.
"""

import asyncio
import ipaddress
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit

from anyio import to_thread

from boxoffice.sandbox.models import Event, Order, Ticket, Webhook
from boxoffice.sandbox.shapes import encode
from boxoffice.sandbox.shapes_orders import Shapes
from boxoffice.sandbox.state import State

RETRIES = (1.0, 3.0, 9.0, 27.0)
"""Seconds between one try and the next."""
TIMEOUT = 10.0
AT_ONCE = 8
MOST_WAITING = 5000
KEPT = 10_000
LONGEST_ANSWER = 60_000
_STOPPED = "The server was stopped."
_SAFE = "/?&=%:@!$'()*+,;~#[]"


class Stage(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class Delivery:
    """One message to one receiver."""

    at: datetime
    hook: str
    """The webhook's uuid."""
    url: str
    action: str
    body: bytes
    tries: int = 0
    stage: Stage = Stage.WAITING
    status: int | None = None
    """What the receiver answered last."""
    reason: str = ""
    """Why the last try, or the whole delivery, failed."""


class _NoReceiverError(Exception):
    """The receiver may not be called at all."""


class Courier:
    """Delivers what happens to the webhooks that want to know. `log` holds the newest messages."""

    def __init__(
        self, state: State, shapes: Shapes, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self.timeout = TIMEOUT
        self._state = state
        self._shapes = shapes
        self._sleep = sleep
        self._log: deque[Delivery] = deque(maxlen=KEPT)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)
        state.listener = self.notify

    def __iter__(self) -> Iterator[Delivery]:
        return iter(list(self._log))

    def clear(self) -> None:
        self._log.clear()

    def start(self) -> None:
        """Deliver on the running loop from now on."""
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        """Give up what is not delivered yet."""
        self._loop = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for delivery in list(self._log):
            if delivery.stage is Stage.WAITING:
                _fail(delivery, _STOPPED)

    def notify(self, action: str, what: Event | Order | Ticket) -> None:
        """Let every webhook know that wants to. From any thread."""
        hooks = [hook for hook in list(self._state.webhooks.values()) if hook.wants(action)]
        if not hooks:
            return
        from boxoffice.sandbox.shapes_hooks import Envelopes  # noqa: PLC0415 - not at the start

        envelopes = Envelopes(self._shapes)
        for hook in hooks:
            body = encode(envelopes.body(hook, action, what)).encode("utf-8", "replace")
            self._send(Delivery(self._state.now(), hook.uuid, hook.url, action, body))

    def _send(self, delivery: Delivery) -> None:
        self._log.append(delivery)
        loop = self._loop
        try:
            if loop is None:
                _fail(delivery, _STOPPED)
            else:
                loop.call_soon_threadsafe(self._begin, delivery)
        except RuntimeError:  # the loop was closed meanwhile
            _fail(delivery, _STOPPED)

    def _begin(self, delivery: Delivery) -> None:
        if self._loop is None:
            _fail(delivery, _STOPPED)
        elif len(self._tasks) >= MOST_WAITING:
            _fail(delivery, f"More than {MOST_WAITING} messages wait.")
        else:
            task = self._loop.create_task(self._deliver(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        for pause in (*RETRIES, None):
            hook = self._state.webhooks.get(delivery.hook)
            if hook is None or not hook.active:
                _fail(delivery, "The webhook was removed or switched off.")
            else:
                async with self._turns:
                    await self._try(delivery, hook)
            if delivery.stage is not Stage.WAITING:
                return
            if pause is not None:
                await self._sleep(pause)
        delivery.stage = Stage.FAILED

    async def _try(self, delivery: Delivery, hook: Webhook) -> None:
        delivery.tries += 1
        delivery.url, delivery.status = hook.url, None
        try:
            async with asyncio.timeout(self.timeout):
                delivery.status = await to_thread.run_sync(
                    _post, hook.url, delivery.body, self.timeout, abandon_on_cancel=True
                )
        except _NoReceiverError as error:
            delivery.tries = 0
            _fail(delivery, str(error))
        except TimeoutError:
            delivery.reason = f"No answer within {self.timeout:g} s."
        except (OSError, HTTPException, ValueError) as error:
            delivery.reason = f"No answer: {type(error).__name__}."
        else:
            delivered = 200 <= delivery.status < 300
            delivery.reason = "" if delivered else f"The receiver answered {delivery.status}."
            delivery.stage = Stage.DELIVERED if delivered else Stage.WAITING


def _fail(delivery: Delivery, reason: str) -> None:
    delivery.stage, delivery.reason = Stage.FAILED, reason


def _post(url: str, body: bytes, timeout: float) -> int:
    """Post `body` as JSON, and wait; the status that is answered.

    Raises _NoReceiverError where the receiver may not be called.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    # Never by name: a name could lead elsewhere.
    hosts = ("127.0.0.1", "::1") if host == "localhost" else (host,)
    try:
        local = ipaddress.ip_address(hosts[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise _NoReceiverError("Not sent: only receivers on this computer are called.")
    if parts.scheme.lower() != "http":
        raise _NoReceiverError("Not sent: only receivers without TLS are called.")
    target = quote(parts.path or "/", safe=_SAFE) + (
        f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    )
    headers = {
        "Host": parts.netloc,
        "User-Agent": "Ticketbutler",
        "Content-Type": "application/json",
        "Connection": "close",
    }
    for address in hosts:
        connection = HTTPConnection(address, parts.port or 80, timeout=timeout)
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            answer.read(LONGEST_ANSWER)  # what is not read would reset the receiver's connection
            return answer.status
        except ConnectionRefusedError:
            if address == hosts[-1]:
                raise
        finally:
            connection.close()
    raise ValueError("no host")
