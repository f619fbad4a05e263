"""Whom the client trusts: whom this computer does, and what is said of others."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from boxoffice.domain.secret_text import SecretStr
from boxoffice.ticketbutler import Limits, Ticketbutler, Unreachable
from tests.ticketbutler.raw import KEY, TICKET, UUID, RawServer, read_error

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBpbnNwZWN0
cy5pbnZhbGlkMCAXDTIwMDEwMTAwMDAwMFoYDzIxMDAwMTAxMDAwMDAwWjAbMRkw
FwYDVQQDDBBpbnNwZWN0cy5pbnZhbGlkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEYQZHQL8yPwtGdFJlR15RrGrU8KTTlysjN0QYfpEBR+n4TOCyD+dks78eSOnY
KlJDmHIpmX14TwMqmCjnjDxNLKNOMEwwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/
AAABMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFG9BDdTcAIgMd2d5XqfzonOV
HjJ/MAoGCCqGSM49BAMCA0gAMEUCIATV5/u3GolcKVagoiMyb7h2BvTn+Y/+BAYG
wrMTqfPCAiEA52Yxpx5mJ9z1kJFiqu4HV8UjJOnb+hcGjByuVHP9yVE=
-----END CERTIFICATE-----
"""
"""Of a firewall that inspects TLS: it signs as any site, here as localhost; from 2020 to 2100."""
ITS_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIqPYU9RPh3iVK8Vr
WR0S8SDS2mmCD7hVtyXtqku/zaWhRANCAARhBkdAvzI/C0Z0UmVHXlGsatTwpNOX
KyM3RBh+kQFH6fhM4LIP52Szvx5I6dgqUkOYcimZfXhPAyqYKOeMPE0s
-----END PRIVATE KEY-----
"""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    file = tmp_path / "firewall.pem"
    file.write_text(ITS_KEY + CERTIFICATE, encoding="ascii")
    return file


@pytest.fixture
async def site(certificate: Path) -> AsyncIterator[Ticketbutler]:
    """A site behind such a firewall."""
    server, context = RawServer(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.reply(TICKET)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context) as listener:
        url = f"https://localhost:{listener.sockets[0].getsockname()[1]}"
        async with Ticketbutler(url, SecretStr(KEY), limits=Limits(retries=0)) as client:
            yield client


async def test_a_certificate_that_this_computer_does_not_know(site: Ticketbutler) -> None:
    error = await read_error(site)
    assert type(error) is Unreachable
    assert "is not trusted" in error.sentence
    assert "inspects TLS" in error.sentence


async def test_a_certificate_in_this_computers_own_list(
    site: Ticketbutler, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert (await site.tickets.get(UUID)).checked_in


async def test_the_keys_of_a_session_are_logged_nowhere(
    site: Ticketbutler, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has them reads the site's key off the wire."""
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert (await site.tickets.get(UUID)).checked_in
    assert not keys.exists()
