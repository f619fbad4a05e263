"""What cyclopts shows of the commands, in the language that is in use: the help, and what is wrong.

It reads the help off the docstrings; in English it stays as cyclopts has it.
"""

import difflib
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve
from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    ValidationError,
)
from cyclopts.help import DefaultFormatter, HelpEntry, HelpPanel, InlineText
from cyclopts.help.specs import ColumnSpec, get_default_parameter_columns
from cyclopts.validators import Number

from boxoffice.domain.humanize import format_list, format_number
from boxoffice.language import N_, _

if TYPE_CHECKING:
    from cyclopts.argument import Argument
    from rich.console import Console, ConsoleOptions

OWN_WORDS = (
    N_("Arguments"),
    N_("Parameters"),
    N_("Commands"),
    N_("Display this message and exit."),
    N_("Display application version."),
)
"""Of cyclopts itself."""
PLACEHOLDERS = frozenset(
    {N_("COMMAND"), N_("OPTIONS"), N_("ARGS"), N_("ROW"), N_("ROWS"), N_("FILE"), N_("EVENT")}
    | {N_("NAME"), N_("WHERE"), N_("TOPIC"), N_("STR"), N_("INT"), N_("FLOAT"), N_("PATH")}
    | {N_("CHOICE"), N_("ID")}
)
"""What stands for something that is to be given."""


def usage_problem(error: CycloptsError) -> str:
    """What was asked wrongly, in the language in use."""
    token, argument = getattr(error, "token", None), error.argument
    option = (token and token.keyword) or (_label(argument) if argument else "")
    match error:
        case MissingArgumentError() if argument:
            given = error.keyword or next((one.keyword for one in argument.tokens), None)
            missing = _("{option} needs a value.") if given else _("{option} is missing.")
            return missing.format(option=given or option)
        case UnknownOptionError():
            return _unknown_option(error)
        case UnknownCommandError():
            asked = (*(error.command_chain or ()), *(error.unused_tokens or ())[:1])
            return _("There is no command “{asked}”.").format(asked=" ".join(asked))
        case RepeatArgumentError():
            return _("{option} is given twice.").format(option=option)
        case ValidationError() if argument:
            return _out_of_bounds(error, argument, option)
        case CoercionError(msg=str(own)):
            return own
        case CoercionError() if token and argument and (choices := argument.get_choices()):
            return _("“{value}” is no value for {option}; there are {choices}.").format(
                value=token.value, option=option, choices=format_list(choices)
            )
        case CoercionError() if token:
            return _("“{value}” is no value for {option}.").format(value=token.value, option=option)
    return _("This cannot be understood.")


def _label(argument: "Argument") -> str:
    """What it is called in the help: `--event`, or what stands for one that has its place."""
    if argument.index is None:
        return argument.name
    return _placeholder(argument.name.lstrip("-").upper())


def _placeholder(text: str) -> str:
    """`[OPTIONS]`, `STR...` and their like in the language in use; anything else as it is."""
    bare = text.strip("[.]")
    return text.replace(bare, _(bare)) if bare in PLACEHOLDERS else text


def _unknown_option(error: UnknownOptionError) -> str:
    asked = error.token.keyword or error.token.value
    known = [name for argument in error.argument_collection for name in argument.names]
    near = difflib.get_close_matches(asked, known, n=1)
    if not near:
        return _("There is no option {option}.").format(option=asked)
    return _("There is no option {option}: is {near} meant?").format(option=asked, near=near[0])


def _out_of_bounds(error: ValidationError, argument: "Argument", option: str) -> str:
    tested = cast("tuple[object, ...]", argument.parameter.validator)
    for bounds in tested:
        if isinstance(bounds, Number):
            least, most = bounds.gte or bounds.gt or 0, bounds.lte or 0
            words = (
                _("{option} {value}: write a number from {least} to {most}.")
                if bounds.gt is None
                else _("{option} {value}: write a number above {least}, at most {most}.")
            )
            return words.format(
                option=option,
                value=argument.tokens[0].value,
                least=format_number(int(least)),
                most=format_number(int(most)),
            )
    return f"{option}: {error.exception_message}"


def paragraphs(text: str) -> list[str]:
    """What is translated at a time, each as one line."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def translated(text: str) -> str:
    return "\n\n".join(map(_, paragraphs(text)))


def _described(description: Any) -> Any:
    """What `description` comes to in the language in use."""
    from rich.markdown import Markdown
    from rich.text import Text

    if not isinstance(description, InlineText):
        return description
    shown = description.primary_renderable
    if isinstance(shown, Markdown):
        shown = Markdown(translated(shown.markup))
    elif isinstance(shown, Text):  # of help_format="plaintext"
        shown = Text(translated(shown.plain))
    described = InlineText(shown, force_empty_end=description.force_empty_end)
    described.texts = description.texts
    return described


def _with_notes(entry: HelpEntry) -> InlineText:
    """The description, and what may be given, or is where nothing is."""
    from rich.text import Text

    shown = InlineText(Text()) if entry.description is None else entry.description
    if entry.choices:
        choices = _("[choices: {choices}]").format(choices=", ".join(entry.choices))
        shown.append(Text(choices, "cyclopts.choices"))
    if entry.default is not None:
        default = _("[default: {default}]").format(default=entry.default)
        shown.append(Text(default, "cyclopts.default"))
    if entry.required:
        shown.append(Text(_("[required]"), "cyclopts.required"))
    return shown


def _columns(
    console: "Console", options: "ConsoleOptions", entries: list[HelpEntry]
) -> tuple[ColumnSpec, ...]:
    *names, description = get_default_parameter_columns(console, options, entries)
    return (*names, evolve(description, renderer=_with_notes))


class TranslatedHelp(DefaultFormatter):
    def __call__(self, console: "Console", options: "ConsoleOptions", panel: HelpPanel) -> None:
        entries = [
            entry.copy(
                description=_described(entry.description),
                metavar=entry.metavar and _placeholder(entry.metavar),
                positional_label=entry.positional_label and _placeholder(entry.positional_label),
            )
            for entry in panel.entries
        ]
        self.column_specs = _columns if panel.format == "parameter" else None
        super().__call__(console, options, panel.copy(title=_(str(panel.title)), entries=entries))

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: object) -> None:
        from rich.text import Text

        shown = " ".join(map(_placeholder, str(usage).split()))
        console.print(Text(f"{_('Usage: {usage}').format(usage=shown)}\n", style="bold"))

    def render_description(
        self, console: "Console", options: "ConsoleOptions", description: object
    ) -> None:
        console.print(_described(description))
