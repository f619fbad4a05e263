"""What is at a site, as models: the base class, how answers and entries become one, field infos."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self, TypeVar, cast, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from boxoffice.domain.text import clean
from boxoffice.language import N_, _, current
from boxoffice.ticketbutler.fields import (
    FROM_SITE,
    LONGEST,
    ChoiceLabels,
    Choices,
    Entered,
    EntryError,
    Holds,
    Kind,
    translated,
)
from boxoffice.ticketbutler.wire import WrongShape

log = logging.getLogger(__name__)

T = TypeVar("T")


class Record(BaseModel):
    """What is at a site. Frozen; equal where all fields are, whatever else the site said."""

    model_config = ConfigDict(
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,
        arbitrary_types_allowed=True,
    )
    _raw: Mapping[str, object] = PrivateAttr(default_factory=dict)

    @property
    def raw(self) -> Mapping[str, object]:
        """The object as the site said it, to be written back; empty where it was made here."""
        return self._raw

    @model_validator(mode="wrap")
    @classmethod
    def _made(
        cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if isinstance(info.context, Entered):
            return handler(cls._entered(value))
        made = handler(value)
        if info.context is FROM_SITE and isinstance(value, dict):
            made._raw = value
        return made

    @classmethod
    def _entered(cls, value: Any) -> dict[str, Any]:
        """The fields that can be entered; what is left empty is as a new one has it by itself."""
        if not isinstance(value, Mapping):
            raise ValueError(_("give an object"))
        given: dict[str, Any] = {}
        for info in field_info(cls):
            entered, alone = value.get(info.name), default(cls, info.name)
            empty = entered is None or (isinstance(entered, str) and not entered.strip())
            if info.editable and entered is not None and not (empty and alone is not None):
                given[info.name] = entered
            if info.required and (entered == [] or (empty and not alone)):
                raise PydanticCustomError("needed", "{label}", {"label": info.label})
        return given

    def replace(self, **values: Any) -> Self:
        """The same with these fields, which are not looked at."""
        return self.model_copy(update=values)

    def with_raw(self, raw: Mapping[str, object]) -> Self:
        """The same, as if the site had said `raw`."""
        made = self.model_copy()
        made._raw = raw
        return made

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))


R = TypeVar("R", bound=Record)

_WANTED = {
    "needed": N_("this is needed"),
    "missing": N_("this is needed"),
    "tuple_type": N_("give a list"),
}
"""What to say of an error of pydantic's own."""


def read_one(model: type[R], value: object) -> R:
    """The model of an answer. Raises WrongShape."""
    try:
        return model.model_validate(value, context=FROM_SITE, by_alias=True, by_name=False)
    except ValidationError as error:
        # Where and why, not what: the values are people's.
        problem = "; ".join(f"{item['loc']} {item['type']}" for item in error.errors())
    raise WrongShape(f"{model.__name__}: {problem}")


def read_entered(model: type[R], given: Mapping[str, object], zone: tzinfo | None = None) -> R:
    """The model of what a person or a program entered, by the model's own names.

    `zone`: of moments without an offset. What is not to be edited is passed over; what is null or
    left empty is as a new one has it.

    Raises EntryError where a value is missing, or not of its field's kind.
    """
    try:
        return model.model_validate(given, context=Entered(zone), by_alias=False, by_name=True)
    except ValidationError as error:
        problem = error.errors()[0]
    label, inside = "", cast("type[Record]", model)
    for name in problem["loc"]:
        for info in field_info(inside):
            if info.name == name:
                label, inside = info.label, info.model or inside
    otherwise = _(_WANTED.get(problem["type"], N_("give one value")))
    wanted = str(problem.get("ctx", {}).get("error", otherwise))
    raise EntryError(problem.get("ctx", {}).get("label", label), wanted)


