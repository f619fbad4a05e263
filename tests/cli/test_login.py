"""`login` and `logout`, and where the key is kept."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from boxoffice import ProblemError, log, secret
from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import SandboxThread
from boxoffice.ticketbutler import KeyMissing
from tests.cli.conftest import KEY, Computer
from tests.rings import Ring

SITE = "https://test.ticketbutler.io"


def test_log_in_work_and_log_out(site: SandboxThread, stranger: Computer) -> None:
    ran = stranger.run("login", text=f"{site.url}\n{KEY}\n")
    assert (ran.status, ran.err) == (0, "")
    assert site.url in ran.out
    assert KEY not in ran.out
    assert stranger.run("events", "--json").status == 0
    assert stranger.run("logout").status == 0
    assert stranger.run("events", "--url", site.url).status == 1
    assert stranger.run("events").status == 2


def test_with_the_site_known_the_key_alone_is_read(site: SandboxThread, stranger: Computer) -> None:
    # Notepad and PowerShell begin a file with a mark of its encoding.
    for text in (f"Token {KEY}", f"\ufeff{KEY}\r\n", f"\ufeff{site.url}\r\n\r\n{KEY}\r\n"):
        ran = stranger.run("login", "--url", site.url, text=text)
        assert (ran.status, ran.err) == (0, "")
    assert stranger.run("events").status == 0


@pytest.mark.parametrize("key", ["another-key", "two words", ""])
def test_a_key_that_does_not_work_is_not_kept(
    key: str, site: SandboxThread, stranger: Computer
) -> None:
    ran = stranger.run("login", "--url", site.url, text=f"{key}\n")
    assert ran.status in (1, 2)
    assert ran.sentence
    assert not key or key not in ran.err
    assert not (stranger.data / secret.FILE).exists()


def test_the_key_is_nowhere_but_in_its_file(site: SandboxThread, stranger: Computer) -> None:
    stranger.run("login", text=f"{site.url}\n{KEY}\n")
    ticket = site.examples()["plain"].uuid
    stranger.run("scan", "--event", site.state.tonight.uuid, text=f"{ticket}\n")
    stranger.environment["BOXOFFICE_TOKEN"] = KEY
    site.faults.set("401")
    stranger.run("sync")
    files = [file for file in stranger.data.rglob("*") if file.is_file()]
    assert [file.name for file in files if KEY.encode() in file.read_bytes()] == [secret.FILE]
    if os.name == "posix":
        assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
        assert oct(stranger.data.stat().st_mode & 0o777) == "0o700"


def test_environment_before_keyring_before_file(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / secret.FILE).write_text(json.dumps({SITE: "from-file"}))
    assert kept(tmp_path) == "from-file"
    ring.set_password(secret.SERVICE, SITE, "from-keyring")
    assert kept(tmp_path) == "from-keyring"
    monkeypatch.setenv(secret.VARIABLE, "from-environment")
    assert kept(tmp_path) == "from-environment"


def test_a_keyring_takes_the_key_out_of_the_file(ring: Ring, tmp_path: Path) -> None:
    (tmp_path / secret.FILE).write_text(json.dumps({SITE: "old", "https://other": "stays"}))
    assert "keyring" in secret.store_key(SITE, SecretStr("new"), tmp_path)
    assert json.loads((tmp_path / secret.FILE).read_text()) == {"https://other": "stays"}
    assert kept(tmp_path) == "new"
    assert secret.remove_key(SITE, tmp_path)
    assert not secret.remove_key(SITE, tmp_path)
    assert secret.read_key(SITE, tmp_path) is None


async def test_a_data_folder_without_the_pin_is_no_way_around_it(
    ring: Ring, tmp_path: Path
) -> None:
    here, other = tmp_path / "here", tmp_path / "other"
    secret.store_key(SITE, SecretStr("key"), here)
    assert kept(here) == kept(other) == "key"
    secret.guard_key(SITE, here, guarded=True)
    secret.guard_key(SITE, other, guarded=False)  # of another folder's it changes nothing
    assert kept(here) == "key"
    with pytest.raises(secret.GuardedKey, match="guarded by the PIN"):
        secret.remove_key(SITE, other)
    async with AppContext(Settings(url=SITE, data_dir=other)) as context:
        assert not context.ready
        with pytest.raises(ProblemError, match="guarded by the PIN"):
            await context.sync()
    secret.store_key(SITE, SecretStr("own"), other)
    assert kept(other) == kept(here) == "own"


async def test_a_stored_key_is_looked_for_once_and_where_it_can_not_before_it_is_needed(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.set_password(secret.SERVICE, SITE, "from-keyring")
    secret.StoredKey(SITE, tmp_path, late=True)
    assert ring.asked == 1, "nobody has logged in there, and there may be no key"
    secret.store_site(SITE, tmp_path)
    key = secret.StoredKey(SITE, tmp_path, late=True)
    assert ring.asked == 1
    keys = await asyncio.gather(key(), key(), key())
    assert {one.get_secret_value() for one in keys} == {"from-keyring"}
    assert ring.asked == 2
    monkeypatch.setenv(secret.VARIABLE, "from-environment")
    of_environment = await secret.StoredKey(SITE, tmp_path, late=True)()
    assert of_environment.get_secret_value() == "from-environment"
    assert ring.asked == 2


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        (None, f"No key for {SITE} is stored here"),
        ("key\n/another/folder", "guarded by the PIN of /another/folder"),
        ("two words", "This is not a key"),
    ],
)
async def test_what_is_no_key_is_a_sentence_with_the_first_request(
    kept: str | None, sentence: str, ring: Ring, tmp_path: Path
) -> None:
    if kept is not None:
        ring.set_password(secret.SERVICE, SITE, kept)
    secret.store_site(SITE, tmp_path)
    context = AppContext(Settings(data_dir=tmp_path), draws_first=True)
    assert context.ready
    async with context:
        client = (await context.sync()).client
        for _turn in range(2):
            with pytest.raises(KeyMissing) as caught:
                await client.ping()
            assert sentence in caught.value.sentence
    assert ring.asked == 1
    assert not context.ready


@pytest.mark.parametrize("raised", [OSError(1312, "no such log-on session"), RuntimeError("dbus")])
def test_a_keyring_that_fails_is_said_and_the_file_does(
    raised: Exception, ring: Ring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.raised = raised
    assert secret.store_key(SITE, SecretStr("new"), tmp_path) == str(tmp_path / secret.FILE)
    sentence = f"The keyring of this computer cannot be used ({type(raised).__name__}).\n"
    assert capsys.readouterr().err == sentence
    assert kept(tmp_path) == "new"
    assert capsys.readouterr().err == "", "what it has cannot be newer: it is not asked"
    assert secret.remove_key(SITE, tmp_path)
    assert secret.read_key(SITE, tmp_path) is None


def test_a_key_that_the_keyring_did_not_take_is_not_followed_by_an_older_one(
    ring: Ring, tmp_path: Path
) -> None:
    secret.store_key(SITE, SecretStr("withdrawn"), tmp_path)
    ring.raised = RuntimeError("locked")
    secret.store_key(SITE, SecretStr("new"), tmp_path)
    ring.raised = None
    assert kept(tmp_path) == "new"
    assert secret.place_of_key(SITE, tmp_path) == str(tmp_path / secret.FILE)
    secret.store_key(SITE, SecretStr("newer"), tmp_path)
    assert kept(tmp_path) == "newer"
    assert secret.place_of_key(SITE, tmp_path) == secret.RING


def test_a_keyring_that_does_not_let_go_is_an_error(ring: Ring, tmp_path: Path) -> None:
    secret.store_key(SITE, SecretStr("new"), tmp_path)
    ring.held_back = True
    with pytest.raises(ProblemError, match="did not let the key go"):
        secret.remove_key(SITE, tmp_path)


def test_a_keyring_that_asks_a_person_first_is_said(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As macOS asks for its Keychain: the app shows nothing until somebody has answered."""
    ring.set_password(secret.SERVICE, SITE, "behind-a-window")
    said = Queue[str]()
    monkeypatch.setattr(sys.stderr, "write", said.put)
    ring.answered = lambda: "Keychain" in said.get(timeout=60)
    assert kept(tmp_path) == "behind-a-window"


