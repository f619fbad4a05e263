"""Requests and answers as values, and what an answer means. Nothing here sends anything.

Whatever the site answers, the result is a value of the type that was asked for, or one of the
errors in `boxoffice.ticketbutler.errors`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.language import N_, _
from boxoffice.ticketbutler.errors import (
    CaptivePortal,
    Forbidden,
    Gone,
    KeyRefused,
    NoAnswer,
    NoPage,
    NotAllowed,
    NotFound,
    Refused,
    ServerFault,
    TicketbutlerError,
    TooMany,
    Unreadable,
    refusal_sentence,
    texts_of,
)
from boxoffice.ticketbutler.parsers import without_tags

T = TypeVar("T")


class _Named(Protocol):
    @property
    def uuid(self) -> str: ...


Named = TypeVar("Named", bound=_Named)

Redact = Callable[[str], str]

PREFIX = "/api/v3/"

_JSON_STARTS = frozenset({b"{", b"[", b'"'})
_LONGEST_WAIT = 3600.0
"""Seconds that `Retry-After` may ask for."""
_WORDS = 160
"""Characters of the site's own words that a sentence may hold."""


class WrongShape(ValueError):
    """The answer does not have the shape that the document or the live service has."""


DECODER = json.JSONDecoder(parse_constant=lambda _name: None, strict=False)
"""Reads JSON as sites write it: `NaN` is null, and a raw control character in a text is allowed."""


THINGS = (
    *(N_("thing"), N_("event"), N_("ticket"), N_("ticket type"), N_("order"), N_("question")),
    *(N_("discount code"), N_("webhook"), N_("webhooks")),
)


class Call(NamedTuple, Generic[T]):
    """A request, and how to read its answer."""

    method: str
    path: str
    """The whole path, if it begins with a slash; else the part after `PREFIX`, with a slash at the
    end."""
    read: Callable[[object], T]
    """Makes the value from the decoded JSON, or raises `WrongShape`."""
    what: str = "thing"
    """One of `THINGS`, for the sentence that says that there is none."""
    query: str = ""
    body: object = None
    """Sent as JSON."""
    large: bool = False
    """The answer is a whole list of tickets: it may be long, and take long."""
    retry: bool = True
    """If it is a read, it may be tried again at once. A write never is."""
    slow: bool = False
    """The site has work to do before it answers."""
    paper: bool = False
    """The answer is a PDF, which is not part of the API."""
    accept: str = "application/json"
    sentences: Mapping[int, str] = {}
    """By status, what it means for this request, if the site's own words do not say."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def target(self) -> str:
        """The path and query of the request."""
        query = f"?{self.query}" if self.query else ""
        return f"{'' if self.path.startswith('/') else PREFIX}{self.path}{query}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that arrived within the limits."""

    status: int
    chunks: list[bytes] = field(default_factory=list, repr=False)
    content_type: str = ""
    location: str = field(default="", repr=False)
    retry_after: str = ""
    fingerprint: str = ""
    """A hash of the body."""
    date: str = ""
    """The `Date` header."""

    def drain(self) -> tuple[Iterator[bytes], "Reply"]:
        """The pieces of the body, each freed as the next is taken, and the answer without them.

        A long list is 34 MB, as much as what is made of it. The answer without them still knows
        `is_page`, and whether the body was empty.
        """
        rest = replace(self, chunks=self.chunks[:1])
        self.chunks.reverse()
        return (self.chunks.pop() for _ in range(len(self.chunks))), rest

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def size(self) -> int:
        return sum(map(len, self.chunks))

    @property
    def is_page(self) -> bool:
        """Whether it is a web page, by its content or its type."""
        start = b"".join(self.chunks[:1]).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if start == b"<":
            return True
        return "html" in self.content_type.lower() and start not in _JSON_STARTS


