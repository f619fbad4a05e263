"""Doors that are opened once in each process of the tests, and made as new for each test.

They are closed behind the last test of this folder: an app that nobody uses follows its list.
"""

import sys
from collections.abc import Iterator

import pytest

from tests.hands.door import Door
from tests.hands.judging import bursts, tickets

TESTS = 16
"""So many tests, at the most, send a door as many bursts as one test does."""


@pytest.fixture(autouse=True, scope="session")
def terminals() -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such terminals")


@pytest.fixture(scope="package")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with Door(tmp_path_factory.mktemp("door"), tickets=tickets(TESTS * bursts(8))) as door:
        yield door


@pytest.fixture(scope="package")
def opened_tall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("tall")
    with Door(folder, tickets=tickets(TESTS * bursts(8)), size=(90, 50)) as door:
        yield door


@pytest.fixture
def door(opened: Door) -> Door:
    """A door of some hundred people, as it is when it has been opened."""
    opened.begin_anew()
    return opened


@pytest.fixture
def tall_door(opened_tall: Door) -> Door:
    """Another with room for the longest form."""
    opened_tall.begin_anew()
    return opened_tall
