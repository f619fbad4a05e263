"""The table of commands, each loaded when it is asked for, and the options that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from cyclopts import App, Group, Parameter, Token

from boxoffice import ProblemError, __version__, language
from boxoffice.cli import JSON
from boxoffice.cli.run_app import needs_terminal, run, run_app
from boxoffice.domain.money import read_money
from boxoffice.domain.text import clean
from boxoffice.language import N_, _

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.config import Settings

COMMON = Group(N_("Options of all commands"), sort_key=100)
Json = Annotated[bool, Parameter(name=JSON, help=N_("For programs."))]


@Parameter(name="*", group=COMMON)
@dataclass(frozen=True)
class Options:
    """What was given on the command line; each also as `BOXOFFICE_<NAME>` or in the config file.

    The key has no option, since others can read a command line: see `boxoffice login`.
    """

    url: str | None = None
    """The site, e.g. https://test.ticketbutler.io."""
    event: str | None = None
    """The event: its uuid, or a part of its title that no other has."""
    lane: str | None = None
    """What this door is called in the journal."""
    operator: str | None = None
    """Who is at it."""
    data_dir: str | None = None
    """Where the lists, the journal and the queue are kept."""
    config: Path | None = None
    """The config file (TOML)."""
    language: Annotated[str | None, Parameter(parse=False)] = None

    def settings(self, more: "HookOptions | None" = None) -> "Settings":
        """The settings in force, and their language; `more`: a command's own.

        Raises ProblemError.
        """
        from boxoffice.config import read_settings

        every: Mapping[str, Any] = asdict(self) | (asdict(more) if more else {})
        given = {name: value for name, value in every.items() if value is not None}
        given.pop("config", None)
        settings = read_settings(given, self.config)
        language.use(settings.language)
        return settings


@Parameter(name="*")
@dataclass(frozen=True)
class HookOptions:
    """Where webhooks are received; each also as `BOXOFFICE_<NAME>` or in the config file."""

    hooks: str | None = None
    """HOST:PORT where webhooks are received. A port alone: from this computer only."""
    hooks_public: str | None = None
    """The address that leads there from the site, such as a tunnel's."""
    hooks_register: Annotated[
        bool | None, Parameter(name=("--hooks-register", "--register"), negative=())
    ] = None
    """Have the site send them, until the end."""


NONE = Options()
NO_HOOKS = HookOptions()

# What `launch` gives to the commands that ask for it. It is no option of theirs.
if TYPE_CHECKING:
    Context: TypeAlias = AppContext
else:
    Context = Annotated[Any, Parameter(parse=False)]
Common = Annotated[Options, Parameter(parse=False)]


def whole_number(_kind: object, tokens: Sequence[Token]) -> int:
    """For `Parameter(converter=…)`: cyclopts itself would round 1.6 to another row, or day.

    Raises ValueError.
    """
    text = tokens[0].value
    if not text.removeprefix("-").isdecimal():
        raise ValueError(_("{text}: write a whole number.").format(text=text))
    return int(text)


def no_option(_kind: object, file: str) -> None:
    """For `Parameter(validator=…)` of a file that may be “-”: the option behind it is none.

    Raises ValueError.
    """
    if file.startswith("--"):
        raise ValueError(_("a file is meant, not {file}.").format(file=clean(file)))


ANY = "KWD"
"""A currency of as many decimals as any has."""


def read_amount(option: str, text: str, locale: str, currency: str = ANY) -> Decimal:
    """The money that was given with `option`, in ANY currency before it is known.

    Raises ProblemError.
    """
    money = read_money(text, locale, currency)
    if money is None:
        raise ProblemError(
            _("{option} {text}: write an amount of money, such as 500 or 99.50.").format(
                option=option, text=text
            ),
            status=2,
        )
    return money


def shown_default(value: object) -> str | None:
    """For the help: one that says something."""
    return str(value) if value else None


PLAIN = Parameter(negative=(), show_default=shown_default)
"""What holds for the options of every command."""

app = App(
    name="boxoffice",
    version=__version__,
    help=N_(
        "Check-in at the door for events ticketed by Ticketbutler. Without a command: the app."
    ),
    default_parameter=PLAIN,
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
    "export": "report:export",
    "forget": "personal_data:forget",
    "about": "about:about",
    "shift": "box_office:shift",
    "pin": "login:pin",
    "doctor": "doctor:doctor",
    "hooks": "hooks:hooks",
    "hub": "venue:hub",
    "join": "venue:join",
    "leave": "venue:leave",
    "sandbox": "demo:sandbox",
    "help": "help_pages:show_help",
    "--install-completion": "help_pages:install_completion",
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
    help=N_(
        "List and change what is at the site: events, ticket types, questions, orders, codes …"
    ),
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
    if JSON in words:
        options = replace(options, language=language.current())
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
