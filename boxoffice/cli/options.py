"""The options of all commands, those that several have, and what else a command is given."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from cyclopts import Group, Parameter

from boxoffice import ProblemError
from boxoffice.domain.money import read_money

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.config import Settings

COMMON = Group("Options of all commands", sort_key=100)
Json = Annotated[bool, Parameter(name="--json", help="For programs.")]


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

    def settings(self, more: "HookOptions | None" = None) -> "Settings":
        """The settings in force; `more`: a command's own. Raises ProblemError."""
        from boxoffice.config import read_settings

        every: Mapping[str, Any] = asdict(self) | (asdict(more) if more else {})
        given = {name: value for name, value in every.items() if value is not None}
        given.pop("config", None)
        return read_settings(given, self.config)


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

# What `commands.launch` gives to the commands that ask for it. It is no option of theirs.
if TYPE_CHECKING:
    Context: TypeAlias = AppContext
else:
    Context = Annotated[Any, Parameter(parse=False)]
Common = Annotated[Options, Parameter(parse=False)]


def read_amount(option: str, text: str, locale: str) -> Decimal:
    """The money that was given with `option`. Raises ProblemError."""
    money = read_money(text, locale)
    if money is None:
        raise ProblemError(
            f"{option} {text}: write an amount of money, such as 500 or 99.50.", status=2
        )
    return money
