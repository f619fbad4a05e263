"""What a scenario of the table of endpoints has at hand, and where it is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from boxoffice.domain.models import Address
from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.sandbox.models import Question as SandboxQuestion
from boxoffice.sandbox.models import Ticket as SandboxTicket
from boxoffice.ticketbutler import Ticketbutler
from tests.support import FakeClock

ANNA = Address("Anna", "Kjær", "anna@example.com", phone="+45 42 42 42 42")
WEEK = timedelta(days=7)


@dataclass
class Stage:
    """What a scenario has at hand."""

    client: Ticketbutler
    box: Sandbox
    event: SandboxEvent
    clock: FakeClock
    dialect: Dialect

    @property
    def uuid(self) -> str:
        return self.event.uuid

    @property
    def ticket(self) -> SandboxTicket:
        return next(each for each in self.event.tickets if not (each.checked_in or each.refunded))

    @property
    def text(self) -> SandboxQuestion:
        """A question of attendees that a text answers."""
        return next(each for each in self.event.questions if each.variation == "TEXT")


Scenario = Callable[[Stage], Awaitable[None]]
SCENARIOS: dict[tuple[str, str], Scenario] = {}


def row(method: str, path: str) -> Callable[[Scenario], Scenario]:
    def keep(scenario: Scenario) -> Scenario:
        assert (method, path) not in SCENARIOS
        SCENARIOS[method, path] = scenario
        return scenario

    return keep
