"""What a command is, and where it can be given."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Place(StrEnum):
    """Where a command can be given."""

    DOOR = auto()
    EVENTS = auto()
    TICKET = auto()
    QUEUE = auto()
    PARTY = auto()
    SALE = auto()
    OUTCOME = auto()
    ORDER = auto()
    PAPER = auto()
    SHEET = auto()
    """Codes to try, in the demonstration."""
    ARRIVALS = auto()
    TIE = auto()
    """Whose code was scanned."""
    DESK = auto()
    """The organiser's lists."""
    DESK_FORM = auto()
    DESK_CHANGE = auto()
    """What will be different, before it is sent."""
    HELP = auto()
    LOGIN = auto()
    DIALOG = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can ask for."""

    id: str
    """Name of its action, and what a key is remapped by in the config file."""
    keys: tuple[str, ...]
    """As Textual names them; the first is shown in the footer."""
    label: str
    """For the footer: a word or two."""
    title: str
    """For the palette."""
    help: str
    """One sentence for the help screen."""
    places: frozenset[Place]
    on_app: bool = False
    bound: bool = True
    priority: bool = False
    """Its key works also where a field would take it."""
    in_footer: bool = True
    spare: int = 0
    """The higher, the sooner it is left out of the footer where room is short."""
    in_palette: bool = True

    @property
    def action(self) -> str:
        return f"app.{self.id}" if self.on_app else self.id


def at(*places: Place) -> frozenset[Place]:
    return frozenset(places)
