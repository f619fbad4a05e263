"""`hooks`: prints the webhooks that arrive, for trying them out."""

import asyncio
import json as encoding
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import NO_HOOKS, Context, HookOptions, Json
from boxoffice.cli.output import fields
from boxoffice.language import N_, _
from boxoffice.ticketbutler.errors import Unreadable

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources.answers import AnswerDetails
    from boxoffice.ticketbutler.resources.webhooks import Hook

AHEAD = 1000
"""Hooks that wait to be printed; further ones are dropped."""
SHOWN = 4
"""uuids in a line for people."""
Action = Annotated[str, Parameter(help=N_("What to register for, such as ticket.checkin."))]


async def hooks(
    *,
    action: Action = "all",
    json: Json = False,
    where: HookOptions = NO_HOOKS,
    context: Context,
) -> None:
    """Print the webhooks that arrive, a line each, until Ctrl-C.

    For trying them out: a door receives them by itself with boxoffice --hooks or boxoffice scan
    --hooks. Example: boxoffice hooks --hooks 8801 --register --json
    """
    from boxoffice.hooks.listener import SENT

    arrived: asyncio.Queue[Hook] = asyncio.Queue()
    refused: set[str] = set()

    def take(hook: "Hook") -> None:
        if arrived.qsize() < AHEAD:
            arrived.put_nowait(hook)

    def print_refusal(why: str) -> None:
        if why not in refused:
            refused.add(why)
            notice = _("Turned away: {why}. More of the kind are not shown.")
            print(notice.format(why=why), file=sys.stderr)

    live = context.listen(take, print_refusal)
    live.start(register=context.settings.hooks_register, action=action)
    await live.ready()
    if live.trouble:
        raise ProblemError(live.trouble)
    print(_("Webhooks are received at {url}").format(url=live.url), file=sys.stderr)
    if live.registered:
        print(_(SENT), file=sys.stderr)
    print(_("Ctrl-C ends it."), file=sys.stderr, flush=True)
    while True:
        hook = await arrived.get()
        zones = {event.uuid: event.zone for event in await context.stored()}
        at = context.clock.now().astimezone(zones.get(hook.event))  # not known: the computer's
        print(_as_json(hook, at) if json else _line(hook, at), flush=True)


def _as_json(hook: "Hook", at: datetime) -> str:
    data = fields(hook, "uuid scope action live whitelabel team event order tickets numbers data")
    line = {"at": at.isoformat(timespec="seconds"), "purchase": _purchase(hook)} | data
    try:
        return encoding.dumps(line)
    except RecursionError:  # nested deeper than can be written, whoever sent that
        return encoding.dumps(line | {"data": None})


def _line(hook: "Hook", at: datetime) -> str:
    named = [*hook.tickets, *(f"#{number}" for number in hook.numbers)]
    more = len(named) - SHOWN
    parts = {
        "event": hook.event,
        "order": hook.order,
        "tickets": " ".join(named[:SHOWN])
        if more <= 0
        else _("{numbers} and {more} more").format(numbers=" ".join(named[:SHOWN]), more=more),
    }
    text = "  ".join(f"{name} {value}" for name, value in parts.items() if value)
    line = f"{at:%H:%M:%S}  {hook.action:<18}  {text}".rstrip()
    return "\n          ".join([line, *_lines(_purchase(hook))])


def _purchase(hook: "Hook") -> dict[str, Any] | None:
    if not hook.action.startswith("purchase."):
        return None
    from boxoffice.ticketbutler.resources.webhooks import read_purchase

    try:
        order = read_purchase(hook)
    except Unreadable:
        return None
    return {
        **fields(order, "order=order_id state event buyer"),
        "email": order.as_order().email,
        "tickets": [
            fields(ticket, "name=full_name company=company_name ticket_type")
            | _answers(ticket.answers)
            for ticket in order.people
        ],
        **_answers(order.answers),
    }


def _answers(given: "Sequence[AnswerDetails]") -> dict[str, object]:
    return {
        "answers": [fields(answer, "question=question_heading answer=shown") for answer in given]
    }


def _lines(purchase: dict[str, Any] | None) -> Iterator[str]:
    """The same for people: a line for the order, and one for each ticket."""
    if purchase is None:
        return
    yield _joined(purchase, "order", "state", "event", "buyer", "email")
    for ticket in purchase["tickets"]:
        yield _joined(ticket, "ticket_type", "name", "company")


def _joined(thing: dict[str, Any], *names: str) -> str:
    answers = [f"{answer['question']}: {answer['answer']}" for answer in thing["answers"]]
    return " · ".join(filter(None, (*(thing[name] for name in names), *answers)))
