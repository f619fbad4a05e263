"""`login`, `logout` and `pin`: site and key of this computer, and what guards them."""

import getpass
import os
import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import NONE, Common, Context
from boxoffice.cli.run_app import on_terminal, prompt_for_pin, run, typed
from boxoffice.domain.pin import Act
from boxoffice.language import N_, _

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.lane.pin_lock import Attempt

NOT_ALIKE = N_("The two are not alike: nothing was changed.")
NONE_SET = N_("No PIN is set: nothing was changed.")

Remove = Annotated[bool, Parameter(help=N_("Take it away: nothing asks for it any more."))]


def login(*, options: Common = NONE) -> None:
    """Ask for site and key, try them, and keep them.

    Where the input is not a terminal, they are read from it, one a line; with --url, the key alone.
    """
    from boxoffice.secret import VARIABLE

    settings = options.settings()
    asked = _asked(settings.url) if on_terminal() else None

    async def work(context: "AppContext") -> None:
        site, key = asked or await _read(settings.url)
        if not site or not key.strip():
            raise ProblemError(_("Nothing is stored: a site and a key are needed."), status=2)
        await context.login(site, key)
        print(
            _("Logged in at {site}. The key is kept in {kept_in}.").format(
                site=context.site, kept_in=context.key_place
            )
        )

    run(settings, work)
    if os.environ.get(VARIABLE):
        print(_("BOXOFFICE_TOKEN is set and goes before it."), file=sys.stderr)


async def logout(*, context: Context) -> None:
    """Forget the key. The lists, the journal and the queue stay."""
    if await context.logout():
        print(_("The key of {site} is forgotten.").format(site=context.site))
    else:
        print(_("No key of {site} was stored.").format(site=context.site))


def _asked(known: str) -> tuple[str, str]:
    hint = f" [{known}]" if known else _(", e.g. https://yourname.ticketbutler.io")
    try:
        return input(_("Site{hint}: ").format(hint=hint)).strip() or known, getpass.getpass(
            _("Key (it is not shown): ")
        )
    except EOFError:
        print(file=sys.stderr)  # what comes now is no answer to the prompt
        return "", ""


async def _read(known: str) -> tuple[str, str]:
    piped = await _piped()
    if len(piped) > 1:
        return piped[0], piped[1]
    return known, "".join(piped)


async def _piped() -> list[str]:
    """The lines of the input, where that is no terminal."""
    from boxoffice.cli.headless import lines

    return [line async for line in lines(sys.stdin)]


async def pin(*, remove: Remove = False, context: Context) -> None:
    """Set or change the PIN of the data folder, or take it away.

    Where the input is not a terminal, the new one is read from it. To change or remove one, the old
    one is asked for: it is BOXOFFICE_PIN, or a line before.
    """
    piped = None if on_terminal() else await _piped()

    async def old(act: Act, attempt: "Attempt") -> bool:
        if piped is None or len(piped) <= (not remove):
            return await prompt_for_pin(act, attempt)
        if problem := await attempt(piped[0]):
            raise ProblemError(problem)
        return True

    async def new() -> str | None:
        if not remove:
            return await _chosen() if piped is None else "".join(piped[-1:])
        if not context.pin.is_on:
            raise ProblemError(_(NONE_SET))
        return None

    context.pin.ask = old
    await context.change_pin(new)
    done = _("The PIN of {folder} is taken away.") if remove else _("The PIN of {folder} is set.")
    print(done.format(folder=context.data))


async def _chosen() -> str:
    """A new one, typed twice."""
    first = await typed(_("New PIN (it is not shown): "))
    if await typed(_("Once more: ")) != first:
        raise ProblemError(_(NOT_ALIKE))
    return first
