"""A model as a form: one field for each that may be changed, those of its parts among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from boxoffice.domain.models import Choice, Question
from boxoffice.domain.money import format_money, read_money
from boxoffice.domain.questions import Draft, Field
from boxoffice.language import N_, _
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
from boxoffice.manage import written as as_text
from boxoffice.screens.desk.context import FormatOptions, Offered, label_of
from boxoffice.screens.desk.table_model import cells

PLAIN = FormatOptions()
MOMENT = N_("Such as 2026-05-08 19:00, by the clocks of the place.")
MOMENT_ANYWHERE = N_("Such as 2026-05-08 19:00+02:00.")
MORE = N_("“+50” adds 50.")
YES, NO = "yes", "no"
_VARIATIONS = {Kind.LINES: "TEXTAREA", Kind.CHOICE: "SELECT"}


@dataclass(frozen=True, slots=True)
class Entry:
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
    values: Mapping[str, Any]
    """By the model's field; of what there is, as `apply_edit` takes them. Empty
    while there is a problem."""
    problems: Mapping[str, str]
    """Sentences by the entry's name."""


def parts(model: type[Record]) -> tuple[FieldInfo, ...]:
    """The fields that hold several models, which have lists of their own."""
    return tuple(info for info in field_info(model) if info.kind is Kind.PARTS and info.editable)


def facts(model: type[Record]) -> tuple[FieldInfo, ...]:
    """The fields that can only be looked at."""
    hidden = (Kind.PART, Kind.PARTS)
    return tuple(
        info for info in field_info(model) if not info.editable and info.kind not in hidden
    )


