"""The catalogues of sentences: `python -m tests.catalogue extract`, `check` or `unmarked`.

`extract` reads the package, brings each catalogue in step and compiles it; a sentence that is new
has no translation then, and one that is gone is left behind as a comment until `--clean`. `check`
says what is not as it should be, `unmarked` where a sentence is drawn without a mark. Guesses
(fuzzy entries) are never made, and never used.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from boxoffice.cli import commands as cli_commands
from boxoffice.cli.help_texts import paragraphs
from boxoffice.commands import COMMANDS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "boxoffice"
FOLDER = PACKAGE / "locale"
OTHERS = frozenset({"sandbox"})
"""Parts that no person reads: the sandbox answers as a site does."""
HELP = "cli"
"""The part whose docstrings are the help of commands."""
IN_TABLE = {place.partition(":")[2] for place in cli_commands.COMMANDS.values()}
"""Functions that are commands by the table."""
DRAWS = frozenset(
    {
        "Label",
        "Button",
        "Face",
        "Figure",
        "announce",
        "_announce",
        "note",
        "show_note",
        "show_state",
    }
    | {"ProblemError", "show_problem", "write", "confirm", "ConfirmDialog", "ReasonDialog"}
)
"""Calls whose texts a person reads."""
SENTENCES_BY_NAME = frozenset({"placeholder", "hint", "reason", "field"})
SHOWS = DRAWS | {"Static", "Content", "styled", "assemble", "Text", "update", "Option", "print"}
"""Calls that show a constant as it is given to them."""
MARKS = frozenset({"_", "N_", "ngettext", "pgettext", "Field", "editable"})
LOGS = frozenset({"debug", "info", "warning", "error", "exception"})
SENTENCE = re.compile(r"(?!.* --|[A-Z]{3,} |“[^”]*”$)(?:[“A-Z]|\{(?=.*\.$))[^\n;]*?[a-z}] [a-z“]")
"""What reads as one: what only programs and the log read begins with a small letter."""
WORD = re.compile(r"(?<![#.\w-])[A-Z]?[a-z]{2,}(?![\w-])|[A-Z]{2,} [A-Z]")
"""A word; neither an id nor a style sheet's class."""
EXAMPLE = re.compile("@|://")
"""An address of the kind that is to be typed."""
WIDTH = 100


class Sentences(Catalog):
    """A catalogue whose head is the same whenever and by whatever it is written."""

    def _head(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    mime_headers = property(_head)


def languages() -> list[str]:
    """Those that there are catalogues of."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


def po_file(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "boxoffice.po"


def mo_file(language: str) -> Path:
    return po_file(language).with_suffix(".mo")


def sources() -> list[Path]:
    """The modules that hold sentences."""
    files = sorted(PACKAGE.rglob("*.py"))
    return [file for file in files if file.relative_to(PACKAGE).parts[0] not in OTHERS]


def marked() -> Sentences:
    """All sentences that are marked in the package, without a translation."""
    found = Sentences(fuzzy=False, header_comment="#")
    for command in COMMANDS:
        for text in (command.label, command.title, command.help):
            found.add(text, locations=[("boxoffice/commands/table.py", 0)])
    for file in sources():
        tree, name = ast.parse(file.read_bytes()), file.relative_to(ROOT).as_posix()
        for message, context in calls(tree):
            found.add(message, locations=[(name, 0)], context=context)
        if file.parent.name == HELP:
            for paragraph in help_texts(tree):
                found.add(paragraph, locations=[(name, 0)])
    return found


def calls(tree: ast.Module) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """What a module marks, and its context: also inside f-strings, where Babel looks not yet.

    With what the fields of models are called.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("_" | "N_"), [ast.Constant(str(text))]):
                yield text, None
            case ast.Call(
                ast.Name("ngettext"), [ast.Constant(str(one)), ast.Constant(str(many)), _]
            ):
                yield (one, many), None
            case ast.Call(
                ast.Name("pgettext"), [ast.Constant(str(context)), ast.Constant(str(text))]
            ):
                yield text, context
            case ast.Call(ast.Name("Field") | ast.Attribute(attr="editable"), keywords=given):
                for keyword in given:
                    match keyword:
                        case ast.keyword("title" | "description", ast.Constant(str(text))):
                            yield text, None


