"""`hub`, `join` and `leave`, as people and scripts run them: in processes, over a real engine."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from boxoffice import ProblemError, paths
from boxoffice.cli import checks, venue
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.commands import app
from boxoffice.cli.venue_control import VenueControl
from boxoffice.domain.hub_readiness import PortState
from boxoffice.domain.invitation import Address, Invitation, read_address, read_code
from boxoffice.sandbox import SandboxThread
from boxoffice.venue import EXTRA, MISSING, discovery, extra_needed, membership, probe
from boxoffice.venue.discovery import FoundHub
from boxoffice.venue.membership import Membership
from boxoffice.venue.probe import Probe, Unreachable
from tests.cli.conftest import Computer
from tests.cli.hubs import RunningHub, laptop, running
from tests.cli.processes import surroundings
from tests.cli.test_scan import some
from tests.venue.engines import free_port
from tests.venue.support import MEMBERSHIP


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with running(laptop(tmp_path / "hall", "Hall")) as hub:
        yield hub


@pytest.fixture
def north(tmp_path: Path) -> Computer:
    return laptop(tmp_path / "north", "North")


def claimed_by(door: Computer, codes: Sequence[str]) -> str:
    """The first of them that the hub gave to the door: a busy machine may be slow to ask it."""
    for code in codes:
        (line,) = door.scan(code).lines
        assert line["verdict"] == "admitted"
        if line["claimed"]:
            return code
    pytest.fail("the hub gave none of them to the door")


def test_a_door_joins_with_address_and_code_and_the_code_is_used_up(
    hub: RunningHub, north: Computer, tmp_path: Path
) -> None:
    assert set(hub.ready) == {"state", "name", "address", "code"}
    assert hub.ready["name"] == "Hall"
    code = hub.code
    ran = north.run("join", hub.address, code)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("Joined Hall: ")
    paired = hub.wait_paired()
    assert paired["door"] == "North"
    assert set(paired) == {"state", "door", "at"}
    joined = membership.load(north.data)
    assert joined is not None
    assert joined.addresses[0] == read_address(hub.address)
    assert (north.data / membership.COPY).exists()  # it could be the hub in its place by now

    late = laptop(tmp_path / "south", "South").run("join", hub.address, code)
    assert late.status == 1
    assert "The hub does not show this code" in late.sentence
    assert not (tmp_path / "south" / paths.MEMBERSHIP).exists()
    assert laptop(tmp_path / "south", "South").run("join", hub.address, hub.code).status == 0


def test_a_wrong_code_is_an_error_and_changes_nothing(hub: RunningHub, north: Computer) -> None:
    wrong = f"{(int(read_code(hub.code) or 0) + 1) % 10**8:08}"
    ran = north.run("join", hub.address, wrong)
    assert ran.status == 1
    assert "The hub does not show this code" in ran.sentence
    assert membership.load(north.data) is None
    assert north.run("join", hub.address, hub.code).status == 0


def test_after_five_wrong_codes_the_right_one_counts_no_more_and_another_is_shown(
    hub: RunningHub, north: Computer
) -> None:
    wrong = f"{(int(read_code(hub.code) or 0) + 1) % 10**8:08}"
    for _ in range(5):
        assert "does not show this code" in north.run("join", hub.address, wrong).sentence
    used = hub.code
    ran = north.run("join", hub.address, used)
    assert (ran.status, ran.out) == (1, "")
    assert hub.wait_for("ready")["code"] != used
    assert north.run("join", hub.address, hub.code).status == 0


def test_a_door_joins_by_the_text_of_the_qr_or_what_is_typed_or_set(
    hub: RunningHub, north: Computer, tmp_path: Path
) -> None:
    address = read_address(hub.address)
    scanned = Invitation(address, read_code(hub.code) or "").qr
    assert north.run("join", text=f"{scanned.lower()}\n").status == 0
    hub.wait_paired()
    south = laptop(tmp_path / "south", "South", BOXOFFICE_HUB=hub.address)
    asked_in_vain = south.run("join")
    assert (asked_in_vain.status, asked_in_vain.sentence) == (2, venue.NO_CODE)
    assert south.run("join", text=f"{hub.code}\n").status == 0
    hub.wait_paired()
    assert south.run("join", hub.code.replace("-", "")).status == 0


def test_a_door_leaves_once(hub: RunningHub, north: Computer) -> None:
    north.run("join", hub.address, hub.code)
    assert north.run("leave").status == 0
    assert membership.load(north.data) is None
    ran = north.run("leave")
    assert (ran.status, ran.sentence) == (1, "This computer has joined no venue.")


def test_a_damaged_membership_can_be_left(north: Computer) -> None:
    north.data.mkdir(mode=0o700)
    (north.data / paths.MEMBERSHIP).write_text("{")
    assert north.run("leave").status == 0


def test_a_lane_with_a_damaged_membership_admits_by_its_own_list_and_says_so_once(
    computer: Computer, site: SandboxThread
) -> None:
    assert computer.run("sync").status == 0
    file = computer.data / paths.MEMBERSHIP
    file.write_text("{")
    first, second = some(site, 2)
    ran = computer.scan(first)
    assert [(line["verdict"], line["claimed"]) for line in ran.lines] == [("admitted", False)]
    aside = computer.data / "venue.json.damaged"
    assert str(aside) in ran.sentence
    assert aside.read_text() == "{"
    assert not file.exists()
    ran = computer.scan(second)
    assert ([line["verdict"] for line in ran.lines], ran.err) == (["admitted"], "")


def test_a_door_is_removed_by_its_name(hub: RunningHub, north: Computer) -> None:
    north.run("join", hub.address, hub.code)
    ran = hub.computer.run("hub", "remove", "North")
    assert (ran.status, ran.out) == (0, "North was removed: it cannot claim any more.\n")
    assert hub.wait_for("removed")["door"] == "North"
    ran = hub.computer.run("hub", "remove", "North")
    assert ran.status == 1
    assert "No door called North was paired" in ran.sentence
    assert "was never a hub" in north.run("hub", "remove", "North").sentence


def test_a_removed_door_admits_by_itself_and_says_so(
    hub: RunningHub, computer: Computer, site: SandboxThread
) -> None:
    computer.run("join", hub.address, hub.code)
    codes = some(site, 7)
    claimed_by(computer, codes[:6])
    name = hub.wait_paired()["door"]
    assert hub.computer.run("hub", "remove", name).status == 0
    hub.wait_for("removed")
    ran = computer.scan(codes[6])
    assert (ran.lines[0]["verdict"], ran.lines[0]["claimed"]) == ("admitted", False)
    assert "does not know this computer any more: join it again." in ran.err


def test_the_hubs_own_computer_is_a_door_of_it(hub: RunningHub) -> None:
    own = membership.load(hub.computer.data)
    assert own is not None
    assert own.addresses[0] == Address("127.0.0.1", read_address(hub.address).port)


def test_it_is_a_door_again_where_it_was_removed_itself(hub: RunningHub) -> None:
    before = membership.load(hub.computer.data)
    assert hub.computer.run("hub", "remove", "Hall").status == 0
    hub.wait_for("removed")
    hub.process.terminate()
    hub.process.wait()
    process = hub.computer.start("hub", "--json")
    try:
        assert process.stdout is not None
        process.stdout.readline()
        after = membership.load(hub.computer.data)
        assert before is not None
        assert after is not None
        assert after.user != before.user
    finally:
        process.terminate()
        process.communicate()


def test_a_door_of_one_venue_becomes_no_hub_of_another(hub: RunningHub, north: Computer) -> None:
    north.run("join", hub.address, hub.code)
    ran = north.run("hub", "--port", str(free_port()))
    assert ran.status == 1
    assert ran.sentence.endswith("a door of Hall: to be a hub, run boxoffice leave first.")


def test_without_a_hub_there_a_sentence_names_what_to_try(north: Computer) -> None:
    ran = north.run("join", f"127.0.0.1:{free_port()}", "4711-0815")
    assert ran.status == 1
    assert "No hub answers at 127.0.0.1" in ran.sentence


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["4711"], "eight digits"),
        (["127.0.0.1:1", "four"], "eight digits"),
        (["127.0.0.1:x", "4711-0815"], "write HOST:PORT"),
        (["127.0.0.1:1", "4711-0815", "now"], "Write boxoffice join"),
        ([], "eight digits"),
    ],
)
def test_what_is_asked_wrongly_says_how_it_is_asked(
    north: Computer, words: list[str], said: str
) -> None:
    ran = north.run("join", *words)
    assert ran.status == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


async def test_the_only_hub_on_the_network_is_taken_and_of_several_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hall = FoundHub("Hall", "a1", 1, (Address("10.0.0.5"),))
    found: list[FoundHub] = [hall]

    async def find_hubs() -> list[FoundHub]:
        return found

    monkeypatch.setattr(discovery, "find_hubs", find_hubs)
    assert await discovery.find_only_hub("auto", venue.WHICH) == Address("10.0.0.5")
    found.append(FoundHub("Field", "b2", 1, (Address("10.0.0.6"),)))
    with pytest.raises(ProblemError, match=r"Hall at 10\.0\.0\.5:4715, Field at 10\.0\.0\.6"):
        await discovery.find_only_hub("auto", venue.WHICH)
    found.clear()
    with pytest.raises(ProblemError, match="No hub was found"):
        await discovery.find_only_hub("auto", venue.WHICH)


async def test_who_joined_is_offered_no_hub_before_the_first_door_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find_hubs() -> list[FoundHub]:
        return [FoundHub("Hall", "a1", 1, (Address("10.0.0.5"),))]

    monkeypatch.setattr(discovery, "find_hubs", find_hubs)
    context = SimpleNamespace(settings=SimpleNamespace(hub="auto"), data=tmp_path)
    control = VenueControl(cast(AppContext, context))
    assert list(await control.find()) == ["Hall"]
    membership.save(MEMBERSHIP, tmp_path)
    assert not await control.find()


async def test_doctor_finds_a_hub_that_has_another_address_by_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, asked_at = Address("10.0.0.9"), list[Address]()

    async def find_hubs(_within: float, hub: str) -> list[FoundHub]:
        return [FoundHub("Hall", hub, 1, (now,))]

    async def asked(own: Membership, *_: object) -> Probe | Unreachable:
        asked_at.extend(own.addresses)
        is_there = own.addresses[0] == now
        return (
            Probe([0.001], (2, 15), None, 1, [])
            if is_there
            else Unreachable(now, PortState.REFUSES)
        )

    async def unreachable(own: Membership, *_: object) -> Unreachable:
        asked_at.extend(own.addresses)
        return Unreachable(now, PortState.SILENT)

    membership.save(MEMBERSHIP, tmp_path)
    monkeypatch.setattr(discovery, "find_hubs", find_hubs)
    monkeypatch.setattr(probe, "probe", asked)
    settings = SimpleNamespace(hub="auto", lane="North")
    context = cast(AppContext, SimpleNamespace(settings=settings, data=tmp_path, clock=None))
    assert (await checks._probe(context, None, [])).state == "ok"
    settings.hub = "10.0.0.5:4715"  # and nowhere else
    assert (await checks._probe(context, None, [])).state == "fail"
    settings.hub, now = "auto", MEMBERSHIP.addresses[0]
    asked_at.clear()
    monkeypatch.setattr(probe, "probe", unreachable)
    blocked = await checks._probe(context, None, [])
    assert "port is blocked" in blocked.sentence
    assert asked_at == [now], "where it was asked already, it is not asked again"


@pytest.mark.parametrize("package", sorted(EXTRA))
def test_without_the_extra_a_sentence_names_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ProblemError, match=r"pip install 'boxoffice\[hub\]'"), extra_needed():
        __import__(package)
    with pytest.raises(ModuleNotFoundError), extra_needed():
        __import__("boxoffice.no_such_part")


@pytest.mark.parametrize(
    "command",
    [
        ["hub"],
        ["hub", "take-over"],
        ["hub", "remove", "North"],
        ["join", "127.0.0.1:1", "47110815"],
    ],
)
def test_each_command_says_so_without_the_extra(tmp_path: Path, command: list[str]) -> None:
    program = (
        "import sys; sys.modules.update(dict.fromkeys(sys.argv.pop(1).split())); "
        "from boxoffice.cli import main; sys.exit(main())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, " ".join(EXTRA), *command],
        env=surroundings() | {"BOXOFFICE_DATA_DIR": str(tmp_path / "data")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, f"{MISSING}\n")


def test_the_help_names_what_a_hub_does(capsys: pytest.CaptureFixture[str]) -> None:
    app.meta(["hub", "--help"])
    shown = capsys.readouterr().out
    for word in ("remove", "take-over", "--json", "--port"):
        assert word in shown


def test_a_membership_of_another_venue_is_replaced_by_joining(
    hub: RunningHub, north: Computer
) -> None:
    north.data.mkdir(mode=0o700)
    membership.save(MEMBERSHIP, north.data)
    assert north.run("join", hub.address, hub.code).status == 0
    joined = membership.load(north.data)
    assert joined is not None
    assert joined.hub != MEMBERSHIP.hub
