"""The one place that sends: a `Call` goes out, a `Reply` comes back, or an error of the tree.

Uses httpx's transport without its client on top: no cookies, no redirects, no proxy or password
from the environment can come in. The key goes to the site's own origin and nowhere else.
"""

import asyncio
import hashlib
import json
import os
import socket
import ssl
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import anyio._backends._asyncio  # noqa: F401 - httpx loads it with the first connection, on the loop
import httpcore  # noqa: F401 - so it does this
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
_CHUNK = 256 * 1024
"""Bytes that are kept together: so many lie in a block of their own, which goes back to the system
as soon as they are let go of."""

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
        self._connect = _connecting(limits) if transport is None else lambda: transport
        self._is_shared = transport is not None
        self._made: set[RetryTransport] = set()
        self._idle: list[RetryTransport] = []
        """The one used last is the last."""
        self._retry = Retry(
            total=limits.retries,
            allowed_methods=["GET"],
            # 429 and 503 say when to come back; 504 and 520 to 524 took a minute or two each.
            status_forcelist=[502],
            retry_on_exceptions=[httpx.NetworkError, httpx.RemoteProtocolError],
            backoff_factor=limits.backoff,
            respect_retry_after_header=False,  # some of what may stand there is an error to it
            total_timeout=5.0,
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
        for connection in self._made:
            await connection.aclose()

    async def _exchange(self, call: Call[Any]) -> Reply:
        connection = self._idle.pop() if self._idle else self._make_connection()
        try:
            response = await connection.handle_async_request(self._request(call))
            try:
                reply = await self._receive(call, response)
            finally:
                await response.aclose()
        except BaseException:
            # Cut off before it was connected, the library holds it to be in use for ever.
            self._made.remove(connection)
            if not self._is_shared:
                await connection.aclose()
            raise
        self._idle.append(connection)
        return reply

    def _make_connection(self) -> RetryTransport:
        """One that is made again whenever it was closed, as many as there are requests at once.

        In a pool of several each request looks twice at all that are idle, for longer than it takes
        to be sent.
        """
        connection = RetryTransport(self._connect(), self._retry)
        self._made.add(connection)
        return connection

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

    def without_key(self, text: str) -> str:
        """`text` as it may be read by people and logged."""
        return without(text, self._key.get_secret_value())

    def _failure(self, call: Call[Any], error: Exception) -> TicketbutlerError:
        """What it means that the library gave up."""
        words = self.without_key(str(error))
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


def _connecting(limits: Limits) -> Callable[[], httpx.AsyncBaseTransport]:
    """Makes what connects, and trusts whom this computer trusts.

    Raises OSError: `SSL_CERT_FILE` cannot be read.
    """
    trusted = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # unlike ssl's, logs no session's key
    if more := os.environ.get("SSL_CERT_FILE"):
        trusted.load_verify_locations(more)
    one = httpx.Limits(
        max_connections=1, max_keepalive_connections=1, keepalive_expiry=limits.keepalive
    )
    return partial(httpx.AsyncHTTPTransport, verify=trusted, limits=one)


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
        self._chunks: list[bytes] = []
        self._newest: list[bytes] = []
        self._size = 0
        """Of the newest, which become a chunk."""

    @property
    def chunks(self) -> list[bytes]:
        """What has come so far."""
        self._join()
        return self._chunks

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
            self._newest.append(piece)
            self._size += len(piece)
            if self._size >= _CHUNK:
                self._join()

    def _join(self) -> None:
        if self._newest:
            self._chunks.append(b"".join(self._newest))
            self._newest, self._size = [], 0
