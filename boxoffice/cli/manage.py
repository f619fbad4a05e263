"""`manage`: what an organiser lists and changes, one group of commands for each kind of thing.

All of them are made of `boxoffice.manage.RESOURCES` by the one mechanism here: a command has the
options that its verb and its kind need. `--json` is what comes out and, with `--from` or a pipe,
what goes in.
"""

from collections.abc import Callable, Iterator
from inspect import Parameter as Formal
from inspect import Signature
from typing import Annotated, Any

from cyclopts import App, Parameter

from boxoffice.cli.manage_input import needed
from boxoffice.cli.manage_work import Asked, entered, work
from boxoffice.cli.options import NONE, Json, Options
from boxoffice.manage import RESOURCES, Action, Resource, Verb
from boxoffice.ticketbutler.resources.record import field_info

_FILE = "Where to write a file, in place of its own name; “-”: to the output."
_SET = (
    "A field, and its value: FIELD=VALUE. A part’s: PART.FIELD=VALUE. A list: as JSON. "
    "Of a number also +5 or -5."
)
_SOURCE = "A file with JSON. “-”, or without it and without --set: what is piped in."

OPTIONS: dict[str, tuple[Any, Any]] = {
    "find": (Annotated[str, Parameter(help="Only those with these words in them.")], ""),
    "reason": (
        Annotated[str, Parameter(help="Why: it is written to everybody with a ticket. Needed.")],
        "",
    ),
    "sets": (Annotated[tuple[str, ...], Parameter(name="--set", help=_SET)], ()),
    "source": (
        Annotated[str, Parameter(name="--from", help=_SOURCE, allow_leading_hyphen=True)],
        "",
    ),
    "generic": (Annotated[bool, Parameter(help="Those for all events, not those of one.")], False),
    "to": (Annotated[str, Parameter(help=_FILE, allow_leading_hyphen=True)], ""),
    "yes": (Annotated[str | None, Parameter(help="Its name: nothing else is meant.")], None),
    "dry_run": (Annotated[bool, Parameter(help="Say what would be sent; send nothing.")], False),
    "json": (Json, False),
    "options": (Options, NONE),
}
"""Of all the commands here: what each is, and what it is where it is not given."""

Key = Annotated[str, Parameter(name="ID", help="Its id, or its name where no other has that.")]

SAID = {
    Verb.LIST: "List the {title}.",
    Verb.SHOW: "Show {one} with all its fields.",
    Verb.CREATE: "Make {one}, or one of each in a list that is given as JSON.",
    Verb.UPDATE: "Change fields of {one}; what is not given stays.",
    Verb.DELETE: "Delete {one}.",
}

app = App(
    name="manage",
    help="List and change what is at the site: events, ticket types, questions, orders, codes …",
)


def wanted(kind: type[Resource], verb: str) -> Iterator[str]:
    """The options of a command, besides the key."""
    action = kind.actions.get(verb)
    if verb == Verb.LIST:
        yield "find"
    if verb == Verb.DELETE and kind.needs_reason:
        yield "reason"
    if entered(kind, verb) is not None:
        yield from ("sets", "source")
    if kind.generic:
        yield "generic"
    if action is not None and not action.changes:
        yield "to"
    if verb == Verb.DELETE or (action is not None and action.destructive):
        yield "yes"
    if verb in {Verb.CREATE, Verb.UPDATE, Verb.DELETE} or (action is not None and action.changes):
        yield "dry_run"
    yield from ("json", "options")


def command(kind: type[Resource], verb: str) -> Callable[..., int]:
    """The function of one command, with the signature that its options are read from."""

    def run(key: str = "", **given: Any) -> int:
        options = given.pop("options", NONE)
        return work(kind, verb, Asked(key=key, **given), options)

    action = kind.actions.get(verb)
    formals = [
        Formal(name, Formal.KEYWORD_ONLY, default=default, annotation=annotation)
        for name in wanted(kind, verb)
        for annotation, default in [OPTIONS[name]]
    ]
    if action.of_row if action is not None else verb not in {Verb.LIST, Verb.CREATE}:
        formals.insert(0, Formal("key", Formal.POSITIONAL_ONLY, annotation=Key))
    run.__annotations__ = {each.name: each.annotation for each in formals}
    vars(run)["__signature__"] = Signature(formals)
    return run


def described(kind: type[Resource], verb: str) -> str:
    """The help of one command: what it does, its fields, an example."""
    action = kind.actions.get(verb)
    said = f"{action.title}." if action is not None else SAID[Verb(verb)]
    parts = [said.format(one=kind.a(), title=kind.title.lower())]
    if (model := entered(kind, verb)) is not None:
        names = (
            f"{each.name}{'*' * needed(model, each)}" for each in field_info(model) if each.editable
        )
        parts.append(f"Fields: {', '.join(names)}." + " *: needed." * (verb == Verb.CREATE))
    parts.append(f"Example: boxoffice manage {kind.name} {verb} {example(kind, verb)}".rstrip())
    return "\n\n".join(parts)


def example(kind: type[Resource], verb: str) -> str:
    return kind.examples[verb].replace("“", '"').replace("”", '"')


def group(kind: type[Resource]) -> App:
    """The commands of one kind of thing."""
    commands = App(
        name=kind.name,
        help=f"{kind.title}.",
        help_format="plaintext",
        default_parameter=Parameter(show_default=False),
    )
    verbs = [verb.value for verb in Verb if verb in kind.verbs]
    for verb in (*verbs, *kind.actions):
        commands.command(command(kind, verb), name=verb, help=described(kind, verb))
    return commands


for _kind in RESOURCES:
    app.command(group(_kind))

__all__ = ["Action", "app", "command", "described", "example", "group", "wanted"]
