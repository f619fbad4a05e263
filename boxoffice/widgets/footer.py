"""The footer: the commands that can be given now, by key or by mouse; and what keys are called."""

from collections.abc import Callable, Iterable

from textual.dom import DOMNode
from textual.screen import Screen

from boxoffice.commands import COMMANDS, Command, Place, commands, key_names
from boxoffice.widgets.line_widget import LineWidget, Piece, width_of

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


class CommandFooter(LineWidget):
    """Draws the commands of one place out of the table, as many as there is room for."""

    COMPONENT_CLASSES = {"footer--key", "footer--label"}

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._commands = [one for one in commands(place) if one.keys and one.in_footer]

    def line(self, y: int, width: int) -> Iterable[Piece]:
        offered = [command for command in self._commands if self._can(command)]
        pieces = self._pieces(offered)
        while width_of(pieces) - 1 > width and any(command.spare for command in offered):
            most = max(command.spare for command in offered)
            offered = [command for command in offered if command.spare < most]
            pieces = self._pieces(offered)
        return pieces

    def _can(self, command: Command) -> bool:
        screen: Screen[object] = self.screen
        return command.on_app or screen.check_action(command.id, ()) is True

    def _pieces(self, offered: Iterable[Command]) -> list[Piece]:
        pieces = []
        key_of = keys_at(self)
        for command in offered:
            key = key_of(command).replace("Ctrl+", "^")
            pieces.append(Piece(f" {key} ", "footer--key", command.action))
            pieces.append(Piece(f"{command.label} ", "footer--label", command.action))
        return pieces
