"""What a text may hold that names tickets: whole uuids, and links with the links inside them.

Halves of uuids and several run together only look like one. A mail filter or a redirect wraps a
ticket's link in its own.
"""

import binascii
import re
from base64 import urlsafe_b64decode
from itertools import pairwise
from operator import itemgetter
from urllib.parse import unquote

from boxoffice.language import N_

TWO_CODES = N_("Two codes in one: scan them one after another")
SHORTEST_UUID = 32
"""Characters of a uuid without dashes."""
NO_WHOLE_CODE = N_("A part of a code, or more than one: scan again")

_ONE_UUID = (
    r"(?:[0-9a-f]{32}"
    # The dashes, whatever they became: the same sign or two between all groups.
    r"|[0-9a-f]{8}([^0-9a-z]{1,2})[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12})"
)
_UUID = re.compile(_ONE_UUID, re.IGNORECASE | re.ASCII)
_UUIDS = re.compile(rf"(?<![0-9a-f])(?:{_ONE_UUID})+(?![0-9a-f])", re.IGNORECASE | re.ASCII)
_LONG_HEX = re.compile(r"[0-9a-f-]{33,}", re.IGNORECASE)
_HEX_BEFORE = re.compile(r"(?:^|[^0-9a-z])([0-9a-f]{1,32})([^0-9a-z]{1,2})$", re.I | re.ASCII)
_HEX_BEHIND = re.compile(r"([^0-9a-z]{1,2})([0-9a-f]{1,32})(?![0-9a-z])", re.I | re.ASCII)
_FIELD_ENDS = frozenset(":;,|=&/?#. ")
"""Signs between things that do not belong together."""
_OWNER = re.compile(r"ticket|order|purchase|event", re.IGNORECASE)

_MOST_ROUNDS = 3
"""How often a link may be percent-encoded, and how deep it may be wrapped."""
_SCHEME = re.compile(r"https?:/{1,2}", re.IGNORECASE)
_START = re.compile(r"(?:url(?:to)?:)?(?=https?:/{1,2}|www\.)", re.IGNORECASE)
"""`URL:` is how some QR codes name a link."""
_HOST = re.compile(
    r"(?:https?:/{1,2})?((?:[0-9a-z-]+\.)+[0-9a-z-]+)(?::[0-9]{1,5})?(?=[/?#]|$)",
    re.IGNORECASE | re.ASCII,
)
_PART_ENDS = re.compile("[?&#;]")
_BASE64_HTTP = "aHR0c"
"""`http` in base64, as Sophos writes the link that it wraps."""
_MAIL_FILTERS = (
    "safelinks.protection.outlook.com",
    "urldefense.com",
    "urldefense.proofpoint.com",
    "linkprotect.cudasvc.com",
    "mimecast.com",
    "mimecastprotect.com",
    "secure-web.cisco.com",
    "protection.sophos.com",
    "fireeye.com",
    "trendmicro.com",
    "symantec.com",
    "edgepilot.com",
)
"""Their own parts of a link name senders, receivers and mails, by uuids too: never a ticket."""


# Uuids


def external_hex(external: str) -> str | None:
    """An external uuid that is a uuid, as its hex digits, in any case and with any dashes."""
    digits = external.lower().replace("-", "")
    return digits if re.fullmatch("[0-9a-f]{32}", digits) else None


def holds_long_hex(text: str) -> bool:
    """Whether there are more hex digits in a row than a uuid has."""
    return _LONG_HEX.search(text) is not None


def uuids_in_link(link: str) -> tuple[tuple[str, ...], bool]:
    """The uuids in a link, first those that are not said to be an order's or an event's.

    And whether two of them are run together, which then are none.
    """
    found: list[tuple[bool, int, set[str]]] = []
    label, glued = 0, False
    for run in _UUIDS.finditer(link):
        owners = _OWNER.findall(link, label, run.start())
        label = run.end()
        uuids = _uuids_of(run)
        if len(uuids) > 1:
            glued = True
        elif not _is_cut(run, inside=True):
            other = bool(owners) and owners[-1].lower() != "ticket"
            # A path goes from the whole to the part: of two alike, the ticket is the later one.
            found.append((other, -label, uuids))
    found.sort(key=itemgetter(0, 1))
    return tuple(dict.fromkeys(uuid for _, _, uuids in found for uuid in uuids)), glued


def uuid_alone(text: str) -> tuple[tuple[str, ...], str]:
    """The one uuid in a text that is no link, or what is wrong with it.

    The same uuid may stand there again, but then nothing else.
    """
    runs = list(_UUIDS.finditer(text))
    if not runs:
        return (), NO_WHOLE_CODE if _LONG_HEX.fullmatch(text) else ""
    uuids = {uuid for run in runs for uuid in _uuids_of(run)}
    beside = any(map(str.isalnum, _UUIDS.sub("", text)))
    repeated = len(runs) > 1 or _UUID.fullmatch(runs[0][0]) is None
    if len(uuids) > 1 or (repeated and beside):
        return (), TWO_CODES
    if beside and _is_cut(runs[0], inside=False):
        return (), NO_WHOLE_CODE
    return tuple(uuids), ""


