"""`login` and `logout`: the site and the key of this computer."""

import sys

from boxoffice.cli.options import NONE, Options
from boxoffice.problem import ProblemError


def login(*, options: Options = NONE) -> None:
    """Ask for site and key, try them, and keep them.

    Where the input is not a terminal, they are read from it, one a line; with --url, the key alone.
    """
    settings = options.settings()
    site, key = _asked(settings.url) if sys.stdin and sys.stdin.isatty() else _read(settings.url)
    if not site or not key.strip():
        raise ProblemError("Nothing is stored: a site and a key are needed.", status=2)

    from boxoffice.cli.house import House, run

    house = House(settings)
    run(house, lambda house: house.login(site, key))
    print(f"Logged in at {house.site}. The key is kept in {house.kept_in}.")
    if _environment_goes_first():
        print("BOXOFFICE_TOKEN is set and goes before it.", file=sys.stderr)


def logout(*, options: Options = NONE) -> None:
    """Forget the key. The lists, the journal and the queue stay."""
    from boxoffice.cli.house import House

    house = House(options.settings())
    if house.logout():
        print(f"The key of {house.site} is forgotten.")
    else:
        print(f"No key of {house.site} was stored.")


def _asked(known: str) -> tuple[str, str]:
    import getpass

    hint = f" [{known}]" if known else ", e.g. https://yourname.ticketbutler.io"
    try:
        return input(f"Site{hint}: ").strip() or known, getpass.getpass("Key (it is not shown): ")
    except EOFError:
        return "", ""


def _read(known: str) -> tuple[str, str]:
    lines = [line.strip() for line in sys.stdin or () if line.strip()]
    if len(lines) > 1:
        return lines[0], lines[1]
    return known, lines[0] if lines else ""


def _environment_goes_first() -> bool:
    import os

    from boxoffice.secret import VARIABLE

    return bool(os.environ.get(VARIABLE))
