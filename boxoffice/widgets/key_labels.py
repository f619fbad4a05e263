"""What the keys of commands are called just now, after any remapping."""

from collections.abc import Callable

from textual.dom import DOMNode

from boxoffice.commands import COMMANDS, Command, key_names

_BY_ID = {command.id: command for command in COMMANDS}


def keys_at(node: DOMNode) -> Callable[[Command], str]:
    """Tells the first key of a command on the node's screen."""
    bound: dict[str | None, str] = {}
    for key, active in node.screen.active_bindings.items():
        bound.setdefault(active.binding.id, key)
    return lambda command: key_names([bound.get(command.id, command.keys[0])])[0]


def key_of(node: DOMNode, command: str) -> str:
    """The first key of the command of this id."""
    return keys_at(node)(_BY_ID[command])


def can_give(node: DOMNode, command: str) -> bool:
    """Whether the command of this id is one of the node's screen: its key may do another there."""
    place = getattr(node.screen, "place", None)
    return place is None or place in _BY_ID[command].places
