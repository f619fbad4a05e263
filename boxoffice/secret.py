"""The site that was logged in to, and its key: of mode 0600, or in the system's keyring.

The key is taken from `BOXOFFICE_TOKEN`, else from the keyring, else from a file.

It is never an argument of the program, and every key that passes here is kept out of the log.
"""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, TypeVar

from boxoffice import ProblemError
from boxoffice.clock import in_detached_thread
from boxoffice.domain.secret_text import SecretStr
from boxoffice.language import N_, _
from boxoffice.log import hide
from boxoffice.paths import NOT_READ, explained, write_whole
from boxoffice.ticketbutler import KeyMissing, TicketbutlerError, read_site

VARIABLE = "BOXOFFICE_TOKEN"
SERVICE = "boxoffice"
FILE = "keys.json"
NEWEST = "\n"
"""Behind a key in the file that the keyring did not take: what that gives later is an older one."""
RING = N_("the keyring of this computer")
SITE = "site"

ASKS = 1.0
"""Seconds after which a keyring that has not answered surely asks a person for leave."""
LEAVE = N_(
    "The system asks whether Python may use the key in its keyring (on a Mac: the "
    "Keychain): look for its window, and allow it for always."
)

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class GuardedKey(ProblemError):
    """The keyring has a key for another data folder, whose PIN would be gone around."""


class StoredKey:
    """The key of a site, looked for once: now, or on a thread when it is first asked for.

    It is a `KeySource`. A keyring may ask a person for leave, who may be long in answering.
    """

    def __init__(
        self, site: str, data: Path, key: SecretStr | None = None, *, late: bool = False
    ) -> None:
        """`key`: instead of a stored one. `late`: leave what a log-in has stored for later.

        Raises ProblemError where it cannot be looked for.
        """
        if key is None and (text := os.environ.get(VARIABLE)):
            key = check_key(text)
        self._site, self._data, self._key = site, data, key
        self._reading: asyncio.Task[None] | None = None
        self._asks_at = 0.0
        """When a keyring that has not answered surely asks a person, on the loop's clock."""
        self.problem: ProblemError | None = None
        """Why there is none, once it was looked for."""
        self.is_late = late and _is_last_site(site, data)
        if site and key is None and not self.is_late:
            self._read()

    def _read(self) -> None:
        try:
            self._key = read_key(self._site, self._data)
        except GuardedKey as guarded:
            self.problem = guarded
        else:
            if self._key is None:
                self.problem = ProblemError(
                    _("No key for {site} is stored here: run boxoffice login.").format(
                        site=self._site
                    )
                )

    async def __call__(self) -> SecretStr:
        """The key. Raises KeyMissing: there is none, or nobody gave leave within `ASKS`."""
        if self._key is not None:
            return self._key
        loop = asyncio.get_running_loop()
        if self._reading is None:
            self._reading = asyncio.create_task(in_detached_thread(self._read_beside))
            self._asks_at = loop.time() + ASKS
        await asyncio.wait({self._reading}, timeout=max(0.0, self._asks_at - loop.time()))
        if not self._reading.done():
            raise KeyMissing("the keyring has not answered yet", _(LEAVE))
        self._reading.result()
        if self._key is None:
            raise KeyMissing("no key", self.problem.sentence if self.problem else "")
        return self._key

    def _read_beside(self) -> None:
        try:
            self._read()
        except ProblemError as problem:
            self.problem = problem


def read_key(site: str, data: Path) -> SecretStr | None:
    """The key of `site`, from the first place that has one. Raises ProblemError, GuardedKey too."""
    if text := os.environ.get(VARIABLE):
        return check_key(text)
    filed = _file(data).get(site, "")
    text = filed if filed.endswith(NEWEST) else _from_keyring(site, data) or filed
    return check_key(text) if text else None


def place_of_key(site: str, data: Path) -> str:
    """Where its key is, for people; empty: nowhere. Raises ProblemError, GuardedKey too."""
    if os.environ.get(VARIABLE):
        return VARIABLE
    filed = _file(data).get(site, "")
    if not filed.endswith(NEWEST) and _from_keyring(site, data):
        return _(RING)
    return str(data / FILE) if filed else ""


def last_site(data: Path) -> str:
    """The site of the last log-in; empty: there was none. Raises ProblemError."""
    file = data / SITE
    try:
        return read_site(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError, TicketbutlerError) as error:
        raise ProblemError(
            _("{file} cannot be read: delete it and log in again.").format(file=file)
        ) from error


def store_site(site: str, data: Path) -> None:
    """Make it that of the last log-in. Raises ProblemError."""
    write_whole(data / SITE, site.encode())


