"""Forms: a field for each variation in which a question can be asked, and all fields together."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import Input, Label, TextArea

from boxoffice.domain import signs
from boxoffice.domain.models import Question, Ticket
from boxoffice.domain.questions import Checked, Draft, Field, Variation, changed, check
from boxoffice.language import N_, _, ngettext
from boxoffice.widgets.option_lists import Choices

NO_CHOICES = N_("There is nothing to pick here: ask the organiser.")


class Item(Enum):
    """What is filled in."""

    ANSWER = auto()
    FIELD = auto()


class LinesInput(TextArea):
    """A TextArea that may be taken away while it is on the screen."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank once it is taken away: it has no styles left, and may be painted once more."""
        if not self.is_attached:
            return [Strip.blank(crop.width)] * crop.height
        return super().render_lines(crop)


Control: TypeAlias = Choices | LinesInput | Input


class QuestionField(Vertical):
    """One question: its heading, what answers it, and what is wrong with the answer.

    A text area, choices, or a line: that also takes numbers, addresses and what is not known. A
    name is two lines, side by side.
    """

    problem: var[str] = var("", init=False)
    """What is wrong with the answer, in a sentence; empty while nothing is."""

    class Changed(Message):
        """The draft is another one."""

    def __init__(self, field: Field, draft: Draft) -> None:
        """`draft`: what stands in it."""
        super().__init__()
        self.field = field
        self._controls = tuple(_controls(field, draft))

    def compose(self) -> ComposeResult:
        yield Label(self._heading(), classes="question-heading")
        yield Label(self.problem, classes="question-problem", markup=False)
        match self._controls:
            case (Choices() as choices,) if not choices.offered:
                yield Label(_(NO_CHOICES), classes="question-note")
            case (only,):
                yield only
            case parts:
                yield Horizontal(*parts, classes="question-names")

    @property
    def draft(self) -> Draft:
        """What stands in the field; also before it is shown, and after."""
        match self._controls:
            case (Choices() as choices,):
                return choices.taken if choices.several else "".join(choices.taken)
            case (TextArea() as area,):
                return area.text
            case (Input() as line,):
                return line.value
        return tuple(part.value for part in self._controls if isinstance(part, Input))

    @draft.setter
    def draft(self, draft: Draft) -> None:
        for control, text in zip(self._controls, _both(draft), strict=False):
            match control:
                case Choices():
                    control.taken = _uuids(draft)
                case TextArea():
                    control.text = _text(draft)
                case _:
                    propose(control, text if len(self._controls) > 1 else _text(draft))

    def watch_problem(self, problem: str) -> None:
        self.set_class(bool(problem), "-problem")
        for label in self.query(".question-problem").results(Label):
            label.update(Content(problem))

    def focus_first(self) -> bool:
        """Put the cursor into the field; False where there is nothing to fill in."""
        for control in self._controls:
            if control.is_attached and control.focusable:
                control.focus()
                return True
        return False

    def on_descendant_focus(self) -> None:
        # With its heading and its problem, not the line of the cursor alone.
        self.call_after_refresh(self.scroll_visible, animate=False)

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choices.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.problem = ""
        self.post_message(self.Changed())

    def _heading(self) -> Content:
        question = self.field.question
        heading = question.heading or _("A question without a heading")
        needed = self.field.asked or question.required
        return Content.assemble(
            Content.styled(f"{signs.REQUIRED} ", "$text-warning") if self.field.asked else "",
            Content.styled(heading, "bold"),
            Content.styled(f" · {_('required')}", "$text-warning") if needed else "",
        )


def propose(line: Input, text: str) -> None:
    """Put in a text as the line has it when the cursor comes there: selected, or to be added to."""
    line.value = text
    if line.has_focus and line.select_on_focus:
        line.select_all()
    else:
        line.cursor_position = len(text)


