"""The part of a sale that is typed: the buyer and the questions, which change with the tickets."""

from collections.abc import Sequence

from boxoffice.domain.questions import Draft, Field, changed
from boxoffice.widgets.questions import QuestionField, question_field
from boxoffice.widgets.ticket_form import TicketForm

CONTROLS = "Input, TextArea, Choices"


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
        return question_field(field, self._kept.get(field.question.uuid, field.before))

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
