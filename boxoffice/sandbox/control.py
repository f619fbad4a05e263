"""Paths beside the API by which a person, or a script with curl, moves the sandbox. Loopback only.

GET    /_sandbox/state/            events, and a ticket for each verdict
GET    /_sandbox/log/              the last requests      DELETE: forget them
GET    /_sandbox/faults/           rules in force         DELETE: clear all
POST   /_sandbox/faults/?fault=drop-after&path=tickets/*/&method=PATCH&times=1
POST   /_sandbox/refund/<t>/       refund the ticket's order
POST   /_sandbox/check-in/<t>/     another door admits    DELETE: lets go again
POST   /_sandbox/newsletter/<t>/   its buyer signs up for the newsletter
POST   /_sandbox/pay/<t>/          its order is paid      /_sandbox/cancel/<t>/: cancelled unpaid
POST   /_sandbox/use-discount/?code=HELLO&tickets=2       an order uses a discount code
POST   /_sandbox/role/?is=Observer what the key may do: Observer, Organiser or Admin
GET    /_sandbox/hooks/            messages to webhooks   DELETE: forget them
GET    /_sandbox/mail/             e-mails that the real service would have sent
GET    /_sandbox/mail/<n>/         the spreadsheet of one of them
"""

import ipaddress
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox.courier import Courier
from boxoffice.sandbox.endpoint import SPREADSHEET, ApiError, answer, found, refused
from boxoffice.sandbox.faults import Faults
from boxoffice.sandbox.gate import RequestLog
from boxoffice.sandbox.models import CANCELLED, NEW, PAID, Order, Ticket
from boxoffice.sandbox.shapes import attributes
from boxoffice.sandbox.state import Role, State
from boxoffice.sandbox.trials import examples

_SHOWN = 200

Handler = Callable[[Request], object]
"""What is answered as JSON, or a whole Response."""


