"""The words that doors and their hub exchange: subjects, bodies, and who may say what.

Stored, in a stream for each event, one message a subject, never changed and never removed:

    bo.claim.<event>.<ticket>.<round>           a ticket went in (even round) or out (odd)
    bo.sent.<event>.<ticket>.<round>            its check-in is at the site
    bo.clash.<event>.<ticket>.<round>.<device>  a second door let it in while it was cut off
    bo.post.<event>.<ticket>.<round>            a door without a site asks others to send it
    bo.courier.<event>.<ticket>.<round>.<turn>  a door is about to send that
    bo.found.<event>.<ticket>.<round>           why that cannot be sent
    bo.seats.<event>.<ticket type>.<number>     which tills hold how many of the seats left

Not stored: `bo.say.<event>.<device>`, that a door is there, every two seconds, and
`bo.say.<event>.<device>.<kind>`, what else it tells all others; `bo.open.<event>`, answered by the
hub once the stream is there; `bo.pair`, answered to who knows the code.

Events, tickets and devices are hex. No body holds a key of the site, and none that is stored a name
or an e-mail: the parts of the list do, which doors tell each other.
"""

import json
import re
from collections.abc import Iterable, Mapping

from boxoffice.domain.invitation import Address
from boxoffice.domain.seats import Pool, read_pool
from boxoffice.domain.text import clean
from boxoffice.domain.venue import (
    LANE_LIMIT,
    Attempt,
    Claim,
    Clash,
    Finding,
    Found,
    Message,
    Post,
    Presence,
    Sent,
    StoreTrouble,
    read_moment,
)

VERSION = 1
"""Of these words. A hub that says a higher one is not joined."""
SERVICE = "_boxoffice._tcp.local."
"""By which a hub is found on the local network (DNS-SD, RFC 6763)."""
TLS_NAME = "boxoffice-hub"
"""In the hub's certificate; a door pins the certificate itself."""
OPEN, PAIR, COPY, SETTINGS = "bo.open", "bo.pair", "bo.copy", "bo.settings"
HUB, EPOCH, ADDRESSES = "hub", "epoch", "addresses"
"""In what `bo.open` is answered: the hub's own id, a number that grows with each take-over, and
where it is and a spare would be. The first two are in a stream's metadata too."""
TROUBLE, NO_EVENT = "trouble", "-"
"""In what `bo.open` is answered instead, where nothing can be stored: why. In place of an event's
uuid, to ask for that alone."""

DOOR_PUBLISHES = (
    "bo.claim.*.*.*",
    "bo.sent.*.*.*",
    "bo.clash.*.*.*.*",
    "bo.post.*.*.*",
    "bo.courier.*.*.*.*",
    "bo.found.*.*.*",
    "bo.seats.*.*.*",
    "bo.say.>",
    f"{OPEN}.*",
    "$JS.API.STREAM.INFO.*",
    "$JS.API.STREAM.MSG.GET.*",
    "$JS.API.DIRECT.GET.*",
    "$JS.API.DIRECT.GET.*.>",
    "$JS.API.CONSUMER.CREATE.*",
    "$JS.API.CONSUMER.CREATE.*.>",
    "$JS.API.CONSUMER.DELETE.*.>",
    "$JS.API.CONSUMER.MSG.NEXT.*.*",
)

MOST = 999_999_999
"""The highest number that a message may have in it: SQLite takes it, and a screen."""
MOST_DOORS = 1000
"""That are taken to be there at once: a door that makes up others must hold nobody up."""
_HEX = re.compile(r"[0-9a-f]{1,64}").fullmatch
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}").fullmatch
"""One way to write each, so that no round has two subjects."""


class ProtocolError(Exception):
    """A message that is none of these words."""


def inbox(user: str) -> str:
    """Where answers to that user come, which nobody else may read: the client's `inbox_prefix`."""
    return f"_INBOX.{user}"


def door_publishes(user: str) -> list[str]:
    return [*DOOR_PUBLISHES, copy_request_subject(user)]


def door_subscribes(user: str) -> list[str]:
    return [f"{inbox(user)}.>", "bo.say.>", copy_subject(user)]


def pair_subject(engine: str) -> str:
    """Where a hub reads what strangers send to `bo.pair` at that engine, of three perhaps."""
    return f"{PAIR}.{engine}"


def copy_subject(user: str) -> str:
    """What the hub sends to a spare, and nobody else may read."""
    return f"{COPY}.{user}"


def copy_request_subject(user: str) -> str:
    """Where nobody else asks in that user's name; `*`: where any door does."""
    return f"{copy_subject(user)}.request"


def copy_request(addresses: Iterable[Address]) -> bytes:
    """`addresses`: where that door would be the hub."""
    return json.dumps({ADDRESSES: list(map(str, addresses))}).encode()


def stream(event: str) -> str:
    return f"BO_{event}"


def stored_subjects(event: str) -> list[str]:
    """What the event's stream takes."""
    return [*fed_subjects(event), f"bo.seats.{event}.*.*"]


def fed_subjects(event: str) -> list[str]:
    """What of it every door takes up."""
    return [
        f"bo.claim.{event}.*.*",
        f"bo.sent.{event}.*.*",
        f"bo.clash.{event}.*.*.*",
        f"bo.post.{event}.*.*",
        f"bo.courier.{event}.*.*.*",
        f"bo.found.{event}.*.*",
    ]


