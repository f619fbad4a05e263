"""Lists of a few hundred rows: kept in place by their keys, under headings, or with marks."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from boxoffice.domain import signs

_MOVES = {
    "down": "cursor_down",
    "up": "cursor_up",
    "pagedown": "page_down",
    "pageup": "page_up",
}


MARK = 4
"""Characters of a mark before a choice, such as `(•) `."""


def mark(*, on: bool, several: bool = False) -> str:
    return f"[{'x' if on else ' '}] " if several else f"({signs.TICKED if on else ' '}) "


def next_with(letter: str, words: Sequence[str], after: int) -> int | None:
    """The place of the next that begins with `letter`, behind `after` and then from the first."""
    places = [*range(after + 1, len(words)), *range(after + 1)]
    wanted = letter.casefold()
    return next((at for at in places if words[at].casefold().startswith(wanted)), None)


class PickList(OptionList):
    """A list to pick from: a letter goes to the next row that begins with it."""

    aside: ClassVar[int] = 0
    """Characters that stand before what a row is called."""

    def on_key(self, event: events.Key) -> None:
        letter = event.character or ""
        if not (event.is_printable and letter.isalnum()):
            return
        words = [
            "" if option.disabled else str(option.prompt)[self.aside :].lstrip()
            for option in self.options
        ]
        at = next_with(letter, words, -1 if self.highlighted is None else self.highlighted)
        if at is not None:
            self.highlighted = at
            event.stop()
            event.prevent_default()


class MarkedList(PickList):
    """Its rows have marks."""

    aside = MARK


class KeyedList(PickList):
    """The highlight stays with its row when the rows change, or in its place once that is gone."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._putting = False
        self._unchosen: str | None = None
        """The key of the row that `put` highlighted, as long as nobody has moved."""

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        if not self._putting:
            self._unchosen = None

    @property
    def key(self) -> str | None:
        """Of the highlighted row."""
        option = self.highlighted_option
        return None if option is None else option.id

    async def go(self, key: str) -> None:
        """Move as an arrow or a page key does, wherever the cursor is."""
        await self.run_action(_MOVES[key])

    def put(self, options: Sequence[Option], *, first: str | None = None, empty: str = "") -> None:
        """Show other rows; those without an id are never highlighted.

        `first`: the key of the row that is highlighted where a person has chosen none, or it is
        gone; an empty one: none is. `empty`: said where there are none.
        """
        self._putting = True
        try:
            self._put(options, first, empty)
        finally:
            self._putting = False

    def _put(self, options: Sequence[Option], first: str | None, empty: str) -> None:
        before, place = self.key, self.highlighted or 0
        if first is not None and before == self._unchosen:
            before = None
        self.set_options(options or [Option(empty, disabled=True)] * bool(empty))
        places: dict[str | None, int]
        places = {option.id: at for at, option in enumerate(options) if option.id is not None}
        if places:
            # A heading is never highlighted: the row below it is, or the last one.
            below = next((at for at in places.values() if at >= place), len(options) - 1)
            other = None if first == "" else places.get(first, below)
            self.highlighted = places.get(before, other)
            if before not in places:
                self._unchosen = self.key


def heading(title: str, *, urgent: bool = False) -> Option:
    """A row over others, which is never highlighted. `urgent`: a person has to see to them."""
    return Option(Content.styled(title, "bold $warn" if urgent else "bold"), disabled=True)


class Section(NamedTuple):
    """Rows that belong together. Without rows its heading is not shown either."""

    heading: str
    rows: Sequence[tuple[str, Content]]
    """Of each row the key, which no other row of the list has, and its line."""
    urgent: bool = False


class SectionList(KeyedList):
    """Sections, one below the other."""

    def show(
        self, sections: Iterable[Section], *, empty: str = "", from_first: bool = False
    ) -> None:
        """Show other rows. `empty`: said where there are none.

        `from_first`: the first row is highlighted, whichever was before.
        """
        options: list[Option] = []
        for title, rows, urgent in sections:
            if rows:
                options.append(heading(title, urgent=urgent))
                options += [Option(line, id=key) for key, line in rows]
        if from_first:
            self.highlighted = None
        self.put(options, empty=empty)


class Choices(MarkedList):
    """A list with a mark before each choice that is taken.

    Unlike `SelectionList` and `RadioSet` its labels wrap, are never read as markup, and its marks
    can be read without colour.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", show=False),
        Binding("enter", "go_on", show=False),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | space | Take the highlighted choice, or leave it. |
    | enter | Take what a person moved to; then, and of a single choice at
    once, go to the next field. Never leave what is taken. |
    """

    class Changed(Message):
        """Another choice was taken or left."""

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        taken: Iterable[str] = (),
        several: bool,
        never_empty: bool = False,
        follows: bool = False,
    ) -> None:
        """`choices`: uuid and label of each.

        `never_empty`: a single choice cannot be left empty again, since the site would not take it.
        `follows`: neither can this one, and it is the one that is moved to.
        """
        self._choices = tuple(choices)
        self._taken = set(taken)
        self.several = several
        self._never_empty = never_empty or follows
        self._follows = False
        self._moved = False
        """The person has moved in it, and so looks at it."""
        super().__init__(
            *(Option(self._prompt(uuid, label), id=uuid) for uuid, label in self._choices),
            markup=False,
            compact=True,
        )
        if follows and self._taken:
            self.highlighted = self.get_option_index(self.taken[0])
        self._follows = follows

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
        if self._follows and highlighted is not None:
            uuid = self._choices[highlighted][0]
            if uuid not in self._taken:
                self._take(uuid)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None:
            self._take(event.option_id)

    def action_take(self) -> None:
        self._moved = False  # whoever knows this key has enter for the next field
        if self.highlighted is not None:
            self._take(self._choices[self.highlighted][0])

    def action_go_on(self) -> None:
        """An answer that nobody gave must not come of a key that was meant for another field."""
        if self._moved and self.highlighted is not None:
            uuid = self._choices[self.highlighted][0]
            if uuid not in self._taken:
                self._take(uuid)
                if self.several:  # there may be another
                    return
        self.screen.focus_next()

    def _take(self, uuid: str) -> None:
        if self.several:
            self.taken = self._taken ^ {uuid}
        elif uuid not in self._taken:
            self.taken = {uuid}
        elif not self._never_empty:
            self.taken = ()
        self.post_message(self.Changed())

    def _prompt(self, uuid: str, label: str) -> Content:
        return Content(f"{mark(on=uuid in self._taken, several=self.several)}{label}")
