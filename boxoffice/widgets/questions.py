"""The fields of a form: one for each variation in which a question can be asked."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Label, TextArea

from boxoffice.domain.questions import Draft, Field, Variation
from boxoffice.widgets.choices import Choices

NO_CHOICES = "There is nothing to pick here: ask the organiser."


class LinesInput(TextArea):
    """A TextArea that may be taken away while it is on the screen."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank once it is taken away: it has no styles left, and may be painted once more."""
        if not self.is_attached:
            return [Strip.blank(crop.width)] * crop.height
        return super().render_lines(crop)


class QuestionField(Vertical):
    """One question: its heading, what answers it, and what is wrong with the answer.

    Use `question_field` to make the right kind.
    """

    problem: var[str] = var("", init=False)
    """What is wrong with the answer, in a sentence; empty while nothing is."""

    class Changed(Message):
        """The draft is another one."""

        def __init__(self, question_field: "QuestionField") -> None:
            super().__init__()
            self.question_field = question_field

        @property
        def control(self) -> "QuestionField":
            return self.question_field

    def __init__(self, field: Field, *controls: Widget) -> None:
        """`controls`: what answers the question."""
        super().__init__()
        self.field = field
        self._controls = controls

    def compose(self) -> ComposeResult:
        yield Label(self._heading(), classes="question-heading")
        yield Label(self.problem, classes="question-problem", markup=False)
        yield from self.arranged()

    def arranged(self) -> Iterable[Widget]:
        """The controls as they stand under the heading."""
        return self._controls

    @property
    def draft(self) -> Draft:
        """What stands in the field; also before it is shown, and after."""
        raise NotImplementedError

    @draft.setter
    def draft(self, draft: Draft) -> None:
        raise NotImplementedError

    def watch_problem(self, problem: str) -> None:
        self.set_class(bool(problem), "-problem")
        for label in self.query(".question-problem").results(Label):
            label.update(Content(problem))

    def focus_first(self) -> bool:
        """Put the cursor into the field; False where there is nothing to fill in."""
        for widget in self._controls:
            if widget.display and widget.focusable:
                widget.focus()
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
        self.post_message(self.Changed(self))

    def _heading(self) -> Content:
        question = self.field.question
        heading = question.heading or "A question without a heading"
        needed = self.field.asked or question.required
        return Content.assemble(
            Content.styled("● ", "$text-warning") if self.field.asked else "",
            Content.styled(heading, "bold"),
            Content.styled(" · required", "$text-warning") if needed else "",
        )


class LineField(QuestionField):
    """A text of one line: also numbers, e-mail addresses, telephone numbers and the unknown."""

    def __init__(self, field: Field, draft: Draft) -> None:
        self._line = Input(_text(draft), compact=True, select_on_focus=False)
        super().__init__(field, self._line)

    @property
    def draft(self) -> Draft:
        return self._line.value

    @draft.setter
    def draft(self, draft: Draft) -> None:
        self._line.value = _text(draft)


class AreaField(QuestionField):
    """A text of several lines."""

    def __init__(self, field: Field, draft: Draft) -> None:
        self._area = LinesInput(_text(draft), compact=True, highlight_cursor_line=False)
        super().__init__(field, self._area)

    @property
    def draft(self) -> Draft:
        return self._area.text

    @draft.setter
    def draft(self, draft: Draft) -> None:
        self._area.text = _text(draft)


class NamesField(QuestionField):
    """First name and last name, side by side."""

    PARTS: ClassVar[tuple[str, str]] = ("First name", "Last name")

    def __init__(self, field: Field, draft: Draft) -> None:
        self._parts = [
            Input(text, placeholder=part, compact=True, select_on_focus=False)
            for text, part in zip(_both(draft), self.PARTS, strict=True)
        ]
        super().__init__(field, *self._parts)

    def arranged(self) -> Iterable[Widget]:
        yield Horizontal(*self._parts, classes="question-names")

    @property
    def draft(self) -> Draft:
        return tuple(part.value for part in self._parts)

    @draft.setter
    def draft(self, draft: Draft) -> None:
        for part, text in zip(self._parts, _both(draft), strict=True):
            part.value = text


class ChoiceField(QuestionField):
    """One choice of several, or any number of them."""

    def __init__(self, field: Field, draft: Draft) -> None:
        self._several = field.variation is Variation.SELECT_MULTIPLE
        self._choices = Choices(
            field.choices,
            taken=_uuids(draft),
            several=self._several,
            must_keep=not self._several and bool(field.before),
        )
        self._choices.display = bool(field.choices)
        super().__init__(field, self._choices)

    def arranged(self) -> Iterable[Widget]:
        if not self.field.choices:
            yield Label(NO_CHOICES, classes="question-note")
        yield self._choices

    @property
    def draft(self) -> Draft:
        taken = self._choices.taken
        if self._several:
            return taken
        return taken[0] if taken else ""

    @draft.setter
    def draft(self, draft: Draft) -> None:
        self._choices.taken = _uuids(draft)


def question_field(field: Field, draft: Draft) -> QuestionField:
    """The widget for a question, with `draft` in it."""
    match field.variation:
        case Variation.TEXTAREA:
            return AreaField(field, draft)
        case Variation.NAME_FIRST_LAST:
            return NamesField(field, draft)
        case Variation.SELECT | Variation.SELECT_MULTIPLE:
            return ChoiceField(field, draft)
        case _:
            return LineField(field, draft)


def _text(draft: Draft) -> str:
    return draft if isinstance(draft, str) else " ".join(draft)


def _both(draft: Draft) -> tuple[str, str]:
    parts = (draft,) if isinstance(draft, str) else draft
    first, last, *_ = (*parts, "", "")
    return first, last


def _uuids(draft: Draft) -> tuple[str, ...]:
    return ((draft,) if draft else ()) if isinstance(draft, str) else draft
