"""The settings, in one order: option, then environment, then config file, then default.

The key is not among them: see `boxoffice.secret`.
"""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from boxoffice import ProblemError, config_file, language, paths
from boxoffice import setting_values as kinds
from boxoffice.config_file import PREFIX
from boxoffice.domain.admission_rules import DoorPolicy
from boxoffice.domain.badges import BadgePolicy, read_label
from boxoffice.domain.codes import Framing
from boxoffice.domain.highlights import HighlightPolicy
from boxoffice.domain.text import clean, title_key
from boxoffice.domain.verdicts import (
    ALWAYS_OVERRIDABLE,
    MAY_BE_OVERRIDABLE,
    VerdictCode,
)
from boxoffice.language import _
from boxoffice.setting_values import (
    SettingError,
    Table,
    UnknownSettingError,
    read_at,
    setting,
    then,
)
from boxoffice.ticketbutler.errors import SiteError
from boxoffice.ticketbutler.parsers import read_site

SMALLEST_COIN = Decimal("0.001")
"""Of any currency."""
MOST_RESERVED = 1_000_000
"""More than any event has: what tills of a venue hold is counted together."""


def _origin(text: str) -> str:
    """A site as people write it, as an origin; empty stays empty."""
    try:
        return read_site(text) if text.strip() else ""
    except SiteError as error:
        raise ValueError(error.sentence.removesuffix(".")) from error


def _one_line(text: str) -> str:
    return clean(text, 80)


def _titles(value: object) -> tuple[str, ...]:
    """Several titles in one text, as a variable has to hold them, are parted by semicolons."""
    parts = [part.strip() for part in value.split(";")] if isinstance(value, str) else value
    return kinds.texts(parts)


def _around_a_code(value: object) -> tuple[str, ...]:
    """What is left of each when it was scanned: no control characters, no space around it."""
    texts = kinds.texts([value] if isinstance(value, str) else value)
    return tuple(filter(None, map(clean, texts)))


def _paid_states(states: tuple[str, ...]) -> tuple[str, ...]:
    """As the site's states are compared: in upper case."""
    known = tuple(state for text in states if (state := _one_line(text).upper()))
    for state in known:
        if "REFUND" in state or "CANCEL" in state:
            raise ValueError(
                _("{state} never admits: what was refunded or cancelled is not paid").format(
                    state=state
                )
            )
    return known


def _overridable(names: tuple[str, ...]) -> tuple[str, ...]:
    """What is written as on the band, in either case, as the verdicts' codes."""
    read = tuple(
        name
        for text in names
        if (name := "_".join(_one_line(text).lower().replace("-", " ").replace("_", " ").split()))
    )
    for name in read:
        if name not in MAY_BE_OVERRIDABLE | ALWAYS_OVERRIDABLE:
            known = ", ".join(sorted(MAY_BE_OVERRIDABLE | ALWAYS_OVERRIDABLE))
            raise ValueError(
                _("{name} cannot be overridden, only {known}").format(name=name, known=known)
            )
    return read


def _label(text: str) -> str:
    try:
        read_label(text)
    except ValueError as error:
        hint = _("a label's width and height in millimetres, from 20 to 300, such as 62x100")
        raise ValueError(hint) from error
    return text


def _address(text: str) -> str:
    """HOST:PORT, or a port alone, as HOST:PORT; empty stays empty."""
    if not text.strip():
        return ""
    from boxoffice.hooks import read_address  # noqa: PLC0415  # seldom set

    return str(read_address(text))


def _public(text: str) -> str:
    if not text.strip():
        return ""
    from boxoffice.hooks import read_public  # noqa: PLC0415  # seldom set

    return read_public(text)


def _hub(text: str) -> str:
    """`auto`, `off`, or a hub's address as HOST:PORT."""
    word = text.strip().lower()
    if word in ("auto", "off"):
        return word
    from boxoffice.domain.invitation import read_address  # noqa: PLC0415  # seldom set

    return str(read_address(text))


def _coin(amount: Decimal) -> Decimal:
    if amount != amount.quantize(SMALLEST_COIN):
        raise ValueError(_("a coin has at most three decimals"))
    return amount


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(
            _("nobody of this name has a home here: {path}").format(path=clean(str(path), 80))
        ) from error


def host_name() -> str:
    """What this computer is called now; a lane that nobody names has it from there."""
    return clean(socket.gethostname().split(".")[0], 40) or "door"


def _language(name: str) -> str:
    """The code of a language; empty is the system's."""
    code = language.read(name) if name.strip() else language.of_system()
    if code is None:
        known = ", ".join(language.available())
        raise ValueError(
            _("there is no {name}; known are {known}").format(name=clean(name, 40), known=known)
        )
    return code


