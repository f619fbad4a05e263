"""What the demonstration has to try its door with: a sheet of codes, and a network to cut."""

from pathlib import Path
from typing import TYPE_CHECKING

from boxoffice.domain.verdict import VerdictCode
from boxoffice.printing import Sheet, SheetEntry
from boxoffice.problem import ProblemError
from boxoffice.sandbox.trials import CREW

if TYPE_CHECKING:
    from boxoffice.sandbox import Sandbox, SandboxThread
    from boxoffice.sandbox.faults import Rule


class Demonstration:
    """Of a sandbox with trials. It is the `boxoffice.screens.base.Demo` that the app is given."""

    def __init__(self, server: "Sandbox | SandboxThread", *, started_as: str) -> None:
        """`started_as`: the command that makes up the same people again."""
        self._server = server
        self._cut: Rule | None = None
        event = next(iter(server.state.events.values()))
        self.sheet = Sheet(
            tuple(
                SheetEntry(
                    each.code, each.name, VerdictCode(each.verdict), each.hint, offline=each.offline
                )
                for each in server.state.trials
            ),
            f"{started_as} · {event.title}",
        )

    @property
    def doors(self) -> tuple[str, ...]:
        """Titles of the ticket types that the door admits: all but one, so that it can be tried."""
        events = self._server.state.events.values()
        titles = (kind.title for event in events for kind in event.ticket_types)
        return tuple(title for title in dict.fromkeys(titles) if title != CREW)

    def unplug(self) -> bool:
        """Cut the door off from its site, or put it back; answers whether it is connected now."""
        if self._cut is None:
            self._cut = self._server.faults.set("drop")
            return False
        self._server.faults.clear(self._cut)
        self._cut = None
        return True

    def write(self, file: Path) -> None:
        """Write the sheet as PDF. Raises ProblemError."""
        from boxoffice.clock import SystemClock
        from boxoffice.printing.sheet import sheet_pdf

        pdf = sheet_pdf(self.sheet, SystemClock().now())
        try:
            file.write_bytes(pdf)
        except OSError as error:
            raise ProblemError(f"{file} cannot be written: {error.strerror or error}.") from error
