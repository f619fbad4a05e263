"""The app as the command line starts it, in a terminal of its own."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from boxoffice import ProblemError, secret
from boxoffice.cli import demo as demo_command
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.help_pages import PAGES
from boxoffice.cli.run_app import run, run_app
from boxoffice.commands import check_keys
from boxoffice.config import Settings
from boxoffice.domain.models import Event
from boxoffice.domain.secret_text import SecretStr
from boxoffice.paths import site_folder
from boxoffice.store import RosterStore, json_docs
from boxoffice.store.journal_db import ROSTER
from boxoffice.ticketbutler import Ticketbutler, Unreachable
from boxoffice.ticketbutler.wire import Limits
from tests.cli.conftest import Computer
from tests.cli.terminal import Terminal
from tests.printing import eyes
from tests.support import until

KEY = SecretStr("a-key-for-tests")

WHEN_THE_DOOR_OPENS = """
import os, sys, threading
from boxoffice.cli import main, run_app
from boxoffice.screens.door import DoorScreen
opens, on_the_loop = DoorScreen.open, []
class Imports:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            on_the_loop.append(name)
def open_door(self, lane):
    print(*sys.modules, file=sys.__stdout__)
    if "BOXOFFICE_TOKEN" not in os.environ:  # nothing is asked then
        self.app.exit()
        return
    sys.meta_path.insert(0, Imports())
    def look():
        if lane.status.link == "offline":
            print(*on_the_loop, file=sys.__stdout__)
            self.app.exit()
    self.set_interval(0.05, look)
    opens(self, lane)
DoorScreen.open = open_door
run_app.needs_terminal = lambda: None
sys.exit(main([]))
"""
LATER = {
    *("httpx", "pydantic"),  # in a thread, for the first request
    *("babel", "cyclopts", "keyring", "nats", "rapidfuzz", "starlette", "tomlkit", "uvicorn"),
    *("boxoffice.domain.sale", "boxoffice.venue", "filelock"),
}


@pytest.mark.parametrize("kept_in", ["environment", "keyring"])
def test_what_only_later_steps_need_is_loaded_once_the_door_is_open_and_beside_the_loop(
    kept_in: str, tmp_path: Path
) -> None:
    site, event = "http://127.0.0.1:9", Event(uuid="0" * 32, title="Sommerfest")

    async def store_event() -> None:
        store = await RosterStore.open(site_folder(tmp_path, site) / ROSTER)
        await store.write(json_docs.save_events, [event])
        await store.close()

    asyncio.run(store_event())
    if kept_in == "environment":
        key = {"BOXOFFICE_URL": site, "BOXOFFICE_TOKEN": "key"}
    else:
        secret.store_site(site, tmp_path)
        root = str(Path(__file__).parents[2])
        key = {"PYTHON_KEYRING_BACKEND": "tests.rings.Ring", "PYTHONPATH": root}
    ran = subprocess.run(
        [sys.executable, "-c", WHEN_THE_DOOR_OPENS],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | key
        | {
            "BOXOFFICE_EVENT": event.uuid,
            "BOXOFFICE_DATA_DIR": str(tmp_path),
            "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver",
        },
    )
    assert ran.returncode == 0, ran.stderr
    loaded, *on_the_loop = (set(line.split()) for line in ran.stdout.splitlines())
    assert "boxoffice.lane.lane" in loaded
    assert loaded.isdisjoint(LATER), sorted(loaded & LATER)
    # What comes next is loaded beside the loop, which would stand still meanwhile.
    assert {name.split(".")[0] for name in set().union(*on_the_loop)} <= {"encodings"}, on_the_loop


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / "temporary").mkdir()
    terminal = Terminal("demo", environment={"TMPDIR": str(tmp_path / "temporary")})
    yield terminal
    terminal.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_the_demo_opens_its_door_and_leaves_nothing_behind(demo: Terminal, tmp_path: Path) -> None:
    demo.wait_for("Sommerfest")
    demo.wait_for("400 tickets")
    assert not (tmp_path / "data").exists()
    demo.quit()
    assert demo.end() == 0
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_the_codes_of_the_sheet_are_scanned_in_the_demo(tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    sheet = tmp_path / "sheet.pdf"
    demo = Terminal(
        "demo", "--sheet", str(sheet), environment={"TMPDIR": str(tmp_path / "temporary")}
    )
    try:
        demo.wait_for("400 tickets")
        first, second, *_ = [
            code for page in eyes.pages(sheet.read_bytes(), 150) for code in eyes.read(page)
        ]
        demo.type(f"{first}\r".encode())
        demo.wait_for("Valid, and not in before")
        demo.type(f"{second}\r".encode())
        demo.wait_for("Checked in before this list")
        demo.quit()
        assert demo.end() == 0
    finally:
        demo.close()
    assert f"{sheet} holds the codes to try." in demo.seen


def test_without_a_terminal_the_sheet_alone_is_written(stranger: Computer, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"
    ran = stranger.run("demo", "--sheet", str(sheet), "--seed", "2")
    assert ran.status == 0
    assert ran.out == f"{sheet} holds the codes to try.\n"
    assert ran.sentence == "Without a terminal the demo itself is not opened."
    assert "boxoffice demo --seed 2 · Sommerfest" in eyes.text_of(sheet.read_bytes())
    assert not stranger.data.exists()


@pytest.mark.parametrize("file", ["", "nowhere/sheet.pdf"])
def test_a_sheet_that_cannot_be_written_is_a_sentence(
    stranger: Computer, tmp_path: Path, file: str
) -> None:
    ran = stranger.run("demo", "--sheet", str(tmp_path / file))
    assert (ran.status, ran.out) == (1, "")
    assert "cannot be written" in ran.sentence


@pytest.mark.parametrize("fault", [None, ProblemError("a sentence"), RuntimeError("a fault"), 1])
def test_the_demo_keeps_its_log_after_a_fault_of_its_own(
    fault: Exception | int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def run_app(settings: Settings, **_: object) -> int:
        (settings.data_dir / "boxoffice.log").write_text("why")
        if isinstance(fault, Exception):
            raise fault
        return fault or 0

    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(demo_command, "needs_terminal", lambda: None)
    monkeypatch.setattr(demo_command, "run_app", run_app)
    with pytest.raises(type(fault)) if isinstance(fault, Exception) else nullcontext():
        assert demo_command.demo(tickets=1) == (fault or 0)
    kept = [file.read_text() for file in temporary.rglob("boxoffice.log")]
    assert kept == (["why"] if isinstance(fault, RuntimeError | int) else [])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_key_for_an_unknown_command(computer: Computer, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('keys = { dance = "f12" }\n')
    terminal = Terminal("--config", str(config), environment=computer.environment)
    status = terminal.end()
    terminal.close()
    assert status == 1
    assert "dance" in terminal.seen


@pytest.mark.parametrize("key", ["ctrl+u", "f9, enter", "a", "upper_a", "space", "comma", "å"])
def test_a_key_that_the_door_hears_itself_is_refused(key: str) -> None:
    with pytest.raises(ProblemError, match=r"undo the key .*, which the door needs itself"):
        run_app(Settings(keys={"undo": key}))


def test_the_keys_of_the_page_on_settings_are_taken() -> None:
    page = (PAGES / "settings.md").read_text("utf-8")
    (example,) = (line.strip() for line in page.splitlines() if line.startswith("    keys = "))
    check_keys(tomllib.loads(example)["keys"])
    check_keys({"contrast": "f8", "back": "escape,f3"})


@pytest.mark.parametrize(
    ("own", "wanted"), [("", demo_command.HOUSE_EMAIL), ("a@b.example", "a@b.example")]
)
def test_the_demo_sells_to_who_gives_no_email(own: str, wanted: str) -> None:
    given = Settings.of({"sales": {"email": own, "reserve": 3}, "numbers": "admit"})
    settings = demo_command._for_demo(given, doors=("Standard",), extras=("T-shirt",))
    assert (settings.sales.email, settings.sales.reserve) == (wanted, 3)
    assert (settings.numbers, settings.doors) == ("ask", ("Standard",))


@pytest.fixture
def silent_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names that are asked for; none is answered before the test is over."""
    asked: list[str] = []
    over = threading.Event()

    def look_up(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        over.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "over")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield asked
    over.set()


