from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hands.door import Door


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A door of 400 people, open."""
    with Door(tmp_path / "door") as door:
        yield door
