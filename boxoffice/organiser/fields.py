"""What a model says of its fields, for whoever makes lists and forms of it.

A field of a model carries it as metadata under the names of `About`'s attributes; `about` reads it
back. A field without metadata, as in `boxoffice.domain.models.Address`, is a text to be edited,
under its own name.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Model = TypeVar("Model", bound="DataclassInstance")

Words = Mapping[str, str]
"""What people say for each of the API's own words."""

LONGEST = 1_000_000
"""Characters of a text: more than any has, since one that is cut could be written back cut."""


class Kind(StrEnum):
    """What a field holds, and so how it is shown and entered."""

    TEXT = "text"
    LINES = "lines"
    """A text of several lines; HTML, where the site takes it."""
    WHOLE = "whole"
    """A whole number, from 0."""
    MONEY = "money"
    MOMENT = "moment"
    """An aware datetime."""
    YES = "yes"
    """A yes or a no."""
    CHOICE = "choice"
    """One of `About.choices`."""
    EMAIL = "email"
    URL = "url"
    UUID = "uuid"
    PART = "part"
    """A model inside the model."""
    PARTS = "parts"
    """A tuple of models."""
    RAW = "raw"
    """What the API said, to be written back; not for showing."""


@dataclass(frozen=True, slots=True)
class About:
    """One field of a model."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    """One sentence, where the label does not say it all."""
    editable: bool = False
    required: bool = False
    choices: Words = field(default_factory=dict, hash=False)
    """The API's words for what may be chosen, in their order, and what people say for each."""
    others: bool = False
    """A site may have more choices than these."""
    api: str = ""
    """What the API calls it."""
    model: "type[DataclassInstance] | None" = None
    """Of what model the parts are."""


def said(
    label: str,
    kind: Kind = Kind.TEXT,
    *,
    help: str = "",  # noqa: A002 - the name of what is said
    edit: bool = False,
    required: bool = False,
    choices: Words | None = None,
    others: bool = False,
    api: str = "",
    model: "type[DataclassInstance] | None" = None,
) -> dict[str, object]:
    """The metadata of a field."""
    return {
        "label": label,
        "kind": kind,
        "help": help,
        "editable": edit,
        "required": required,
        "choices": choices,
        "others": others,
        "api": api,
        "model": model,
    }


def raw_field() -> Any:
    """A field for what the API said: neither compared nor printed."""
    metadata = said("As the site says it", Kind.RAW)
    return field(default_factory=dict, compare=False, repr=False, metadata=metadata)


def about(model: "type[DataclassInstance]") -> tuple[About, ...]:
    """The fields of a model, in their order, without what is not for showing."""
    told = (_about(each.name, each.metadata) for each in fields(model))
    return tuple(each for each in told if each.kind is not Kind.RAW)


def changed(before: Model, after: Model) -> tuple[str, ...]:
    """The names of the fields in which two values of a model differ."""
    return tuple(
        each.name
        for each in about(type(before))
        if getattr(before, each.name) != getattr(after, each.name)
    )


def default(model: "type[DataclassInstance]", name: str) -> object:
    """What a new one has there by itself; None: nothing."""
    (each,) = (each for each in fields(model) if each.name == name)
    if each.default_factory is not MISSING:
        return each.default_factory()
    return None if each.default is MISSING else each.default


def with_fields(value: Model, given: Mapping[str, Any]) -> Model:
    """`value` with these fields.

    Raises:
        ValueError: a field is unknown or not to be edited.

    """
    editable = {each.name for each in about(type(value)) if each.editable}
    if wrong := sorted(set(given) - editable):
        raise ValueError(f"not to be changed: {', '.join(wrong)}")
    return replace(value, **given)


def _about(name: str, metadata: Mapping[str, Any]) -> About:
    known: dict[str, Any] = {
        "label": name.replace("_", " ").capitalize(),
        "api": name,
        "editable": not metadata,
    }
    return About(name, **(known | {key: value for key, value in metadata.items() if value}))
