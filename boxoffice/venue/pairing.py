"""Pairing: a code of eight digits, read off the hub's screen, makes a computer a member.

Neither side sends anything from which the code could be guessed at leisure (SPAKE2), and who knows
it not has five tries. The door has the hub's proof before it sends its own, the hub has the door's
before it makes a user, and what is handed over is sealed with the key that only the two have. So
the connection may be anybody's: the hub's certificate is in what is sealed.

    door  {"version", "door": NAME, "share"}      hub  {"run", "hub", "share", "proof"}
    door  {"run", "proof", "before"}              hub  {"box"}            or  {"refused": REASON}

`before` is, sealed as well, the membership of a door that joins the same hub once more.
"""

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError
from spake2.ed25519_basic import NotOnCurve

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.invitation import DIGITS, Address
from boxoffice.domain.text import clean
from boxoffice.domain.venue import LANE_LIMIT
from boxoffice.language import N_, _
from boxoffice.venue.client import ANSWERS_WITHIN, CLIENT_ERRORS, close, connect_stranger
from boxoffice.venue.membership import Membership, read_membership
from boxoffice.venue.protocol import PAIR, VERSION

log = logging.getLogger(__name__)

GOOD_FOR = 600.0
"""Seconds after which a code is another one."""
TRIES = 5
"""At one code."""
REST = 5.0
"""Seconds without a code once the tries are used up: a guesser gets one try a second."""
TICK = 1.0

_HUB = b"boxoffice-hub"
_SHARE = 33
"""Bytes of a share."""
_NONCE = bytes(12)
"""Each key seals once."""
_BAD_SHARE = (SPAKEError, NotOnCurve, ValueError)


class Refusal(StrEnum):
    TRIES = "tries"
    STALE = "stale"
    """The code was used up between the two messages."""
    PROOF = "proof"
    VERSION = "version"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    """The hub could not make a user."""


SENTENCES = {
    Refusal.TRIES: N_("Too many wrong codes were tried: the hub shows a new one in a few seconds."),
    Refusal.STALE: N_(
        "Another computer has just used this code: type the one that the hub shows now."
    ),
    Refusal.PROOF: N_("The hub did not take the answer of this computer: try again."),
    Refusal.VERSION: N_("The hub runs another version of boxoffice: install the same one here."),
    Refusal.UNREADABLE: N_("The hub did not understand this computer: install the same boxoffice."),
    Refusal.FAILED: N_("The hub could not add this computer: see its screen, and try again."),
}
WRONG_CODE = N_("The hub does not show this code: look again, each code is for one computer only.")
NO_ANSWER = N_(
    "No hub answers at {address}. Is boxoffice hub running there? If it is, its port is blocked: "
    "allow nats-server in the firewall, or use your own router (guest Wi-Fi often keeps computers "
    "apart)."
)
NO_PAIRING = N_(
    "The hub at {address} does not pair now: see that boxoffice hub runs there, and try again."
)
_TOO_MANY = "connections exceeded"
"""In what the engine answers where too many others are at it without a password."""
NO_HUB = N_("What answers there is no hub that this boxoffice understands.")


class PairingError(ProblemError):
    """A computer was not paired; the sentence says why."""


class _Keys(NamedTuple):
    """What both sides have made of the code, and nobody else."""

    hub_proof: bytes
    door_proof: bytes
    seal: bytes
    before: bytes

    @classmethod
    def derive(cls, shared: bytes) -> "_Keys":
        return cls(*(hmac.digest(shared, b"boxoffice " + use, "sha256") for use in _USES))


_USES = (b"hub", b"door", b"seal", b"before")


class _Run(NamedTuple):
    """A door that has begun and not proved itself yet."""

    door: str
    keys: _Keys


Admit = Callable[[str, Membership | None], Awaitable[Membership]]
"""Makes a user for a door with that name, and what it was before. Raises ProblemError."""


