"""What a command's key is called just now, after any remapping."""

from textual.widget import Widget

from boxoffice.commands import COMMANDS, Command, key_names

_BY_ID = {command.id: command for command in COMMANDS}


def key_for(widget: Widget, command: Command | str) -> str:
    """The first key of `command` (or of the one of that id) on the widget's screen."""
    known = _BY_ID[command] if isinstance(command, str) else command
    for key, active in widget.screen.active_bindings.items():
        if active.binding.id == known.id:
            return key_names([key])[0]
    return key_names(known.keys[:1])[0]
