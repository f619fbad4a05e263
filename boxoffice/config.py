"""The settings, in one order: option, then environment, then config file, then default.

The key is not among them: see `boxoffice.secret`.
"""

import os
import socket
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
)

from boxoffice import ProblemError, config_file, language, paths
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
from boxoffice.ticketbutler.errors import SiteError
from boxoffice.ticketbutler.parsers import read_site


def _origin(text: str) -> str:
    """A site as people write it, as an origin; empty stays empty."""
    try:
        return read_site(text) if text.strip() else ""
    except SiteError as error:
        raise ValueError(error.sentence.removesuffix(".")) from error


def _one_line(text: str) -> str:
    return clean(text, 80)


def _as_list(value: object) -> object:
    """Several titles in one text, as a variable has to hold them, are parted by semicolons."""
    return [part.strip() for part in value.split(";")] if isinstance(value, str) else value


def _as_texts(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_scanned(texts: tuple[str, ...]) -> tuple[str, ...]:
    """What is left of each when it was scanned: no control characters, no space around it."""
    return tuple(filter(None, (clean(text) for text in texts)))


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


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(
            _("nobody of this name has a home here: {path}").format(path=clean(str(path), 80))
        ) from error


def _host_name() -> str:
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


OneLine = Annotated[str, AfterValidator(_one_line)]
Listed = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
AroundACode = Annotated[tuple[str, ...], BeforeValidator(_as_texts), AfterValidator(_as_scanned)]


class Sales(BaseModel):
    """The table `sales` of the config file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    offline: bool = False
    """Sales are queued while the site cannot be reached."""
    check_in: bool = True
    """What is sold at the door is checked in at once."""
    email: OneLine = ""
    """The house's own e-mail address, for buyers who give none."""
    cash_rounding: Decimal | None = Field(default=None, gt=0, le=1000)
    """What cash is a multiple of, such as 0.05; none: the currency's smallest coin."""
    reserve: int = Field(default=10, ge=0)
    """Tickets of each type that this lane may sell while the site cannot be reached."""
    ticket_printer: OneLine = ""
    receipt_printer: OneLine = ""
    """Names of printers, as `lpstat -e` lists them; empty: the usual one."""


class Badges(BaseModel):
    """The table `badges` of the config file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Annotated[str, AfterValidator(_label)] = ""
    """Of a label, in millimetres: `62x100`; empty: there are no badges."""
    show: Listed = ()
    """Headings of the questions whose answers stand on a badge, the most important first."""
    at_check_in: bool = False
    """Each who is admitted in the app gets one."""
    printer: OneLine = ""
    """Its name, as `lpstat -e` lists it; empty: the usual one."""

    @property
    def policy(self) -> BadgePolicy:
        show = tuple(_one_line(title).rstrip(" ?:") for title in self.show if title_key(title))
        return BadgePolicy(read_label(self.size), show, self.at_check_in, self.printer)


TABLES: dict[str, type[BaseModel]] = {"sales": Sales, "badges": Badges}


class Settings(BaseModel):
    """What can be set. Each name is a key of the config file, and `BOXOFFICE_<NAME>`."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    url: Annotated[str, AfterValidator(_origin)] = ""
    """The site, as an origin; empty: not known yet."""
    event: str = ""
    """A uuid, or a part of a title; empty: the only event today."""
    lane: OneLine = Field(default_factory=_host_name)
    operator: OneLine = ""
    data_dir: Annotated[Path, AfterValidator(_at_home)] = Field(default_factory=paths.default_data)
    doors: Listed = ()
    """Titles of the ticket types that this lane admits; empty: all."""
    extras: Listed = ()
    """Titles of the ticket types that are merchandise: handed out, and not counted as people."""
    show: Listed = ()
    """Headings of the questions whose answers stand on the band, the most important first."""
    attention: Listed = ()
    """Titles of the ticket types that stand out at the door: VIP on the band."""
    numbers: Literal["ask", "admit"] = "ask"
    """What a scanned bare number does: CHECK THE NAME, or admit at once."""
    code_prefix: AroundACode = ()
    code_suffix: AroundACode = ()
    """What scanners are set to put before and behind each code: a text, or several."""
    paid_states: Annotated[Listed, AfterValidator(_paid_states)] = ()
    """States of an order, as the site words them, that admit beside those that always do."""
    override: Annotated[Listed, AfterValidator(_overridable)] = ()
    """Verdicts that a person may set aside, with a reason, beside those that always can be."""
    pay_at_door: bool = False
    """An order that is not paid can be paid at the door."""
    deadline: float = Field(default=1.5, gt=0, le=30)
    """Seconds that a scan waits for the server."""
    sales: Sales = Sales()
    badges: Badges = Badges()
    language: Annotated[str, AfterValidator(_language)] = ""
    """What the screens and the sentences are written in, such as `da`; empty: as the system is."""
    locale: str = Field(default_factory=_system_locale)
    """How money is written, such as `da_DK`; empty: as the system does, by its variables."""
    desk: bool | None = None
    """The organiser's desk can be reached in the app; None: where no PIN is set."""
    keep_days: int = Field(default=30, ge=0)
    """What is kept of guests is erased so many days after their event's end."""
    theme: str = ""
    """`light`, `contrast`, or the name of one of Textual's; empty: the usual one."""
    ascii: bool | None = None
    """Nothing but ASCII is drawn; None: as the terminal seems to be."""
    sound: Literal["on", "quiet", "off"] = "on"
    """Each kind of answer is heard in the app; without the extra `sound`, the terminal's bell."""
    reduced_motion: bool = False
    """Nothing flashes and nothing slides."""
    read_codes: bool = True
    """What the list does not hold of a ticket is read ticket by ticket, while a door is open."""
    hooks: Annotated[str, AfterValidator(_address)] = ""
    """HOST:PORT where webhooks are received; empty: nowhere."""
    hooks_public: Annotated[str, AfterValidator(_public)] = ""
    """The address by which the site reaches that; empty: the same."""
    hooks_register: bool = False
    """The site is told to send webhooks while boxoffice runs."""
    hub: Annotated[str, AfterValidator(_hub)] = "auto"
    """Where the venue's hub is; auto: it is looked for; off: this computer works by itself."""
    alone: Literal["admit", "ask"] = "admit"
    """What a joined lane does while the hub is away: go on, or have a person decide."""
    keys: dict[str, str] = {}
    """Other keys for commands: `{command: key}`."""
    _origins: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _file: Path | None = PrivateAttr(default=None)

    @property
    def origins(self) -> Mapping[str, str]:
        """What each setting that is not a default was given by: `--lane`, `BOXOFFICE_LANE`.

        Empty: the config file.
        """
        return self._origins

    @property
    def file(self) -> Path | None:
        """The config file, also where there is none yet; None: these were not read."""
        return self._file

    @classmethod
    def checked(cls, name: str, text: str) -> Any:
        """The value that the setting has by `text`. Raises ProblemError with what is wrong."""
        try:
            return getattr(cls.model_validate({name: text}), name)
        except ValidationError as error:
            raise ProblemError(f"{name}: {_reason(error)}.") from error

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
    given = [_given(source) for source in sources]
    try:
        settings = Settings.model_validate({name: part[name] for part in given for name in part})
    except ValidationError as error:
        raise _problem(error, given[-1], file) from error
    in_file, variables, of_command = given
    settings._file = file
    settings._origins = (
        dict.fromkeys(in_file, "")
        | {name: _variable(name) for name in variables}
        | {name: _option(name) for name in of_command}
    )
    return settings


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
    found = {name: os.environ.get(_variable(name), "") for name in Settings.model_fields}
    return {name: text for name, text in found.items() if text}


def _problem(error: ValidationError, options: Mapping[str, object], file: Path) -> ProblemError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    inside = "".join(f".{clean(str(part), 40)}" for part in first["loc"][1:])
    if key in options:
        where, status = _option(key), 2
    elif os.environ.get(_variable(key)):
        where, status = _variable(key), 2
    else:
        where, status = f"{file}: {clean(key, 40)}{inside}", 1
    if first["type"] == "extra_forbidden":
        known = ", ".join((TABLES.get(key, Settings) if inside else Settings).model_fields)
        return ProblemError(
            _("{where} is not a setting; known are {known}.").format(where=where, known=known),
            status=status,
        )
    return ProblemError(f"{where}: {_reason(error)}.", status=status)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    raised = first.get("ctx", {}).get("error")
    return str(raised) if raised else first["msg"][:1].lower() + first["msg"][1:]
