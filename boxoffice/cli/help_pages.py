"""`help`: the pages that the package ships, a topic each; and Tab, which completes commands."""

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from boxoffice import ProblemError, language
from boxoffice.language import N_, _
from boxoffice.paths import reason_of

PAGES = Path(__file__).parents[1] / "help"
"""In English; those of another language are in a folder that has its code as name."""
HOW = N_("boxoffice help TOPIC shows a page; boxoffice --help has every command.")
NO_TOPIC = N_("There is no page “{topic}”: boxoffice help lists them.")
NO_SHELL = N_("Which shell this is cannot be told: add --shell bash, or another.")
WRITTEN = N_("{file} is written: in a new terminal Tab completes what begins with boxoffice.")
UNWRITABLE = N_("{file} cannot be written: {reason}.")
Shell = Annotated[
    Literal["zsh", "bash", "fish", "powershell"] | None,
    Parameter(help=N_("For this shell; else for the one that boxoffice is called from.")),
]
Topic = Annotated[str, Parameter(help=N_("The page; none: what pages there are. Or a command."))]


def topics() -> dict[str, str]:
    """Each with its title, which is the first line of its page."""
    names = sorted(file.stem for file in PAGES.glob("*.md"))
    return {name: page(name).partition("\n")[0].removeprefix("# ") for name in names}


def page(topic: str) -> str:
    """The page in the language in use, where there is one; else in English."""
    name = f"{topic}.md"
    own = PAGES / language.current() / name
    return (own if own.exists() else PAGES / name).read_text(encoding="utf-8")


def show_help(topic: Topic = "", /) -> None:
    """Show a page: about the door, sales, several doors, settings and more.

    On a terminal it is laid out; else it comes as it is written, in Markdown.
    """
    from boxoffice.cli.commands import COMMANDS, app
    from boxoffice.cli.output import aligned

    known = topics()
    if not topic:
        print(f"{aligned(list(known.items()))}\n\n{_(HOW)}")
    elif topic in known:
        _show(page(topic))
    elif topic in COMMANDS or topic == "manage":
        app.help_print([topic])
    else:
        raise ProblemError(_(NO_TOPIC).format(topic=topic[:80]), status=2)


def _show(text: str) -> None:
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def install_completion(*, shell: Shell = None) -> None:
    """Have the shell complete commands and options with Tab.

    A script is written to where the shell looks for it, and bash, zsh and PowerShell are told in
    their start-up file.
    """
    from cyclopts.completion import ShellDetectionError

    from boxoffice.cli.commands import app

    try:
        file = app.install_completion(shell=shell)
    except ShellDetectionError as error:
        raise ProblemError(_(NO_SHELL), status=2) from error
    except OSError as error:
        problem = _(UNWRITABLE).format(file=error.filename, reason=reason_of(error))
        raise ProblemError(problem) from error
    print(_(WRITTEN).format(file=file))
