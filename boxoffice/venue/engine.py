"""The hub's engine: a nats-server with JetStream, which this process starts, tries and ends.

What it writes is `<folder>/engine.*`, and in `<folder>/store` what it was given to remember.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import APIError

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address
from boxoffice.language import _
from boxoffice.paths import environment_for_programs, write_whole
from boxoffice.venue import watchdog
from boxoffice.venue.client import (
    ANSWERS_WITHIN,
    CLIENT_ERRORS,
    EngineInfo,
    abandon,
    close,
    connect,
    read_info,
)
from boxoffice.venue.engine_config import (
    OWN_USERS,
    STRANGERS_ACCOUNT,
    configuration,
    hash_password,
    read_pem,
    stream_config,
)
from boxoffice.venue.local_network import is_free
from boxoffice.venue.server_binary import find_server

STARTS_WITHIN = 20.0
"""Seconds; it takes a tenth of one."""
HEALTHY_WITHIN = 2.0
"""Seconds to say whether it is well."""
OTHERS_WITHIN, TRY_EVERY = 600.0, 0.5
"""Seconds until enough of three computers are started, and between two looks."""
LOOK = 0.01
"""Seconds between two looks at an engine that starts or ends."""
REFUSED = 10077
"""The engine's error: the subject has its one message."""

T = TypeVar("T")


