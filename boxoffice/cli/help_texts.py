"""The help of the commands in the language that is in use: cyclopts reads it off the docstrings."""

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownOptionError,
)
from cyclopts.help import DefaultFormatter, HelpPanel, InlineText
from rich.console import Console, ConsoleOptions
from rich.markdown import Markdown
from rich.text import Text

from boxoffice.language import ENGLISH, N_, _, current

OWN_WORDS = (
    N_("Arguments"),
    N_("Parameters"),
    N_("Commands"),
    N_("Display this message and exit."),
    N_("Display application version."),
)
"""Of cyclopts itself."""


def usage_problem(error: CycloptsError) -> str:
    """What was asked wrongly, in the language in use; in English as cyclopts says it."""
    own = " ".join(str(error).split())
    token = getattr(error, "token", None)
    asked = (token.keyword or token.value) if token else ""
    if current() == ENGLISH:
        return own
    if isinstance(error, MissingArgumentError) and (missing := error.argument):
        return _("{option} is missing, or what goes with it.").format(option=missing.name)
    if isinstance(error, UnknownOptionError):
        return _("There is no option {option}.").format(option=asked)
    if isinstance(error, RepeatArgumentError):
        return _("{option} is given twice.").format(option=asked)
    if isinstance(error, CoercionError) and token:
        return _("“{value}” is no value for {option}.").format(
            value=token.value,
            option=token.keyword or (error.argument.name if error.argument else ""),
        )
    return own


def paragraphs(text: str) -> list[str]:
    """What is translated at a time, each as one line."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def translated(text: str) -> str:
    return "\n\n".join(map(_, paragraphs(text)))


def _described(description: object) -> object:
    """What `description` comes to in the language in use."""
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


class TranslatedHelp(DefaultFormatter):
    """Translates what is shown of docstrings and parameters."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        entries = [entry.copy(description=_described(entry.description)) for entry in panel.entries]
        title = _(str(panel.title))
        super().__call__(console, options, panel.copy(title=title, entries=entries))

    def render_usage(self, console: Console, options: ConsoleOptions, usage: object) -> None:
        line = _("Usage: {usage}").format(usage=str(usage).strip())
        console.print(Text(f"{line}\n", style="bold"))

    def render_description(
        self, console: Console, options: ConsoleOptions, description: object
    ) -> None:
        console.print(_described(description))