def _controls(field: Field, draft: Draft) -> Iterable[Control]:
    over = field.typed_over  # else a stray key would wipe what is known of a guest
    match field.variation:
        case Variation.TEXTAREA:
            yield LinesInput(_text(draft), compact=True, highlight_cursor_line=False)
        case Variation.NAME_FIRST_LAST:
            for text, part in zip(_both(draft), (_("First name"), _("Last name")), strict=True):
                yield Input(text, placeholder=part, compact=True, select_on_focus=over)
        case Variation.SELECT | Variation.SELECT_MULTIPLE:
            several = field.variation is Variation.SELECT_MULTIPLE
            yield Choices(
                field.choices,
                taken=_uuids(draft),
                several=several,
                never_empty=not several and bool(field.before),
            )
        case _:
            yield Input(_text(draft), compact=True, select_on_focus=over)


def _text(draft: Draft) -> str:
    return draft if isinstance(draft, str) else " ".join(draft)


def _both(draft: Draft) -> tuple[str, str]:
    parts = (draft,) if isinstance(draft, str) else draft
    first, last, *_ = (*parts, "", "")
    return first, last


def _uuids(draft: Draft) -> tuple[str, ...]:
    return ((draft,) if draft else ()) if isinstance(draft, str) else draft


NAME = "name"
"""In place of a question's uuid: the name on the ticket."""


def name_field(ticket: Ticket) -> Field:
    question = Question(NAME, _("Name on the ticket"), "NAME", required=True)
    return Field(question, ticket.full_name)


class TicketForm(Vertical):
    """A form that can be shown anew without touching what a person has typed."""

    stays: ClassVar[bool] = True
    """A field that is asked no more stays where something was typed into it."""

    def __init__(self, drafts: Mapping[str, Draft]) -> None:
        """`drafts`: what was typed before and not saved, by the question's uuid."""
        super().__init__()
        self._absent = dict(drafts)
        """What was typed into fields that are not there; of those that are, they know best."""
        self._turn = asyncio.Lock()

    @property
    def drafts(self) -> dict[str, Draft]:
        """What was typed and was not answered before, also where its field is gone."""
        drafts = self._absent.copy()
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
                self._absent = self.drafts
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
        self._absent.clear()
        for widget in self.query(QuestionField):
            widget.draft = widget.field.before
            widget.problem = ""

    def look_through(self, *, admit: bool) -> Checked:
        """Check what was filled in; problems are shown, and the first of them has the cursor."""
        form = [widget.field for widget in self.query(QuestionField)]
        checked = check(form, self.drafts, admit=admit)
        self.show_problems(checked.problems)
        return checked

    @property
    def problems(self) -> dict[str, str]:
        """What is still wrong of what was shown to be, by the question's uuid."""
        widgets = self.query(QuestionField)
        return {one.field.question.uuid: one.problem for one in widgets if one.problem}

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
        async with self._turn:
            await self.remove_children()
            self._absent.clear()

    def first_open(self) -> bool:
        """Put the cursor into the first field that still must be answered; False: there is none."""
        drafts = self.drafts
        return any(
            widget.focus_first()
            for widget in self.query(QuestionField)
            if widget.field.asked and not drafts.get(widget.field.question.uuid)
        )

    def show_problem(self, uuid: str, sentence: str) -> None:
        """Show what is wrong with a field; not while it is being typed into."""
        for widget in self.query(QuestionField):
            if widget.field.question.uuid == uuid:
                widget.problem = "" if widget.has_focus_within else sentence

    def focus_on(self, uuid: str) -> None:
        """Put the cursor into the field of a question."""
        for widget in self.query(QuestionField):
            if widget.field.question.uuid == uuid:
                widget.focus_first()


def need_a_look(problems: Mapping[str, str], item: Item) -> str:
    """Say how many: `One answer needs a look.`, or `2 answers need a look.`."""
    number = len(problems)
    if item is Item.ANSWER:
        sentence = ngettext("One answer needs a look.", "{n} answers need a look.", number)
    else:
        sentence = ngettext("One field needs a look.", "{n} fields need a look.", number)
    return sentence.format(n=number)


def _touched(widget: QuestionField) -> bool:
    """Whether a person has put something else into the field than what was answered before."""
    return changed([widget.field], {widget.field.question.uuid: widget.draft})