def _system_locale() -> str:
    """The person's, such as `da-DK`, where no variable names it, as Babel looks for; else empty."""
    if sys.platform != "win32":
        return ""
    import ctypes  # noqa: PLC0415

    name = ctypes.create_unicode_buffer(85)  # LOCALE_NAME_MAX_LENGTH
    ctypes.windll.kernel32.GetUserDefaultLocaleName(name, len(name))
    return name.value


_line = then(kinds.text, _one_line)


@dataclass(frozen=True)
class Sales(Table):
    """The table `sales` of the config file."""

    offline: bool = setting(kinds.yes_or_no, False)
    """Sales are queued while the site cannot be reached."""
    check_in: bool = setting(kinds.yes_or_no, True)
    """What is sold at the door is checked in at once."""
    email: str = setting(_line, "")
    """The house's own e-mail address, for buyers who give none."""
    cash_rounding: Decimal | None = setting(
        kinds.optional(then(kinds.bounded(kinds.amount, above=0, most=1000), _coin))
    )
    """What cash is a multiple of, such as 0.05; none: the currency's smallest coin."""
    reserve: int = setting(kinds.bounded(kinds.whole, least=0, most=MOST_RESERVED), 10)
    """Tickets of each type that this lane may sell while the site cannot be reached."""
    ticket_printer: str = setting(_line, "")
    receipt_printer: str = setting(_line, "")
    """Names of printers, as `lpstat -e` lists them; empty: the usual one."""


@dataclass(frozen=True)
class Badges(Table):
    """The table `badges` of the config file."""

    size: str = setting(then(kinds.text, _label), "")
    """Of a label, in millimetres: `62x100`; empty: there are no badges."""
    show: tuple[str, ...] = setting(_titles, ())
    """Headings of the questions whose answers stand on a badge, the most important first."""
    at_check_in: bool = setting(kinds.yes_or_no, False)
    """Each who is admitted in the app gets one."""
    printer: str = setting(_line, "")
    """Its name, as `lpstat -e` lists it; empty: the usual one."""

    @property
    def policy(self) -> BadgePolicy:
        show = tuple(_one_line(title).rstrip(" ?:") for title in self.show if title_key(title))
        return BadgePolicy(read_label(self.size), show, self.at_check_in, self.printer)