def _constants(tree: ast.Module) -> dict[str, bool]:
    """By its name, whether a constant is a sentence, or a table of them.

    One of a class goes by `self.` and its name.
    """
    found = _assigned(tree, "", {})
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= _assigned(node, "self.", found)
    return found


def _assigned(
    owner: ast.Module | ast.ClassDef, before: str, known: dict[str, bool]
) -> dict[str, bool]:
    return {
        before + name.id: "N_(" in (value := ast.unparse(node))
        or known.get(value.split()[-1], False)
        for node in owner.body
        for name in (*getattr(node, "targets", ()), getattr(node, "target", None))
        if isinstance(name, ast.Name)
    }


@cache
def _all_constants() -> dict[str, bool]:
    trees = (ast.parse(file.read_bytes()) for file in sources())
    found = [item for tree in trees for item in _constants(tree).items()]
    return dict(sorted(found, key=itemgetter(1)))


def unmarked(file: Path) -> Iterator[str]:
    """Where a module has a sentence that is not marked, or shows one that is not translated."""
    for text, why in faults(ast.parse(file.read_bytes())):
        yield f"{file.relative_to(ROOT).as_posix()}:{text.lineno}: {why}: {ast.unparse(text)}"


def faults(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """What of a module is no sentence of a catalogue, and why.

    Shown, announced or raised, it may be a word; anywhere else it has to read as a sentence.
    """
    yield from ((text, "not marked") for text in _sentences(tree))
    own = {name: one for name, one in _constants(tree).items() if one or "." not in name}
    marks = _all_constants() | own
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        given = [word.value for word in node.keywords if word.arg in SENTENCES_BY_NAME]
        for text in [*given, *(node.args if name in DRAWS else ())]:
            if WORD.search(_own_words(text)):
                yield text, "not marked"
        for text in [*given, *(node.args if name in SHOWS else ())]:
            constant = text.value if isinstance(text, ast.Subscript) else text
            if isinstance(constant, ast.Name | ast.Attribute) and marks.get(ast.unparse(constant)):
                yield text, "not translated"


def _sentences(node: ast.AST) -> Iterator[ast.expr]:
    """What reads as a sentence and is marked nowhere; neither docstrings nor what is logged."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Expr(ast.Constant()):
                pass
            case ast.Call(ast.Name(name) | ast.Attribute(attr=name)) if name in MARKS | LOGS:
                pass
            case ast.Call(ast.Name("Command")):  # of the table, which `marked` reads itself
                pass
            case ast.Constant(str(text)) if SENTENCE.match(text):
                yield child
            case ast.JoinedStr() if SENTENCE.match(_with_places(child)):
                yield child
            case _:
                yield from _sentences(child)


def _with_places(text: ast.JoinedStr) -> str:
    """An f-string as a sentence: `{}` for what it puts in."""
    return "".join(_own_words(part) or "{}" for part in text.values)


def _own_words(text: ast.expr) -> str:
    """What stands in it literally; nothing of what is put together elsewhere, or marked."""
    match text:
        case ast.Constant(str(own)):
            return own if " " in own or not EXAMPLE.search(own) else ""
        case ast.JoinedStr(parts):
            return " ".join(map(_own_words, parts))
        case ast.IfExp(_, one, other):
            return f"{_own_words(one)} {_own_words(other)}"
    return ""


def help_texts(tree: ast.Module) -> Iterator[str]:
    """The docstrings of a module's commands and of their groups of options, by paragraph."""
    for node in tree.body:
        match node:
            case ast.AsyncFunctionDef() | ast.FunctionDef() if _is_command(node):
                yield from paragraphs(ast.get_docstring(node) or "")
            case ast.ClassDef(decorator_list=[ast.Call(func=ast.Name("Parameter")), *_]):
                for field in node.body:
                    match field:
                        case ast.Expr(ast.Constant(str(text))) if field is not node.body[0]:
                            yield from paragraphs(text)


def _is_command(function: ast.AsyncFunctionDef | ast.FunctionDef) -> bool:
    decorators = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    given = [name for name in map(ast.unparse, decorators) if ".meta." not in name]
    by_name = any(name.endswith((".command", ".default")) for name in given)
    return by_name or function.name in IN_TABLE


def stored(language: str) -> Sentences:
    catalogue = Sentences(language, fuzzy=False, header_comment="#")
    with po_file(language).open("rb") as file:
        for message in read_po(file, locale=language, abort_invalid=True):
            if message.id:
                catalogue[message.id] = message
        file.seek(0)
        catalogue.obsolete = read_po(file, locale=language).obsolete
    return catalogue


def extract(*, clean: bool = False) -> None:
    """Bring the catalogues in step with the package, and compile them.

    `clean`: drop what the package no longer says.
    """
    template = marked()
    for language in languages():
        catalogue = stored(language)
        catalogue.update(template, no_fuzzy_matching=True)
        if clean:
            catalogue.obsolete.clear()
        with po_file(language).open("wb") as file:
            write_po(file, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False)
        mo_file(language).write_bytes(compiled(language))
        missing = sum(not is_translated(message) for message in sentences(catalogue))
        left = len(catalogue.obsolete)
        print(f"{language}: {len(catalogue)} sentences, {missing} missing, {left} left behind")


def compiled(language: str) -> bytes:
    target = BytesIO()
    write_mo(target, stored(language))
    return target.getvalue()


def sentences(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(texts: object) -> list[str]:
    """One form, or those of singular and plural."""
    return [texts] if isinstance(texts, str) else list(texts) if isinstance(texts, tuple) else []


def is_translated(message: Message) -> bool:
    return bool(message.string) and all(forms(message.string))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def wrong_placeholders(message: Message) -> bool:
    """Whether a translation asks for other values than its sentence gives.

    One form of several may leave out a number that it spells.
    """
    originals = [placeholders(text) for text in forms(message.id)]
    given = set.union(*originals)
    for number, text in enumerate(forms(message.string)):
        asked = placeholders(text)
        if text and (asked - given or (len(originals) == 1 and asked != given)):
            return True
        if text and len(originals) > 1 and number and asked != originals[-1]:
            return True
    return False


def problems(language: str, template: Catalog) -> Iterable[str]:
    """What is not as it should be, a line for each thing."""
    catalogue = stored(language)
    for message in sentences(template):
        found = catalogue.get(message.id, message.context)
        if found is None or not is_translated(found):
            yield f"{language}: no translation: {message.id!r}"
    for message in sentences(catalogue):
        if template.get(message.id, message.context) is None:
            yield f"{language}: no longer in the package: {message.id!r}"
    yield from (f"{language}: left behind: {key!r}" for key in catalogue.obsolete)
    yield from broken(language)


def broken(language: str) -> Iterable[str]:
    """What would be shown wrongly or not at all, of what is translated."""
    catalogue = stored(language)
    for message in sentences(catalogue):
        if message.fuzzy:
            yield f"{language}: a guess (fuzzy): {message.id!r}"
        if wrong_placeholders(message):
            yield f"{language}: other placeholders than in {message.id!r}: {message.string!r}"
        if is_translated(message) and len(forms(message.string)) != (
            catalogue.num_plurals if message.pluralizable else 1
        ):
            yield f"{language}: plural forms are missing: {message.id!r}"
    if mo_file(language).read_bytes() != compiled(language):
        yield f"{language}: boxoffice.mo is not what boxoffice.po comes to"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["extract"]:
            extract()
        case ["extract", "--clean"]:
            extract(clean=True)
        case ["unmarked"]:
            found = [line for file in sources() for line in unmarked(file)]
            print("\n".join(found) or "Every sentence is marked.")
            return 1 if found else 0
        case ["check"]:
            template = marked()
            found = [line for one in languages() for line in problems(one, template)]
            print("\n".join(found) or "The catalogues are complete.")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
