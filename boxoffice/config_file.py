"""The config file: where it is, what it says, and how one line of it is changed.

What a setting may be is `boxoffice.config`'s, which takes longer to load than the help may.
"""

import os
from pathlib import Path
from typing import Any

from boxoffice import ProblemError, language, paths
from boxoffice.language import N_, _

PREFIX = "BOXOFFICE_"
"""Of the variables."""
BY_HAND = N_(
    "{file} is written in a way that cannot be changed from here: write {line} into it yourself."
)


def locate(config: Path | None = None) -> tuple[Path, bool]:
    """The file, and whether it has to be there: `config`, or the one of the variable, was named.

    Raises ProblemError.
    """
    named = config or (Path(path) if (path := os.environ.get(f"{PREFIX}CONFIG")) else None)
    try:
        return (named or paths.default_config()).expanduser(), named is not None
    except RuntimeError as error:
        raise ProblemError(_("There is no config file {file}.").format(file=named)) from error


def read(file: Path, *, must: bool) -> dict[str, Any]:
    """What a file says; `must`: it has to be there. Raises ProblemError."""
    try:
        with paths.explained(paths.NOT_READ, file):
            if not file.is_file():
                if must:
                    raise ProblemError(_("There is no config file {file}.").format(file=file))
                return {}
            return _parsed(file, file.read_text(encoding="utf-8-sig"))  # Notepad marks its UTF-8
    except UnicodeDecodeError as error:
        raise ProblemError(
            _("{file} is not TOML: it is not UTF-8 text.").format(file=file)
        ) from error


def _parsed(file: Path, text: str) -> dict[str, Any]:
    import tomllib

    cause: Exception
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem, cause = _("{file} is not TOML: {reason}."), error
    except ValueError as error:  # thousands of digits, which Python will not read
        problem, cause = _("{file} cannot be read: a number in it is too long."), error
    except RecursionError as error:
        problem, cause = _("{file} cannot be read: it is nested too deep."), error
    raise ProblemError(problem.format(file=file, reason=cause)) from cause


def preferred_language() -> str:
    """The code of the language that variable or file ask for, else of the system's.

    What cannot be read asks for none.
    """
    name = os.environ.get(f"{PREFIX}LANGUAGE", "")
    if not name:
        try:
            file, must = locate()
            name = str(read(file, must=must).get("language", ""))
        except ProblemError:
            name = ""
    return language.read(name) or language.of_system()


def save_setting(file: Path, name: str, value: str) -> None:
    """Have the file say `name = value`, and all else as it is. Raises ProblemError.

    What stands there is read anew: somebody may have changed it since boxoffice was started.
    """
    import tomllib

    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    before = read(file, must=False)
    real = file.resolve()  # a link stays one
    try:
        text = real.read_bytes().decode("utf-8-sig") if real.exists() else ""
        document = tomlkit.parse(text)
        document[name] = value
        new = tomlkit.dumps(document)
        if tomllib.loads(new) != {**before, name: value}:
            raise ValueError(name)
    except (TOMLKitError, ValueError, OSError) as error:
        line = f"{name} = {tomlkit.item(value).as_string()}"
        raise ProblemError(_(BY_HAND).format(file=file, line=line)) from error
    paths.write_whole(real, new.encode())
