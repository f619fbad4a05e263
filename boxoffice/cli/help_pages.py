"""`help`: the pages that the package ships, a topic each."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.language import N_, _

PAGES = Path(__file__).parents[1] / "help"
HOW = N_("boxoffice help TOPIC shows a page; boxoffice --help has every command.")
NO_TOPIC = N_("There is no page “{topic}”: boxoffice help lists them.")
Topic = Annotated[str, Parameter(help=N_("The page; none: what pages there are. Or a command."))]


def topics() -> dict[str, str]:
    """Each with its title, which is the first line of its page."""
    files = sorted(PAGES.glob("*.md"))
    return {file.stem: _text(file).partition("\n")[0].removeprefix("# ") for file in files}


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


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
        _show(_text(PAGES / f"{topic}.md"))
    elif topic in COMMANDS or topic == "manage":
        app.help_print([topic])
    else:
        raise ProblemError(_(NO_TOPIC).format(topic=topic[:80]), status=2)


def _show(page: str) -> None:
    if not sys.stdout.isatty():
        print(page, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))
