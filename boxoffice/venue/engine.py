"""The hub's engine: a nats-server with JetStream, which this process starts, feeds and ends.

It speaks TLS 1.3 from the first byte, with a certificate of its own that doors have pinned, and
answers to four kinds of users: doors, by their passwords; whoever has none, who may ask to be
paired and nothing else, in an account of his own, where no word of a door's is heard; the hub; and
who has it read its configuration anew. It listens to no monitor.

What it writes is `<folder>/engine.*`, and in `<folder>/store` what it was given to remember.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import bcrypt
import nats.errors
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import APIError

from boxoffice import ProblemError
from boxoffice.paths import write_whole
from boxoffice.venue import protocol, watchdog
from boxoffice.venue.client import ANSWERS_WITHIN, close, connect, pinned
from boxoffice.venue.server_binary import find_server

USERS = ("hub", "sys")
"""The engine's own, whose passwords live as long as this process."""
LOG_SIZE, LOG_BACKUPS = 1_000_000, 3
STORE_SIZE = 1 << 30
MAX_PAYLOAD = 64 << 10
"""Bytes of a message."""
STRANGERS = 32
"""Connections without a password, at the same time."""
STARTS_WITHIN = 20.0
"""Seconds; it takes a tenth of one."""
LOOK = 0.01
"""Seconds between two looks at an engine that starts or ends."""
MAX_AGE = 30 * 86_400
"""Seconds until a claim is dropped: the event is long over."""
REFUSED = 10077
"""The engine's error: the subject has its one message."""


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
    pem = serialization.Encoding.PEM
    return certificate.public_bytes(pem), key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def hash_password(password: str) -> str:
    """For the engine's configuration. It is random and long: no work is needed to guard it."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


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
        **options,
    )


class Engine:
    """One engine. It ends with this process, also where that is killed."""

    def __init__(self, folder: Path, port: int, *, server: Path | None = None) -> None:
        """`folder` has its certificate (`cert.pem`, `key.pem`); `server`: another program."""
        self.folder = folder
        self.port = port
        self._server = server
        self._certificate = (folder / "cert.pem").read_text(encoding="ascii")
        self._passwords = {user: secrets.token_urlsafe(16) for user in USERS}
        self._hashes = {user: hash_password(word) for user, word in self._passwords.items()}
        self._process: asyncio.subprocess.Process | None = None
        self._clients: list[Client] = []

    @property
    def client(self) -> Client:
        """The hub's own connection. Of a stopped engine it is closed."""
        return self._clients[0]

    @property
    def pid(self) -> int:
        """The engine's own, not that of what watches over it."""
        return int(self._pid_file.read_text(encoding="ascii"))

    async def start(self, doors: Mapping[str, str]) -> None:
        """Start it for these doors: users, and hashes of their passwords. Raises ProblemError.

        One that a killed hub left behind is ended first. It is ready when this returns, and has
        shown that it refuses a second claim.
        """
        if self._server is None:
            self._server = await asyncio.to_thread(find_server)
        await self._end_left_over()
        if not is_free(self.port):
            raise ProblemError(
                f"Port {self.port} is in use by another program: end it, or choose another port "
                "with --port."
            )
        self._configure(doors)
        self._process = await self._launch()
        try:
            await self._connect()
            await self._check()
        except BaseException:
            await self.stop()
            raise

    async def reload(self, doors: Mapping[str, str]) -> None:
        """Have it know these doors from now on: one that is gone is cut off. Raises ProblemError.

        By a request, since Windows has no signal for it.
        """
        self._configure(doors)
        _, system = self._clients
        only = json.dumps({"server_name": self.folder.name, "exact_match": True}).encode()
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                found = await system.request("$SYS.REQ.SERVER.PING.IDZ", only, ANSWERS_WITHIN)
                server = json.loads(found.data)["id"]
                subject = f"$SYS.REQ.SERVER.{server}.RELOAD"
                answer = json.loads((await system.request(subject, b"", ANSWERS_WITHIN)).data)
        except (nats.errors.Error, TimeoutError) as error:
            raise ProblemError(f"The hub's engine does not answer: {error}.") from error
        if "error" in answer:
            raise ProblemError(f"The hub's engine refused its users: {answer['error']}")

    async def wait(self) -> None:
        """Return when it has ended, by whatever cause."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """End it. What was answered is on disk, whether it ends by itself or is killed."""
        for client in self._clients:
            await close(client)
        if (process := self._process) is not None:
            self._process = None
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()
        await self._end_left_over()

    @property
    def _pid_file(self) -> Path:
        return self.folder / "engine.pid"

    def _configure(self, doors: Mapping[str, str]) -> None:
        """Write its configuration: JSON, which it reads too. Raises ProblemError."""
        folder = self.folder.as_posix()
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
            "server_name": self.folder.name,
            "listen": f"0.0.0.0:{self.port}",
            "max_payload": MAX_PAYLOAD,
            "ping_interval": "2s",
            "ping_max": 2,
            "write_deadline": "2s",
            "pid_file": f"{folder}/engine.pid",
            "log_file": f"{folder}/engine.log",
            "logfile_size_limit": LOG_SIZE,
            "logfile_max_num": LOG_BACKUPS,
            "tls": {
                "cert_file": f"{folder}/cert.pem",
                "key_file": f"{folder}/key.pem",
                "min_version": "1.3",
                "handshake_first": True,
                "timeout": 5,
            },
            "jetstream": {
                "store_dir": f"{folder}/store",
                "sync_interval": "always",
                "max_file_store": STORE_SIZE,
                "max_memory_store": 16 << 20,
            },
            "accounts": {
                "BO": {
                    "jetstream": "enabled",
                    "users": [{"user": "hub", "password": self._hashes["hub"]}, *users],
                    "exports": [{"service": protocol.PAIR}],
                },
                "PAIR": {
                    "users": [stranger],
                    "imports": [{"service": {"account": "BO", "subject": protocol.PAIR}}],
                    "limits": {"max_connections": STRANGERS},
                },
                "SYS": {"users": [{"user": "sys", "password": self._hashes["sys"]}]},
            },
            "system_account": "SYS",
            "no_auth_user": "pair",
        }
        text = json.dumps(config, indent=1, ensure_ascii=False)
        write_whole(self.folder / "engine.conf", text.encode())

    async def _launch(self) -> asyncio.subprocess.Process:
        """Start it under what ends it with this process. Raises ProblemError.

        It has a session of its own: a Ctrl-C is meant for this process.
        """
        windows = sys.platform == "win32"
        self._pid_file.unlink(missing_ok=True)
        with (self.folder / "engine.err").open("wb") as errors:
            try:
                return await asyncio.create_subprocess_exec(
                    *(sys.executable, "-I", "-S", watchdog.__file__),
                    *(str(self._server), "-c", str(self.folder / "engine.conf")),
                    stdin=subprocess.PIPE,
                    stdout=errors,
                    stderr=errors,
                    start_new_session=not windows,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
            except OSError as error:
                raise ProblemError(f"The hub's engine cannot be started: {error}.") from error

    async def _connect(self) -> None:
        """Have the hub's two connections, as soon as it answers. Raises ProblemError."""
        assert self._process is not None  # noqa: S101 - it was launched just now
        address = f"127.0.0.1:{self.port}"
        self._clients = []
        deadline = asyncio.get_running_loop().time() + STARTS_WITHIN
        while len(self._clients) < 2:
            user = ("hub", "sys")[len(self._clients)]
            try:
                client = await connect(address, user, self._passwords[user], self._certificate)
                self._clients.append(client)
            except (OSError, nats.errors.Error) as error:
                if (status := self._process.returncode) is not None:
                    raise ProblemError(
                        f"The hub's engine ended as soon as it was started ({status}): "
                        f"{self._last_words()}"
                    ) from error
                if asyncio.get_running_loop().time() > deadline:
                    raise ProblemError(
                        f"The hub's engine was started and does not answer: {error}."
                    ) from error
                await asyncio.sleep(LOOK)

    def _last_words(self) -> str:
        """The last line that it wrote before it could write to its log, or there."""
        for name in ("engine.err", "engine.log"):
            file = self.folder / name
            lines = file.read_text(errors="replace").splitlines() if file.exists() else []
            if lines:
                return lines[-1]
        return "it said nothing."

    async def _check(self) -> None:
        """Claim something twice: one that says yes to both must not be a hub. Raises ProblemError.

        The first claim is read back too: old ones answered what they did not keep.
        """
        subject = f"bo.check.{secrets.token_hex(8)}"
        js = self.client.jetstream(timeout=ANSWERS_WITHIN)
        first, second = b"first", b"second"
        try:
            async with asyncio.timeout(3 * ANSWERS_WITHIN):
                config = stream_config("BO_CHECK", ["bo.check.*"])
                with contextlib.suppress(nats.js.errors.NotFoundError):  # none was left behind
                    await js.delete_stream("BO_CHECK")
                await js.add_stream(config)
                await js.publish(subject, first)
                try:
                    await js.publish(subject, second)
                    refused = False
                except APIError as error:
                    refused = error.err_code == REFUSED
                stored = await js.get_last_msg("BO_CHECK", subject, direct=True)
                await js.delete_stream("BO_CHECK")
        except (nats.errors.Error, TimeoutError) as error:
            raise ProblemError(f"The hub's engine failed its test: {error}.") from error
        if not refused or stored.data != first:
            raise ProblemError(
                f"{self._server} gave one claim to two doors when it was tried: it is not used. "
                "Install a newer nats-server (https://nats.io/download)."
            )

    async def _end_left_over(self) -> None:
        """End the engine that a killed hub, and a killed watchdog, have left behind.

        Only who has our key answers to our certificate: then the number in the file is its own.
        Raises ProblemError.
        """
        if not self._pid_file.exists() or is_free(self.port):
            return
        with contextlib.suppress(OSError):  # another program has the port now
            _, writer = await asyncio.wait_for(
                asyncio.open_connection(
                    "127.0.0.1",
                    self.port,
                    ssl=pinned(self._certificate),
                    server_hostname=protocol.TLS_NAME,
                ),
                ANSWERS_WITHIN,
            )
            writer.close()
            await writer.wait_closed()
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            async with asyncio.timeout(ANSWERS_WITHIN):
                while not is_free(self.port):  # noqa: ASYNC110 - another process frees it
                    await asyncio.sleep(LOOK)


def is_free(port: int) -> bool:
    """Whether a program may listen there, on all interfaces."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # what the last one's connections leave behind is no matter
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - as the engine will
            probe.listen(1)
        except OSError:
            return False
    return True


def _permissions(user: str) -> dict[str, dict[str, list[str]]]:
    """Of a door."""
    return {
        "publish": {"allow": list(protocol.DOOR_PUBLISHES)},
        "subscribe": {"allow": protocol.door_subscribes(user)},
    }
