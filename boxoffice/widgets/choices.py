"""The choices of a question, one a line: one of them is taken, or any number."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Choices(OptionList):
    """A list with a mark before each choice that is taken.

    Unlike `SelectionList` and `RadioSet` its labels wrap, are never read as markup, and its marks
    can be read without colour.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Pick", show=False),
        Binding("enter", "go_on", "Pick and go on", show=False),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | space | Take the highlighted choice, or leave it. |
    | enter | To the next field. What a person moved to is taken before; of several it is the same
    as space, until the person moves on. |
    """

    class Changed(Message):
        """Another choice was taken or left."""

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        taken: Iterable[str] = (),
        several: bool,
        must_keep: bool = False,
    ) -> None:
        """`choices`: uuid and label of each.

        `must_keep`: a single choice cannot be left empty again, since the site would not take it.
        """
        self._choices = tuple(choices)
        self._taken = set(taken)
        self.several = several
        self._must_keep = must_keep
        self._moved = False
        """The person has moved in it, and so looks at it."""
        super().__init__(
            *(Option(self._prompt(uuid, label), id=uuid) for uuid, label in self._choices),
            markup=False,
            compact=True,
        )

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """Uuid and label of each, in the order of the list."""
        return self._choices

    @property
    def taken(self) -> tuple[str, ...]:
        """The uuids of what is taken, in the order of the list."""
        return tuple(uuid for uuid, _ in self._choices if uuid in self._taken)

    @taken.setter
    def taken(self, uuids: Iterable[str]) -> None:
        self._taken = set(uuids)
        for uuid, label in self._choices:
            self.replace_option_prompt(uuid, self._prompt(uuid, label))

    def on_focus(self) -> None:
        if self.highlighted is None and self._choices:
            first = next((uuid for uuid in self.taken), self._choices[0][0])
            self.highlighted = self.get_option_index(first)
        self._moved = False

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        self._moved = True

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None:
            self._take(event.option_id)

    def action_take(self) -> None:
        if self.highlighted is not None:
            self._take(self._choices[self.highlighted][0])

    def action_go_on(self) -> None:
        """An answer that nobody gave must not come of a key that was meant for another field."""
        if self._moved and self.several:
            self.action_take()
            return
        if self._moved and self.highlighted is not None:
            uuid = self._choices[self.highlighted][0]
            if uuid not in self._taken:
                self._take(uuid)
        self.screen.focus_next()

    def _take(self, uuid: str) -> None:
        if self.several:
            self.taken = self._taken ^ {uuid}
        elif uuid not in self._taken:
            self.taken = {uuid}
        elif not self._must_keep:
            self.taken = ()
        self.post_message(self.Changed())

    def _prompt(self, uuid: str, label: str) -> Content:
        on = uuid in self._taken
        mark = f"[{'x' if on else ' '}]" if self.several else f"({'•' if on else ' '})"
        return Content(f"{mark} {label}")
