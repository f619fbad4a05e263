"""How single values are read as a site says them, in either dialect, and the address of a site.

Of a site no value is an error: what is missing or odd is None, or empty.
"""

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_address
from unicodedata import category
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from boxoffice.domain.text import clean
from boxoffice.language import _
from boxoffice.ticketbutler.errors import SiteError

_YEARS = range(1971, 2200)
"""Beyond these a moment cannot be moved to another time zone everywhere without an error."""

_LARGEST = 2**63
"""What a database can hold."""

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")

_RICHEST = 10**12
_CENT, _FINEST = Decimal("0.01"), Decimal("0.0001")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?").fullmatch


def flag(value: object) -> bool | None:
    """A yes or a no, also as a number or a word; None where it is neither."""
    if value is True or value is False:
        return value
    if isinstance(value, str):
        value = value.lower()
    if isinstance(value, int | float | str):
        return {1: True, 0: False, "1": True, "0": False, "true": True, "false": False}.get(value)
    return None


def refunded(value: object) -> bool:
    """Whatever stands there that is not a clear no: nobody is admitted on a doubt."""
    return bool(value) and flag(value) is not False


def whole(value: object) -> int | None:
    """A whole number, also as digits in a text; None where it is none or is out of all bounds."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if type(value) is int and -_LARGEST <= value < _LARGEST:  # True is no number
        return value
    return None


def money(value: object) -> Decimal | None:
    """An amount, as a number or as digits in a text, with two decimals at least and four at most.

    None where it is none, or is out of all bounds.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int) and abs(value) >= _RICHEST:
        return None
    text = str(value).strip() if len(str(value)) < 64 else ""
    if not _AMOUNT(text):
        return None
    amount = Decimal(text)
    if abs(amount) >= _RICHEST:
        return None
    cents, fine = amount.quantize(_CENT), amount.quantize(_FINEST)
    return cents if cents == fine else fine


def price(value: object) -> Decimal | None:
    """As `money`, but nothing is sold for less than nothing."""
    read = money(value)
    return read if read is not None and read >= 0 else None


def currency(value: object) -> str:
    """A code of ISO 4217 in upper case; empty where it is none."""
    code = value.strip().upper() if isinstance(value, str) and len(value) < 10 else ""
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""


def url(value: object) -> str:
    """An address as the site tells it; empty where it is none that could be asked for."""
    if isinstance(value, str) and len(value) <= 1000 and value.isascii() and value.isprintable():
        return value if " " not in value else ""
    return ""


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.year in _YEARS else None


def moment(value: object) -> datetime | None:
    """A time of ISO 8601, with or without seconds; naive where it gives no offset."""
    return _moment(value) if isinstance(value, str) and len(value) < 64 else None


def valid_on(value: object) -> str:
    """A ticket's date as `Ticket.date` holds it: never empty, so that no doubt becomes any day."""
    read = moment(value)
    return read.isoformat() if read is not None else clean(value, 64) or "unknown"


@lru_cache(maxsize=1024)
def title(text: str) -> str:
    """A text that a hundred thousand rows share: cleaned, and kept once."""
    return clean(text)


def without_tags(words: str) -> str:
    """A sentence of the site's, which may be HTML, as a text."""
    from html import unescape  # noqa: PLC0415  # brings a list of 2,000 names along

    return unescape(_TAG.sub("", words[:3000]))


def last_part(value: object) -> str | None:
    """`nz9lb` of `https://test.ticketbutler.io/t/nz9lb/`."""
    if not isinstance(value, str):
        return None
    path = value.partition("?")[0].partition("#")[0]
    return clean(path.rstrip("/").rpartition("/")[2], 100) or None


def as_fields(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def aware(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    """A time without an offset is of `zone`, or of UTC where that is not known."""
    return time.replace(tzinfo=zone or UTC) if time and time.tzinfo is None else time


def read_zone(name: object) -> tzinfo | None:
    """The time zone of an IANA name; None where there is none of that name."""
    if not name or not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name, as "Europe"
        return None


def read_site(text: str) -> str:
    """The origin of the site named by `text`: `https://test.ticketbutler.io`, without a path.

    A missing scheme is added; a path, a query and a fragment are left out. Only a loopback
    address may be `http://`: elsewhere the key would travel unprotected.

    Raises SiteError where no origin can be made of it, or not a safe one.
    """
    given = text.strip()
    scheme, mark, rest = given.partition("://")
    if not mark:
        scheme, rest = "", given.removeprefix("//")
    scheme = scheme.lower()
    if scheme not in {"", "https", "http"}:
        raise _site_refused(given, _("it must begin with https://"))
    try:
        parts = urlsplit(f"//{rest}")
        host, port = _host(parts.hostname), parts.port
    except ValueError:
        raise _site_refused(given, _("write it like https://test.ticketbutler.io")) from None
    if "@" in parts.netloc:
        raise _site_refused(given, _("leave out the name and password before the @"))
    local = _is_loopback(host)
    if not mark and not local and not set(host) & {".", ":"}:
        raise _site_refused(given, _("write it like https://test.ticketbutler.io"))
    scheme = scheme or ("http" if local else "https")
    if scheme == "http" and not local:
        raise _site_refused(
            given, _("it must begin with https://, so that the key is not seen on the way")
        )
    name = f"[{host}]" if ":" in host else host
    default = port is None or port == (443 if scheme == "https" else 80)
    return f"{scheme}://{name}" if default else f"{scheme}://{name}:{port}"


def _site_refused(given: str, why: str) -> SiteError:
    # What looks like no address may be the key, typed into the wrong field.
    if "." in given and "@" not in given:
        refused = _("“{site}” cannot be used as the site: {reason}.")
    else:
        refused = _("This cannot be used as the site: {reason}.")
    return SiteError("site address refused", refused.format(site=clean(given, 60), reason=why))


def _host(name: str | None) -> str:
    """The host in ASCII and lower case; ValueError where it is none."""
    if not name:
        raise ValueError("no host")
    if ":" in name:
        return ip_address(name).compressed
    if any(category(sign)[0] not in "LMN" for sign in name if not sign.isascii()):
        raise ValueError("no name has such a sign, which encoding it would let pass")
    host = name.lower() if name.isascii() else name.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(host):
        raise ValueError("not a host")
    return host


def _is_loopback(host: str) -> bool:
    if host == "localhost":  # a name under it is looked up as any other: it may be elsewhere
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
