"""Pairing, both sides, without a network: who knows the code comes in, and nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from spake2 import SPAKE2_A, SPAKE2_B

from boxoffice import ProblemError
from boxoffice.venue import pairing
from boxoffice.venue.membership import Membership
from boxoffice.venue.pairing import GOOD_FOR, REST, TRIES, PairingError, PairingServer, pair
from tests.support import FakeClock
from tests.venue.support import MEMBERSHIP

NO_CODE = "does not show this code"


class Hub:
    """A pairing server, with what it was asked to do and what passed over the wire."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.admitted: list[str] = []
        self.codes: list[str] = []
        self.before: Membership | None = None
        self.fails = False
        self.wire: list[bytes] = []
        self.server = PairingServer(self.admit, self.clock, hub=MEMBERSHIP.hub, new_code=self.note)

    def note(self) -> None:
        self.codes.append(self.server.code)

    async def admit(self, door: str, before: Membership | None) -> Membership:
        if self.fails:
            raise ProblemError("The engine is gone.")
        self.admitted.append(door)
        self.before = before
        return MEMBERSHIP

    async def ask(self, message: bytes) -> bytes:
        answer = await self.server.answer(message)
        self.wire += [message, answer]
        return answer

    @property
    def wrong(self) -> str:
        """A code that it does not show."""
        return f"{(int(self.server.code) + 1) % 10**8:08}"

    async def refuses(self, code: str, sentence: str) -> None:
        with pytest.raises(PairingError, match=sentence):
            await pair(code, "South", self.ask)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
async def serving(hub: Hub) -> AsyncIterator[Hub]:
    task = asyncio.create_task(hub.server.serve())
    await hub.clock.advance(0)
    yield hub
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_code_pairs_and_is_then_another(hub: Hub) -> None:
    code = hub.server.code
    assert await pair(code, "North", hub.ask) == MEMBERSHIP
    assert hub.admitted == ["North"]
    assert hub.codes == [hub.server.code] != [code]
    await hub.refuses(code, NO_CODE)
    assert await pair(hub.server.code, "South", hub.ask) == MEMBERSHIP
    assert hub.admitted == ["North", "South"]


async def test_nothing_that_is_secret_passes_over_the_wire(hub: Hub) -> None:
    code = hub.server.code
    await pair(code, "North", hub.ask)
    wire = b"".join(hub.wire)
    secret = MEMBERSHIP.password.get_secret_value()
    for text in (code, secret, MEMBERSHIP.certificate[30:60], MEMBERSHIP.venue):
        assert text.encode() not in wire
        assert text.encode().hex().encode() not in wire


async def test_a_wrong_code_makes_no_user(hub: Hub) -> None:
    await hub.refuses(hub.wrong, NO_CODE)
    assert hub.admitted == []
    assert await pair(hub.server.code, "South", hub.ask) == MEMBERSHIP


async def test_the_sixth_try_is_refused_even_with_the_code(serving: Hub) -> None:
    code, wrong = serving.server.code, serving.wrong
    for _ in range(TRIES):
        await serving.refuses(wrong, NO_CODE)
    await serving.refuses(code, "Too many wrong codes")
    assert serving.admitted == serving.codes == []
    await serving.clock.advance(REST + pairing.TICK)
    assert serving.codes == [serving.server.code] != [code]
    await serving.refuses(code, NO_CODE)
    assert await pair(serving.server.code, "North", serving.ask) == MEMBERSHIP


async def test_the_fifth_try_may_still_be_the_right_one(hub: Hub) -> None:
    for _ in range(TRIES - 1):
        await hub.refuses(hub.wrong, NO_CODE)
    assert await pair(hub.server.code, "North", hub.ask) == MEMBERSHIP


async def test_a_code_runs_out(serving: Hub) -> None:
    code = serving.server.code
    await serving.clock.advance(GOOD_FOR - 1)
    assert serving.codes == []
    await serving.clock.advance(2)
    assert serving.codes == [serving.server.code] != [code]
    await serving.refuses(code, NO_CODE)
    assert serving.admitted == []


async def test_a_computer_that_slept_shows_no_code_that_has_run_out(hub: Hub) -> None:
    """Nobody has looked at the clock since: the first message does."""
    code = hub.server.code
    await hub.clock.advance(GOOD_FOR)
    await hub.refuses(code, NO_CODE)
    assert hub.codes == [hub.server.code]


async def test_what_was_recorded_pairs_nobody(hub: Hub) -> None:
    await pair(hub.server.code, "North", hub.ask)
    begun, _, proved, _ = hub.wire
    again = json.loads(await hub.server.answer(begun))
    assert json.loads(await hub.server.answer(proved)) == {"refused": "stale"}
    replayed = json.loads(proved) | {"run": again["run"]}
    assert json.loads(await hub.server.answer(json.dumps(replayed).encode())) == {
        "refused": "proof"
    }
    assert hub.admitted == ["North"]


async def test_a_proof_is_tried_once(hub: Hub) -> None:
    """A run that failed is gone: no second guess at it."""
    side = SPAKE2_A(hub.wrong.encode(), idA=b"South", idB=b"boxoffice-hub")
    message = {"version": 1, "door": "South", "share": side.start().hex()}
    begun = json.loads(await hub.server.answer(json.dumps(message).encode()))
    guess = json.dumps({"run": begun["run"], "proof": "00" * 32, "before": ""}).encode()
    assert json.loads(await hub.server.answer(guess)) == {"refused": "proof"}
    assert json.loads(await hub.server.answer(guess)) == {"refused": "stale"}


