"""The address of a site, as people write it and as the client uses it."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from boxoffice.domain.text import clean
from boxoffice.ticketbutler.errors import SiteError

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")


def read_site(text: str) -> str:
    """The origin of the site named by `text`: `https://test.ticketbutler.io`, without a path.

    A missing scheme is added; a path, a query and a fragment are left out. Only a loopback
    address may be `http://`: elsewhere the key would travel unprotected.

    Raises:
        SiteError: when no origin can be made of it, or not a safe one.

    """
    given = text.strip()
    scheme, mark, rest = given.partition("://")
    if not mark:
        scheme, rest = "", given.removeprefix("//")
    scheme = scheme.lower()
    if scheme not in {"", "https", "http"}:
        raise _refuse(given, "it must begin with https://")
    try:
        parts = urlsplit(f"//{rest}")
        host, port = _host(parts.hostname), parts.port
    except ValueError:
        raise _refuse(given, "write it like https://test.ticketbutler.io") from None
    if "@" in parts.netloc:
        raise _refuse(given, "leave out the name and password before the @")
    local = _is_loopback(host)
    if not mark and not local and not set(host) & {".", ":"}:
        raise _refuse(given, "write it like https://test.ticketbutler.io")
    scheme = scheme or ("http" if local else "https")
    if scheme == "http" and not local:
        raise _refuse(given, "it must begin with https://, so that the key is not seen on the way")
    name = f"[{host}]" if ":" in host else host
    default = port is None or port == (443 if scheme == "https" else 80)
    return f"{scheme}://{name}" if default else f"{scheme}://{name}:{port}"


def _refuse(given: str, why: str) -> SiteError:
    # What looks like no address may be the key, typed into the wrong field.
    shown = f"“{clean(given, 60)}”" if "." in given and "@" not in given else "This"
    return SiteError("site address refused", f"{shown} cannot be used as the site: {why}.")


def _host(name: str | None) -> str:
    """The host in ASCII and lower case; ValueError where it is none."""
    if not name:
        raise ValueError("no host")
    if ":" in name:
        return ip_address(name).compressed
    host = name.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(host):
        raise ValueError("not a host")
    return host


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
