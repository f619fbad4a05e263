"""The paper screen, and what it wrote."""

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from boxoffice.lane import Lane
from boxoffice.screens.paper import PaperScreen
from tests.screens.stage import Stage, see
from tests.support import FakeClock, until


def screen(lane: Lane, clock: FakeClock, folder: Path, *tickets: str, **more: Any) -> Stage:
    lane.exports = folder
    return Stage(PaperScreen(lane, tickets, **more))


def written(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


async def told(pilot: Pilot[Any], folder: Path, kind: str) -> bytes:
    """What was written into the only file of its kind, once the screen tells of it."""

    def there() -> list[Path]:
        return list(folder.glob(f"{kind}*.pdf"))

    await until(there, f"a file {kind}…")
    await see(pilot, "aved as")
    (file,) = there()
    return file.read_bytes()
