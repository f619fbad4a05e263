"""The man page, made from the commands themselves: `python -m tests.manual` writes it anew."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from boxoffice import __version__
from boxoffice.cli.commands import app

FILE = Path(__file__).parents[1] / "boxoffice" / "help" / "man" / "boxoffice.1"
_OPTION = re.compile(r"\* `(?P<names>[^`]+)`(?:: (?P<text>.*))?")
_NOTE = re.compile(r" ?\*+\[(?P<what>\w+)(?:: (?P<value>.*?))?\]\*+")
"""Such as `*[default: 400]*`."""
_NOTES = {"default": " Default: {}.", "choices": " One of: {}.", "required": " It must be given."}
HEAD = f"""\
.\\" Made by python -m tests.manual: do not edit.
.TH BOXOFFICE 1 "" "boxoffice {__version__}" "User Commands"
.SH NAME
boxoffice \\- check\\-in at the door for events ticketed by Ticketbutler
.SH SYNOPSIS
.B boxoffice
[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]
.SH DESCRIPTION
Without a command boxoffice opens the door: pick the event, scan a ticket or type a name, press
Enter. It goes on without a network, and loses no check\\-in.
.B boxoffice demo
tries it on a made\\-up event;
.B boxoffice help
lists pages that tell more.
"""
TAIL = """\
.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
An error, with one sentence on standard error.
.TP
.B 2
Asked wrongly.
.TP
.B 3
.BR sell ,
.BR sync ,
.BR forget :
something is not known, or not sent yet.
.TP
.B 4
.BR sync :
something needs a person.
.SH ENVIRONMENT
.TP
.B BOXOFFICE_TOKEN
The key of the site. It has no option, since others can read a command line.
.TP
.B BOXOFFICE_PIN
The PIN, where one is asked for.
.TP
.BR BOXOFFICE_URL ", " BOXOFFICE_EVENT ", " BOXOFFICE_LANE " and so on"
Each setting of the config file, in capitals. An option goes before it, and it before the file.
.SH FILES
.TP
.I ~/.config/boxoffice/config.toml
The config file on Linux;
.B boxoffice help settings
names it on other systems, and what it may hold.
.TP
.I ~/.local/share/boxoffice
Lists, journal and queue, readable by this user alone.
"""


def manual() -> str:
    sections = list(_sections())
    _, first = sections[0]
    common = list(_entries(first))
    shared = {line for line, _ in common}
    lines = [HEAD.rstrip(), ".SH OPTIONS", *_tagged(common), ".SH COMMANDS"]
    for title, body in sections[1:]:
        lines.append(f".SS {roff(title)}")
        lines += (roff(line) if line else ".PP" for line in _prose(body))
        lines += _tagged(entry for entry in _entries(body) if entry[0] not in shared)
    return "\n".join(lines) + "\n" + TAIL


def _sections() -> Iterator[tuple[str, list[str]]]:
    written = app.generate_docs("markdown", flatten_commands=True)
    for part in re.split(r"^# ", written, flags=re.MULTILINE)[1:]:
        title, *body = part.splitlines()
        yield title, body


def _prose(body: list[str]) -> list[str]:
    """What is said of a command before its options, a paragraph a line, each parted by ''."""
    text = "\n".join(body).split("```", 2)[-1].partition("\n**")[0]
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    parted = [line for paragraph in paragraphs for line in ("", paragraph)]
    return parted[1:]


def _entries(body: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in body:
        if match := _OPTION.fullmatch(line):
            yield match["names"], _NOTE.sub(_note, match["text"] or "").strip()


def _note(match: re.Match[str]) -> str:
    return _NOTES[match["what"]].format(match["value"])


def _tagged(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    for names, text in entries:
        yield ".TP"
        yield f".B {roff(names)}"
        yield roff(text)


def roff(text: str) -> str:
    """`text` as roff takes it for text alone."""
    shown = text.replace("\\*", "*").replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown


if __name__ == "__main__":
    FILE.write_text(manual(), encoding="utf-8")
    sys.exit(print(FILE))
