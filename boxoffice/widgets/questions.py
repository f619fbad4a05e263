"""The fields of a form: one for each variation in which a question can be asked."""

from collections.abc import Iterator
from typing import ClassVar, TypeVar

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

Control = TypeVar("Control", bound=Widget)

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

    def __init__(self, field: Field, draft: Draft) -> None:
        super().__init__()
        self.field = field
        self._first_draft = draft
        self._controls: tuple[Widget, ...] = ()
        """What answers the question, once it is there; also while it is being taken away."""

    def compose(self) -> ComposeResult:
        yield Label(self._heading(), classes="question-heading")
        yield Label(self.problem, classes="question-problem", markup=False)
        yield from self.controls(self._first_draft)

    def controls(self, draft: Draft) -> Iterator[Widget]:
        """The widgets that answer the question, with `draft` in them."""
        raise NotImplementedError

    @property
    def draft(self) -> Draft:
        """What stands in the field."""
        return self._read() if self._controls else self._first_draft

    @draft.setter
    def draft(self, draft: Draft) -> None:
        if self._controls:
            self._write(draft)
        else:
            self._first_draft = draft

    def on_mount(self) -> None:
        self._controls = tuple(self.query("Input, TextArea, Choices"))
        # What was put into it while it was being composed.
        self._write(self._first_draft)

    def _of(self, kind: type[Control]) -> list[Control]:
        return [control for control in self._controls if isinstance(control, kind)]

    def _read(self) -> Draft:
        raise NotImplementedError

    def _write(self, draft: Draft) -> None:
        raise NotImplementedError

    def watch_problem(self, problem: str) -> None:
        self.set_class(bool(problem), "-problem")
        for label in self.query(".question-problem").results(Label):
            label.update(Content(problem))

    def focus_first(self) -> bool:
        """Put the cursor into the field; False where there is nothing to fill in."""
        for widget in self.query("Input, TextArea, Choices"):
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
    def _tell(self, event: Message) -> None:
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

    def controls(self, draft: Draft) -> Iterator[Widget]:
        yield Input(_text(draft), compact=True, select_on_focus=False)

    def _read(self) -> Draft:
        (line,) = self._of(Input)
        return line.value

    def _write(self, draft: Draft) -> None:
        (line,) = self._of(Input)
        line.value = _text(draft)


class AreaField(QuestionField):
    """A text of several lines."""

    def controls(self, draft: Draft) -> Iterator[Widget]:
        yield LinesInput(_text(draft), compact=True, highlight_cursor_line=False)

    def _read(self) -> Draft:
        (area,) = self._of(TextArea)
        return area.text

    def _write(self, draft: Draft) -> None:
        (area,) = self._of(TextArea)
        area.text = _text(draft)


class NamesField(QuestionField):
    """First name and last name, side by side."""

    PARTS: ClassVar[tuple[str, str]] = ("First name", "Last name")

    def controls(self, draft: Draft) -> Iterator[Widget]:
        yield Horizontal(
            *(
                Input(text, placeholder=part, compact=True, select_on_focus=False)
                for text, part in zip(_both(draft), self.PARTS, strict=True)
            ),
            classes="question-names",
        )

    def _read(self) -> Draft:
        return tuple(part.value for part in self._of(Input))

    def _write(self, draft: Draft) -> None:
        for part, text in zip(self._of(Input), _both(draft), strict=True):
            part.value = text


class ChoiceField(QuestionField):
    """One choice of several, or any number of them."""

    def controls(self, draft: Draft) -> Iterator[Widget]:
        if not self.field.choices:
            yield Label(NO_CHOICES, classes="question-note")
        several = self.field.variation is Variation.SELECT_MULTIPLE
        choices = Choices(
            self.field.choices,
            taken=_uuids(draft),
            several=several,
            must_keep=not several and bool(self.field.before),
        )
        choices.display = bool(self.field.choices)
        yield choices

    def _read(self) -> Draft:
        (choices,) = self._of(Choices)
        taken = choices.taken
        if self.field.variation is Variation.SELECT_MULTIPLE:
            return taken
        return taken[0] if taken else ""

    def _write(self, draft: Draft) -> None:
        (choices,) = self._of(Choices)
        choices.taken = _uuids(draft)


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
