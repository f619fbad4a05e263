"""`manage`: what an organiser lists and changes, one group of commands for each kind of thing.

All of them are made of `boxoffice.manage.RESOURCES` by the one mechanism here: a command has the
options that its verb and its kind need. `--json` is what comes out and, with `--from` or a pipe,
what goes in.
"""

from collections.abc import Callable, Iterator
from inspect import Parameter as Formal
from inspect import Signature
from typing import Any, get_type_hints

from cyclopts import App

from boxoffice.cli.commands import PLAIN
from boxoffice.cli.manage_io import needed
from boxoffice.cli.manage_work import Arguments, input_model, work
from boxoffice.language import N_, _
from boxoffice.manage import RESOURCES, Resource, Verb
from boxoffice.ticketbutler.record import field_info

_OPTIONS = get_type_hints(Arguments, include_extras=True)

VERB_HELP = {
    Verb.LIST: N_("List them."),
    Verb.SHOW: N_("Show one with all its fields."),
    Verb.CREATE: N_("Make one, or one of each in a list that is given as JSON."),
    Verb.UPDATE: N_("Change fields of one; what is not given stays."),
    Verb.DELETE: N_("Delete one."),
}

app = App(
    name="manage",
    help=N_(
        "List and change what is at the site: events, ticket types, questions, orders, codes …"
    ),
)


def option_names(kind: type[Resource], verb: str) -> Iterator[str]:
    action = kind.actions.get(verb)
    if verb == Verb.LIST:
        yield "find"
    if verb == Verb.DELETE and kind.needs_reason:
        yield "reason"
    if input_model(kind, verb) is not None:
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
        return work(kind, verb, Arguments(key, **given))

    action = kind.actions.get(verb)
    formals = [
        Formal(
            name, Formal.KEYWORD_ONLY, default=getattr(Arguments, name), annotation=_OPTIONS[name]
        )
        for name in option_names(kind, verb)
    ]
    if action.of_row if action is not None else verb not in {Verb.LIST, Verb.CREATE}:
        formals.insert(0, Formal("key", Formal.POSITIONAL_ONLY, annotation=_OPTIONS["key"]))
    run.__annotations__ = {info.name: info.annotation for info in formals}
    vars(run)["__signature__"] = Signature(formals)
    return run


def help_text(kind: type[Resource], verb: str) -> str:
    """The help of one command: what it does, its fields, an example.

    It is made where this is loaded: for help that is after the language is known.
    """
    action = kind.actions.get(verb)
    parts = [f"{_(action.title)}." if action is not None else _(VERB_HELP[Verb(verb)])]
    if (model := input_model(kind, verb)) is not None:
        names = (
            f"{info.name}{'*' * needed(model, info)}" for info in field_info(model) if info.editable
        )
        text = _("Fields: {names}. *: needed.") if verb == Verb.CREATE else _("Fields: {names}.")
        parts.append(text.format(names=", ".join(names)))
    command_line = f"boxoffice manage {kind.name} {verb} {example(kind, verb)}".rstrip()
    parts.append(_("Example: {command}").format(command=command_line))
    return "\n\n".join(parts)


def example(kind: type[Resource], verb: str) -> str:
    return kind.examples[verb].replace("“", '"').replace("”", '"')


def group(kind: type[Resource]) -> App:
    commands = App(
        name=kind.name,
        help=f"{_(kind.title)}.",
        help_format="plaintext",
        default_parameter=PLAIN,
    )
    verbs = [verb.value for verb in Verb if verb in kind.verbs]
    for verb in (*verbs, *kind.actions):
        commands.command(command(kind, verb), name=verb, help=help_text(kind, verb))
    return commands


for _kind in RESOURCES:
    app.command(group(_kind))