class Limits(NamedTuple):
    """The limits of requests. Times are in seconds, sizes in bytes after decompression."""

    connect: float = 3.0
    read: float = 10.0
    """For each piece of an answer."""
    total: float = 30.0
    list_read: float = 60.0
    list_total: float = 180.0
    order_read: float = 30.0
    """For placing an order, or making a PDF."""
    order_total: float = 45.0
    size: int = 8_000_000
    list_size: int = 256_000_000
    pdf_size: int = 20_000_000
    at_once: int = 8
    """How many requests run at once; more would only make each other slow."""
    keepalive: float = 60.0
    """How long a connection is kept, so that a quiet spell at the door costs no new handshake."""
    retries: int = 2
    """How often a read is tried again, if the connection or a proxy failed."""
    backoff: float = 0.2


class Exchange(NamedTuple):
    """A request that is over, from which the state of the link is derived."""

    method: str
    path: str
    seconds: float
    """From the request to the last byte of its answer."""
    ended: float
    """When that byte came, or the request was given up, on the monotonic clock. A long answer is
    decoded after that, before this exchange is reported."""
    error: TicketbutlerError | None


def check(call: Call[Any], reply: Reply, *, site: str, now: datetime, redact: Redact = str) -> None:
    """Raise the error that the status stands for; a 2xx raises nothing.

    `redact` takes the key out of the site's own words, should they repeat it.
    """
    if not 200 <= reply.status < 300:
        raise _refusal(call, reply, site=site, now=now, words=site_words(reply, redact))


def decode(call: Call[Any], reply: Reply) -> object:
    try:
        return DECODER.decode(str(reply.body, "utf-8-sig"))
    except (ValueError, RecursionError) as error:
        kind = type(error).__name__
    raise not_json(reply, f"{call}: {reply.status}, {reply.size} bytes: {kind}")


def not_json(reply: Reply, detail: str) -> TicketbutlerError:
    """The error for a 2xx whose body is not JSON."""
    if reply.is_page:
        sentence = _(
            "A web page answers in the site's place: log in to the network in a web browser, or "
            "check the site's address."
        )
        happened = _("A web page answers in the site's place.")
        # Over TLS the page may be from the site itself, after it did what was asked.
        return CaptivePortal(f"{detail}, a page", sentence, happened=happened, maybe_applied=True)
    if not reply.size:
        return Unreadable(
            f"{detail}, empty",
            _("The site's answer was empty: try again in a minute."),
            happened=_("The site's answer was empty."),
        )
    return Unreadable(detail)


def pong(call: Call[Any], reply: Reply) -> None:
    """Raise unless a 2xx can be the answer to `ping/`.

    The document does not show one, so any JSON will do, a few plain words, or nothing at all.
    """
    if reply.is_page or reply.size > _WORDS or reply.body.lstrip()[:1] in _JSON_STARTS:
        decode(call, reply)


def result(call: Call[T], reply: Reply) -> T:
    try:
        return call.read(decode(call, reply))
    except WrongShape as error:
        problem = str(error)
    raise Unreadable(f"{call}: {reply.status}: {problem}")


def site_words(reply: Reply, redact: Redact = str) -> str:
    """The site's own words about an error, in one short line, whatever form they have.

    Empty if it answered with a web page.
    """
    if reply.is_page:
        return ""
    try:
        text = reply.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    try:
        message = " ".join(texts_of(DECODER.decode(text)))
    except (ValueError, RecursionError):
        message = text
    return clean(redact(without_tags(message)), _WORDS)