def _uuids_of(run: re.Match[str]) -> set[str]:
    """The uuids that stand in one run of hex digits and dashes."""
    return {re.sub(r"[^0-9a-f]", "", found[0].lower()) for found in _UUID.finditer(run[0])}


def _is_cut(run: re.Match[str], *, inside: bool) -> bool:
    """Whether more hex digits stand beside a uuid, so that it is a part of something longer.

    `inside` a link: beside a dash; else whatever does not clearly part two things.
    """
    text, dash = run.string, run[1]
    before = _HEX_BEFORE.search(text[max(0, run.start() - 36) : run.start()])
    behind = _HEX_BEHIND.match(text, run.end())
    beside = [(before[2], before[1])] if before else []
    beside += [(behind[1], behind[2])] if behind else []
    for signs, digits in beside:
        if inside:
            if signs in ("-", dash):
                return True
        elif not _FIELD_ENDS.issuperset(signs) or (len(digits) >= 4 and not digits.isalpha()):
            return True
    return False


# Links


def read_links(text: str) -> list[list[str]]:
    """The links that `text` consists of, one after another. Empty: it does not begin with one.

    Each is decoded: the links inside it, the innermost first, then what is its own.
    A link in the query or the fragment of another is inside it; one that follows in any other way
    is another link. The work is bounded by the length of `text`.
    """
    decoded = _decoded_to_link(text)
    if decoded is None:
        return []
    starts = [0]
    for found in _SCHEME.finditer(decoded, 1):
        before = decoded[found.start() - 1]
        if before not in "=?&#;" and decoded[max(0, found.start() - 2) : found.start()] != "__":
            starts.append(found.start())
    ends = [*starts[1:], len(decoded)]
    return [
        _parts(decoded[start:end], _MOST_ROUNDS) for start, end in zip(starts, ends, strict=True)
    ]


def _decoded_to_link(text: str) -> str | None:
    """`text`, decoded until it begins with a link; None: it does not."""
    for _ in range(_MOST_ROUNDS + 1):
        if start := _START.match(text):
            return text[start.end() :]
        if "%" not in text:
            return None
        text = unquote(text)
    return None


def _decoded(text: str) -> str:
    for _ in range(_MOST_ROUNDS):
        if "%" not in text:
            break
        text = unquote(text)
    return text


def _parts(link: str, depth: int) -> list[str]:
    """The links inside `link`, each with those inside it, and last its own part."""
    host = _HOST.match(link)
    filtered = host is not None and host[1].lower().endswith(_MAIL_FILTERS)
    if filtered and (restored := _proofpoint_3(link)):
        return _inside(restored, depth)
    ends = [found.start() for found in _PART_ENDS.finditer(link)]
    inner: list[str] = []
    own = _decoded(link[: ends[0]] if ends else link)
    if wrapped := _SCHEME.search(own, 8):
        inner += _inside(own[wrapped.start() :], depth)
        own = own[: wrapped.start()]
    for end, next_end in pairwise([*ends, len(link)]):
        part = link[end + 1 : next_end]
        name, equals, value = part.partition("=")
        value = value if equals else part
        if _SCHEME.match(value):  # not encoded: nobody can say where it ends
            inner += _inside(link[end + 1 + (len(name) + 1 if equals else 0) :], depth)
            break
        wrapped_link = _decoded_to_link(_plain(value, filtered=filtered))
        if wrapped_link is not None and _SCHEME.match(wrapped_link):
            inner += _inside(wrapped_link, depth)
        else:
            own = f"{own}&{_decoded(part)}"
    return inner if filtered and inner else [*inner, own]


def _plain(value: str, *, filtered: bool) -> str:
    """A value of a query in which a link may be written in a mail filter's own way."""
    if filtered and value.lower().startswith(("http-3a__", "https-3a__")):  # Proofpoint's second
        return unquote(value.replace("-", "%").replace("_", "/"))
    return _from_base64(value) if value.startswith(_BASE64_HTTP) else value


def _inside(link: str, depth: int) -> list[str]:
    return _parts(link, depth - 1) if depth else [_decoded(link)]


def _proofpoint_3(link: str) -> str:
    """The link in one of Proofpoint's third kind, where each `*` stands for a hidden character."""
    start = link.find("/__http")
    end = link.find("__;", start)
    if start < 0 or end < 0:
        return ""
    hidden = iter(_from_base64(link[end + 3 :].partition("!")[0]))
    return "".join(next(hidden, "") if char == "*" else char for char in link[start + 3 : end])


def _from_base64(text: str) -> str:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text
