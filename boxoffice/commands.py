"""The one table of commands: bindings, footer, palette and help are all made from it.

A screen names its place and writes a method `action_<id>` for each command of that place; commands
with `on_app` are the App's. Commands without `bound` are keys that the screen hears by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from textual.binding import Binding
from textual.keys import key_to_character


class Place(StrEnum):
    """Where a command can be given."""

    DOOR = auto()
    EVENTS = auto()
    TICKET = auto()
    QUEUE = auto()
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


def _at(*places: Place) -> frozenset[Place]:
    return frozenset(places)


DOOR = _at(Place.DOOR)
EVERYWHERE = frozenset(Place)
CLOSED_BY_ESC = _at(Place.TICKET, Place.QUEUE, Place.HELP, Place.DIALOG, Place.EVENTS)

COMMANDS: tuple[Command, ...] = (
    Command(
        "check_in",
        ("enter",),
        "Check in",
        "Check in",
        "Checks in the scanned code, or the highlighted row.",
        DOOR,
        bound=False,
        spare=4,
        in_palette=False,
    ),
    Command(
        "move",
        ("up", "down", "pageup", "pagedown", "home", "end"),
        "Move",
        "Move in the list",
        "Moves in the list.",
        DOOR,
        bound=False,
        in_footer=False,
        in_palette=False,
    ),
    Command(
        "filter",
        ("tab", "shift+tab"),
        "Filter",
        "Filter the list",
        "Shows all, those not in, those in, or those that need attention.",
        DOOR,
        bound=False,
        spare=4,
    ),
    Command(
        "clear",
        ("escape",),
        "Clear",
        "Clear the line",
        "Clears what is typed and shows the whole list.",
        DOOR,
        bound=False,
        spare=4,
    ),
    Command(
        "back",
        ("escape",),
        "Back",
        "Back",
        "Closes this and goes back.",
        CLOSED_BY_ESC,
        in_palette=False,
    ),
    Command(
        "save",
        ("ctrl+s",),
        "Save",
        "Save",
        "Stores what is filled in, and admits where the ticket was waiting for its answers.",
        _at(Place.TICKET, Place.LOGIN),
    ),
    Command(
        "open",
        ("enter",),
        "Open",
        "Open the event",
        "Opens the highlighted event's door.",
        _at(Place.EVENTS),
        bound=False,
        in_palette=False,
    ),
    Command(
        "old_events",
        ("ctrl+o",),
        "Past events",
        "Show past events",
        "Shows or hides the events that are over.",
        _at(Place.EVENTS),
    ),
    Command(
        "retry",
        ("ctrl+r",),
        "Send again",
        "Send the highlighted row again",
        "Sends the highlighted row again.",
        _at(Place.QUEUE),
    ),
    Command(
        "retry_all",
        ("ctrl+a",),
        "Send all",
        "Send everything that failed again",
        "Sends everything that failed again.",
        _at(Place.QUEUE),
    ),
    Command(
        "dismiss_row",
        ("ctrl+d", "delete"),
        "Dismiss",
        "Dismiss the highlighted row",
        "Takes the highlighted row off the queue; asks for the reason and keeps it.",
        _at(Place.QUEUE),
    ),
    Command(
        "export",
        ("ctrl+s",),
        "Export",
        "Export the queue to a file",
        "Writes what waits, what failed and the conflicts to a file.",
        _at(Place.QUEUE),
    ),
    Command(
        "help",
        ("f1", "ctrl+g"),
        "Help",
        "Help for this screen",
        "Shows what can be done on this screen.",
        EVERYWHERE - {Place.HELP},
        on_app=True,
    ),
    Command(
        "ticket",
        ("f2", "ctrl+t"),
        "Ticket",
        "Ticket: details and questions",
        "Opens the highlighted ticket, or the last one scanned: details, name and questions.",
        DOOR,
    ),
    Command(
        "refresh",
        ("f5", "ctrl+r"),
        "Refresh",
        "Refresh now",
        "Asks the server now: for the list, the events or the ticket.",
        _at(Place.DOOR, Place.EVENTS, Place.TICKET),
        spare=3,
    ),
    Command(
        "queue",
        ("f6", "ctrl+k"),
        "Queue",
        "Queue: waiting, failed, conflicts",
        "Shows what is still to be sent, what failed, and the conflicts.",
        DOOR,
    ),
    Command(
        "undo",
        ("f9", "ctrl+z"),
        "Undo",
        "Undo my last check-in",
        "Takes back this lane's last check-in.",
        DOOR,
    ),
    Command(
        "override",
        ("ctrl+o",),
        "Override",
        "Override: admit all the same",
        "Admits after WRONG DAY or WRONG DOOR all the same; asks for the reason and keeps it.",
        DOOR,
    ),
    Command(
        "events",
        ("f10", "ctrl+e"),
        "Events",
        "Choose another event",
        "Chooses another event.",
        DOOR,
        spare=2,
        on_app=True,
    ),
    Command(
        "command_palette",
        ("ctrl+p",),
        "More",
        "Command palette",
        "Finds every command by its name.",
        EVERYWHERE - {Place.LOGIN},
        spare=1,
        on_app=True,
        priority=True,
        in_palette=False,
    ),
    Command(
        "login",
        (),
        "Log in",
        "Log in again: another key or site",
        "Asks for site and key again.",
        _at(Place.DOOR, Place.EVENTS),
        on_app=True,
        bound=False,
        in_footer=False,
    ),
    Command(
        "contrast",
        (),
        "Contrast",
        "High contrast on or off",
        "Switches between the usual colours and high contrast.",
        EVERYWHERE,
        on_app=True,
        in_footer=False,
    ),
    Command(
        "quit",
        ("ctrl+q",),
        "Quit",
        "Quit",
        "Leaves boxoffice; asks first when something is still unsent.",
        EVERYWHERE,
        on_app=True,
        priority=True,
    ),
)

TAKEN = frozenset(
    {"enter", "tab", "shift+tab", "escape", "backspace"}
    | {"up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
    | {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+u", "ctrl+w"}
)
"""What the line, the list and the fields hear by themselves, before any command; beside these, all
that is typed."""

_NAMES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "delete": "Del",
}


def commands(place: Place) -> tuple[Command, ...]:
    """The commands of a place, in the table's order."""
    return tuple(command for command in COMMANDS if place in command.places)


def bindings(place: Place) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Textual's bindings for a screen at `place`."""
    return [
        Binding(
            ",".join(command.keys),
            command.action,
            command.label,
            tooltip=command.help,
            priority=command.priority,
            id=command.id,
        )
        for command in commands(place)
        if command.bound and command.keys
    ]


def free(key: str) -> bool:
    """Whether a command can be given `key`, as Textual names it."""
    typed = key_to_character(key)
    return key not in TAKEN and not key.startswith("upper_") and not (typed and typed.isprintable())


def keys_of(command: Command, keymap: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The keys a command listens to, after what `keymap` (id to keys) says otherwise."""
    other = (keymap or {}).get(command.id) if command.bound else None
    return tuple(other.split(",")) if other else command.keys


def key_names(keys: Iterable[str]) -> list[str]:
    """Keys as people call them: `Ctrl+P`, `F9`, `PgUp`."""
    return [
        "+".join(_NAMES.get(part, part.capitalize()) for part in key.strip().split("+"))
        for key in keys
    ]
