"""A model as a form: one field for each that may be changed, those of its parts among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from boxoffice.domain.models import Choice, Question
from boxoffice.domain.money import format_money, read_money
from boxoffice.domain.questions import Draft, Field
from boxoffice.manage import (
    EntryError,
    FieldInfo,
    Kind,
    NestedEdit,
    Record,
    default,
    edited,
    entered,
    field_info,
    list_edit,
)
from boxoffice.manage import written as as_told
from boxoffice.screens.desk.context import FormatOptions, Offered

PLAIN = FormatOptions()
MOMENT = "Such as 2026-05-08 19:00, by the clocks of the place."
MOMENT_ANYWHERE = "Such as 2026-05-08 19:00+02:00."
MORE = "“+50” adds 50."
YES, NO = "yes", "no"
_VARIATIONS = {Kind.LINES: "TEXTAREA", Kind.CHOICE: "SELECT"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the form."""

    path: tuple[str, ...]
    """Where its value is: `("venue", "city")`."""
    about: FieldInfo
    value: object
    """What it was when the form was opened."""
    field: Field

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class FormResult:
    """A form that was looked through."""

    values: Mapping[str, Any]
    """By the model's field; of what there is, as `apply_edit` takes them. Empty
    while there is a problem."""
    problems: Mapping[str, str]
    """Sentences by the entry's name."""


def form_entries(
    model: type[Record],
    value: object = None,
    *,
    format_options: FormatOptions = PLAIN,
    offered: Offered | None = None,
) -> tuple[Entry, ...]:
    """The form of a model. `value`: one that there is; None: a new one is begun."""
    return tuple(_entries(model, value, (), "", format_options, offered or {}))


def parts(model: type[Record]) -> tuple[FieldInfo, ...]:
    """The fields that hold several models, which have lists of their own."""
    return tuple(each for each in field_info(model) if each.kind is Kind.PARTS and each.editable)


def facts(model: type[Record]) -> tuple[FieldInfo, ...]:
    """The fields that can only be looked at."""
    hidden = (Kind.PART, Kind.PARTS)
    return tuple(
        each for each in field_info(model) if not each.editable and each.kind not in hidden
    )


def read_form(
    model: type[Record],
    form: Iterable[Entry],
    drafts: Mapping[str, Draft],
    *,
    before: object,
    format_options: FormatOptions = PLAIN,
) -> FormResult:
    """What the form says, by the drafts of its fields; `before` None: of a new one.

    Of one that there is, only what was changed; of a new one, all that stands there.
    """
    values: dict[str, Any] = {}
    inside: dict[str, dict[str, Any]] = {}
    problems: dict[str, str] = {}
    for entry in form:
        draft = drafts.get(entry.name, entry.field.before)
        try:
            read = _read(entry, draft, format_options, new=before is None)
        except EntryError as error:
            problems[entry.name] = error.sentence
            continue
        if (read is None) if before is None else (read == entry.value):
            continue
        if len(entry.path) > 1:
            inside.setdefault(entry.path[0], {})[entry.path[1]] = read
        else:
            values[entry.name] = read
    for name, given in inside.items():
        new: Any = default(model, name) if before is None else None
        values[name] = new.replace(**given) if before is None else NestedEdit(given)
    return FormResult({} if problems else values, problems)


def parts_of(model: type[Record], row: object, field: FieldInfo) -> tuple[Any, ...]:
    """The parts that a row has there, or a new one by itself."""
    known = default(model, field.name) if row is None else getattr(row, field.name)
    return known if isinstance(known, tuple) else ()


def parts_edits(
    model: type[Record], row: object, after: Mapping[str, tuple[Any, ...]]
) -> dict[str, Any]:
    """What is different in the parts, by the field's name, as `read_form` has its values."""
    known = {each.name: parts_of(model, row, each) for each in parts(model) if each.name in after}
    return {
        name: after[name] if row is None else list_edit(before, after[name])
        for name, before in known.items()
        if after[name] != before
    }


def help_of(entry: Entry, options: FormatOptions, *, new: bool) -> str:
    """What a field is about, and how it is written where that is not plain."""
    how = ""
    if entry.about.kind is Kind.MOMENT:
        how = MOMENT if options.zone is not None else MOMENT_ANYWHERE
    elif entry.about.kind is Kind.WHOLE and entry.value is not None and not new:
        how = MORE
    return " ".join(text for text in (entry.about.help, how) if text)


def _entries(
    model: type[Record],
    value: object,
    path: tuple[str, ...],
    heading: str,
    format_options: FormatOptions,
    offered: Offered,
) -> Iterable[Entry]:
    for each in field_info(model):
        known = getattr(value, each.name) if value is not None else default(model, each.name)
        if not each.editable or each.kind is Kind.PARTS:
            continue
        if each.kind is Kind.PART:
            if each.model is not None and not path:
                part = known if isinstance(known, Record) else None
                label = f"{each.label} · "
                yield from _entries(each.model, part, (each.name,), label, format_options, offered)
            continue
        yield _entry(
            each, known, (*path, each.name), heading, format_options, offered.get(each.name)
        )


def _entry(
    each: FieldInfo,
    value: object,
    path: tuple[str, ...],
    heading: str,
    format_options: FormatOptions,
    offered: Sequence[tuple[str, str]] | None,
) -> Entry:
    variation = _VARIATIONS.get(each.kind, "TEXT")
    before: Draft = written(each, value, format_options)
    taken: tuple[Choice, ...] = ()
    if each.kind is Kind.YES and value is not None:
        variation, taken = "SELECT_MULTIPLE", (Choice(YES, YES),)
        before = (YES,) if value else ()
    elif each.kind is Kind.YES:
        variation, taken = "SELECT", (Choice(YES, YES), Choice(NO, NO))
    elif offered is not None or each.kind is Kind.CHOICE:
        known = dict(each.choices if offered is None else offered)
        if isinstance(before, str) and before and before not in known:
            known[before] = before  # the site may have others than are known
        variation = "SELECT"
        taken = tuple(Choice(uuid, label) for uuid, label in known.items())
    question = Question(
        ".".join(path),
        f"{heading}{each.label}",
        variation,
        required=each.required,
        choices=taken,
    )
    return Entry(path, each, value, Field(question, before))


def written(each: FieldInfo, value: object, format_options: FormatOptions) -> str:
    """A value as it stands in its field."""
    if isinstance(value, Decimal) and each.kind is Kind.MONEY:
        return format_money(value, "", format_options.locale).replace("\xa0", " ")
    if isinstance(value, datetime) and format_options.zone is not None:
        return f"{value.astimezone(format_options.zone):%Y-%m-%d %H:%M}"
    return as_told(each, value)


def _read(entry: Entry, draft: Draft, format_options: FormatOptions, *, new: bool) -> object:
    """The value that a draft means; the one of before where it was not touched.

    Of what there is the site may not tell all that is needed: that stays as it is there.
    """
    each, before = entry.about, entry.field.before
    text = _text(draft)
    if _text(before) == text and (text or not (new and each.required)):
        return entry.value
    if isinstance(before, tuple):
        return YES in draft
    if each.kind is Kind.MONEY and text:
        amount = read_money(text, format_options.locale)
        return amount if amount is not None else entered(each, "?")
    if new:
        return entered(each, text, format_options.zone, entry.value)
    return edited(each, text, entry.value, format_options.zone)


def _text(draft: Draft) -> str:
    return (draft if isinstance(draft, str) else " ".join(draft)).strip()