def read_some(value: object, read: Callable[[object], T], what: str) -> list[T]:
    """The elements that can be read, of a list that is never written back; others are logged.

    Raises WrongShape where it is no list, or none of its elements can be read.
    """
    if not isinstance(value, list):
        raise WrongShape(f"no list of {what}")
    found: list[T] = []
    problem = ""
    for item in value:
        try:
            found.append(read(item))
        except WrongShape as error:
            problem = str(error)
    unread = len(value) - len(found)
    if unread and not found:
        raise WrongShape(f"none of {unread} {what}: {problem}")
    if unread:
        log.warning("%d of %d %s could not be read: %s", unread, len(value), what, problem)
    return found


def raw_of(value: object) -> Mapping[str, object]:
    """The object as it came; WrongShape where it is none."""
    if not isinstance(value, dict):
        raise WrongShape("no object")
    return cast("Mapping[str, object]", value)


# What a model says of its fields


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field of a model, for whoever makes lists and forms of it."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    """One sentence, where the label does not say it all."""
    editable: bool = False
    required: bool = False
    choices: ChoiceLabels = field(default_factory=dict, hash=False)
    others: bool = False
    """As of `Choices`."""
    api: str = ""
    """What the API calls it."""
    model: type[Record] | None = None
    """Of what model the parts are."""


def field_info(model: type[BaseModel]) -> tuple[FieldInfo, ...]:
    """The fields of a model, in their order, without what has no title: that is not for showing."""
    return _field_infos(model, current())


@lru_cache(maxsize=256)
def _field_infos(model: type[BaseModel], language: str) -> tuple[FieldInfo, ...]:
    """`language`: of its labels."""
    return tuple(_field_info(name, item) for name, item in model.model_fields.items() if item.title)


def _field_info(name: str, info: Any) -> FieldInfo:
    marks = {type(item): item for item in info.metadata}
    holds, choices, edit = marks.get(Holds), marks.get(Choices), info.json_schema_extra or {}
    kind = holds.kind if holds is not None else Kind.TEXT
    alias = info.validation_alias
    parts = get_args(info.annotation)
    model = parts[0] if parts else info.annotation
    is_record = isinstance(model, type) and issubclass(model, Record)
    if is_record or (parts and parts[-1] is ...):
        kind = Kind.PARTS if parts else Kind.PART
    return FieldInfo(
        name,
        _(info.title),
        Kind.CHOICE if choices is not None else kind,
        _(info.description or ""),
        editable="editable" in edit,
        required=edit.get("required", False),
        choices={} if choices is None else translated(choices.labels),
        others=choices is not None and choices.others,
        api=info.serialization_alias or (alias if isinstance(alias, str) else name),
        model=model if is_record else None,
    )


def default(model: type[BaseModel], name: str) -> Any:
    """What a new one has there by itself; None: nothing."""
    info = model.model_fields[name]
    return None if info.is_required() else info.get_default(call_default_factory=True)


def changed(before: Record, after: Record) -> tuple[str, ...]:
    """The names of the fields in which two values of a model differ."""
    names = (info.name for info in field_info(type(before)))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def changed_values(before: Record, after: Record) -> dict[str, object]:
    """The editable fields in which `after` differs, by the API's names, as it has the values."""
    infos = [info for info in field_info(type(after)) if info.editable]
    return {
        about.api: jsonable(getattr(after, about.name))
        for about in infos
        if getattr(before, about.name) != getattr(after, about.name)
    }


def jsonable(value: object) -> object:
    """A value of a model's field as the document writes it: an amount as a number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(str(value))
    return value.isoformat() if isinstance(value, datetime) else value


def shown(info: FieldInfo, value: object) -> str:
    """`value` as people read it; unless it is a part, it can be entered so too."""
    text = written(info, value)
    return info.choices.get(text, text)


def written(info: FieldInfo, value: object) -> str:
    """The same in the API's own words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, tuple):
        return str(len(value))
    return clean(str(value), LONGEST, lines=info.kind is Kind.LINES)


def as_json(value: object) -> Any:
    """Models and values as JSON holds them: money as text, moments in ISO 8601."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {
            info.name: as_json(getattr(value, info.name)) for info in fields(value) if info.repr
        }
    if isinstance(value, Mapping):
        return {str(name): as_json(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [as_json(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value
