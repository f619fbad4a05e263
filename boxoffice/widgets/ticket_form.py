"""What is filled in: of a ticket its name and questions, of a sale the buyer and its questions."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.containers import Vertical

from boxoffice.domain.models import Question, Ticket
from boxoffice.domain.questions import Checked, Draft, Field, changed, check
from boxoffice.widgets.questions import QuestionField

NAME = "name"
"""In place of a question's uuid: the name on the ticket."""


def name_field(ticket: Ticket) -> Field:
    """The ticket's name, as a field of the form."""
    question = Question(NAME, "Name on the ticket", "NAME", required=True)
    return Field(question, ticket.full_name)


class TicketForm(Vertical):
    """A form that can be shown anew without touching what a person has typed."""

    stays: ClassVar[bool] = True
    """A field that is asked no more stays where something was typed into it."""

    def __init__(self, drafts: Mapping[str, Draft]) -> None:
        """`drafts`: what was typed before and not saved, by the question's uuid."""
        super().__init__()
        self._kept = dict(drafts)
        """What was typed into fields that are not there; of those that are, they know best."""
        self._turn = asyncio.Lock()

    @property
    def drafts(self) -> dict[str, Draft]:
        """What was typed and was not answered before, also where its field is gone."""
        drafts = self._kept.copy()
        for widget in self.query(QuestionField):
            drafts.pop(widget.field.question.uuid, None)
            if _touched(widget):
                drafts[widget.field.question.uuid] = widget.draft
        return drafts

    async def show(self, form: Sequence[Field]) -> None:
        """Show `form` in place of the one before. What was typed stays as it is."""
        async with self._turn:
            await self._show(form)

    async def _show(self, form: Sequence[Field]) -> None:
        wanted = {field.question.uuid for field in form}
        there = {widget.field.question.uuid: widget for widget in self.query(QuestionField)}
        for uuid in there.keys() - wanted:
            if not (self.stays and _touched(there[uuid])):
                self._kept = self.drafts
                await there.pop(uuid).remove()
        if not there:
            await self.mount_all(self._new(field) for field in form)
            return
        last: QuestionField | None = None
        for field in form:
            widget = there.get(field.question.uuid)
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

    def _new(self, field: Field) -> QuestionField:
        return QuestionField(field, self.drafts.get(field.question.uuid, field.before))

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
        for widget in self.query(QuestionField):
            widget.draft = widget.field.before
            widget.problem = ""

    def look_through(self, *, admit: bool) -> Checked:
        """Check what was filled in; problems are shown, and the first of them has the cursor."""
        form = [widget.field for widget in self.query(QuestionField)]
        checked = check(form, self.drafts, admit=admit)
        self.show_problems(checked.problems)
        return checked

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show sentences at their fields, by the question's uuid; the first has the cursor."""
        widgets = list(self.query(QuestionField))
        for widget in widgets:
            widget.problem = problems.get(widget.field.question.uuid, "")
        if amiss := [widget for widget in widgets if widget.problem]:
            amiss[0].focus_first()

    def focus_first(self) -> None:
        for widget in self.query(QuestionField):
            if widget.focus_first():
                return


class SaleForm(TicketForm):
    """A form whose fields come and go; what was typed into one is there again when it is back."""

    stays = False

    async def clear(self) -> None:
        """Forget all that was typed."""
        async with self._turn:
            await self.remove_children()
            self._kept.clear()

    def first_open(self) -> bool:
        """Put the cursor into the first field that still must be answered; False: there is none."""
        drafts = self.drafts
        return any(
            widget.focus_first()
            for widget in self.query(QuestionField)
            if widget.field.asked and not drafts.get(widget.field.question.uuid)
        )

    def focus_on(self, uuid: str) -> None:
        """Put the cursor into the field of a question."""
        for widget in self.query(QuestionField):
            if widget.field.question.uuid == uuid:
                widget.focus_first()


def _touched(widget: QuestionField) -> bool:
    """Whether a person has put something else into the field than what was answered before."""
    return changed([widget.field], {widget.field.question.uuid: widget.draft})
