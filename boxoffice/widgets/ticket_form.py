"""What is filled in: of a ticket its name and questions, of a sale the buyer and its questions."""

import asyncio
from collections.abc import Mapping, Sequence

from textual.containers import Vertical

from boxoffice.domain.models import Question, Ticket
from boxoffice.domain.questions import Checked, Draft, Field, changed, check
from boxoffice.widgets.questions import QuestionField

NAME = "name"
"""In place of a question's uuid: the name on the ticket."""
CONTROLS = "Input, TextArea, Choices"


def name_field(ticket: Ticket) -> Field:
    """The ticket's name, as a field of the form."""
    question = Question(NAME, "Name on the ticket", "NAME", required=True)
    return Field(question, ticket.full_name)


class TicketForm(Vertical):
    """A form that can be shown anew without touching what a person has typed."""

    def __init__(self, drafts: Mapping[str, Draft]) -> None:
        """`drafts`: what was typed before and not saved, by the question's uuid."""
        super().__init__()
        self._kept = dict(drafts)
        self._turn = asyncio.Lock()

    @property
    def drafts(self) -> dict[str, Draft]:
        """What stands in the form and differs from what was answered before."""
        return self._kept | {
            field.question.uuid: widget.draft
            for widget, field in self._fields()
            if _touched(widget)
        }

    async def show(self, form: Sequence[Field]) -> None:
        """Show `form` in place of the one before. What was typed stays as it is."""
        async with self._turn:
            await self._show(form)

    async def _show(self, form: Sequence[Field]) -> None:
        there = {widget.field.question.uuid: widget for widget in self.query(QuestionField)}
        if not there:
            await self.mount_all(self._new(field) for field in form)
            return
        last: QuestionField | None = None
        for field in form:
            widget = there.pop(field.question.uuid, None)
            if widget is None:
                widget = self._new(field)
                await self._put(widget, last)
            elif _touched(widget):
                widget.field = field
            elif widget.field.question == field.question and widget.field.asked == field.asked:
                if widget.field.before != field.before:
                    widget.field, widget.draft = field, field.before
            else:
                widget = await self._replace(widget, field)
            last = widget
        for widget in there.values():
            if not _touched(widget):
                await widget.remove()

    def _new(self, field: Field) -> QuestionField:
        return QuestionField(field, self._kept.pop(field.question.uuid, field.before))

    async def _put(self, widget: QuestionField, after: QuestionField | None) -> None:
        if after is None:
            await self.mount(widget, before=0)
        else:
            await self.mount(widget, after=after)

    async def _replace(self, old: QuestionField, field: Field) -> QuestionField:
        widget = self._new(field)
        focused = old.has_focus_within
        await self._put(widget, old)
        await old.remove()
        if focused:
            widget.focus_first()
        return widget

    def reset(self) -> None:
        """Put back what was answered before."""
        self._kept.clear()
        for widget, field in self._fields():
            widget.draft = field.before
            widget.problem = ""

    def look_through(self, *, admit: bool) -> Checked:
        """Check what was filled in; problems are shown, and the first of them has the cursor."""
        checked = check((field for _, field in self._fields()), self.drafts, admit=admit)
        for widget, field in self._fields():
            widget.problem = checked.problems.get(field.question.uuid, "")
        for widget, _ in self._fields():
            if widget.problem:
                widget.focus_first()
                break
        return checked

    def focus_first(self) -> None:
        for widget in self.query(QuestionField):
            if widget.focus_first():
                return

    def _fields(self) -> list[tuple[QuestionField, Field]]:
        return [(widget, widget.field) for widget in self.query(QuestionField)]


class SaleForm(TicketForm):
    """A form whose fields come and go; what was typed into one is there again when it is back."""

    @property
    def drafts(self) -> dict[str, Draft]:
        """What was typed, also into fields that are gone or not there yet."""
        there = {field.question.uuid: (widget, field) for widget, field in self._fields()}
        kept = {uuid: draft for uuid, draft in self._kept.items() if uuid not in there}
        return kept | {
            uuid: widget.draft
            for uuid, (widget, field) in there.items()
            if changed([field], {uuid: widget.draft})
        }

    def _fields(self) -> list[tuple[QuestionField, Field]]:
        """Those that can be filled in: neither on their way in nor out."""
        return [(widget, field) for widget, field in super()._fields() if widget.query(CONTROLS)]

    def _new(self, field: Field) -> QuestionField:
        return QuestionField(field, self._kept.get(field.question.uuid, field.before))

    async def _show(self, form: Sequence[Field]) -> None:
        wanted = {field.question.uuid for field in form}
        for widget in self.query(QuestionField):
            if widget.field.question.uuid not in wanted:
                self._kept = self.drafts
                await widget.remove()
        await super()._show(form)

    async def clear(self) -> None:
        """Forget all that was typed."""
        async with self._turn:
            await self.remove_children()
            self._kept.clear()

    def first_open(self) -> bool:
        """Put the cursor into the first field that still must be answered; False: there is none."""
        drafts = self.drafts
        for widget, field in self._fields():
            if field.asked and not drafts.get(field.question.uuid):
                return widget.focus_first()
        return False

    def focus_on(self, uuid: str) -> None:
        """Put the cursor into the field of a question."""
        for widget, field in self._fields():
            if field.question.uuid == uuid:
                widget.focus_first()


def _touched(widget: QuestionField) -> bool:
    """Whether a person has put something else into the field than what was answered before."""
    return changed([widget.field], {widget.field.question.uuid: widget.draft})
