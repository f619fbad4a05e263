"""Webhooks of the whole platform: who is called when something happens. `/webhooks/v1/`."""

from typing import Any

from starlette.responses import Response

from boxoffice.sandbox.data import COPENHAGEN
from boxoffice.sandbox.endpoint import Call, answer, done, found
from boxoffice.sandbox.fields import boolean, read, required, web_address, wrong
from boxoffice.sandbox.models import Webhook


def access(call: Call) -> Response:
    """200 with a key that may use webhooks. The document does not say what else."""
    return answer({"detail": "OK"}) if call.shapes.created == 201 else done()


def actions(call: Call) -> Response:
    return answer(list(call.shapes.actions))


def listed(call: Call) -> Response:
    return answer([call.shapes.webhook(hook) for hook in call.state.webhooks.values()])


def create(call: Call) -> Response:
    """A new webhook. `url` and `action` are required."""
    fields = call.fields()
    required(fields, "url", "action")
    now = call.state.now().astimezone(COPENHAGEN)
    hook = Webhook("", "", "", now, now)
    _change(call, hook, fields)
    hook.uuid = call.state.new_uuid()
    call.state.webhooks[hook.uuid] = hook
    return answer(call.shapes.webhook(hook), call.shapes.created)


def one(call: Call) -> Response:
    return answer(call.shapes.webhook(_named(call)))


def update(call: Call) -> Response:
    hook = _named(call)
    _change(call, hook, call.fields())
    hook.updated = call.state.now().astimezone(COPENHAGEN)
    return answer(call.shapes.webhook(hook))


def delete(call: Call) -> Response:
    """Deleted for good: 202, and what has not been delivered yet never is."""
    del call.state.webhooks[_named(call).uuid]
    return answer({"detail": "Webhook deleted"}, 202)


def _named(call: Call) -> Webhook:
    return found(call.state.webhooks, call.path["hook"])


def _change(call: Call, hook: Webhook, fields: dict[str, Any]) -> None:
    def action(name: str, given: object) -> object:
        if given not in call.shapes.every_action:
            raise wrong(name, "Not a valid choice.")
        return given

    readers = {"url": web_address, "action": action, "active": boolean}
    for name, value in read(fields, readers).items():
        setattr(hook, name, value)