def test_a_keyring_that_keeps_nothing_is_none(tmp_path: Path) -> None:
    assert secret.store_key(SITE, SecretStr("new"), tmp_path) == str(tmp_path / secret.FILE)
    assert kept(tmp_path) == "new"
    assert secret.remove_key(SITE, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")
def test_the_file_is_the_user_s_alone_even_if_it_was_not(tmp_path: Path) -> None:
    file = tmp_path / secret.FILE
    file.write_text(json.dumps({SITE: "from-file"}))
    file.chmod(0o644)
    assert kept(tmp_path) == "from-file"
    assert oct(file.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize("text", ["rubbish", "[]", '{"https://x": 7}', "[" * 100_000])
def test_a_damaged_file(text: str, tmp_path: Path) -> None:
    (tmp_path / secret.FILE).write_text(text)
    with pytest.raises(ProblemError, match="log in again"):
        secret.read_key(SITE, tmp_path)


def test_the_log_blots_the_key_out(tmp_path: Path, logged: None) -> None:
    file = log.open_log(tmp_path)
    key = secret.check_key("k3y-in-an-error")
    try:
        raise ValueError(f"illegal header {key.get_secret_value()}")
    except ValueError:
        logging.getLogger("boxoffice").exception("a fault")
    text = file.read_text()
    assert "illegal header" in text
    assert "k3y-in-an-error" not in text


@pytest.mark.parametrize(("key", "hidden"), [("a", False), ("e", False), ("letmein", True)])
def test_a_short_key_leaves_the_log_readable(
    tmp_path: Path, logged: None, key: str, hidden: bool
) -> None:
    file = log.open_log(tmp_path)
    secret.check_key(key)
    logging.getLogger("boxoffice").warning("a letter was read: %s.", key)
    text = file.read_text()
    assert "WARNING boxoffice: a letter was read: " in text
    assert text.endswith("…key….\n" if hidden else f"{key}.\n")


def test_a_log_of_several_processes_is_renamed_once_when_it_is_full(
    tmp_path: Path, logged: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "SIZE", 2_000)
    for _ in range(3):  # each writes every line, with a file of its own open, as processes have
        file = log.open_log(tmp_path)
    for number in range(20):
        logging.getLogger("boxoffice").info("line %03d", number)
    older = [each for each in sorted(tmp_path.glob(f"{log.NAME}*")) if each != file]
    assert older
    assert min(each.stat().st_size for each in older) > 1_500
    text = "".join(each.read_text() for each in (*reversed(older), file))
    assert [text.count(f"line {number:03d}\n") for number in range(20)] == [3] * 20


@pytest.fixture
def logged() -> Iterator[None]:
    """Take the log's handlers away again."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)


def kept(data: Path) -> str:
    key = secret.read_key(SITE, data)
    assert key is not None
    assert key.get_secret_value() not in f"{key} {key!r}"
    return key.get_secret_value()


def test_a_log_that_another_boxoffice_has_open_stays_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: None
) -> None:
    """As on Windows, where such a file cannot be renamed."""
    monkeypatch.setattr(log, "SIZE", 1_000)

    def refuse(self: Path, target: object) -> None:
        raise PermissionError(13, "another process has it open")

    monkeypatch.setattr(Path, "replace", refuse)
    file = log.open_log(tmp_path)
    for number in range(200):
        logging.getLogger("boxoffice").info("line %03d", number)
    sizes = [each.stat().st_size for each in tmp_path.glob(f"{log.NAME}*")]
    assert len(sizes) == log.BACKUPS + 1
    assert max(sizes) <= 1_000
    assert "line 199" in file.read_text()
    log.empty_log(tmp_path)
    logging.getLogger("boxoffice").info("after")
    assert [each.name for each in tmp_path.glob(f"{log.NAME}*")] == [log.NAME]
    assert file.read_text().endswith("after\n")
    assert file.read_text().count("\n") == 1
