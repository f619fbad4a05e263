"""What can be done on a screen, made from the table of commands: the help, and the palette."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from rich.align import Align
from rich.text import Text
from textual import on
from textual.app import App
from textual.command import (
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label
from textual.widgets.option_list import Option

from boxoffice.commands import Command, Place, commands, key_names, keys_of
from boxoffice.domain import signs
from boxoffice.domain.text import spell
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.language import N_, _, available, current
from boxoffice.screens.base import BaseScreen
from boxoffice.widgets.footer import keys_at
from boxoffice.widgets.themes import stylesheet

LEAST = 0.1
"""Of a title that holds the words in another order."""


class CommandProvider(Provider):
    """Offers what can be done just now."""

    def _offered(self) -> Iterator[Command]:
        if isinstance(self.screen, BaseScreen):
            for command in commands(self.screen.place):
                owner = self.app if command.on_app else self.screen
                if command.in_palette and owner.check_action(command.id, ()):
                    yield command

    def _entries(self) -> Iterator[tuple[str, str, str]]:
        """Title, help and action of each: the commands, then the other languages."""
        for command in self._offered():
            yield self._title(command), _(command.help), command.action
        if isinstance(self.screen, BaseScreen) and self.screen.can_translate:
            for code, name in available().items():
                if code != current():
                    title = _("Language: {language}").format(language=name)
                    yield title, _("Has the screens in this language."), f"app.language('{code}')"

    async def discover(self) -> Hits:
        for title, sentence, action in self._entries():
            yield DiscoveryHit(title, partial(self.screen.run_action, action), help=sentence)

    async def search(self, query: str) -> Hits:
        """Those that hold each word.

        Textual's matcher takes letters strewn over a title as well, and Enter would do what nobody
        asked for.
        """
        matcher, words = self.matcher(query), spell(query).split()
        for title, sentence, action in self._entries():
            if all(word in spell(title) for word in words):
                run = partial(self.screen.run_action, action)
                score = matcher.match(title) or LEAST
                yield Hit(score, matcher.highlight(title), run, help=sentence)

    def _title(self, command: Command) -> str:
        keys = f"  ({keys_at(self.screen)(command)})" if command.keys else ""
        return f"{_(command.title)}{keys}"


class Palette(CommandPalette):
    """Textual's own, with its words in the language that is set."""

    CSS_PATH = [stylesheet("screens")]

    def __init__(self) -> None:
        super().__init__(placeholder=_("Search for commands…"), id="--command-palette")
        self._sought = ""
        """What commands are looked for, or were found."""

    def on_mount(self) -> None:
        self.query_one(SearchIcon).icon = signs.SEARCH  # few fonts of terminals have its own

    @on(Input.Submitted)
    async def _take(self, event: Input.Submitted) -> None:
        """Enter takes of what was typed, not of what was found for its first letters."""
        event.prevent_default()  # Textual's own would
        event.stop()
        if self._sought != (typed := event.value.strip()):
            self._sought = typed
            self._gather_commands(typed)
        for worker in self.workers:
            if worker.group == self._GATHER_COMMANDS_GROUP and not worker.is_cancelled:
                await worker.wait()
        self._select_or_command()

    @on(Input.Changed)
    def _note(self, event: Input.Changed) -> None:
        self._sought = event.value.strip()

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()

        def show() -> None:
            if search_value:
                nothing = Align.center(Text(_("No matches found"), style="not bold"))
                line = Option(nothing, disabled=True, id=self._NO_MATCHES)
                self.query_one(CommandList).add_option(line)
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, show)


def open_palette(app: App[None]) -> None:
    """Put the palette in front of the screen that is shown, if it is not there."""
    if not isinstance(app.screen, Palette):
        app.push_screen(Palette())


PLACES = {
    Place.DOOR: (
        N_("The door"),
        N_("Scan, or type a name, an order or a number. Enter checks in."),
    ),
    Place.EVENTS: (N_("Events"), N_("Type to search, arrows to choose, Enter to open.")),
    Place.TICKET: (
        N_("Ticket"),
        N_(
            "Tab or Enter goes to the next field, Space picks a choice. What waited for its "
            "answers is checked in once they are saved."
        ),
    ),
    Place.QUEUE: (
        N_("Queue"),
        N_("What the site does not know yet, and what to do about it."),
    ),
    Place.PARTY: (
        N_("Party"),
        N_("Everyone on one order. Space ticks, Enter checks in all who are ticked."),
    ),
    Place.SALE: (N_("Walk-up sale"), N_("Type how many, Enter goes on; the last Enter sells.")),
    Place.OUTCOME: (
        N_("A sale"),
        N_("What became of it. Tab goes to the buttons, Enter presses one."),
    ),
    Place.ORDER: (
        N_("Order"),
        N_("Its buyer, tickets and answers. Tab or Enter goes to the next field."),
    ),
    Place.PAPER: (
        N_("On screen and paper"),
        N_("Hold the code to a phone or scanner, or print it."),
    ),
    Place.SHEET: (
        N_("Codes to try"),
        N_("One for each verdict. Scan it off the screen, or print them."),
    ),
    Place.VENUE: (
        N_("Venue"),
        N_("One computer is the hub; the others type or scan the code it shows."),
    ),
    Place.READINESS: (
        N_("Ready for the doors?"),
        N_("What fails keeps people out. Scan a ticket to try."),
    ),
    Place.ARRIVALS: (N_("Arrivals"), N_("Who is in, how fast they come, and when all will be in.")),
    Place.HISTORY: (
        N_("History"),
        N_("Who was scanned here, newest first. Type to search, Enter opens the ticket."),
    ),
    Place.TIE: (
        N_("Whose code is this?"),
        N_("Type to search, arrows to choose, Enter says that the code is this guest's."),
    ),
    Place.DESK: (
        N_("The organiser's desk"),
        N_(
            "Type to search, arrows to choose, Enter to open. Nothing is sent before you "
            "have seen it."
        ),
    ),
    Place.DESK_FORM: (
        N_("A form of the desk"),
        N_("Tab or Enter goes to the next field, Space picks. “+50” adds to a number."),
    ),
    Place.DESK_CHANGE: (N_("Before it is sent"), N_("Enter sends it, Esc goes back to the form.")),
    Place.SETTINGS: (
        N_("Settings"),
        N_("Arrows choose, Enter changes. What is changed holds at once."),
    ),
    Place.LOGIN: (N_("Log in"), N_("The site's address and its key, once for this computer.")),
    Place.FIRST_START: (
        N_("Before the first scan"),
        N_("What this door is called, and who is at it; “Settings” changes it later."),
    ),
    Place.DIALOG: (
        N_("Question"),
        N_("Tab goes to the next button, Enter presses it, Esc goes back."),
    ),
    Place.HELP: (N_("Help"), ""),
}