def claim_subject(event: str, ticket: str, round_: int | str) -> str:
    """`round_` may be `*`, for the last one."""
    return f"bo.claim.{event}.{ticket}.{round_}"


def subject(message: Message) -> str:
    """Under which it is stored."""
    match message:
        case Claim(event, ticket, round_):
            return claim_subject(event, ticket, round_)
        case Sent(event, ticket, round_):
            return f"bo.sent.{event}.{ticket}.{round_}"
        case Clash(event, ticket, round_, device):
            return f"bo.clash.{event}.{ticket}.{round_}.{device}"
        case Post(event, ticket, round_):
            return f"bo.post.{event}.{ticket}.{round_}"
        case Attempt(event, ticket, round_, turn=turn):
            return f"bo.courier.{event}.{ticket}.{round_}.{turn}"
        case Found(event, ticket, round_):
            return f"bo.found.{event}.{ticket}.{round_}"


def body(message: Message) -> bytes:
    fields: dict[str, object] = {
        "device": message.device,
        "lane": message.lane,
        "at": message.at.isoformat(),
    }
    match message:
        case Post(attempted=attempted):
            fields["attempted"] = attempted
        case Found(why=why):
            fields["why"] = why
    return json.dumps(fields).encode()


def read_message(subject: str, body: bytes, number: int) -> Message:
    """What is stored under `subject`. Raises ProtocolError."""
    try:
        fields = json.loads(body)
        _, kind, event, ticket, round_, *of = subject.split(".")
        at, lane = read_moment(fields["at"]), clean(str(fields["lane"]), LANE_LIMIT)
        device = _hex(fields["device"])
        about = (_hex(event), _hex(ticket), _number(round_), device)
        match kind, of:
            case "claim", []:
                return Claim(*about, lane, at, number)
            case "sent", []:
                return Sent(*about, at, number, lane)
            case "clash", [by] if by == device:
                return Clash(*about, lane, at, number)
            case "post", []:
                return Post(*about, lane, at, fields["attempted"] is True, number)
            case "courier", [turn]:
                return Attempt(*about, lane, at, _number(turn), number)
            case "found", []:
                return Found(*about, lane, at, Finding(fields["why"]), number)
        raise ValueError(subject)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ProtocolError(f"message {number} at {subject!r} is none of ours") from error


def seats_subject(event: str, kind: str, number: int | str) -> str:
    """`number` may be `*`, for the last one."""
    return f"bo.seats.{event}.{kind}.{number}"


def seats_body(device: str, pool: Pool) -> bytes:
    """`device`: whose it is. With the count of its changes in the pool, no two are the same."""
    return json.dumps({"device": device, **json.loads(pool.to_json())}).encode()


def read_seats(subject: str, body: bytes) -> tuple[int, Pool]:
    """The number that is stored, and the seats as they are since. Raises ProtocolError."""
    try:
        return int(subject.rpartition(".")[2]), read_pool(body)
    except ValueError as error:
        raise ProtocolError(f"what is stored at {subject!r} is none of ours") from error


def read_trouble(answer: Mapping[str, object]) -> StoreTrouble | None:
    """Why the hub can store nothing, as it answers `bo.open`; None: it can.

    What a newer one may answer, that we do not know, is taken for the likeliest.
    """
    if TROUBLE not in answer:
        return None
    return StoreTrouble.FULL if answer[TROUBLE] == StoreTrouble.FULL else StoreTrouble.DISK


def presence_subject(event: str, device: str) -> str:
    return f"bo.say.{event}.{device}"


def others_subject(event: str, device: str = "*", kind: str = "*") -> str:
    """Of what else a door tells all others, not stored."""
    return f"bo.say.{event}.{device}.{kind}"


def presence_body(presence: Presence) -> bytes:
    fields = presence._asdict() | {"at": presence.at.isoformat()}
    del fields["event"], fields["device"]
    return json.dumps(fields).encode()


def read_presence(subject: str, body: bytes) -> Presence:
    """Raises ProtocolError."""
    try:
        fields = json.loads(body)
        _, _, event, device = subject.split(".")
        at = read_moment(fields["at"])
        user, lane = clean(str(fields["user"]), LANE_LIMIT), clean(str(fields["lane"]), LANE_LIMIT)
        computer = str(fields["computer"])[:LANE_LIMIT]
        waiting, conflicts, rate = (int(fields[of]) for of in ("waiting", "conflicts", "rate"))
        if not all(0 <= number <= MOST for number in (waiting, conflicts, rate)):
            raise ValueError
        presence = Presence(
            *(_hex(event), _hex(device), user, lane, at, computer, waiting, conflicts, rate)
        )
        site = fields.get("site", "")
        return presence._replace(
            site=_hex(site) if site else "", is_hub=fields.get("is_hub") is True
        )
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise ProtocolError(f"what came at {subject!r} is no presence") from error


def _hex(text: str) -> str:
    """Raises ValueError or TypeError for anything else."""
    if _HEX(text) is None:
        raise ValueError(text)
    return text


def _number(text: str) -> int:
    """Raises ValueError for anything else."""
    if _NUMBER(text) is None:
        raise ValueError(text)
    return int(text)
