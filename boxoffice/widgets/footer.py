"""The footer: the commands of the screen that can be given now, by key or by mouse."""

from collections.abc import Iterable

from textual.screen import Screen

from boxoffice.commands import Command, Place, commands
from boxoffice.widgets.key_labels import keys_at
from boxoffice.widgets.line_widget import LineWidget, Piece, width_of


class CommandFooter(LineWidget):
    """Draws the commands of one place out of the table, as many as there is room for."""

    COMPONENT_CLASSES = {"footer--key", "footer--label"}

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._commands = [each for each in commands(place) if each.keys and each.in_footer]

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
