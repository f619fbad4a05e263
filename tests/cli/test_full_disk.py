"""The disk of the hub's computer is full for a while: it says so, the doors too, and all goes on.

Needs Linux, and root, to have a small disk.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from boxoffice.domain.venue import StoreTrouble
from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.hubs import laptop, running
from tests.cli.test_scan import some
from tests.cli.test_venue_doors import TRIES, ScanningDoor, joined, scanning
from tests.venue.small_disk import fill, small_disk

SIZE = 6 << 20
SOME = 12
"""Scans: the last block of a full disk takes a few claims."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", SIZE) as disk:
        yield disk


def is_claimed(door: ScanningDoor, code: str) -> bool:
    door.send(code)
    line = door.answer()
    assert line["verdict"] == "admitted"
    return bool(line["claimed"])


def scan_until_claimed(door: ScanningDoor, codes: Iterator[str]) -> None:
    """A busy machine may be slow to ask the hub."""
    assert any(is_claimed(door, code) for code in codes)


def scan_until_said(
    door: ScanningDoor, codes: Iterator[str], checked: Callable[[], dict[str, str]]
) -> dict[str, str]:
    """What `checked` answers of the hub once it is not well."""
    while len(batch := [*islice(codes, SOME)]) == SOME:
        for code in batch:
            is_claimed(door, code)
        if (check := checked())["state"] == "fail":
            return check
    pytest.fail("nothing was said of the hub")


def test_a_hub_whose_disk_is_full_says_so_and_its_doors_come_back_by_themselves(
    disk: Path, computer: Computer, site: SandboxThread, tmp_path: Path
) -> None:
    codes, disk_is_full = iter(some(site, 65)), StoreTrouble.DISK.describe("Hall")
    with running(laptop(disk / "hall", "Hall")) as hub:
        north = joined(hub, computer, tmp_path / "North")
        with scanning([north]) as (door,):
            scan_until_claimed(door, codes)
            ballast = fill(disk)

            def checked() -> dict[str, str]:
                checks: list[dict[str, str]] = north.run("doctor", "--json").json
                return next(check for check in checks if check["check"] == "hub")

            assert scan_until_said(door, codes, checked)["sentence"] == disk_is_full
            hub.wait_for("gone")
            assert not is_claimed(door, next(codes))
            ballast.unlink()
            hub.wait_for("present")
            scan_until_claimed(door, codes)
            door.end()
        assert any("not known to" not in north.run("sync").err for _ in range(TRIES))
        hub.process.terminate()
        _, said = hub.process.communicate()
        assert said.count(disk_is_full) == 1
