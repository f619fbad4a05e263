"""What a person sets in the app, taken at once and kept in the config file with its comments."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from boxoffice import ProblemError, config_file
from boxoffice.language import N_, _

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext

NOT_STORED = N_("{origin} goes before the config file: this holds until boxoffice ends.")
NOT_IN_DEMO = N_("The demo keeps no settings: this holds until it ends.")
UNTIL_THE_END = N_("This holds until boxoffice ends, and no longer.")


class SettingsControl:
    """Of one computer. It is the `boxoffice.screens.settings.SettingsControl` of the app."""

    def __init__(self, context: "AppContext") -> None:
        self._context = context
        self.is_new = self.file is not None and "lane" not in context.settings.origins

    @property
    def file(self) -> Path | None:
        return None if self._context.is_demo else self._context.settings.file

    @property
    def has_pin(self) -> bool:
        return self._context.pin.is_on

    def value(self, setting: str) -> str:
        return str(getattr(self._context.settings, setting))

    def given_by(self, setting: str) -> str:
        return self._context.settings.origins.get(setting, "")

    async def change(self, setting: str, text: str) -> str:
        """Raises ProblemError where it cannot be; where it cannot be kept, that is the answer."""
        value = self._context.settings.checked(setting, text)
        await self._context.change_setting(setting, value)
        self.is_new = self.is_new and setting != "lane"
        if self.file is None:
            return _(NOT_IN_DEMO)
        if origin := self.given_by(setting):
            return _(NOT_STORED).format(origin=origin)
        try:
            await asyncio.to_thread(
                config_file.save_setting, self.file, setting, self.value(setting)
            )
        except ProblemError as problem:
            return f"{_(UNTIL_THE_END)} {problem.sentence}"
        return ""

    async def change_pin(self, choose: Callable[[], Awaitable[str | None]]) -> None:
        """Raises ProblemError."""
        await self._context.change_pin(choose)
