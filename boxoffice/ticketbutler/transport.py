"""The one place that sends: a `Call` goes out, a `Reply` comes back, or an error of the tree.

Uses httpx's transport without its client on top: no cookies, no redirects, no proxy or password
from the environment can come in. The key goes to the site's own origin and nowhere else.
"""

import asyncio
import hashlib
import json
import os
import select
import socket
import ssl
import sys
import zlib
from typing import Any, cast

import httpcore
import httpx
import truststore
from httpx_retries import Retry, RetryTransport

from boxoffice import __version__
from boxoffice.domain.secret_text import SecretStr, without
from boxoffice.domain.text import clean
from boxoffice.language import _
from boxoffice.ticketbutler.errors import NoAnswer, TicketbutlerError, Unreachable, Unreadable
from boxoffice.ticketbutler.wire import Call, Limits, Reply, WrongShape

_WORDS = 64 * 1024
"""Bytes read of an answer that is a refusal."""
_PIECE = 1024 * 1024
"""Bytes that are decompressed in one go."""

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)


class Transport:
    """Sends to one site with one key."""

    def __init__(
        self,
        site: str,
        key: SecretStr,
        limits: Limits,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._site = site
        self._key = key
        self._limits = limits
        self._transport = RetryTransport(
            transport or _Plain(limits),
            Retry(
                total=limits.retries,
                allowed_methods=["GET"],
                # 429 and 503 say when to come back; 504 and 520 to 524 took a minute or two each.
                status_forcelist=[502],
                retry_on_exceptions=[httpx.NetworkError, httpx.RemoteProtocolError],
                backoff_factor=limits.backoff,
                total_timeout=5.0,
            ),
        )
        self._once = Retry(total=0)
        self._headers = {
            "Authorization": f"Token {key.get_secret_value()}",
            "Accept-Encoding": "gzip",
            "Accept-Language": "en",
            "User-Agent": f"boxoffice/{__version__}",
        }

    async def send(self, call: Call[Any]) -> Reply:
        """The answer to `call`, of whatever status, within the bounds of time and size."""
        limits = self._limits
        total = limits.list_total if call.large else limits.total
        total = limits.order_total if call.slow else total
        try:
            async with asyncio.timeout(total):
                return await self._exchange(call)
        except TimeoutError:
            failure: TicketbutlerError = NoAnswer(f"{call}: not over after {total:g} s")
        except WrongShape as error:
            failure = Unreadable(f"{call}: {error}")
        except (httpx.HTTPError, OSError) as error:
            failure = self._failure(call, error)
        # Raised out here, it does not carry the library's error along, nor the request with the key
        # in the frames of that error's traceback.
        raise failure

    async def close(self) -> None:
        await self._transport.aclose()

    async def _exchange(self, call: Call[Any]) -> Reply:
        response = await self._transport.handle_async_request(self._request(call))
        try:
            return await self._receive(call, response)
        finally:
            await response.aclose()

    def _request(self, call: Call[Any]) -> httpx.Request:
        limits = self._limits
        headers = self._headers | {"Accept": call.accept}
        content = None
        if call.body is not None:
            content = json.dumps(call.body).encode()
            headers["Content-Type"] = "application/json"
        read = limits.list_read if call.large else limits.read
        extensions: dict[str, object] = {
            "timeout": {
                "connect": limits.connect,
                "read": limits.order_read if call.slow else read,
                "write": limits.read,
                "pool": limits.read,
            }
        }
        if not call.retry:
            extensions["retry"] = self._once
        return httpx.Request(
            call.method,
            f"{self._site}{call.target}",
            headers=headers,
            content=content,
            extensions=extensions,
        )

    async def _receive(self, call: Call[Any], response: httpx.Response) -> Reply:
        good = response.is_success
        bound = self._limits.list_size if call.large else self._limits.size
        bound = self._limits.pdf_size if call.paper else bound
        headers = response.headers
        body = BoundedBody(
            headers.get("content-encoding", "") if good else "", bound if good else _WORDS
        )
        fingerprint = ""
        try:
            async for part in cast(httpx.AsyncByteStream, response.stream):
                body.add(part)
            fingerprint = body.end()
        except (httpx.HTTPError, WrongShape):
            if good:
                raise
            # Of a refusal the status is enough; its words are read as far as they come.
        return Reply(
            response.status_code,
            body.chunks,
            headers.get("content-type", ""),
            headers.get("location", ""),
            headers.get("retry-after", ""),
            fingerprint,
            headers.get_list("date")[-1] if "date" in headers else "",
        )

    def _failure(self, call: Call[Any], error: Exception) -> TicketbutlerError:
        """What it means that the library gave up."""
        words = without(str(error), self._key.get_secret_value())
        detail = f"{call}: {type(error).__name__} {clean(words)}".rstrip()
        if not isinstance(error, _NOT_SENT):
            return NoAnswer(detail)
        host = self._site.partition("://")[2]
        causes = _causes(error)
        if isinstance(error, httpx.ConnectError) and any(
            isinstance(cause, ssl.SSLError) for cause in causes
        ):
            if not any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
                sentence = _(
                    "The connection to {host} is not trusted: log in to the network in a web "
                    "browser, or set this computer's clock."
                )
            else:
                sentence = _(
                    "The connection to {host} is not trusted: log in to the network in a web "
                    "browser, set this computer's clock, or, where a firewall or antivirus "
                    "inspects TLS, have its certificate put in this computer's trust store."
                )
        elif any(isinstance(cause, socket.gaierror) for cause in causes):
            sentence = _("{host} is not found: check the network and the site's address.")
        else:
            sentence = _("{host} cannot be reached: check the network.")
        return Unreachable(detail, sentence.format(host=host))


class _Plain(httpx.AsyncHTTPTransport):
    """Trusts whom this computer trusts."""

    def __init__(self, limits: Limits) -> None:
        """Raises OSError: `SSL_CERT_FILE` cannot be read."""
        # Unlike ssl's, it logs no session's key.
        trusted = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if more := os.environ.get("SSL_CERT_FILE"):
            trusted.load_verify_locations(more)
        super().__init__(verify=trusted)
        self._pool = httpcore.AsyncConnectionPool(
            trusted,
            max_connections=limits.at_once,
            max_keepalive_connections=limits.at_once,
            keepalive_expiry=limits.keepalive,
            network_backend=_Backend(),
        )


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects as httpcore does."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._backend.connect_tcp(*args, **options))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection of httpcore's that knows its socket.

    Twice a request the pool looks whether any idle connection was closed by the other side. To find
    the socket anew each time would take more of the processor than to read the answers.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket: socket.socket = stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(*args, **options))

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable" or sys.platform == "win32":
            return self._stream.get_extra_info(info)
        number = self._socket.fileno()
        if number < 0:
            return True
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))


