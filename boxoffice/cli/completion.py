"""`--install-completion`: the shell completes commands and options with Tab."""

from typing import Annotated, Literal

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.language import N_, _

NO_SHELL = N_("Which shell this is cannot be told: add --shell bash, or another.")
WRITTEN = N_("{file} is written: in a new terminal Tab completes what begins with boxoffice.")
UNWRITABLE = N_("{file} cannot be written: {reason}.")
Shell = Annotated[
    Literal["zsh", "bash", "fish", "powershell"] | None,
    Parameter(help=N_("For this shell; else for the one that boxoffice is called from.")),
]


def install_completion(*, shell: Shell = None) -> None:
    """Have the shell complete commands and options with Tab.

    A script is written to where the shell looks for it, and bash, zsh and PowerShell are told in
    their start-up file.
    """
    from cyclopts.completion import ShellDetectionError

    from boxoffice.cli.commands import app

    try:
        file = app.install_completion(shell=shell)
    except ShellDetectionError as error:
        raise ProblemError(_(NO_SHELL), status=2) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ProblemError(_(UNWRITABLE).format(file=error.filename, reason=reason)) from error
    print(_(WRITTEN).format(file=file))