@dataclass(frozen=True, slots=True)
class Control:
    state: State
    faults: Faults
    log: RequestLog
    courier: Courier | None = None

    def application(self) -> ASGIApp:
        state = self.state
        forget = self.courier.clear if self.courier else list[None]().clear
        handlers: dict[str, dict[str, Handler]] = {
            "state/": {"GET": self.show_state},
            "log/": {"GET": self.show_log, "DELETE": _clears(self.log.clear, {"requests": 0})},
            "faults/": {
                "GET": lambda _: [rule.as_json() for rule in self.faults],
                "POST": self.set_fault,
                "DELETE": _clears(self.faults.clear, []),
            },
            "refund/{ticket}/": {"POST": self._on_order(state.refund, PAID, NEW, CANCELLED)},
            "check-in/{ticket}/": {
                "POST": self._on_ticket(state.check_in),
                "DELETE": self._on_ticket(lambda ticket: state.check_in(ticket, False)),
            },
            "newsletter/{ticket}/": {"POST": self._on_order(state.sign_up, PAID)},
            "pay/{ticket}/": {"POST": self._on_order(state.pay, NEW)},
            "cancel/{ticket}/": {"POST": self._on_order(state.cancel, NEW)},
            "use-discount/": {"POST": self.use_discount},
            "role/": {"POST": self.set_role},
            "hooks/": {"GET": self.hooks, "DELETE": _clears(forget, [])},
            "mail/": {"GET": self.mails},
            "mail/{number:int}/": {"GET": self.spreadsheet},
        }
        routes = [
            Route(f"/_sandbox/{path}", _endpoint(handler), methods=[method])
            for path, methods in handlers.items()
            for method, handler in methods.items()
        ]
        wrong = dict.fromkeys((ApiError, LookupError, ValueError), refused)
        return _loopback_only(Starlette(routes=routes, exception_handlers=wrong))

    def show_state(self, _request: Request) -> object:
        events = [
            _row(event, "uuid title start deleted")
            | {
                "tickets": len(event.tickets),
                "checked_in": sum(ticket.checked_in for ticket in event.tickets),
                "refunded": sum(ticket.refunded for ticket in event.tickets),
                "orders": len(event.orders),
            }
            for event in self.state.events.values()
        ]
        tickets = {name: _ticket(ticket) for name, ticket in examples(self.state).items()}
        return {"events": events, "examples": tickets, "requests": len(self.log)}

    def show_log(self, _request: Request) -> object:
        return [
            _row(entry, "at method path query body status applied fault")
            | {"milliseconds": round(entry.seconds * 1000, 3)}
            for entry in list(self.log)[-_SHOWN:]
        ]

    def set_fault(self, request: Request) -> object:
        query = request.query_params
        rule = self.faults.set(
            query.get("fault", ""),
            path=query.get("path", "**"),
            method=query.get("method"),
            times=int(query["times"]) if "times" in query else None,
        )
        return answer(rule.as_json(), 201)

    def _on_ticket(self, change: Callable[[Ticket], None]) -> Handler:
        def handler(request: Request) -> object:
            ticket = found(self.state.tickets, request.path_params["ticket"])
            change(ticket)
            return _ticket(ticket)

        return handler

    def _on_order(self, change: Callable[[Order], None], *states: str) -> Handler:
        """Do it with the ticket's order, if that is in one of `states`."""

        def change_order(ticket: Ticket) -> None:
            if ticket.order.state in states:
                change(ticket.order)

        return self._on_ticket(change_order)

    def use_discount(self, request: Request) -> object:
        query = request.query_params
        code = self.state.use_discount(query.get("code", ""), int(query.get("tickets", "1")))
        return _row(code, "code amount_times_applied")

    def set_role(self, request: Request) -> object:
        try:
            self.state.role = Role(request.query_params.get("is", ""))
        except ValueError as error:
            raise ValueError(f"Use one of {', '.join(Role)}.") from error
        return {"role": self.state.role}

    def hooks(self, _request: Request) -> object:
        columns = "at hook url action stage tries status reason body"
        return [_row(message, columns) for message in list(self.courier or ())[-_SHOWN:]]

    def mails(self, _request: Request) -> object:
        return [
            _row(mail, "at to subject attachment=filename")
            | {"number": number, "rows": len(mail.rows)}
            for number, mail in enumerate(list(self.state.outbox))
        ]

    def spreadsheet(self, request: Request) -> object:
        from boxoffice.sandbox.api_platform import workbook  # noqa: PLC0415 - seldom asked

        number: int = request.path_params["number"]
        for mail in list(self.state.outbox)[number : number + 1]:
            return Response(workbook(mail.columns, mail.rows), media_type=SPREADSHEET)
        raise ApiError(404, {"detail": "No such e-mail."})


def _clears(clear: Callable[[], None], answered: object) -> Handler:
    def handler(_request: Request) -> object:
        clear()
        return answered

    return handler


def _endpoint(handler: Handler) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        result = handler(request)
        return result if isinstance(result, Response) else answer(result)

    return endpoint


def _row(thing: object, columns: str) -> dict[str, object]:
    """These attributes of `thing` as JSON has them."""
    return {name: _as_json(value) for name, value in attributes(thing, columns).items()}


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _ticket(ticket: Ticket) -> dict[str, object]:
    return attributes(
        ticket,
        "uuid external_uuid slug checked_in id=number name=full_name ticket_type=ticket_type.title"
        " event=event.title order=order.uuid order_id=order.order_id order_state=order.state"
        " ticket_refund=refunded",
    )


def _loopback_only(app: ASGIApp) -> ASGIApp:
    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        host, _ = scope.get("client") or ("", 0)
        if host and ipaddress.ip_address(host).is_loopback:
            await app(scope, receive, send)
        else:
            await PlainTextResponse("Only from this computer.", 403)(scope, receive, send)

    return guarded
