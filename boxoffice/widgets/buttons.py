"""Buttons whose labels change while they are shown."""

from collections.abc import Collection, Iterable, Mapping

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button


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
