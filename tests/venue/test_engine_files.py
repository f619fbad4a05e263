"""What the engine leaves on disk: no password, no name, and a log that has an end."""

import json
from collections.abc import Callable
from pathlib import Path

import nats.errors
import pytest

from boxoffice import ProblemError
from boxoffice.venue import engine_config
from boxoffice.venue.client import connect
from boxoffice.venue.engine import Engine
from boxoffice.venue.hub import Hub
from tests.support import FakeClock
from tests.venue.engines import claim, free_port, hashes, member, prepare, presence

NAME = "Zephyrine's till"


async def fail_to_log_in(engine_port: int, certificate: str, password: str) -> None:
    with pytest.raises(nats.errors.Error):
        await connect(f"127.0.0.1:{engine_port}", "nobody", password, certificate)


async def test_no_password_and_no_name_is_on_disk(tmp_path: Path, clock: FakeClock) -> None:
    async with Hub(tmp_path, clock, name="Hall of Ystad", port=free_port()) as hub:
        membership = await hub.admit(NAME)
        password = membership.password.get_secret_value()
        async with member(membership) as door:
            await door.request(f"bo.open.{'e0' * 16}", b"", 5)
            await door.jetstream().publish(*claim("d0", "t1"))
            await door.publish(*presence("d0"))
            await door.flush()
        await fail_to_log_in(hub.address.port, membership.certificate, "wrong-and-secret")
    files = [file for file in (tmp_path / "hub").rglob("*") if file.is_file()]
    assert any("store" in file.parts and b"d0" in file.read_bytes() for file in files)
    for file in files:
        content = file.read_bytes()
        assert password.encode() not in content, file
        assert b"wrong-and-secret" not in content, file
        assert (NAME.encode() in content) == (file.name == "hub.json"), file
        assert (b"Ystad" in content) == (file.name == "hub.json"), file
    settings = json.loads((tmp_path / "hub" / "hub.json").read_text())
    assert settings["doors"][membership.user]["name"] == NAME


async def test_its_log_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_config, "LOG_SIZE", 3000)
    folder = prepare(tmp_path / "hub")
    engine = Engine(folder, free_port())
    try:
        await engine.start(hashes("door0"))
        certificate = (folder / "cert.pem").read_text()
        for _ in range(150):
            await fail_to_log_in(engine.port, certificate, "wrong")
    finally:
        await engine.stop()
    logs = list(folder.glob("engine.log*"))
    assert 1 < len(logs) <= 1 + engine_config.LOG_BACKUPS
    assert all(file.stat().st_size < 5000 for file in logs)


DAMAGE: list[tuple[str, Callable[[Path], object]]] = [
    ("cert.pem", lambda file: file.unlink()),
    ("cert.pem", lambda file: file.write_bytes(b"\xff\xfe")),
    ("key.pem", lambda file: file.unlink()),
    ("key.pem", lambda file: file.write_bytes(b"")),
    ("hub.json", lambda file: file.write_text("{}")),
    ("hub.json", lambda file: set_in(file, port=99_999)),
    ("hub.json", lambda file: set_in(file, port=-1)),
    ("hub.json", lambda file: set_in(file, others=["no address", "10.0.0.2:4715"])),
]


def set_in(file: Path, **settings: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | settings))


@pytest.mark.parametrize(("name", "harm"), DAMAGE)
def test_a_folder_that_is_damaged_is_said_with_what_helps(
    name: str, harm: Callable[[Path], object], tmp_path: Path, clock: FakeClock
) -> None:
    Hub(tmp_path, clock, name=NAME, port=4715)
    file = tmp_path / "hub" / name
    harm(file)
    with pytest.raises(ProblemError) as raised:
        Hub(tmp_path, clock, name=NAME)
    assert f"{file} is damaged" in raised.value.sentence
    assert f"remove the folder {file.parent}" in raised.value.sentence
