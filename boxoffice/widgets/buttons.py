"""Buttons whose label changes while they are shown."""

from textual.content import Content
from textual.widgets import Button


def put_label(button: Button, label: str) -> None:
    """Have `label` on the button, as it is and without markup, and the button as wide as it."""
    if str(button.label) != label:
        button.label = Content(label)
        button.refresh(layout=True)
