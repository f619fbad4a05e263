"""Fixtures of all tests: a computer of its own for each test, a clock and a sandbox."""

import asyncio
import gc
import importlib
import os
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from boxoffice import language
from boxoffice.collector import collector_paused
from boxoffice.lane import list_state
from boxoffice.sandbox.faults import Rule
from boxoffice.store import db_file, pin, sales
from boxoffice.store.database import Database
from boxoffice.ticketbutler.transport import Transport
from tests.support import UNDERWAY, FakeClock

if TYPE_CHECKING:
    from boxoffice.sandbox import Dialect, Sandbox
    from boxoffice.sandbox.models import Event
    from tests.rings import Ring

# A busy machine is no error. Each run makes up other examples.
settings.register_profile(
    "calm", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("calm"), max_examples=1000)
settings.load_profile("calm")

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory."""
ENOUGH = 1 << 30
"""Bytes that must be free there: a folder is removed once its test has passed."""
RARELY = 20_000
"""Objects made between two searches for garbage; Python's own 700 cost a tenth of all time."""


def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: a test waits for sockets and disks half of its time."""
    return 2 * (os.cpu_count() or 1)


def pytest_configure() -> None:
    """Hear Ctrl-C and SIGHUP, which a shell and nohup keep from what they run, and tests send on.

    A data folder that a test makes is written to by its user alone, whatever the machine's custom.
    It lies in memory where there is room: each database is opened with a dozen waits for a disk.
    """
    os.umask(0o022)
    if _holds_folders(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_IGN:
        signal.signal(hang_up, signal.SIG_DFL)


def _holds_folders(memory: Path) -> bool:
    """Whether tests may write there, start what they have written, and have room."""
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ENOUGH:
        return False
    return not os.statvfs(memory).f_flag & os.ST_NOEXEC


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile a share of the tests' modules, and find the others' compiled by the other workers.

    Where nothing is compiled yet, each of them would compile all: two thirds of what it collects.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    folder, number = Path(__file__).parent, int(worker["workerid"].removeprefix("gw"))
    for file in sorted(folder.rglob("test_*.py"))[number :: worker["workercount"]]:
        name = file.relative_to(folder.parent).with_suffix("")
        importlib.import_module(".".join(name.parts))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no search for garbage looks through it again."""
    gc.collect()
    collector_paused.freeze()
    gc.set_threshold(RARELY, *gc.get_threshold()[1:])


@contextmanager
def counting() -> Iterator[None]:
    """Have what is under way counted, for the clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transport, "send", UNDERWAY.counted(Transport.send))
        patch.setattr(Database, "_hand_over", UNDERWAY.counted(Database._hand_over))
        patch.setattr(asyncio, "to_thread", UNDERWAY.counted(asyncio.to_thread))
        patch.setattr(Rule, "wait_released", UNDERWAY.held_back(Rule.wait_released))
        yield


@pytest.fixture(autouse=True, scope="session")
def counted() -> Iterator[None]:
    """`counting`, for every test."""
    with counting():
        yield


@pytest.fixture(autouse=True, scope="session")
def migrated_once() -> Iterator[None]:
    """Fill a new database of today's with a copy of one: its migrations take as long as a test."""
    migrate, made = db_file.migrate, dict[int, sqlite3.Connection]()
    known = {name: db_file.migrations(name) for name in ("journal", "roster")}

    def copied(connection: sqlite3.Connection, steps: Sequence[str], application: int) -> None:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables == 0 and steps in known.values():
            if application not in made:
                made[application] = sqlite3.connect(
                    ":memory:", isolation_level=None, check_same_thread=False
                )
                migrate(made[application], steps, application)
            made[application].backup(connection)
        migrate(connection, steps, application)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db_file, "migrate", copied)
        yield
    for each in made.values():
        each.close()


@pytest.fixture(autouse=True, scope="session")
def cheap() -> Iterator[None]:
    """Hash a PIN in no time, and keep what memory is freed, which the next test needs.

    The program's own processes in `tests/cli` do neither.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pin, "COST", (2, 8, 1))
        patch.setattr(list_state, "return_freed_memory", lambda: None)
        yield


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Have the next test in English too, and with the collector that a program here turned off."""
    yield
    gc.enable()
    language.use(language.ENGLISH)


class Homes:
    """Empty folders of a user: the same one, until somebody writes to it."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._folder = folders.mktemp("home")

    def empty(self) -> Path:
        with os.scandir(self._folder) as entries:
            written = any(entries)
        if written:
            self._folder = self._folders.mktemp("home")
        return self._folder


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    return Homes(tmp_path_factory)


@pytest.fixture(autouse=True)
def isolated(request: pytest.FixtureRequest, homes: Homes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's home, settings, language, key ring, proxies and certificates out of the test.

    Each client would read the certificates for longer than most tests take.
    Most tests of a rule have no folder of their own, which costs more than they do.
    """
    for name in list(os.environ):
        if name.startswith(("BOXOFFICE_", "XDG_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", language.ENGLISH)  # also in programs that are started
    folder = homes.empty()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    own = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else folder
    monkeypatch.setenv("BOXOFFICE_DATA_DIR", str(own / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture(autouse=True)
def tags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a journal's random part out of the marks of its orders: tests name the orders."""
    monkeypatch.setattr(sales, "tagged", lambda _, name: name)


@pytest.fixture
def ring() -> Iterator["Ring"]:
    """The keyring of this computer, which is empty."""
    import keyring  # only the tests that need it pay for its import

    from tests.rings import Ring

    before, own = keyring.get_keyring(), Ring()  # type: ignore[no-untyped-call]  # keyring has no hint
    own.held.clear()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def dialect() -> "Dialect":
    """What the sandbox speaks; `tests.support.both_dialects` runs a test with each."""
    return "docs"


@pytest.fixture
def ticket_count() -> int:
    """How many the sandbox's event 1 has: enough for a list, and read and searched at once."""
    return 60


@pytest.fixture
async def sandbox(
    dialect: "Dialect", clock: FakeClock, ticket_count: int
) -> AsyncIterator["Sandbox"]:
    """A seeded Ticketbutler on a port of its own, on the test's loop and the test's clock."""
    from boxoffice.sandbox import Sandbox  # only the tests that need it pay for its import

    async with Sandbox(
        dialect=dialect,
        tickets=ticket_count,
        now=clock.now,
        sleep=UNDERWAY.held_back(clock.sleep),
    ) as box:
        yield box


@pytest.fixture
def tonight(sandbox: "Sandbox") -> "Event":
    return sandbox.state.tonight