async def test_of_two_that_type_one_code_one_comes_in(hub: Hub) -> None:
    code, both, begun = hub.server.code, asyncio.Barrier(2), set[str]()

    async def ask(message: bytes) -> bytes:
        answer = await hub.ask(message)
        if "share" in json.loads(message):
            begun.add(json.loads(message)["door"])
            await both.wait()
        return answer

    results = await asyncio.gather(
        pair(code, "North", ask), pair(code, "South", ask), return_exceptions=True
    )
    assert begun == {"North", "South"}
    assert len(hub.admitted) == 1
    assert sum(result == MEMBERSHIP for result in results) == 1
    (refused,) = (result for result in results if isinstance(result, PairingError))
    assert "has just used this code" in refused.sentence


async def test_an_impostor_that_knows_no_code_learns_nothing_and_hands_over_nothing() -> None:
    """The door stops before it proves anything."""
    asked: list[dict[str, Any]] = []

    async def impostor(message: bytes) -> bytes:
        asked.append(json.loads(message))
        side = SPAKE2_B(b"00000000", idA=b"North", idB=b"boxoffice-hub")
        share = side.start()
        side.finish(bytes.fromhex(asked[-1]["share"]))
        return json.dumps({"run": "1", "share": share.hex(), "proof": "00" * 32}).encode()

    with pytest.raises(PairingError, match=NO_CODE):
        await pair("47110815", "North", impostor)
    assert len(asked) == 1


async def test_one_in_the_middle_can_change_nothing(hub: Hub) -> None:
    async def renamed(message: bytes) -> bytes:
        return await hub.ask(message.replace(b"North", b"South"))

    with pytest.raises(PairingError, match=NO_CODE):
        await pair(hub.server.code, "North", renamed)

    async def resealed(message: bytes) -> bytes:
        answer = json.loads(await hub.ask(message))
        if "box" in answer:
            answer["box"] = f"{int(answer['box'], 16) ^ 1:0{len(answer['box'])}x}"
        return json.dumps(answer).encode()

    with pytest.raises(PairingError, match="no hub"):
        await pair(hub.server.code, "North", resealed)
    assert hub.admitted == ["North"]


async def test_who_joins_again_says_whom_it_was_to_that_hub_alone(hub: Hub) -> None:
    await pair(hub.server.code, "North", hub.ask, MEMBERSHIP)
    assert hub.before == MEMBERSHIP
    wire, secret = b"".join(hub.wire), MEMBERSHIP.password.get_secret_value().encode()
    assert secret not in wire
    assert secret.hex().encode() not in wire
    await pair(hub.server.code, "North", hub.ask, replace(MEMBERSHIP, hub="f" * 16))
    assert hub.before is None


async def test_where_no_user_can_be_made_the_code_is_used_all_the_same(hub: Hub) -> None:
    code, hub.fails = hub.server.code, True
    await hub.refuses(code, "could not add this computer")
    assert hub.codes == [hub.server.code] != [code]


SHARE = "41" + "00" * 32


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "unreadable"),
        (b"\xff", "unreadable"),
        (b"7", "unreadable"),
        (b'"run"', "unreadable"),
        (b"[" * 60_000, "unreadable"),
        (b"{}", "unreadable"),
        (b'{"run": 1}', "unreadable"),
        (b'{"run": [], "proof": "", "before": ""}', "stale"),
        (b'{"version": 2}', "version"),
        (b'{"version": 1, "door": "", "share": ""}', "unreadable"),
        (b'{"version": 1, "door": "x", "share": ""}', "unreadable"),
        (b'{"version": 1, "door": "x", "share": null}', "unreadable"),
        (b'{"version": 1, "door": 4, "share": "%s"}' % SHARE.encode(), "unreadable"),
        (b'{"version": 1, "door": "x", "share": "%s"}' % (b"41" * 33), "unreadable"),
        (b'{"version": 1, "door": "x", "share": "%s"}' % (b"42" * 33), "unreadable"),
    ],
)
async def test_rubbish_is_refused_and_harms_nobody(hub: Hub, message: bytes, reason: str) -> None:
    assert json.loads(await hub.server.answer(message)) == {"refused": reason}
    assert await pair(hub.server.code, "North", hub.ask) == MEMBERSHIP


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"3",
        b"[]",
        b"{}",
        b'{"refused": "because"}',
        b'{"refused": []}',
        b'{"run": "1", "share": "zz", "proof": ""}',
        b'{"run": "1", "share": "%s", "proof": ""}' % SHARE.encode(),
        b"[" * 60_000,
    ],
)
async def test_a_door_believes_no_answer_that_is_none(answer: bytes) -> None:
    async def ask(_: bytes) -> bytes:
        return answer

    with pytest.raises(PairingError, match="no hub"):
        await pair("47110815", "North", ask)


@pytest.mark.parametrize("reason", list(pairing.Refusal))
async def test_every_refusal_has_a_sentence(reason: pairing.Refusal) -> None:
    async def ask(_: bytes) -> bytes:
        return json.dumps({"refused": reason}).encode()

    with pytest.raises(PairingError) as raised:
        await pair("47110815", "North", ask)
    assert raised.value.sentence == pairing.SENTENCES[reason]


async def test_a_name_from_outside_is_cleaned(hub: Hub) -> None:
    hostile = "North\x1b[2J\u202e" + "x" * 500
    await pair(hub.server.code, hostile, hub.ask)
    assert hub.admitted == ["North[2J" + "x" * 51 + "…"]