def _causes(error: BaseException | None) -> list[BaseException]:
    causes: list[BaseException] = []
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__
    return causes


class BoundedBody:
    """The body of an answer while it arrives: decompressed within a bound, hashed, in pieces.

    Takes pieces as they come; `chunks` and `fingerprint` are of what they decompress to.

    Decompresses itself instead of leaving it to the HTTP library, which makes the whole of a piece
    before its size can be seen: a few kilobytes may stand for gigabytes.
    """

    def __init__(self, encoding: str, bound: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise WrongShape("a compression that was not asked for")
        self._unzip = zlib.decompressobj(wbits=31) if encoding.endswith("gzip") else None
        self._hash = hashlib.blake2b(digest_size=16)
        self._left = bound
        self.chunks: list[bytes] = []

    def add(self, part: bytes) -> None:
        """Take what has come; WrongShape when it is too much or no gzip."""
        if self._unzip is None:
            self._append(part)
            return
        while part and not self._unzip.eof:
            try:
                self._append(self._unzip.decompress(part, _PIECE))
            except zlib.error:
                raise WrongShape("broken gzip") from None
            part = self._unzip.unconsumed_tail

    def end(self) -> str:
        """The fingerprint of the whole; WrongShape when the end is missing."""
        if self._unzip is not None and not self._unzip.eof:
            raise WrongShape("gzip cut off")
        return self._hash.hexdigest()

    def _append(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise WrongShape("larger than the bound")
        if piece:
            self._hash.update(piece)
            self.chunks.append(piece)
