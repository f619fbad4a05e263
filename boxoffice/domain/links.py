"""Links, and the links inside them: what mail filters and redirects wrap a ticket's link in."""

import binascii
import re
from base64 import urlsafe_b64decode
from itertools import pairwise
from urllib.parse import unquote

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
