"""The table of commands. Each is loaded when it is asked for, with what it needs."""

from functools import partial
from typing import Annotated

from cyclopts import App, Parameter

from boxoffice import __version__
from boxoffice.cli.options import NO_HOOKS, NONE, Common, HookOptions, Options
from boxoffice.cli.run_app import needs_terminal, run, run_app

app = App(
    name="boxoffice",
    version=__version__,
    help="Check-in at the door for events ticketed by Ticketbutler. Without a command: the app.",
    default_parameter=Parameter(negative=()),
    exit_on_error=False,
    print_error=False,
    result_action="return_value",
)
COMMANDS = {
    "demo": "demo:demo",
    "login": "login:login",
    "logout": "login:logout",
    "events": "events_queue:events",
    "scan": "headless:scan",
    "sync": "headless:sync",
    "queue": "events_queue:queue",
    "sell": "box_office:sell",
    "report": "report:report",
    "export": "export:export",
    "shift": "box_office:shift",
    "hooks": "hooks:hooks",
    "sandbox": "demo:sandbox",
}
"""Where in this package each is."""


@app.default
def door(*, hooks: HookOptions = NO_HOOKS, options: Common = NONE) -> int:
    """Open the door: pick the event, scan or type, press Enter."""
    needs_terminal()
    return run_app(options.settings(hooks))


for name, place in COMMANDS.items():
    app.command(f"boxoffice.cli.{place}", name=name)
app.command(
    "boxoffice.cli.manage:app",
    name="manage",
    help="List and change what is at the site: events, ticket types, questions, orders, codes …",
)


@app.meta.default
def launch(
    *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    options: Options = NONE,
) -> int:
    """Read the options of all commands off the line, and run the command that is left.

    One that asks for a context is run on an event loop, with one that is closed after it. Answers
    the exit status.
    """
    command, given, asked = app.parse_args(words)
    work = partial(command, *given.args, **given.kwargs)
    if "context" in asked:
        own = (value for value in given.arguments.values() if isinstance(value, HookOptions))
        status = run(options.settings(next(own, None)), lambda context: work(context=context))
    else:
        status = work(options=options) if "options" in asked else work()
    return status if isinstance(status, int) else 0


def load_all() -> list[App]:
    """Load the commands of the table, so that the help can list what they do."""
    return [app[name] for name in COMMANDS]
