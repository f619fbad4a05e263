"""The foot of a screen: what is wrong or was just done, buttons, and commands with their keys."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from textual.containers import Horizontal
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Button

from boxoffice.commands import COMMANDS, Command, Place, commands, key_names, key_to_show
from boxoffice.domain import signs
from boxoffice.domain.notices import Notice
from boxoffice.language import _
from boxoffice.widgets.line_widget import LineWidget, Piece, spread, width_of, wrapped

PASSING = 10.0
"""Seconds that a passing sentence stays."""
MOST = 3
"""Lines of a sentence."""


MARGIN = 4
"""Cells of a line that hold no text."""

_BY_ID = {command.id: command for command in COMMANDS}


class Banner(LineWidget):
    """A line or a few, hidden while there is nothing to say: never a verdict on a person.

    What a person has to know or do stays until it is settled, one at a time, with the key that
    leads there and how many there are. A passing sentence covers it for a while.
    """

    COMPONENT_CLASSES = {"banner--lasting", "banner--passing", "banner--key"}

    notices: tuple[Notice, ...] = ()
    passing: str = ""
    _timer: Timer | None = None

    def show(self, notices: Sequence[Notice]) -> None:
        """Show the first of these for as long as it is; none: nothing has to be said."""
        if self.notices != (now := tuple(notices)):
            self.notices = now
            self._draw()

    def announce(self, sentence: str) -> None:
        """Show `sentence` for a while; empty: no longer."""
        self.passing = sentence
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PASSING, self._pass) if sentence else None
        self._draw()

    def withdraw(self, sentence: str) -> None:
        """Show `sentence` no longer, where nothing else covers it by now."""
        if self.passing == sentence:
            self.announce("")

    def _pass(self) -> None:
        self.announce("")

    def _draw(self) -> None:
        self.set_class(bool(self.notices or self.passing), "-shown")
        self.styles.height = max(len(self._lines(self.app.size.width)), 1)
        self.refresh()

    def on_resize(self) -> None:
        self._draw()

    def _lines(self, width: int) -> list[str]:
        if self.passing or not self.notices:
            return wrapped(self.passing, width - MARGIN, MOST)
        return wrapped(self.notices[0].sentence, width - MARGIN - width_of(self._aside()), MOST)

    def _aside(self) -> list[Piece]:
        """How many there are, and the key that leads to where the first is settled."""
        count = len(self.notices)
        pieces = [Piece(f"  1/{count}", "banner--lasting")] if count > 1 else []
        command = _BY_ID.get(self.notices[0].command)
        if command is not None:
            key = key_of(self, command.id if command.keys else "command_palette")
            label = f" {key}: {_(command.label)} "
            pieces += [Piece("  "), Piece(label, "banner--key", command.action)]
        return [*pieces, Piece(" ")]

    def line(self, y: int, width: int) -> Iterable[Piece]:
        lines = self._lines(width)
        style = "banner--passing" if self.passing else "banner--lasting"
        left = [Piece(f" {signs.EDGE} {lines[y]}" if y < len(lines) else "", style)]
        if self.passing or not self.notices or y:
            return left
        return spread(left, self._aside(), width)


def put_label(button: Button, label: str) -> None:
    """Have `label` on the button, as it is and without markup, and the button as wide as it."""
    if str(button.label) != label:
        button.label = Content(label)
        button.refresh(layout=True)


class CommandButtons(Horizontal):
    """A button for each of some commands; those that can be given just now are shown."""

    def __init__(
        self,
        commands: Iterable[str],
        *,
        id: str | None = None,  # noqa: A002  # Textual's
        classes: str | None = None,
    ) -> None:
        """`commands`: their ids, which are the buttons' too, in the order of the buttons."""
        buttons = [Button(id=command, compact=True) for command in commands]
        super().__init__(*buttons, id=id, classes=classes)

    def offer(self, labels: Mapping[str, str], *, disabled: Collection[str] = ()) -> None:
        """Show the buttons of `labels`, by command. `disabled`: those not to be pressed now."""
        for button in self.query(Button):
            command = button.id or ""
            button.display = command in labels
            button.disabled = command in disabled
            if command in labels:
                put_label(button, labels[command])


def keys_at(node: DOMNode) -> Callable[[Command], str]:
    """Tells the key to show of a command on the node's screen."""
    bound: dict[str | None, list[str]] = {}
    for key, active in node.screen.active_bindings.items():
        bound.setdefault(active.binding.id, []).append(key)
    return lambda command: key_names([key_to_show(bound.get(command.id, command.keys))])[0]


def key_of(node: DOMNode, command: str) -> str:
    """The key to show of the command of this id."""
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
        return fitted(filter(self._can, self._commands), keys_at(self), width, self._label)

    def _label(self, command: Command) -> str:
        named: Callable[[Command], str] = getattr(self.screen, "label_of", label_of)
        return named(command)

    def _can(self, command: Command) -> bool:
        screen: Screen[object] = self.screen
        return command.on_app or screen.check_action(command.id, ()) is True


def label_of(command: Command) -> str:
    return _(command.label)


def fitted(
    commands: Iterable[Command],
    key_of: Callable[[Command], str],
    width: int,
    label_of: Callable[[Command], str] = label_of,
) -> list[Piece]:
    """These commands, without those that can be spared most where there is no room for all."""
    offered = list(commands)
    pieces = _drawn(offered, key_of, label_of)
    while width_of(pieces) - 1 > width and any(command.spare for command in offered):
        most = max(command.spare for command in offered)
        offered = [command for command in offered if command.spare < most]
        pieces = _drawn(offered, key_of, label_of)
    return pieces


def _drawn(
    offered: Iterable[Command],
    key_of: Callable[[Command], str],
    label_of: Callable[[Command], str],
) -> list[Piece]:
    pieces = []
    for command in offered:
        key = key_of(command).replace("Ctrl+", "^")
        pieces.append(Piece(f" {key} ", "footer--key", command.action))
        pieces.append(Piece(f"{label_of(command)} ", "footer--label", command.action))
    return pieces
