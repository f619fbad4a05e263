"""Makes the pictures of the README anew: `python -m tests.pictures`."""

import asyncio
import random
import tempfile
from pathlib import Path

import pytest

from boxoffice import language
from boxoffice.store import sales
from tests.conftest import counting
from tests.person import steady_hands
from tests.pictures.drawing import moving, still
from tests.pictures.story import STILLS, frames

FOLDER = Path(__file__).parent
MOVING = "An evening at the door: scans, a name, a sale, and an outage"


def main() -> None:
    language.use(language.ENGLISH)
    random.seed(1)  # how long the door waits between two looks at the list is shown by its age
    with counting(), pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        steady_hands(patch)
        patch.setattr(sales, "tagged", lambda _, name: name)  # the rest of it is random
        evening = asyncio.run(frames(Path(folder) / "data"))
    _write("evening", moving([(frame.rows, frame.seconds) for frame in evening], MOVING))
    for frame in evening:
        if frame.name in STILLS:
            _write(frame.name, still(frame.rows, STILLS[frame.name]))


def _write(name: str, svg: str) -> None:
    file = FOLDER / f"{name.replace(' ', '-')}.svg"
    file.write_text(svg, encoding="utf-8", newline="\n")
    print(f"{file}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