class Engine:
    """One engine. It ends with this process, also where that is killed."""

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        name: str = "hub",
        cluster: Mapping[str, Any] | None = None,
        server: Path | None = None,
    ) -> None:
        """`folder` has its certificate (`cert.pem`, `key.pem`).

        `name`: what it tells anybody it is called; `cluster`: what it is told of others that are
        the hub with it; `server`: another program. Raises ProblemError.
        """
        self.name = name
        self._cluster = cluster
        self.folder = folder
        self.port = port
        self._server = server
        self._certificate = read_pem(folder / "cert.pem")
        read_pem(folder / "key.pem")  # what the engine itself says of it is for no steward
        self._passwords = {user: secrets.token_urlsafe(16) for user in OWN_USERS}
        self._hashes = {user: hash_password(word) for user, word in self._passwords.items()}
        self._process: asyncio.subprocess.Process | None = None
        self._clients: list[Client] = []
        self._id = ""
        self._is_serving = False

    @property
    def client(self) -> Client:
        """The hub's own connection. Of a stopped engine it is closed. Raises nats.errors.Error."""
        if not self._clients:  # the engine is being started again
            raise nats.errors.ConnectionClosedError
        return self._clients[0]

    @property
    def is_serving(self) -> bool:
        """It was started, and nobody has it end."""
        return self._is_serving

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
        for port in range(self.port, self.port + (1 if self._cluster is None else 2)):
            if not is_free(port):
                raise ProblemError(
                    _(
                        "Port {port} is in use by another program: end it, or choose another "
                        "port with --port."
                    ).format(port=port)
                )
        self._configure(doors)
        self._process = await self._launch()
        try:
            await self.unless_ended(self._connect())
            await self.unless_ended(self._check())
        except BaseException:
            await self.stop()
            raise
        self._is_serving = True

    async def reload(self, doors: Mapping[str, str]) -> None:
        """Have it know these doors from now on: one that is gone is cut off. Raises ProblemError.

        By a request, since Windows has no signal for it.
        """
        self._configure(doors)
        answer = await self._ask("RELOAD", {}, ANSWERS_WITHIN)
        if "error" in answer:
            problem = _("The hub's engine refused its users: {error}")
            raise ProblemError(problem.format(error=answer["error"]))

    async def strangers(self) -> list[int]:
        """Numbers of the connections without a password. Raises ProblemError."""
        answer = await self._ask("CONNZ", {"acc": STRANGERS_ACCOUNT}, HEALTHY_WITHIN)
        return [int(one["cid"]) for one in answer.get("data", {}).get("connections") or ()]

    async def drop_stranger(self, number: int) -> None:
        """End a connection. Raises ProblemError."""
        await self._ask("KICK", {"cid": number}, HEALTHY_WITHIN)

    async def _ask(self, what: str, about: Mapping[str, Any], within: float) -> dict[str, Any]:
        """What the engine answers in time to a request about itself. Raises ProblemError."""
        subject = f"$SYS.REQ.SERVER.{self._id}.{what}"
        try:
            _own, system = self._clients
            async with asyncio.timeout(within):
                answer = json.loads(
                    (await system.request(subject, json.dumps(about).encode(), within)).data
                )
        except (*CLIENT_ERRORS, ValueError) as error:
            raise ProblemError(
                _("The hub's engine does not answer: {error}.").format(error=error)
            ) from error
        return dict(answer)

    async def complaint(self) -> str:
        """What is wrong with it; empty: nothing, or it is being started.

        That it waits for others of three computers is no complaint.
        """
        if not self._is_serving:
            return ""
        _own, system = self._clients
        subject = f"$SYS.REQ.SERVER.{self._id}.HEALTHZ"
        try:
            async with asyncio.timeout(HEALTHY_WITHIN):
                answer = await system.request(subject, b"{}", HEALTHY_WITHIN)
            health = json.loads(answer.data)["data"]
            error = "" if health["status"] == "ok" else str(health.get("error", health["status"]))
        except (*CLIENT_ERRORS, ValueError, KeyError, TypeError) as fault:
            return f"it does not answer ({fault})"
        return error if self._cluster is None or stores_no_more(error) else ""

    async def unless_ended(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` gives. Raises ProblemError as soon as the engine has ended.

        For what is asked of an engine that has just been started: the client library would go on
        waiting for an answer.
        """
        assert self._process is not None  # noqa: S101 - it was launched just now
        working = asyncio.ensure_future(work)
        ended = asyncio.ensure_future(self._process.wait())
        try:
            await asyncio.wait({working, ended}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            problem = _("The hub's engine ended as soon as it was started ({status}): {words}")
            raise ProblemError(problem.format(status=ended.result(), words=self._last_words()))
        finally:
            abandon(working)
            abandon(ended)

    async def is_full(self) -> bool:
        """Whether it has all that it may store. Raises ProblemError."""
        answer = await self._ask("JSZ", {}, HEALTHY_WITHIN)
        try:
            of = answer["data"]
            return int(of["storage"]) > int(of["config"]["max_storage"])
        except (KeyError, TypeError, ValueError) as error:
            raise ProblemError(
                _("The hub's engine does not answer: {error}.").format(error=error)
            ) from error

    def end(self) -> None:
        """Have it end, so that `wait` returns."""
        self._is_serving = False
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def wait(self) -> None:
        """Return when it has ended, by whatever cause."""
        if self._process is not None:
            await self._process.wait()
        self._is_serving = False

    async def stop(self) -> None:
        """End it. What was answered is on disk, whether it ends by itself or is killed."""
        for client in self._clients:
            await close(client)
        if (process := self._process) is not None:
            self.end()
            self._process = None
            await process.wait()
        await self._end_left_over()

    @property
    def _pid_file(self) -> Path:
        return self.folder / "engine.pid"

    def _configure(self, doors: Mapping[str, str]) -> None:
        """Raises ProblemError."""
        config = configuration(
            self.folder, self.name, self.port, self._hashes, doors, self._cluster
        )
        write_whole(self.folder / "engine.conf", config)

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
                    env=environment_for_programs(),
                    start_new_session=not windows,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
            except OSError as error:
                raise ProblemError(
                    _("The hub's engine cannot be started: {error}.").format(error=error)
                ) from error

    async def _connect(self) -> None:
        """Have the hub's two connections, as soon as it answers. Raises ProblemError."""
        address = f"127.0.0.1:{self.port}"
        self._clients = []
        deadline = asyncio.get_running_loop().time() + STARTS_WITHIN
        while len(self._clients) < len(OWN_USERS):
            user = OWN_USERS[len(self._clients)]
            try:
                client = await connect(address, user, self._passwords[user], self._certificate)
                self._clients.append(client)
            except CLIENT_ERRORS as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise ProblemError(
                        _("The hub's engine was started and does not answer: {error}.").format(
                            error=error
                        )
                    ) from error
                await asyncio.sleep(LOOK)

        if (info := await self._read_info()) is None:
            raise ProblemError(_("The hub's engine ended as soon as it was started."))
        self._id = info.id

    def _last_words(self) -> str:
        """The last line that it wrote before it could write to its log, or there."""
        for name in ("engine.err", "engine.log"):
            file = self.folder / name
            if file.exists() and (text := file.read_text(errors="replace").strip()):
                return text.splitlines()[-1]
        return _("it said nothing.")

    async def _check(self) -> None:
        """Claim something twice: one that says yes to both must not be a hub. Raises ProblemError.

        The first claim is read back too: old ones answered what they did not store. Of three
        computers, waits until another one is there to agree with.
        """
        loop = asyncio.get_running_loop()
        is_alone = self._cluster is None
        deadline = loop.time() + (STARTS_WITHIN if is_alone else OTHERS_WITHIN)
        while True:
            try:
                is_good = await self._refuses_second()
                break
            except CLIENT_ERRORS as error:
                is_slow = isinstance(error, TimeoutError) or not is_alone
                if not is_slow or loop.time() > deadline or self.client.is_closed:
                    problem = _("The hub's engine failed its test: {error}.").format(error=error)
                    if not is_alone:
                        problem = f"{problem} {_('Is each of the three started?')}"
                    raise ProblemError(problem) from error
            await asyncio.sleep(TRY_EVERY)
        if not is_good:
            raise ProblemError(
                _(
                    "{server} gave one claim to two doors when it was tried: it is not used. "
                    "Install a newer nats-server (https://nats.io/download)."
                ).format(server=self._server)
            )

    async def _refuses_second(self) -> bool:
        """Whether it stores the first claim and refuses another. Raises what is in CLIENT_ERRORS.

        The stream for it stays until the next one is there. A moment after the last stream is
        deleted the engine removes their folder, and another stream is not made that is begun then.
        """
        own, mark, body = f"BO_CHECK_{self.name}", secrets.token_hex(8), b"first"
        name, taken = f"{own}_{mark}", f"bo.check.{self.name}.{mark}.*"
        subject = taken.replace("*", "claim")
        js = self.client.jetstream(timeout=ANSWERS_WITHIN)
        async with asyncio.timeout(3 * ANSWERS_WITHIN):
            names = [stream.config.name or "" for stream in await js.streams_info()]
            await js.add_stream(stream_config(name, [taken]))
            for earlier in names:
                if earlier.rpartition("_")[0] == own or earlier == own:
                    await js.delete_stream(earlier)
            await js.publish(subject, body)
            stored = (await js.get_last_msg(name, taken)).data
            is_refused = await _is_used(js, subject)
        return is_refused and stored == body

    async def _end_left_over(self) -> None:
        """End the engine that a killed hub, and a killed watchdog, have left behind.

        Only who has our key answers to our certificate: then the number in the file is its own.
        Raises ProblemError.
        """
        if not self._pid_file.exists() or is_free(self.port):
            return
        if await self._read_info() is None:
            return
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                while not is_free(self.port):  # noqa: ASYNC110 - another process frees it
                    await asyncio.sleep(LOOK)
        except TimeoutError as error:
            raise ProblemError(
                _("The engine of an earlier hub cannot be ended: end nats-server ({pid}).").format(
                    pid=self.pid
                )
            ) from error

    async def _read_info(self) -> EngineInfo | None:
        """Of what has our key and listens at our port."""
        return await read_info(Address("127.0.0.1", self.port), self._certificate, ANSWERS_WITHIN)


def stores_no_more(complaint: str) -> bool:
    """Whether an engine complains that a write has failed, perhaps long ago.

    One of three says instead that JetStream is not enabled: it has switched that off.
    """
    return "write error" in complaint or "not enabled" in complaint


async def _is_used(js: JetStreamContext, subject: str) -> bool:
    """Whether a claim is refused, since there is one. Raises what is in CLIENT_ERRORS."""
    try:
        await js.publish(subject, b"second")
    except APIError as error:
        return error.err_code == REFUSED
    return False