VERDICTS = {
    VerdictCode.ADMITTED: (
        N_("Let in. “Not confirmed”: by this computer's list; the site is told when it can be.")
    ),
    VerdictCode.HANDED_OUT: N_("Merchandise: hand it over. It lets nobody in, and is not counted."),
    VerdictCode.ALREADY_IN: (
        N_(
            "Somebody came in on this ticket before: see when and where. Can be overridden "
            "where the site says that it was taken back since."
        )
    ),
    VerdictCode.ANSWERS_NEEDED: N_("Ask the guest and fill in the form: saving it checks them in."),
    VerdictCode.CHECK_NAME: (
        N_(
            "A number alone proves nothing: ask for the name. If it is the one shown, "
            "Enter checks in."
        )
    ),
    VerdictCode.AMBIGUOUS: N_("The code stands for several tickets: tick or choose, then Enter."),
    VerdictCode.CANNOT_TELL: (
        N_(
            "Not in the list, and the site cannot be asked. Find the guest by name, and "
            "say that the code is theirs."
        )
    ),
    VerdictCode.REFUNDED: N_("The money was given back: not valid."),
    VerdictCode.NOT_PAID: N_("The order is not paid: send the guest to the ticket desk."),
    VerdictCode.WRONG_EVENT: N_("A ticket for another event of this organiser."),
    VerdictCode.WRONG_DAY: N_("Valid on another day. Can be overridden with a reason."),
    VerdictCode.WRONG_DOOR: (
        N_(
            "This lane does not let in this ticket type: send the guest to the right one. "
            "Can be overridden with a reason."
        )
    ),
    VerdictCode.UNKNOWN: (
        N_(
            "The site has no such ticket. If the guest is in the list by name, say that "
            "the code is theirs."
        )
    ),
    VerdictCode.NOT_A_TICKET: N_("Not a ticket's code: ask for the ticket itself."),
}

TWO_DOORS = N_(
    "Two laptops that scan one ticket within a second or two of each other may "
    "both show a solid green, and neither report knows of it: let each ticket have "
    "one door."
)


class HelpScreen(BaseScreen[None]):
    """The commands of a place with their keys; at the door also what the verdicts mean."""

    place = Place.HELP
    sheets = "help"

    def __init__(
        self,
        about: Place,
        keymap: Mapping[str, str],
        lacks: Callable[[str], bool] = lambda _command: False,
    ) -> None:
        """`keymap`: keys that the config file gives to commands, by the command's id.

        `lacks`: says which of the place's commands its screen does not have at all.
        """
        super().__init__()
        self._about = about
        self._lacks = lacks
        self._keymap = keymap

    def body(self) -> Iterable[Widget]:
        title, sentence = map(_, PLACES[self._about])
        yield Label(_("Help · {title}").format(title=title), classes="screen-title")
        with VerticalScroll(id="help"):
            yield Label(sentence, classes="help-about")
            for command in commands(self._about):
                keys = key_names(keys_of(command, self._keymap))
                given = not command.on_app or self.app.check_action(command.id, ())
                # A real door has no keys of the demonstration.
                if keys and given and not self._lacks(command.id):
                    yield _row(", ".join(keys), _(command.help))
            if self._about is Place.DOOR:
                yield Label(_("What the verdicts mean"), classes="help-heading")
                for code, meaning in VERDICTS.items():
                    yield _row(f"{code.symbol} {code.word}", _(meaning))
                yield Label(_("Two doors, one ticket"), classes="help-heading")
                yield Label(_(TWO_DOORS), classes="help-about")

    def on_mount(self) -> None:
        self.query_one("#help").focus()


def _row(what: str, sentence: str) -> Horizontal:
    return Horizontal(
        Label(Content(what), classes="help-what"),
        Label(Content(sentence), classes="help-sentence"),
        classes="help-row",
    )
