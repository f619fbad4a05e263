"""The fields of a form: one for each variation in which a question can be asked."""

from collections.abc import Iterable
from typing import TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
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
                yield Label(NO_CHOICES, classes="question-note")
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
                    control.value = text if len(self._controls) > 1 else _text(draft)

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
        heading = question.heading or "A question without a heading"
        needed = self.field.asked or question.required
        return Content.assemble(
            Content.styled("● ", "$text-warning") if self.field.asked else "",
            Content.styled(heading, "bold"),
            Content.styled(" · required", "$text-warning") if needed else "",
        )


def _controls(field: Field, draft: Draft) -> Iterable[Control]:
    match field.variation:
        case Variation.TEXTAREA:
            yield LinesInput(_text(draft), compact=True, highlight_cursor_line=False)
        case Variation.NAME_FIRST_LAST:
            for text, part in zip(_both(draft), ("First name", "Last name"), strict=True):
                yield Input(text, placeholder=part, compact=True, select_on_focus=False)
        case Variation.SELECT | Variation.SELECT_MULTIPLE:
            several = field.variation is Variation.SELECT_MULTIPLE
            yield Choices(
                field.choices,
                taken=_uuids(draft),
                several=several,
                must_keep=not several and bool(field.before),
            )
        case _:
            yield Input(_text(draft), compact=True, select_on_focus=False)


def _text(draft: Draft) -> str:
    return draft if isinstance(draft, str) else " ".join(draft)


def _both(draft: Draft) -> tuple[str, str]:
    parts = (draft,) if isinstance(draft, str) else draft
    first, last, *_ = (*parts, "", "")
    return first, last


def _uuids(draft: Draft) -> tuple[str, ...]:
    return ((draft,) if draft else ()) if isinstance(draft, str) else draft
