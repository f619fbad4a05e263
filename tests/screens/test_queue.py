"""The queue screen on a real lane: what waits, what failed, conflicts, and settling them."""

import csv
from datetime import UTC
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from boxoffice.domain.courier import GIVEN_UP, WAITS
from boxoffice.domain.journal import QueueKind, QueueRow, QueueState
from boxoffice.domain.models import LinkState
from boxoffice.lane import Lane
from boxoffice.lane.queue import QueueView
from boxoffice.language import available, use
from boxoffice.sandbox import Sandbox
from boxoffice.screens.dialogs import ReasonDialog
from boxoffice.screens.queue import ALL_SENT, NOTHING_TO_EXPORT, QueueScreen
from boxoffice.screens.queue_texts import BLOCKED, GOES_BY_ITSELF, SENDING_NOW, QueueTexts
from tests.lane.conftest import goes_offline, sent
from tests.screens.stage import NARROW, WIDE, Stage, pictured, see, text_of
from tests.support import EVENING, FakeClock, until

HOSTILE_NAME = "[red]Rød Rasmussen[/red]"


@pytest.fixture
def ticket_count(request: pytest.FixtureRequest) -> int:
    """As many as the pictures show, for them."""
    return 400 if "picture" in request.fixturenames else 60


@pytest.fixture
async def troubled(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> Lane:
    """A lane with a conflict, a refusal, and two check-ins that wait for the network."""
    examples = sandbox.examples()
    await goes_offline(sandbox, lane, clock)
    await lane.admit(examples["plain"].uuid)
    await lane.admit(examples["hostile"].uuid)
    sandbox.state.check_in(examples["plain"], True)
    path = f"tickets/{examples['hostile'].uuid}/"
    sandbox.faults.set("400", path=path, method="PATCH")
    await sandbox.start()

    async def settled() -> bool:
        await clock.advance(1)
        return lane.status.counts.attention == 2 and lane.status.counts.unsent == 0

    await until(settled, "a conflict and a refusal")
    await goes_offline(sandbox, lane, clock)
    await lane.admit(examples["party"].uuid)
    await lane.admit(examples["external"].uuid)
    return lane


def exported(folder: Path) -> list[dict[str, str]]:
    """The rows of the only export in `folder`."""
    (file,) = folder.glob("boxoffice-queue-*.csv")
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


KEYS = {"retry": "F12", "dismiss_row": "Ctrl+X", "open_sale": "Enter"}
REFUSED_KEY = "The site refuses the key: log in again."


def row(state: QueueState, kind: QueueKind, reason: str = "") -> QueueRow:
    return QueueRow(1, kind, state, "5" * 32, "e" * 32, EVENING, "North", "Mia", reason=reason)


def texts(*rows: QueueRow, blocked: str = "") -> QueueTexts:
    """The words for a queue of these rows, whose holder is called `HOSTILE_NAME`."""
    by_state = {state: tuple(row for row in rows if row.state is state) for state in QueueState}
    view = QueueView(
        waiting=by_state[QueueState.WAITING] + by_state[QueueState.SENDING],
        failed=by_state[QueueState.FAILED],
        conflicts=by_state[QueueState.CONFLICT],
        names={"5" * 32: HOSTILE_NAME},
    )
    return QueueTexts(view, UTC, blocked=blocked)


@pytest.mark.parametrize(
    ("state", "kind", "happened", "to_do"),
    [
        (QueueState.WAITING, QueueKind.CHECK_IN, "was let in here", GOES_BY_ITSELF),
        (QueueState.WAITING, QueueKind.ANSWERS, "Answers were filled in here", GOES_BY_ITSELF),
        (QueueState.WAITING, QueueKind.NAME, "The name was changed here", GOES_BY_ITSELF),
        (QueueState.SENDING, QueueKind.CHECK_IN, "was let in here", SENDING_NOW),
        (
            QueueState.CONFLICT,
            QueueKind.CHECK_IN,
            "{why}",
            "Once you have looked for both, press Ctrl+X",
        ),
        (
            QueueState.FAILED,
            QueueKind.CHECK_IN,
            "{why}",
            "F12 sends it again. If it comes back, tell the",
        ),
        (QueueState.FAILED, QueueKind.ANSWERS, "{why}", "F12 sends them again."),
        (QueueState.FAILED, QueueKind.NAME, "{why}", "F12 sends it again."),
    ],
)
def test_what_happened_and_what_to_do(
    state: QueueState, kind: QueueKind, happened: str, to_do: str
) -> None:
    entry = row(state, kind, "{why}")
    head, why, advice = texts(entry).detail(entry, KEYS.__getitem__).plain.split("\n")
    assert head.startswith(f"{HOSTILE_NAME} · ")
    assert head.endswith(" · North · Mia")
    assert happened in why
    assert advice.startswith(to_do)
    assert "{" not in advice


@pytest.mark.parametrize("language", available())
def test_names_stand_below_each_other(language: str) -> None:
    use(language)
    rows = [row(QueueState.WAITING, kind) for kind in QueueKind]
    section = texts(*rows).sections()[-1]
    assert len({line.plain.index(HOSTILE_NAME) for _, line in section.rows}) == 1


def test_what_another_door_sends_is_held_up_by_nothing_here() -> None:
    posted = row(QueueState.WAITING, QueueKind.CHECK_IN, WAITS)
    blocked = texts(posted, blocked=REFUSED_KEY)
    assert blocked.to_do(posted, KEYS.__getitem__) == WAITS
    assert "Last try" not in blocked.detail(posted, KEYS.__getitem__).plain


def test_what_no_other_door_could_send_waits_for_the_site_here() -> None:
    posted = row(QueueState.WAITING, QueueKind.CHECK_IN, GIVEN_UP)
    assert texts(posted).to_do(posted, KEYS.__getitem__) == GIVEN_UP
    assert "Last try" not in texts(posted).detail(posted, KEYS.__getitem__).plain
    blocked = texts(posted, blocked=REFUSED_KEY)
    assert blocked.to_do(posted, KEYS.__getitem__).endswith(REFUSED_KEY)


def test_what_waits_is_held_up_until_a_person_mends_it() -> None:
    waiting, failed = (
        row(QueueState.WAITING, QueueKind.CHECK_IN),
        row(QueueState.FAILED, QueueKind.NAME),
    )
    blocked = texts(waiting, failed, blocked=REFUSED_KEY)
    assert blocked.to_do(waiting, KEYS.__getitem__) == f"{BLOCKED} {REFUSED_KEY}"
    assert blocked.to_do(failed, KEYS.__getitem__).startswith("F12 sends it again.")
    assert [part.heading for part in blocked.sections() if part.rows] == [
        "Refused by the site: send again, or tell the organiser · 1",
        "Waiting to be sent: held up, see below · 1",
    ]


async def test_an_empty_queue_says_so(lane: Lane) -> None:
    app = Stage(QueueScreen(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, ALL_SENT)
        await pilot.press("ctrl+r", "ctrl+a", "ctrl+d", "up", "enter", "escape")
        await until(lambda: app.answered)


async def test_those_who_need_a_person_come_first(troubled: Lane) -> None:
    app = Stage(QueueScreen(troubled))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "2 for a person · 2 waiting to be sent")
        lines = text_of(app).splitlines()
        places = [
            next(row for row, line in enumerate(lines) if text in line)
            for text in ("Possibly two people", "Refused by the site", "Waiting to be sent")
        ]
        assert places == sorted(places)
        await see(pilot, "possibly two people came in")
        await pilot.press("down")
        await see(pilot, "the check-in is refused")
        await see(pilot, "Ctrl+R sends it again. If it comes back, tell the organiser")
        assert HOSTILE_NAME in text_of(app)
        await pilot.press("down")
        await see(pilot, "Minh Nguyễn")


async def test_what_waits_goes_by_itself(troubled: Lane) -> None:
    app = Stage(QueueScreen(troubled))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "2 waiting")
        await pilot.press("end", "ctrl+r")
        await see(pilot, f"▌ {GOES_BY_ITSELF}")
        await pilot.press("ctrl+d")
        assert isinstance(app.screen, QueueScreen)