def _refusal(
    call: Call[Any], reply: Reply, *, site: str, now: datetime, words: str
) -> TicketbutlerError:
    status = reply.status
    detail = f"{call}: {status}"
    wait = seconds_to_wait(reply.retry_after, now)
    match status:
        case 401 | 403 if status in call.sentences:
            return Forbidden(detail, _(call.sentences[status]))
        case 401:
            return KeyRefused(detail)
        case 403 if reply.is_page:
            return Forbidden(
                f"{detail} a page",
                _(
                    "Something before the site refused this (403): try another network, or ask the "
                    "organiser."
                ),
            )
        case 403:
            return Forbidden(detail)
        case 404 | 410 if reply.is_page:
            return NoPage(
                f"{detail} a page",
                _(
                    "A web page answers instead of Ticketbutler ({status}): check the site's "
                    "address."
                ).format(status=status),
            )
        case 404:
            none = _("The site has no such {thing}: refresh the list.").format(thing=_(call.what))
            sentence = call.sentences.get(status)
            return NotFound(detail, _(sentence) if sentence else none)
        case 410:
            removed = _("This {thing} has been removed from the site.")
            return Gone(detail, removed.format(thing=_(call.what)))
        case 407 | 511:
            return CaptivePortal(detail)
        case 408 | 520 | 521 | 522 | 523 | 524:
            silent = _("The site did not answer ({status}): try again in a minute.")
            happened = _("The site did not answer ({status}).")
            return NoAnswer(
                detail, silent.format(status=status), happened=happened.format(status=status)
            )
        case 429:
            slow = _("The site asks for fewer requests: wait {seconds} s and try again.")
            sentence = slow.format(seconds=f"{wait:.0f}") if wait else ""
            return TooMany(detail, sentence, happened=_(TooMany.happened), retry_after=wait)
        case _ if 300 <= status < 400:
            return _redirect(call, reply, site)
        case _ if 400 <= status < 500:
            kind = NotAllowed if status == 405 else Refused
            sentence = call.sentences.get(status)
            refused = refusal_sentence(words, _(sentence) if sentence else None, status)
            return kind(detail, refused, words=words)
        case _ if 500 <= status < 600:
            fault = _("The site has a fault of its own ({status}): try again in a minute.")
            happened = _("The site has a fault of its own ({status}).").format(status=status)
            return ServerFault(
                detail, fault.format(status=status), happened=happened, retry_after=wait
            )
        case _:
            return Unreadable(detail)


def _redirect(call: Call[Any], reply: Reply, site: str) -> TicketbutlerError:
    try:
        target = urlsplit(urljoin(f"{site}{call.target}", reply.location))
        host = clean(target.hostname, 60)
    except ValueError:
        return Unreadable(f"{call}: {reply.status} to no address")
    detail = f"{call}: {reply.status} to {host}"
    if not reply.location or f"{target.scheme}://{target.netloc.lower()}" == site:
        return Unreadable(
            detail,
            _("The site sends this on to another page: check the site's address."),
            maybe_applied=False,
        )
    return CaptivePortal(
        detail,
        _(
            "Requests are sent on to {host}: log in to the network in a web browser, or use that "
            "address if it is the site's."
        ).format(host=host),
    )


def seconds_to_wait(header: str, now: datetime) -> float | None:
    """The seconds of a `Retry-After`, which may be a number or a date; an hour at most."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return min(float(header[:9]), _LONGEST_WAIT)
    try:
        until = _read_moment(header)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), _LONGEST_WAIT)


def read_date(reply: Reply) -> datetime | None:
    """When the site made the answer; None: it does not say, or is a page of somebody else."""
    if reply.is_page:
        return None
    try:
        made = _read_moment(reply.date)
    except ValueError:
        return None
    return made if made.tzinfo is not None else made.replace(tzinfo=UTC)


def _read_moment(header: str) -> datetime:
    """Raises ValueError."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # loads fifteen modules

    try:
        return parsedate_to_datetime(header)
    except OverflowError as error:
        raise ValueError(header) from error


def hex_of(text: str, what: str) -> str:
    """The uuid in the form that paths have. Raises NotFound if it is none: no site can have it."""
    uuid = hex_uuid(text)
    if uuid is None:
        none = _("The site has no such {thing}.").format(thing=_(what))
        raise NotFound(f"no uuid of the {what}", none)
    return uuid


def same(uuid: str, read: Callable[[object], Named]) -> Callable[[object], Named]:
    """`read`, and make sure that the answer is about `uuid`, and not some other from a proxy."""

    def read_same(value: object) -> Named:
        named = read(value)
        if named.uuid != uuid:
            raise WrongShape(f"about {named.uuid} instead")
        return named

    return read_same


def no_value(_value: object) -> None:
    """Read nothing: it is enough that an answer came."""
