"""The one table of commands: bindings, footer, palette and help are all made from it.

A screen names its place and writes a method `action_<id>` for each command of that place; commands
with `on_app` are the App's. Commands without `bound` are keys that the screen takes by itself.
"""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence

from textual.binding import Binding
from textual.keys import key_to_character

from boxoffice import ProblemError
from boxoffice.commands.table import COMMANDS, Command, Place
from boxoffice.domain.text import clean
from boxoffice.language import N_, _

__all__ = [
    "COMMANDS",
    "TAKEN",
    "Command",
    "Place",
    "bindings",
    "check_keys",
    "commands",
    "key_names",
    "key_to_show",
    "keys_of",
]

TAKEN = frozenset(
    {"enter", "tab", "shift+tab", "escape", "backspace"}
    | {"up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
    | {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+u", "ctrl+w"}
)
"""Keys of the line, the list and the fields; beside these, all that is typed."""

_FUNCTION = re.compile(r"f[0-9]+")
_NAMES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "delete": "Del",
    "space": N_("Space"),
    "comma": N_("Comma"),
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


def _free(key: str) -> bool:
    """Whether a command can be given `key`, as Textual names it."""
    typed = key_to_character(key) or ""
    printable = bool(typed) and typed.isprintable()
    return not (printable or key in TAKEN or key.startswith("upper_"))


def check_keys(keys: Mapping[str, str]) -> None:
    """Raises ProblemError where a key is given to no command, or is one that the door needs."""
    known = {command.id: command for command in COMMANDS if command.bound}
    for command, given in keys.items():
        if command not in known:
            raise ProblemError(
                _(
                    "The settings give a key to {command}, which is no command; commands are "
                    "{join}."
                ).format(command=clean(command, 40), join=", ".join(known))
            )
        for key in (part.strip() for part in given.split(",")):
            if not _free(key) and key not in known[command].keys:
                raise ProblemError(
                    _(
                        "The settings give {command} the key {key}, which the door needs itself; "
                        "give it another, such as ctrl+b."
                    ).format(command=command, key=clean(key, 40))
                )


def keys_of(command: Command, keymap: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The keys a command listens to, after what `keymap` (id to keys) says otherwise."""
    other = (keymap or {}).get(command.id) if command.bound else None
    return tuple(other.split(",")) if other else command.keys


def key_to_show(keys: Sequence[str]) -> str:
    """The first; on a Mac, where function keys need Fn, the first that is none of those."""
    others = (key for key in keys if sys.platform == "darwin" and not _FUNCTION.fullmatch(key))
    return next(others, keys[0])


def key_names(keys: Iterable[str]) -> list[str]:
    """Keys as people call them: `Ctrl+P`, `F9`, `PgUp`."""
    return [
        "+".join(_(_NAMES.get(part, part.capitalize())) for part in key.strip().split("+"))
        for key in keys
    ]
