"""The disk of the hub's computer is full for a while: it says so, the doors too, and all goes on.

Needs Linux, and root, to have a small disk.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from boxoffice.domain.venue import StoreTrouble
from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.hubs import laptop, running
from tests.cli.test_scan import some
from tests.cli.test_venue_doors import ScanningDoor, joined, scanning

SIZE = 6 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a small disk needs Linux and root")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"this machine mounts no small disk: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Until nothing can be written; answers what is to be removed."""
    ballast = disk / "ballast"
    handle = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(handle, bytes(1 << 12))
    except OSError:
        return ballast
    finally:
        os.close(handle)


def scan_until_claimed(door: ScanningDoor, codes: Iterator[str], *, claimed: bool) -> str:
    """The first ticket whose claim came out so: a slow hub's may be missed, a full one's stored."""
    for code in codes:
        door.send(code)
        line = door.answer()
        assert line["verdict"] == "admitted"
        if line["claimed"] is claimed:
            return code
    pytest.fail(f"none had claimed: {claimed}")


def test_a_hub_whose_disk_is_full_says_so_and_its_doors_come_back_by_themselves(
    disk: Path, computer: Computer, site: SandboxThread, tmp_path: Path
) -> None:
    codes, disk_is_full = iter(some(site, 60)), StoreTrouble.DISK.describe("Hall")
    with running(laptop(disk / "hall", "Hall")) as hub:
        north = joined(hub, computer, tmp_path / "North")
        with scanning([north]) as (door,):
            scan_until_claimed(door, codes, claimed=True)
            ballast = fill(disk)
            scan_until_claimed(door, codes, claimed=False)
            hub.wait_for("gone")
            checks = {of["check"]: of for of in north.run("doctor", "--json").json}
            assert (checks["hub"]["state"], checks["hub"]["sentence"]) == ("fail", disk_is_full)
            ballast.unlink()
            hub.wait_for("present")
            scan_until_claimed(door, codes, claimed=True)
            assert "not known to the other doors" not in door.end()
        hub.process.terminate()
        _, said = hub.process.communicate()
        assert said.count(disk_is_full) == 1