@dataclass(frozen=True)
class Settings(Table):
    """What can be set. Each name is a key of the config file, and `BOXOFFICE_<NAME>`."""

    url: str = setting(then(kinds.text, _origin), "")
    """The site, as an origin; empty: not known yet."""
    event: str = setting(kinds.text, "")
    """A uuid, or a part of a title; empty: the only event today."""
    lane: str = setting(_line, "")
    """What this door is called; empty: as its computer was at the first start here."""
    operator: str = setting(_line, "")
    data_dir: Path = setting(then(kinds.path, _at_home), make=paths.default_data)
    doors: tuple[str, ...] = setting(_titles, ())
    """Titles of the ticket types that this lane admits; empty: all."""
    extras: tuple[str, ...] = setting(_titles, ())
    """Titles of the ticket types that are merchandise: handed out, and not counted as people."""
    show: tuple[str, ...] = setting(_titles, ())
    """Headings of the questions whose answers stand on the band, the most important first."""
    attention: tuple[str, ...] = setting(_titles, ())
    """Titles of the ticket types that stand out at the door: VIP on the band."""
    numbers: str = setting(kinds.one_of("ask", "admit"), "ask")
    """What a scanned bare number does: CHECK THE NAME, or admit at once."""
    code_prefix: tuple[str, ...] = setting(_around_a_code, ())
    code_suffix: tuple[str, ...] = setting(_around_a_code, ())
    """What scanners are set to put before and behind each code: a text, or several."""
    paid_states: tuple[str, ...] = setting(then(_titles, _paid_states), ())
    """States of an order, as the site words them, that admit beside those that always do."""
    override: tuple[str, ...] = setting(then(_titles, _overridable), ())
    """Verdicts that a person may set aside, with a reason, beside those that always can be."""
    pay_at_door: bool = setting(kinds.yes_or_no, False)
    """An order that is not paid can be paid at the door."""
    deadline: float = setting(kinds.bounded(kinds.number, above=0, most=30), 1.5)
    """Seconds that a scan waits for the server."""
    sales: Sales = setting(kinds.table(Sales), Sales())
    badges: Badges = setting(kinds.table(Badges), Badges())
    language: str = setting(then(kinds.text, _language), "")
    """What the screens and the sentences are written in, such as `da`; empty: as the system is."""
    locale: str = setting(kinds.text, make=_system_locale)
    """How money is written, such as `da_DK`; empty: as the system does, by its variables."""
    desk: bool | None = setting(kinds.optional(kinds.yes_or_no))
    """The organiser's desk can be reached in the app; None: where no PIN is set."""
    keep_days: int = setting(kinds.bounded(kinds.whole, least=0), 30)
    """What is kept of guests is erased so many days after their event's end."""
    theme: str = setting(kinds.text, "")
    """`light`, `contrast`, or the name of one of Textual's; empty: the usual one."""
    ascii: bool | None = setting(kinds.optional(kinds.yes_or_no))
    """Nothing but ASCII is drawn; None: as the terminal seems to be."""
    sound: str = setting(kinds.one_of("on", "quiet", "off"), "on")
    """Each kind of answer is heard in the app; without the extra `sound`, the terminal's bell."""
    reduced_motion: bool = setting(kinds.yes_or_no, False)
    """Nothing flashes and nothing slides."""
    read_codes: bool = setting(kinds.yes_or_no, True)
    """What the list does not hold of a ticket is read ticket by ticket, while a door is open."""
    hooks: str = setting(then(kinds.text, _address), "")
    """HOST:PORT where webhooks are received; empty: nowhere."""
    hooks_public: str = setting(then(kinds.text, _public), "")
    """The address by which the site reaches that; empty: the same."""
    hooks_register: bool = setting(kinds.yes_or_no, False)
    """The site is told to send webhooks while boxoffice runs."""
    hub: str = setting(then(kinds.text, _hub), "auto")
    """Where the venue's hub is; auto: it is looked for; off: this computer works by itself."""
    alone: str = setting(kinds.one_of("admit", "ask"), "admit")
    """What a joined lane does while the hub is away: go on, or have a person decide."""
    keys: dict[str, str] = setting(kinds.named_texts, make=dict)
    """Other keys for commands: `{command: key}`."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """What each setting that is not a default was given by: `--lane`, `BOXOFFICE_LANE`.

    Empty: the config file.
    """
    file: Path | None = field(default=None, compare=False, repr=False)
    """The config file, also where there is none yet; None: these were not read."""

    @classmethod
    def checked(cls, name: str, text: str) -> Any:
        """The value that the setting has by `text`. Raises ProblemError with what is wrong."""
        try:
            return read_at(name, cls.readers()[name], text)
        except SettingError as error:
            raise ProblemError(f"{name}: {error}.") from error

    @property
    def door_policy(self) -> DoorPolicy:
        return DoorPolicy(
            doors=frozenset(title.casefold() for title in self.doors),
            extras=frozenset(title.casefold() for title in self.extras),
            may_override=ALWAYS_OVERRIDABLE.union(map(VerdictCode, self.override)),
            paid_states=frozenset(self.paid_states),
            numbers_admit=self.numbers == "admit",
            framing=Framing(self.code_prefix, self.code_suffix),
            highlights=HighlightPolicy(
                show=tuple(
                    _one_line(title).rstrip(" ?:") for title in self.show if title_key(title)
                ),
                attention=frozenset(filter(None, map(title_key, self.attention))),
            ),
            badges=self.badges.policy,
            alone_asks=self.alone == "ask",
            pay_at_door=self.pay_at_door,
        )


def read_settings(options: Mapping[str, object], config: Path | None = None) -> Settings:
    """The settings in force. `options`: those given; `config`: a file that must be there.

    Raises ProblemError with the file, variable or option, and the key.
    """
    file, must = config_file.locate(config)
    sources = config_file.read(file, must=must), _in_environment(), options
    in_file, variables, of_command = map(_given, sources)
    try:
        settings = Settings.of({**in_file, **variables, **of_command})
    except SettingError as error:
        raise _problem(error, variables, of_command, file) from error
    origins = (
        dict.fromkeys(in_file, "")
        | {name: _variable(name) for name in variables}
        | {name: _option(name) for name in of_command}
    )
    return replace(settings, file=file, origins=origins)


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _given(source: Mapping[str, object]) -> Mapping[str, object]:
    """Without an empty data folder: as a path, that would be wherever one is."""
    empty = "data_dir" in source and not str(source["data_dir"]).strip()
    return {name: value for name, value in source.items() if name != "data_dir" or not empty}


def _in_environment() -> dict[str, str]:
    """What the variables say, as text: the model converts. An empty one says nothing."""
    found = {name: os.environ.get(_variable(name), "") for name in Settings.readers()}
    return {name: text for name, text in found.items() if text}


def _problem(
    error: SettingError,
    variables: Mapping[str, object],
    options: Mapping[str, object],
    file: Path,
) -> ProblemError:
    key, *places = error.place
    inside = "".join(f".{clean(place, 40)}" for place in places)
    if key in options:
        where, status = _option(key), 2
    elif key in variables:
        where, status = _variable(key), 2
    else:
        where, status = f"{file}: {clean(key, 40)}{inside}", 1
    if isinstance(error, UnknownSettingError):
        known = ", ".join(error.known)
        return ProblemError(
            _("{where} is not a setting; known are {known}.").format(where=where, known=known),
            status=status,
        )
    return ProblemError(f"{where}: {error}.", status=status)