def check_key(text: str) -> SecretStr:
    """A key as it was typed or pasted. Raises ProblemError, which never quotes it."""
    text = text.strip()
    if text.lower().startswith("token "):
        text = text[6:].strip()
    if not text or len(text) > 1000 or not text.isascii() or not text.isprintable() or " " in text:
        raise ProblemError(
            _("This is not a key: a key is one word of plain letters, digits and signs.")
        )
    key = SecretStr(text)
    hide(key)
    return key


def store_key(site: str, key: SecretStr, data: Path, *, guarded: bool = False) -> str:
    """Keep the key for later starts; answers where. Raises ProblemError.

    `guarded`: `data` has a PIN, and no other data folder is to take the key from the keyring: it
    would ask for none.
    """
    keys = _file(data)
    if _to_keyring(site, key, data if guarded else None):
        if keys.pop(site, None) is not None:
            _write(data, keys)
        return _(RING)
    _write(data, keys | {site: key.get_secret_value() + NEWEST})
    return str(data / FILE)


def guard_key(site: str, data: Path, *, guarded: bool) -> None:
    """Have the keyring's key of `site` be for `data` alone, or for all again.

    One that is another folder's stays so.
    """
    with suppress(GuardedKey):
        if (text := _from_keyring(site, data)) is not None:
            _to_keyring(site, check_key(text), data if guarded else None)


def remove_key(site: str, data: Path) -> bool:
    """Forget the site and its key, wherever that is stored. False: no key was."""
    (data / SITE).unlink(missing_ok=True)
    keys = _file(data)
    in_file = keys.pop(site, None) is not None
    if in_file:
        _write(data, keys)
    return _out_of_keyring(site, data) or in_file


def _is_last_site(site: str, data: Path) -> bool:
    """Whether the last log-in was at `site`, and so has stored a key for it."""
    try:
        return last_site(data) == site
    except ProblemError as problem:
        log.info("%s", problem.sentence)
        return False


def _from_keyring(site: str, data: Path) -> str | None:
    """Raises GuardedKey."""
    kept: str | None = _ask_ring(lambda ring: ring.get_password(SERVICE, site), None)
    text, _end, folder = (kept or "").partition("\n")
    if folder and folder != str(data.resolve()):
        raise GuardedKey(
            _(
                "The key of {site} on this computer is guarded by the PIN of {folder}: go on "
                "in that data folder, or give your own key in BOXOFFICE_TOKEN."
            ).format(site=site, folder=folder)
        )
    return text or None


def _to_keyring(site: str, key: SecretStr, data: Path | None) -> bool:
    """False where the system has no keyring, or one that keeps nothing.

    `data`: the folder that it is for; None: for all.
    """
    text = key.get_secret_value() + (f"\n{data.resolve()}" if data else "")

    def store(ring: Any) -> bool:
        ring.set_password(SERVICE, site, text)
        return bool(ring.get_password(SERVICE, site) == text)

    return _ask_ring(store, False)


def _out_of_keyring(site: str, data: Path) -> bool:
    if _from_keyring(site, data) is None:
        return False
    if not _ask_ring(lambda ring: ring.delete_password(SERVICE, site) is None, False):
        raise ProblemError(_("The keyring of this computer did not let the key go."))
    return True


def _ask_ring(ask: Callable[[Any], Answer], otherwise: Answer) -> Answer:
    """What `ask` has of the module `keyring`; `otherwise`: there is no keyring, or it fails.

    Either way there is the file. Nothing is drawn yet at a start: where the system asks for leave,
    as macOS does for its Keychain, a sentence says why.
    """
    # keyring is imported where it is needed: it costs a tenth of a start.
    import keyring
    from keyring.errors import NoKeyringError

    asks = Timer(ASKS, _warn, (_(LEAVE),))
    asks.daemon = True
    try:
        # Which one there is takes a while on a busy computer, and asks nobody.
        keyring.get_keyring()
        asks.start()
        return ask(keyring)
    except NoKeyringError as error:
        log.info("no keyring: %s", error)
    except Exception as error:  # noqa: BLE001 - each backend raises what its system does
        kind = type(error).__name__
        log.warning("the keyring failed: %s", kind)
        _warn(_("The keyring of this computer cannot be used ({kind}).").format(kind=kind))
    finally:
        asks.cancel()
    return otherwise


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _file(data: Path) -> dict[str, str]:
    file = data / FILE
    keys: object = {}
    try:
        with explained(NOT_READ, file), suppress(FileNotFoundError):
            if os.name == "posix":
                file.chmod(0o600)  # in case it was copied here from elsewhere
            keys = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
            raise ValueError("no keys")
    except (ValueError, RecursionError) as error:
        damaged = _("{file} is damaged: delete it and log in again.").format(file=file)
        raise ProblemError(damaged) from error
    return keys


def _write(data: Path, keys: dict[str, str]) -> None:
    write_whole(data / FILE, json.dumps(keys, indent=1).encode())
