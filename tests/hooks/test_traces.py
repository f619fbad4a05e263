"""What is remembered of webhooks, by programs that run beside and after one another."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from boxoffice.hooks.traces import LATEST, Trace, TraceError, Traces
from boxoffice.organiser import Webhook

HERE, THERE = "http://127.0.0.1:1/hooks/x", "http://127.0.0.1:2/hooks/x"


@pytest.fixture
def traces(tmp_path: Path) -> Traces:
    return Traces(tmp_path / "hooks")


def left(traces: Traces) -> list[Trace | None]:
    held = traces.left()
    for each in held:
        each.let_go()
    return [each.trace for each in held]


def test_what_a_running_program_holds_is_not_left_behind(traces: Traces) -> None:
    held, other = traces.claim(Trace(HERE, "all")), traces.claim(Trace(THERE, "all"))
    assert left(traces) == []
    held.let_go()
    assert left(traces) == [Trace(HERE, "all")]
    other.let_go()
    assert left(traces) == [Trace(HERE, "all"), Trace(THERE, "all")]


def test_files_are_used_again(traces: Traces, tmp_path: Path) -> None:
    for _ in range(3):
        held = traces.claim(Trace(HERE, "all"))
        held.write(None)
        held.let_go()
    assert [file.name for file in (tmp_path / "hooks").glob("*.json")] == ["00.json"]
    assert left(traces) == []


def test_the_same_webhook_is_taken_up_and_another_left_alone(traces: Traces) -> None:
    for url, action in ((HERE, "all"), (HERE, "ticket.checkin")):
        held = traces.claim(Trace(url, action))
        held.write(Trace(url, action, uuid=action))
        held.let_go()
    held = traces.claim(Trace(HERE, "ticket.checkin"))
    assert held.trace == Trace(HERE, "ticket.checkin", "ticket.checkin")
    assert left(traces) == [Trace(HERE, "all", "all")]


def test_two_programs_share_no_address(traces: Traces) -> None:
    held = traces.claim(Trace(HERE, "all"))
    for action in ("all", "ticket.checkin"):
        with pytest.raises(TraceError) as caught:
            traces.claim(Trace(HERE, action))
        assert "--hooks-public" in caught.value.sentence
        assert HERE not in caught.value.sentence
    held.let_go()
    traces.claim(Trace(HERE, "all")).let_go()


def test_whose_a_webhook_is() -> None:
    one = Webhook(uuid="a", url=HERE, action="all")
    asked = Trace(HERE, "all", asked=(1.0,))
    assert asked.is_ours(one)
    assert asked.is_ours(replace(one, url=f"{HERE}/")), "as a site may write it"
    assert not replace(asked, others=("a",)).is_ours(one)
    assert not replace(asked, action="ticket.checkin").is_ours(one)
    assert not replace(asked, url=THERE).is_ours(one)
    assert not Trace(HERE, "all").is_ours(one), "the site was not asked for it"


def test_whose_a_webhook_is_that_the_site_has_told() -> None:
    one = Webhook(uuid="a", url=HERE, action="all")
    assert Trace(HERE, "all", "a").is_ours(one)
    assert not Trace(HERE, "all", "b").is_ours(one)
    assert Trace(HERE, "all", "b", asked=(1.0,)).is_ours(one), "asked for besides"
    assert Trace(THERE, "all", "a").is_ours(one), "somebody has sent it elsewhere"
    assert Trace(HERE, "ticket.checkin", "a").is_ours(one)


def test_what_may_come_yet() -> None:
    trace = Trace(HERE, "all", "a", asked=(1.0, 2.0, 3.0))
    ours, late = (Webhook(uuid=each, url=HERE, action="all") for each in "ab")
    assert trace.awaited([], 4.0) == (1.0, 2.0, 3.0)
    assert trace.awaited([ours], 4.0) == (1.0, 2.0, 3.0)
    assert trace.awaited([ours, late], 4.0) == (2.0, 3.0)
    assert trace.awaited([], 2.0 + LATEST) == (3.0,)
    assert trace.awaited([], -2 * LATEST) == (), "the clock was set back"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"7", b'{"url": 1}', b"[" * 100_000, b'{"url": "x"}']
)
def test_a_damaged_file_names_nothing(traces: Traces, tmp_path: Path, content: bytes) -> None:
    traces.claim(Trace(HERE, "all")).let_go()
    (tmp_path / "hooks" / "00.json").write_bytes(content)
    assert left(traces) == []
    held = traces.claim(Trace(HERE, "all"))
    held.write(Trace(HERE, "all", "a", ("b",), (1.5,)))
    told = json.loads((tmp_path / "hooks" / "00.json").read_text())
    assert told == {"url": HERE, "action": "all", "uuid": "a", "others": ["b"], "asked": [1.5]}
    held.let_go()
    assert left(traces) == [Trace(HERE, "all", "a", ("b",), (1.5,))]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")
def test_nobody_else_reads_them(traces: Traces, tmp_path: Path) -> None:
    held = traces.claim(Trace(HERE, "all"))
    assert held.trace == Trace(HERE, "all")
    assert (tmp_path / "hooks").stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "hooks").iterdir())


def test_a_disk_that_says_no(tmp_path: Path) -> None:
    (tmp_path / "hooks").write_text("no folder")
    with pytest.raises(TraceError, match="cannot be kept"):
        Traces(tmp_path / "hooks").claim(Trace(HERE, "all"))
    assert Traces(tmp_path / "hooks").left() == []


def test_a_write_that_fails_leaves_what_was_there_and_nothing_beside_it(
    traces: Traces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = traces.claim(Trace(HERE, "all"))
    before = sorted((tmp_path / "hooks").iterdir())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(TraceError, match="No space left"):
        patch.setattr(Path, "replace", full)
        held.write(Trace(HERE, "all", "a"))
    assert sorted((tmp_path / "hooks").iterdir()) == before
    held.let_go()
    assert left(traces) == [Trace(HERE, "all")]
