"""The venue's screen: by itself, a door of a hub, cut off from it, and the hub."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input

from boxoffice import ProblemError
from boxoffice import app as app_module
from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.domain.invitation import Address, Hosting, Invitation
from boxoffice.domain.venue import NEVER_JOINED, HubState, LetInTwice, Presence, VenueStatus
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane.overview import DoorScan
from boxoffice.screens.venue import JOINED, JOINING, NO_CODE, VenueScreen, _scan_table
from tests.screens.stage import HOSTILE, NARROW, WIDE, Stage, pictured, see, shot, text_of
from tests.support import EVENING, until

INVITATION = Invitation(Address("192.168.1.20"), "47110815")


def presence(lane: str, waiting: int = 0, conflicts: int = 0, rate: int = 0) -> Presence:
    device = lane.encode().hex()
    return Presence("e" * 32, device, "d1", lane, EVENING, "", waiting, conflicts, rate)


DOORS = (presence("North", rate=14), presence("South", 3, 1, 22), presence(HOSTILE))


class Control:
    """A venue in which nothing happens but what a test sets."""

    def __init__(self, status: VenueStatus, hosting: Hosting | None = None) -> None:
        self.status = status
        self.hosting = hosting
        self.found: Sequence[str] = ()
        self.looked = 0
        self.seen: Sequence[tuple[DoorScan, str]] = ()
        self.pairs: Sequence[tuple[LetInTwice, str]] = ()
        self.asked: list[object] = []
        self.problem: ProblemError | None = None
        self.opens_late = False
        """A door that has joined is opened anew only by a test."""

    async def doors(self) -> Sequence[Presence]:
        return DOORS if self.status.state is HubState.JOINED else ()

    @property
    def scans(self) -> Sequence[tuple[DoorScan, str]]:
        return self.seen

    async def let_in_twice(self) -> Sequence[tuple[LetInTwice, str]]:
        return self.pairs

    async def find(self) -> Sequence[str]:
        self.looked += 1
        return self.found

    async def join(self, code: str, address: Address | None) -> None:
        self.asked.append((code, address))
        if self.problem is not None:
            raise self.problem
        if not self.opens_late:
            self.status = VenueStatus(HubState.JOINED, "Hall", doors=3)

    async def leave(self) -> None:
        self.status = NEVER_JOINED

    async def be_hub(self) -> None:
        self.hosting = Hosting("Hall", INVITATION)

    async def end_hub(self) -> None:
        self.hosting = None


STATES = {
    "by_itself": Control(NEVER_JOINED),
    "joined": Control(VenueStatus(HubState.JOINED, "Hall", doors=3)),
    "alone": Control(
        VenueStatus(
            HubState.ALONE,
            "Hall",
            since=EVENING,
            sentence="The hub cannot be reached: go on; the other doors cannot see who comes in.",
        )
    ),
    "hub": Control(VenueStatus(HubState.JOINED, "Hall", doors=3), Hosting("Hall", INVITATION)),
}


@pytest.mark.parametrize("state", STATES)
async def test_picture(state: str, picture: SnapshotAssertion) -> None:
    control = STATES[state]
    control.found = ["Hall"]
    async with Stage(VenueScreen(control, lambda: None)).run_test(size=NARROW) as pilot:
        if state == "by_itself":
            await see(pilot, "A hub is here: Hall.")
        if state in ("joined", "hub"):
            await see(pilot, "South")
        await pictured(pilot, picture)


async def type_code(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")


async def test_what_may_be_typed() -> None:
    app = Stage()
    async with app.run_test(size=NARROW) as pilot:
        for typed, asked in (
            ("4711-0815", ("47110815", None)),
            ("4711 0815", ("47110815", None)),
            ("10.0.0.5 4711-0815", ("47110815", Address("10.0.0.5"))),
            ("10.0.0.5:5000 47110815", ("47110815", Address("10.0.0.5", 5000))),
            (INVITATION.qr, ("47110815", INVITATION.address)),
        ):
            control = Control(NEVER_JOINED)
            await app.push_screen(VenueScreen(control, lambda: None))
            await type_code(pilot, typed)
            await see(pilot, "A door of Hall")
            assert control.asked == [asked]
            await app.pop_screen()


async def test_a_code_joins_and_the_door_is_opened_anew() -> None:
    control, opened = Control(NEVER_JOINED), list[bool]()
    app = Stage(VenueScreen(control, lambda: opened.append(True)))
    async with app.run_test(size=NARROW) as pilot:
        await type_code(pilot, "4711-0815")
        await see(pilot, "A door of Hall · 3 doors")
        assert "Code of the hub" not in text_of(app)
    assert control.asked == [("47110815", None)]
    assert opened == [True]


async def test_what_is_no_code_is_not_asked_for() -> None:
    app = Stage()
    async with app.run_test(size=WIDE) as pilot:
        for text in ("4711", "", "x:y 4711-0815", "hall 4711"):
            control = Control(NEVER_JOINED)
            await app.push_screen(VenueScreen(control, lambda: None))
            await type_code(pilot, text)
            await see(pilot, NO_CODE)
            assert control.asked == []
            await app.pop_screen()


async def test_a_refusal_is_said_and_the_code_stays() -> None:
    control = Control(NEVER_JOINED)
    control.problem = ProblemError("The hub does not show this code.")
    app = Stage(VenueScreen(control, lambda: None))
    async with app.run_test(size=NARROW) as pilot:
        await type_code(pilot, "4711-0815")
        await see(pilot, "The hub does not show this code.")
        assert JOINING not in text_of(app)
        assert app.screen.query_one(Input).value == "4711-0815"


async def test_that_it_has_joined_is_said_until_the_door_is_open_again() -> None:
    control = Control(NEVER_JOINED)
    control.opens_late = True
    app = Stage(VenueScreen(control, lambda: None))
    async with app.run_test(size=NARROW) as pilot:
        await type_code(pilot, "4711-0815")
        await see(pilot, JOINED)
        assert not app.screen.query_one("#join").display
        control.status = VenueStatus(HubState.JOINED, "Hall", doors=3)
        await see(pilot, "A door of Hall")
        assert JOINED not in text_of(app)


async def test_the_hubs_qr_fills_in_its_code_and_a_key_joins() -> None:
    control = Control(NEVER_JOINED)
    screen = VenueScreen(control, lambda: None)
    async with Stage(screen).run_test(size=NARROW) as pilot:
        assert not screen.lets_pass(INVITATION.qr)
        assert screen.lets_pass("a" * 32)
        await see(pilot, "Read off a hub at 192.168.1.20:4715: Enter joins it.")
        assert control.asked == []
        await pilot.press("enter")
        await see(pilot, "A door of Hall")
    assert control.asked == [("47110815", INVITATION.address)]


async def test_being_the_hub_shows_its_code_and_ends() -> None:
    control = Control(NEVER_JOINED)
    async with Stage(VenueScreen(control, lambda: None)).run_test(size=WIDE) as pilot:
        await pilot.click("#be_hub")
        await see(pilot, "The hub of Hall")
        await pilot.click("#end_hub")
        await see(pilot, "A door by itself")


async def test_a_venue_is_left() -> None:
    control = Control(VenueStatus(HubState.JOINED, "Hall", doors=1))
    app = Stage(VenueScreen(control, lambda: None))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.click("#leave")
        await until(lambda: "A door by itself" in text_of(app), "it is by itself again")


async def test_who_never_joined_is_offered_each_hub_once_however_late_it_comes(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "LOOK_FOR_HUB", 0.001)
    control = Control(NEVER_JOINED)
    app = BoxofficeApp(context, venue=control)
    async with app.run_test(size=WIDE) as pilot:
        await until(lambda: control.looked > 1, "a second look")
        control.found = ["Hall"]
        await see(pilot, "A hub is here: Hall. Ctrl+P, “Venue” joins it")
        control.found = ["Hall", "Field"]
        await see(pilot, "A hub is here: Field. Ctrl+P")


async def test_quitting_says_that_this_computer_is_the_hub(context: AppContext) -> None:
    app = BoxofficeApp(context, venue=STATES["hub"])
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+q")
        await see(pilot, "This computer is the hub")


async def test_a_door_of_a_venue_is_offered_no_other(context: AppContext) -> None:
    control = Control(VenueStatus(HubState.ALONE, "Hall"))
    control.found = ["Field"]
    app = BoxofficeApp(context, venue=control)
    async with app.run_test(size=WIDE):
        await app._look_for_hub()
        assert "Field" not in text_of(app)
        assert control.looked == 0


def scanned(number: int, verdict: VerdictCode, lane: str, name: str) -> tuple[DoorScan, str]:
    at = EVENING + timedelta(seconds=number)
    return DoorScan(f"{number:032x}", verdict, lane, at), name


async def test_picture_of_what_the_doors_did(picture: SnapshotAssertion) -> None:
    control = Control(VenueStatus(HubState.JOINED, "Hall", doors=3))
    control.seen = [
        scanned(9, VerdictCode.ALREADY_IN, "South", "Karl Ove"),
        scanned(8, VerdictCode.ADMITTED, "North", "Karl Ove"),
        scanned(7, VerdictCode.UNKNOWN, HOSTILE, ""),
    ]
    first, then = EVENING, EVENING + timedelta(minutes=2)
    control.pairs = [
        (LetInTwice("a" * 32, "North", first, "South", then), "Åse Ørsted"),
        (LetInTwice("b" * 32, "", None, HOSTILE, then), HOSTILE),
    ]
    async with Stage(VenueScreen(control, lambda: None)).run_test(size=WIDE) as pilot:
        await see(pilot, "Let in twice")
        await see(pilot, f"{first:%H:%M} North")
        await see(pilot, "Last scans")
        assert await shot(pilot) == picture


def test_a_long_name_hides_neither_the_door_nor_the_verdict() -> None:
    table = _scan_table([scanned(7, VerdictCode.ADMITTED, "West", "Navnesen" * 30)])
    console = Console(width=44)
    with console.capture() as shown:
        console.print(table)
    assert "West ✓ ADMITTED NavnesenNavnes" in shown.get()


async def test_the_last_scans_are_whole_beside_the_hubs_code() -> None:
    control = Control(STATES["hub"].status, STATES["hub"].hosting)
    control.seen = [
        scanned(9, VerdictCode.ANSWERS_NEEDED, "South", "Karl Ove"),
        scanned(8, VerdictCode.ADMITTED, "North", "Christina Ørsted"),
    ]
    async with Stage(VenueScreen(control, lambda: None)).run_test(size=NARROW) as pilot:
        await see(pilot, "Last scans")
        await see(pilot, f"{EVENING:%H:%M}:09 South ? ANSWERS NEEDED Karl Ove")
        await see(pilot, f"{EVENING:%H:%M}:08 North ✓ ADMITTED       Christina")
