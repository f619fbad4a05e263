"""How soon an online scan is answered by a near site: `python -m tests.benchmarks.bench_online`.

From Enter to the decision and to the verdict drawn, of a scanner that writes a code in one go: at a
lane that never joined a venue, and at one whose hub is on this computer too. The floor is a bare
Textual app that asks the same site for the same three things at once with a bare httpx client, then
draws a band. The site is a sandbox in a process of its own. Whatever else is drawn before a verdict
would be a frame of its own.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.config import Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.venue import HubState
from boxoffice.domain.verdicts import Scan
from tests.benchmarks.bench_app import Screen, is_shown_after, report
from tests.benchmarks.bench_replay import Site, site
from tests.benchmarks.bench_venue import hub, join
from tests.support import until

PAUSE = (0.15, 0.25)
"""Seconds between two scans, at least and at most."""
SETTLES = 1.0
"""Seconds in which a start's own drawing is over."""


class BareOnline(App[None]):
    """Asks for a ticket, its order and its open questions at Enter, and draws a band."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        super().__init__()
        self._client = client
        self._typed = ""
        self.answered = 0
        self.answered_at = 0.0
        """When the site had answered."""

    def compose(self) -> ComposeResult:
        yield Static("", id="band")

    async def on_key(self, event: events.Key) -> None:
        if event.key != "enter":
            self._typed += event.character or ""
            return
        uuid, self._typed = self._typed, ""
        path = f"tickets/{uuid}/"
        replies = await asyncio.gather(
            *map(self._client.get, (path, path, f"{path}questions/unanswered/"))
        )
        assert replies[0].json()["uuid"].replace("-", "") == uuid
        self.answered_at = time.perf_counter()
        self.answered += 1
        self.query_one(Static).update(f"ADMITTED {self.answered} " * 30, layout=False)

    def is_answered_after(self, before: int) -> bool:
        return self.answered > before


class Answer(NamedTuple):
    """Of one scan."""

    decided: float
    """Seconds from its Enter on."""
    drawn: float
    """Seconds from its Enter to the frame with the answer."""
    used: float
    """Seconds of this process's processor until then: what else the machine does counts less."""
    frames: int
    """Until then, with that one."""


async def scan(
    screen: Screen, code: str, shown: Callable[[], bool], decided_at: Callable[[], float]
) -> Answer:
    for character in code:
        screen.press(character, character)
    began, used, frames = time.perf_counter(), time.process_time(), screen.frames
    screen.press("enter", "\r")
    drawn = await screen.until_drawn(shown)
    used = time.process_time() - used
    answer = Answer(decided_at() - began, drawn - began, used, screen.frames - frames)
    await asyncio.sleep(random.uniform(*PAUSE))  # off the frames' beat
    return answer


async def bare(served: Site, codes: list[str]) -> list[Answer]:
    headers = {"Authorization": f"Token {served.token}"}
    async with httpx.AsyncClient(base_url=f"{served.url}/api/v3/", headers=headers) as client:
        app = BareOnline(client)
        async with app.run_test(size=(80, 24)):
            screen = Screen(app)
            return [
                await scan(
                    *(screen, code, partial(app.is_answered_after, app.answered)),
                    lambda: app.answered_at,
                )
                for code in codes
            ]


async def door(served: Site, folder: Path, codes: list[str]) -> list[Answer]:
    """`folder`: the lane's data, with its hub where it has joined one."""
    settings = Settings(url=served.url, event=served.event, data_dir=folder, read_codes=False)
    context = AppContext(settings, key=SecretStr(served.token))
    app = BoxofficeApp(context)
    async with context, app.run_test(size=(80, 24)):
        await until(lambda: app.door.lane is not None and bool(len(app.door.lane.roster)))
        lane = app.door.lane
        assert lane is not None
        await until(lambda: lane.status.link is LinkState.ONLINE)
        if lane.venue is not None:
            await until(lambda: lane.status.venue.state is HubState.JOINED)
        await asyncio.sleep(SETTLES)
        decided_at, show_answer = 0.0, app.door.show_answer

        def decided(scan: Scan) -> None:
            nonlocal decided_at
            decided_at = time.perf_counter()
            show_answer(scan)

        app.door.show_answer = decided  # type: ignore[method-assign] # the lane's answer comes here
        screen, state = Screen(app), app.door.state
        return [
            await scan(
                *(screen, code, partial(is_shown_after, state, state.last)), lambda: decided_at
            )
            for code in codes
        ]


async def measure(served: Site, given: argparse.Namespace, folder: Path) -> None:
    left: Iterator[str] = iter(random.sample(served.tickets, len(served.tickets)))
    answers: dict[str, list[Answer]] = {"bare": [], "alone": [], "joined": []}

    def some() -> list[str]:
        return [code for code, _ in zip(left, range(given.scans), strict=False)]

    for _ in range(given.turns):  # what else the machine does disturbs all alike
        answers["bare"] += await bare(served, some())
        for name in ("alone", "joined"):
            answers[name] += await door(served, folder / name, some())
    floor = answers["bare"]
    for name, what in (("alone", "never joined"), ("joined", "with a hub")):
        found = answers[name]
        for figure, label in (
            ("decided", "Enter → decided"),
            ("drawn", "Enter → drawn"),
            ("used", "processor used"),
        ):
            times = [[getattr(one, figure) for one in some] for some in (found, floor)]
            report(f"{label}, {what}", *times)
        frames = [one.frames for one in found]
        mean = sum(frames) / len(frames)
        print(f"  frames, with that of the verdict   mean {mean:.2f}   most {max(frames)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000)
    parser.add_argument("--scans", type=int, default=20, help="of each kind in a turn")
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        site(given.tickets, 0) as served,
        hub(Path(name) / "hub") as (_, ready),
    ):
        tune_interpreter()  # as every command does
        join(Path(name) / "joined", ready)
        asyncio.run(measure(served, given, Path(name)))


if __name__ == "__main__":
    main()
