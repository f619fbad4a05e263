"""What is printed is scanned back into a real lane, on a computer without fonts of its own."""

from pathlib import Path

import pytest

from boxoffice.printing import typefaces
from tests.lane.conftest import lane, open_lane

__all__ = ["lane", "open_lane"]


@pytest.fixture(autouse=True)
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this computer's fonts, empty: not every machine has the same."""
    folder = tmp_path / "fonts"
    monkeypatch.setattr(typefaces, "folders", lambda: [folder])
    typefaces.of_system.cache_clear()
    return folder
