"""A hub of three computers: it goes on while any two of them do, and two at least have each claim.

Each is a hub by itself that knows the other two, at addresses that a person types. They have one
certificate for doors, and one of its own for each other, which that one has signed.
"""

import hashlib
import ipaddress
import socket
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address
from boxoffice.language import _
from boxoffice.paths import write_whole
from boxoffice.venue.engine_config import as_pem
from boxoffice.venue.hub_folder import RANKS, HubFolder
from boxoffice.venue.local_network import own_hosts
from boxoffice.venue.spares import adopt_copy

SIZE = 3
"""Computers; a claim is stored on each, and counts when two have it."""
CERTIFICATE, KEY = "cluster-cert.pem", "cluster-key.pem"


class Cluster(NamedTuple):
    """What an engine is told of the other two."""

    name: str
    password: str
    """Of all three to each other, beside their certificates."""
    others: Sequence[Address]
    """Where doors reach them; one port further they reach each other."""

    def configuration(self, folder: Path, port: int) -> dict[str, Any]:
        """For the engine of `boxoffice.venue.engine_config`, whose doors come to `port`."""
        path, login = folder.as_posix(), f"cluster:{self.password}"
        return {
            "name": self.name,
            "listen": f"0.0.0.0:{port + 1}",
            "no_advertise": True,
            "authorization": {"user": "cluster", "password": self.password, "timeout": 5},
            "routes": [f"nats-route://{login}@{host}:{at + 1}" for host, at in self.others],
            "tls": {
                "cert_file": f"{path}/{CERTIFICATE}",
                "key_file": f"{path}/{KEY}",
                "ca_file": f"{path}/cert.pem",
                "min_version": "1.3",
                "verify": True,
                "timeout": 5,
            },
        }


def form(data: Path, others: Sequence[Address]) -> None:
    """Have the data folder's hub be one of three, in an epoch of all three. Raises ProblemError.

    The files are its own, or those that it was sent as a spare. Where it is one of three already,
    the others' addresses are replaced.
    """
    if len(others) != SIZE - 1:
        raise ProblemError(_("A hub of several computers has three: name the other two."), status=2)
    folder = adopt_copy(data)
    if folder is None:
        raise ProblemError(
            _(
                "This computer has no files of the hub. Run boxoffice hub on the first of "
                "the three, have the other two join it, and stop it: then run boxoffice hub "
                "--with on each."
            )
        )
    settings = folder.settings
    fields: dict[str, object] = {"others": list(map(str, others))}
    if not settings.others:
        fields["epoch"] = settings.epoch + RANKS
        folder.put_store_aside()
    folder.change(lambda _: fields)


def cluster_of(folder: HubFolder) -> Cluster | None:
    """What the hub's engine is told, with its certificate made anew for the addresses of now.

    None: it is a hub alone. Raises ProblemError.
    """
    if not folder.settings.others:
        return None
    certificate, key = _certificate(folder.certificate, folder.key)
    write_whole(folder.path / KEY, key)
    write_whole(folder.path / CERTIFICATE, certificate)
    password = hashlib.sha256(f"cluster {folder.key}".encode()).hexdigest()
    return Cluster(folder.settings.hub, password, folder.others)


def _certificate(hub_certificate: str, hub_key: str) -> tuple[bytes, bytes]:
    """For this computer's addresses, and its key, as PEM."""
    issuer = x509.load_pem_x509_certificate(hub_certificate.encode())
    issuer_key = serialization.load_pem_private_key(hub_key.encode(), None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise ProblemError(_("The hub's key is of another kind than boxoffice makes."))
    key = ec.generate_private_key(ec.SECP256R1())
    hosts = dict.fromkeys((*own_hosts(), "127.0.0.1"))
    names = [
        *(x509.IPAddress(ipaddress.ip_address(host)) for host in hosts),
        x509.DNSName(socket.gethostname()),
        x509.DNSName(f"{socket.gethostname().partition('.')[0]}.local"),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "boxoffice")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1))
        .not_valid_after(datetime(2100, 1, 1))
        .add_extension(x509.SubjectAlternativeName(names), False)
        .sign(issuer_key, hashes.SHA256())
    )
    return as_pem(certificate, key)