async def test_a_refused_key_is_said_to_hold_all_up(
    lane: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    sandbox.faults.set("401")
    await lane.admit(sandbox.examples()["plain"].uuid)

    async def refused() -> bool:
        await clock.advance(1)
        return lane.status.link is LinkState.REFUSED

    await until(refused, "a refused key")
    async with Stage(QueueScreen(lane)).run_test(size=WIDE) as pilot:
        await see(pilot, "Waiting to be sent: held up, see below · 1")
        await see(pilot, "Nothing here is lost")
        await pilot.press("ctrl+r")
        await see(pilot, f"▌ {BLOCKED[:40]}")


async def test_a_conflict_is_dismissed_with_a_reason(troubled: Lane) -> None:
    app = Stage(QueueScreen(troubled))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "2 for a person")
        await pilot.press("ctrl+d")
        await until(lambda: isinstance(app.screen, ReasonDialog))
        await pilot.press("escape")
        await pilot.press("delete")
        await until(lambda: isinstance(app.screen, ReasonDialog))
        await pilot.press(*"found both", "enter")
        await see(pilot, "1 for a person")
        assert "Possibly two people in" not in text_of(app)
    assert not (await troubled.queue.view()).conflicts


async def test_a_refusal_is_sent_again(troubled: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    sandbox.faults.clear()
    async with Stage(QueueScreen(troubled)).run_test(size=NARROW) as pilot:
        await see(pilot, "2 for a person")
        await pilot.press("ctrl+a")
        await see(pilot, "1 to be sent again.")
        await see(pilot, "1 for a person · 3 waiting")
        await sandbox.start()
        await sent(troubled, clock)
        await see(pilot, "1 for a person · 0 waiting")


async def test_the_queue_is_written_to_a_file(troubled: Lane) -> None:
    async with Stage(QueueScreen(troubled)).run_test(size=WIDE) as pilot:
        await see(pilot, "2 for a person")
        await pilot.press("ctrl+s")
        await see(pilot, "Written to ")
    states = [row["state"] for row in exported(troubled.exports)]
    assert states == ["conflict", "failed", "waiting", "waiting"]


async def test_a_file_that_cannot_be_written_is_a_sentence(troubled: Lane) -> None:
    troubled.exports.parent.mkdir()
    troubled.exports.write_text("in the way")
    async with Stage(QueueScreen(troubled)).run_test(size=(160, 24)) as pilot:
        await see(pilot, "2 for a person")
        await pilot.press("ctrl+s")
        await see(pilot, "cannot be written")


async def test_there_is_nothing_to_export(lane: Lane) -> None:
    app = Stage(QueueScreen(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, ALL_SENT)
        for nothing in ("Send again", "Send all", "Dismiss", "Export"):
            assert nothing not in text_of(app)
        await pilot.press("ctrl+s")
        await see(pilot, NOTHING_TO_EXPORT)
    assert not lane.exports.exists()


@pytest.mark.parametrize("ticket_count", [400])
async def test_a_long_queue_is_counted(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    await goes_offline(sandbox, lane, clock)
    tickets = sandbox.state.tonight.tickets
    for ticket in [each for each in tickets if not each.checked_in][:230]:
        await lane.admit(ticket.uuid)
    waiting = len((await lane.queue.view()).waiting)
    assert waiting > 200
    app = Stage(QueueScreen(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, f"{waiting} waiting to be sent")
        assert f"Waiting to be sent: nothing to do · {waiting}, the first 200 listed" in text_of(
            app
        )


async def test_picture(troubled: Lane, picture: SnapshotAssertion) -> None:
    async with Stage(QueueScreen(troubled)).run_test(size=NARROW) as pilot:
        await see(pilot, "possibly two people came in")
        await see(pilot, "2 waiting")
        await pictured(pilot, picture)