def test_a_silent_resolver_holds_up_neither_other_work_nor_the_end(
    silent_resolver: list[str], tmp_path: Path
) -> None:
    async def work(context: AppContext) -> int:
        loop = asyncio.get_running_loop()
        names = [f"{number}.example" for number in range(64)]
        asking = [asyncio.create_task(loop.getaddrinfo(name, 443)) for name in names * 2]
        await until(lambda: len(silent_resolver) >= len(names), "all look-ups")
        done = await asyncio.gather(*(asyncio.to_thread(int, "1") for _ in range(64)))
        assert not [task for task in asking if task.done()]
        assert sorted(silent_resolver) == sorted(names)
        return sum(done)

    assert run(Settings(data_dir=tmp_path / "data"), work) == 64


def test_a_name_that_nobody_answers_for_is_given_up(
    silent_resolver: list[str], tmp_path: Path
) -> None:
    async def work(context: AppContext) -> None:
        limits = Limits(connect=0.01)
        async with Ticketbutler("https://silent.example", KEY, limits=limits) as client:
            with pytest.raises(Unreachable):
                await client.ping()

    run(Settings(data_dir=tmp_path / "data"), work)
    assert len(silent_resolver) == 1


def test_names_are_looked_up_as_ever(tmp_path: Path) -> None:
    async def work(context: AppContext) -> list[object]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
        with pytest.raises(socket.gaierror):
            await loop.getaddrinfo("127.0.0.1.", 80, flags=socket.AI_NUMERICHOST)
        return [address[0] for *_, address in found]

    assert run(Settings(data_dir=tmp_path / "data"), work) == ["127.0.0.1"]


CLOSED = """
import asyncio, ctypes, signal, sys, threading
from types import SimpleNamespace
from boxoffice import ProblemError, secret
from boxoffice.cli.run_app import unless_signalled

handlers = []
kernel32 = SimpleNamespace(SetConsoleCtrlHandler=lambda handler, add: handlers.append(handler))
ctypes.windll, ctypes.WINFUNCTYPE = SimpleNamespace(kernel32=kernel32), ctypes.CFUNCTYPE
signal.SIGBREAK = signal.SIGUSR1
sys.platform = "win32"

async def work():
    handler = handlers[0]
    print(handler(0), "Ctrl-C is another's")
    # Windows calls it on a thread of its own, and ends the process as soon as it has returned.
    threading.Thread(target=lambda: print("killed", handler(2)), daemon=True).start()
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)
        print("the webhook is taken back")

try:
    asyncio.run(unless_signalled(work()))
except ProblemError as problem:
    print(problem.status - 128 - signal.SIGUSR1, problem.sentence)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="stands in for Windows on other systems")
def test_closing_the_window_on_windows_ends_in_order() -> None:
    ran = subprocess.run([sys.executable, "-c", CLOSED], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [
        "0 Ctrl-C is another's",
        "the webhook is taken back",
        "0 boxoffice was told to end (SIGUSR1).",
    ]
