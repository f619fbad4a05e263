"""The command palette: every command of the screen by its name, out of the table."""

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from boxoffice.commands import Command, commands
from boxoffice.screens.base import BaseScreen
from boxoffice.widgets.footer import keys_at


class CommandProvider(Provider):
    """Offers what can be done just now."""

    def _offered(self) -> Iterator[Command]:
        if isinstance(self.screen, BaseScreen):
            for command in commands(self.screen.place):
                owner = self.app if command.on_app else self.screen
                if command.in_palette and owner.check_action(command.id, ()):
                    yield command

    async def discover(self) -> Hits:
        for command in self._offered():
            run = partial(self.screen.run_action, command.action)
            yield DiscoveryHit(self._title(command), run, help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._offered():
            title = self._title(command)
            if (score := matcher.match(title)) > 0:
                run = partial(self.screen.run_action, command.action)
                yield Hit(score, matcher.highlight(title), run, help=command.help)

    def _title(self, command: Command) -> str:
        return (
            f"{command.title}  ({keys_at(self.screen)(command)})" if command.keys else command.title
        )