class PairingServer:
    """The hub's side: shows a code, and answers to what comes in on `bo.pair`."""

    def __init__(
        self, admit: Admit, clock: Clock, *, hub: str, new_code: Callable[[], None]
    ) -> None:
        """`hub`: its id; `new_code` is called whenever there is another one."""
        self._admit = admit
        self._hub = hub
        self._clock = clock
        self._new_code = new_code
        self._runs: dict[str, _Run] = {}
        self._renew()

    async def serve(self) -> None:
        """Have a new code whenever the last one has run out, until cancelled."""
        while True:
            await self._clock.sleep(TICK)
            self._renew_if_due()

    def _renew_if_due(self) -> None:
        if self._clock.monotonic() >= self._due:
            self._renew()
            self._new_code()

    def _renew(self) -> None:
        self.code: str = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        """Its digits."""
        self._left, self._due = TRIES, self._clock.monotonic() + GOOD_FOR
        self._runs.clear()

    async def answer(self, message: bytes) -> bytes:
        self._renew_if_due()
        try:
            body = json.loads(message)
            if "run" in body:
                before = bytes.fromhex(body["before"])
                return await self._finish(str(body["run"]), bytes.fromhex(body["proof"]), before)
            if body["version"] != VERSION:
                return _refused(Refusal.VERSION)
            door = clean(body["door"], LANE_LIMIT)
            if not door:
                return _refused(Refusal.UNREADABLE)
            return self._begin(door, bytes.fromhex(body["share"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return _refused(Refusal.UNREADABLE)

    def _begin(self, door: str, share: bytes) -> bytes:
        if not self._left:
            return _refused(Refusal.TRIES)
        self._left -= 1
        if not self._left:
            self._due = min(self._due, self._clock.monotonic() + REST)
        side = SPAKE2_B(self.code.encode(), idA=door.encode(), idB=_HUB)
        own = side.start()
        keys = _Keys.derive(_finish(side, share))
        run = secrets.token_hex(8)
        self._runs[run] = _Run(door, keys)
        return _encoded(run=run, hub=self._hub, share=own.hex(), proof=keys.hub_proof.hex())

    async def _finish(self, name: str, proof: bytes, sealed: bytes) -> bytes:
        run = self._runs.pop(name, None)
        if run is None:
            return _refused(Refusal.STALE)
        if not hmac.compare_digest(proof, run.keys.door_proof):
            return _refused(Refusal.PROOF)
        before = read_membership(_open(run.keys.before, sealed)) if sealed else None
        self._renew()  # first of all: two who know the code are not both let in
        try:
            membership = await self._admit(run.door, before)
        except ProblemError as error:
            log.warning("a door was not paired: %s", error.sentence)
            return _refused(Refusal.FAILED)
        finally:
            self._new_code()
        return _encoded(box=_seal(run.keys.seal, membership).hex())


Ask = Callable[[bytes], Awaitable[bytes]]
"""Sends a message to the hub and returns its answer."""


async def pair(code: str, door: str, ask: Ask, before: Membership | None = None) -> Membership:
    """What the hub that shows `code` hands over; `door`: the lane's name.

    `before`: what this computer is by now, of whatever hub.

    Raises PairingError, and what `ask` raises.
    """
    name = clean(door, LANE_LIMIT) or "door"
    side = SPAKE2_A(code.encode(), idA=name.encode(), idB=_HUB)
    body = _read_answer(await ask(_encoded(version=VERSION, door=name, share=side.start().hex())))
    try:
        run, proof = str(body["run"]), bytes.fromhex(body["proof"])
        keys = _Keys.derive(_finish(side, bytes.fromhex(body["share"])))
    except (ValueError, TypeError, KeyError) as error:
        raise PairingError(_(NO_HUB)) from error
    if not hmac.compare_digest(proof, keys.hub_proof):
        raise PairingError(_(WRONG_CODE))
    is_again = before is not None and before.hub == body.get("hub")
    sealed = _seal(keys.before, before) if before is not None and is_again else b""
    proved = _encoded(run=run, proof=keys.door_proof.hex(), before=sealed.hex())
    body = _read_answer(await ask(proved))
    try:
        return read_membership(_open(keys.seal, bytes.fromhex(body["box"])))
    except (ValueError, TypeError, KeyError) as error:
        raise PairingError(_(NO_HUB)) from error


async def join(
    address: Address,
    code: str,
    door: str,
    before: Membership | None = None,
    *,
    within: float = ANSWERS_WITHIN,
) -> Membership:
    """Become a member of the venue whose hub is at `address` and shows `code`.

    `before`: what this computer is by now; `within`: seconds in which it must answer. Pairing may
    take three times as long: a slow hub has used the code up when it answers.

    Raises PairingError.
    """
    try:
        client = await connect_stranger(str(address), within)
    except CLIENT_ERRORS as error:
        log.info("no hub at %s: %s", address, error)
        sentence = NO_PAIRING if _TOO_MANY in str(error) else NO_ANSWER
        raise PairingError(_(sentence).format(address=address)) from error

    async def ask(message: bytes) -> bytes:
        return (await client.request(PAIR, message, 3 * within)).data

    try:
        async with asyncio.timeout(3 * within):
            membership = await pair(code, door, ask, before)
    except CLIENT_ERRORS as error:
        log.info("the hub at %s did not pair: %s", address, error)
        raise PairingError(_(NO_PAIRING).format(address=address)) from error
    finally:
        await close(client)
    return membership.reached_at(address)


def _finish(side: SPAKE2_A | SPAKE2_B, share: bytes) -> bytes:
    """The key of both. Raises ValueError where the other's share is none."""
    if len(share) != _SHARE:
        raise ValueError("a share of another length")
    try:
        return bytes(side.finish(share))
    except _BAD_SHARE as error:
        raise ValueError("no share") from error


def _seal(key: bytes, membership: Membership) -> bytes:
    return ChaCha20Poly1305(key).encrypt(_NONCE, membership.to_json(), None)


def _open(key: bytes, sealed: bytes) -> bytes:
    """Raises ValueError for what was not sealed with that key."""
    try:
        return ChaCha20Poly1305(key).decrypt(_NONCE, sealed, None)
    except InvalidTag as error:
        raise ValueError("sealed by another") from error


def _read_answer(answer: bytes) -> dict[str, Any]:
    """Raises PairingError, also where the hub refuses."""
    try:
        body = json.loads(answer)
        if "refused" in body:
            raise PairingError(_(SENTENCES[Refusal(body["refused"])]))
    except (ValueError, TypeError, RecursionError) as error:
        raise PairingError(_(NO_HUB)) from error
    if not isinstance(body, dict):
        raise PairingError(_(NO_HUB))
    return body


def _encoded(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def _refused(reason: Refusal) -> bytes:
    return _encoded(refused=reason)