class FormModel:
    """What is filled in of a model: its fields, those of its parts, and lists of several parts."""

    def __init__(
        self,
        model: type[Record],
        row: object = None,
        options: FormatOptions = PLAIN,
        offered: Offered | None = None,
    ) -> None:
        """`row`: what there is; None: a new one is begun."""
        self.row = row
        self.options = options
        self._model = model
        self.offered = offered or {}
        self.entries = tuple(self._entries(model, row))
        self._listed = {item.name: self._value(model, row, item) or () for item in parts(model)}
        self.parts: dict[str, tuple[Any, ...]] = dict(self._listed)
        """Those of each list, as they are to be."""

    def read(self, drafts: Mapping[str, Draft]) -> FormResult:
        """What the form says, by the drafts of its fields.

        Of one that there is, only what was changed; of a new one, all that stands there.
        """
        values: dict[str, Any] = {}
        inside: dict[str, dict[str, Any]] = {}
        problems: dict[str, str] = {}
        for entry in self.entries:
            try:
                read = self._read(entry, drafts.get(entry.name, entry.field.before))
            except EntryError as error:
                problems[entry.name] = error.sentence
                continue
            if (read is None) if self.row is None else (read == entry.value):
                continue
            if len(entry.path) > 1:
                inside.setdefault(entry.path[0], {})[entry.path[1]] = read
            else:
                values[entry.name] = read
        for name, given in inside.items():
            new = default(self._model, name) if self.row is None else None
            values[name] = new.replace(**given) if new is not None else NestedEdit(given)
        return FormResult({} if problems else {**values, **self.changed_parts()}, problems)

    def changed_parts(self) -> dict[str, Any]:
        """What is different in the lists of parts, by the field's name."""
        return {
            name: self.parts[name] if self.row is None else list_edit(before, self.parts[name])
            for name, before in self._listed.items()
            if self.parts[name] != before
        }

    def facts(self, *, editable: bool) -> list[tuple[str, str]]:
        """Labels and texts of what can only be looked at; all there is, where that is so."""
        if self.row is None:
            return []
        own = () if editable else (entry.about for entry in self.entries if len(entry.path) == 1)
        shown = (*own, *facts(self._model))
        texts = cells(self.row, shown, self.options)
        return [
            (info.label, label_of(self.offered, info.name, text))
            for info, text in zip(shown, texts, strict=True)
            if text
        ]

    def help_of(self, entry: Entry) -> str:
        """What a field is about, and how it is written where that is not plain."""
        how = ""
        if entry.about.kind is Kind.MOMENT:
            how = MOMENT if self.options.zone is not None else MOMENT_ANYWHERE
        elif entry.about.kind is Kind.WHOLE and entry.value is not None and self.row is not None:
            how = MORE
        return " ".join(text for text in (entry.about.help, _(how)) if text)

    def _value(self, model: type[Record], row: object, info: FieldInfo) -> Any:
        return getattr(row, info.name) if row is not None else default(model, info.name)

    def _entries(
        self, model: type[Record], row: object, path: tuple[str, ...] = (), heading: str = ""
    ) -> Iterable[Entry]:
        for info in field_info(model):
            known = self._value(model, row, info)
            if not info.editable or info.kind is Kind.PARTS:
                continue
            if info.kind is not Kind.PART:
                yield self._entry(info, known, (*path, info.name), heading)
            elif info.model is not None and not path:
                part = known if isinstance(known, Record) else None
                labels, others = (_labels(one) for one in (model, info.model))
                prefix = f"{info.label} · " if labels & others else ""
                yield from self._entries(info.model, part, (info.name,), prefix)

    def _entry(self, info: FieldInfo, value: object, path: tuple[str, ...], heading: str) -> Entry:
        variation = _VARIATIONS.get(info.kind, "TEXT")
        before: Draft = written(info, value, self.options)
        offered = self.offered.get(info.name)
        taken: tuple[Choice, ...] = ()
        if info.kind is Kind.YES and value is not None:
            variation, taken = "SELECT_MULTIPLE", (Choice(YES, _("yes")),)
            before = (YES,) if value else ()
        elif info.kind is Kind.YES:
            variation, taken = "SELECT", (Choice(YES, _("yes")), Choice(NO, _("no")))
        elif offered is not None or info.kind is Kind.CHOICE:
            known = dict(info.choices if offered is None else offered)
            if isinstance(before, str) and before and before not in known:
                known[before] = before  # the site may have others than are known
            variation = "SELECT"
            taken = tuple(Choice(uuid, label) for uuid, label in known.items())
        label = f"{heading}{info.label}"
        question = Question(".".join(path), label, variation, required=info.required, choices=taken)
        over = info.kind in (Kind.WHOLE, Kind.MONEY)
        return Entry(path, info, value, Field(question, before, typed_over=over))

    def _read(self, entry: Entry, draft: Draft) -> object:
        """The value that a draft means; the one of before where it was not touched.

        Of what there is the site may not tell all that is needed: that stays as it is there.
        """
        info, before, new = entry.about, entry.field.before, self.row is None
        text = _text(draft)
        if _text(before) == text and (text or not (new and info.required)):
            return entry.value
        if isinstance(before, tuple):
            return YES in draft
        if info.kind is Kind.MONEY and text:
            amount = read_money(text, self.options.locale)
            return amount if amount is not None else entered(info, "?")
        if new:
            return entered(info, text, self.options.zone, entry.value)
        return edited(info, text, entry.value, self.options.zone)


def _labels(model: type[Record]) -> set[str]:
    return {info.label for info in field_info(model)}


def written(info: FieldInfo, value: object, format_options: FormatOptions) -> str:
    """A value as it stands in its field."""
    if isinstance(value, Decimal) and info.kind is Kind.MONEY:
        return format_money(value, "", format_options.locale).replace("\xa0", " ")
    if isinstance(value, datetime) and format_options.zone is not None:
        return f"{value.astimezone(format_options.zone):%Y-%m-%d %H:%M}"
    return as_text(info, value)


def _text(draft: Draft) -> str:
    return (draft if isinstance(draft, str) else " ".join(draft)).strip()
