"""What the engine is told: its certificate, who may do what, and what a stream takes.

Doors come with their passwords. Whoever has none may ask to be paired, in an account of his own,
where no word of a door's is heard. There is no monitor.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import bcrypt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from nats.js.api import DiscardPolicy, StorageType, StreamConfig

from boxoffice import ProblemError
from boxoffice.language import N_, _
from boxoffice.paths import NOT_READ, explained
from boxoffice.venue import protocol

DAMAGED = N_(
    "{path} is damaged. Put it back from a copy, or remove the folder {folder} to begin with a new "
    "hub, which every door joins anew."
)
OWN_USERS = ("hub", "sys")
"""The hub's, and by which it has the configuration read anew."""
LOG_SIZE, LOG_BACKUPS = 1_000_000, 3
STORE_SIZE = 1 << 30
MAX_PAYLOAD, STRANGERS_PAYLOAD = 256 << 10, 4 << 10
"""Bytes of a message."""
STRANGERS_ACCOUNT = "PAIR"
STRANGERS = 32
"""Connections without a password, at the same time."""
MAX_AGE = 30 * 86_400
"""Seconds until a claim is dropped: the event is long over."""


def make_certificate() -> tuple[bytes, bytes]:
    """A certificate and its key (P-256), as PEM. It is good for as long as any clock may show."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, protocol.TLS_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1))
        .not_valid_after(datetime(2100, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(protocol.TLS_NAME)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    return as_pem(certificate, key)


def read_pem(file: Path) -> str:
    """The certificate, or the key, in a hub's folder. Raises ProblemError."""
    try:
        with explained(NOT_READ, file):
            text = file.read_text(encoding="ascii") if file.exists() else ""
        if "-----BEGIN " not in text:
            raise ValueError("no PEM")
    except ValueError as error:
        problem = _(DAMAGED).format(path=file, folder=file.parent)
        raise ProblemError(problem) from error
    return text


def as_pem(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    pem = serialization.Encoding.PEM
    return certificate.public_bytes(pem), key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def hash_password(password: str) -> str:
    """For the engine's configuration. It is random and long: no work is needed to guard it."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


def is_password(password: str, hashed: str) -> bool:
    """Raises nothing for one that is too long: it is none."""
    return len(password) < 72 and bcrypt.checkpw(password.encode(), hashed.encode())


LARGEST = 32_768
"""Bytes of a message: the pool of a ticket type, with an entry for each till, is the largest."""


def stream_config(name: str, subjects: list[str], **options: Any) -> StreamConfig:
    """Of a stream that takes one message a subject, for good."""
    return StreamConfig(
        name=name,
        subjects=subjects,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        discard_new_per_subject=True,
        max_msgs_per_subject=1,
        deny_delete=True,
        deny_purge=True,
        allow_direct=True,
        max_age=MAX_AGE,
        duplicate_window=1.0,
        max_msg_size=LARGEST,
        **options,
    )


def configuration(
    folder: Path,
    name: str,
    port: int,
    own: Mapping[str, str],
    doors: Mapping[str, str],
    cluster: Mapping[str, Any] | None,
) -> bytes:
    """JSON, which the engine reads too.

    `folder`: where it writes, and has its certificate; `own`, `doors`: hashes of the passwords of
    `OWN_USERS` and doors, by their users; `cluster`: what it is told of others beside it.
    """
    path = folder.as_posix()
    users = [
        {"user": user, "password": password, "permissions": _permissions(user)}
        for user, password in doors.items()
    ]
    stranger = {
        "user": "pair",
        "password": "",  # whoever has none is logged in with what stands here: no hash
        "permissions": {
            "publish": {"allow": [protocol.PAIR]},
            "subscribe": {"allow": ["_INBOX.>"]},
        },
    }
    config = {
        "server_name": name,
        "listen": f"0.0.0.0:{port}",
        "max_payload": MAX_PAYLOAD,
        "ping_interval": "2s",
        "ping_max": 2,
        "write_deadline": "2s",
        "pid_file": f"{path}/engine.pid",
        "log_file": f"{path}/engine.log",
        "logfile_size_limit": LOG_SIZE,
        "logfile_max_num": LOG_BACKUPS,
        "tls": {
            "cert_file": f"{path}/cert.pem",
            "key_file": f"{path}/key.pem",
            "min_version": "1.3",
            "handshake_first": True,
            "timeout": 5,
        },
        "jetstream": {
            "store_dir": f"{path}/store",
            "sync_interval": "always",
            "max_file_store": STORE_SIZE,
            "max_memory_store": 16 << 20,
        },
        "accounts": {
            "BO": {
                "jetstream": "enabled",
                "users": [{"user": "hub", "password": own["hub"]}, *users],
                "exports": [{"service": protocol.pair_subject(name)}],
            },
            STRANGERS_ACCOUNT: {
                "users": [stranger],
                "imports": [
                    {
                        "service": {"account": "BO", "subject": protocol.pair_subject(name)},
                        "to": protocol.PAIR,
                    }
                ],
                "limits": {"max_connections": STRANGERS, "max_payload": STRANGERS_PAYLOAD},
            },
            "SYS": {"users": [{"user": "sys", "password": own["sys"]}]},
        },
        "system_account": "SYS",
        "no_auth_user": "pair",
    }
    if cluster is not None:
        config["cluster"] = cluster
    return json.dumps(config, indent=1, ensure_ascii=False).encode()


def _permissions(user: str) -> dict[str, dict[str, list[str]]]:
    """Of a door."""
    return {
        "publish": {"allow": protocol.door_publishes(user)},
        "subscribe": {"allow": protocol.door_subscribes(user)},
    }
