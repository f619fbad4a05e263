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
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox.api import answer
from boxoffice.sandbox.courier import Courier
from boxoffice.sandbox.examples import examples
from boxoffice.sandbox.faults import Faults
from boxoffice.sandbox.log import RequestLog
from boxoffice.sandbox.models import NEW, PAID, Order, Ticket
from boxoffice.sandbox.spreadsheet import KIND, workbook
from boxoffice.sandbox.state import Role, State, hex_uuid

_SHOWN = 200


class Control:
    """The endpoints beside the API."""

    def __init__(
        self, state: State, faults: Faults, log: RequestLog, courier: Courier | None = None
    ) -> None:
        self._state = state
        self._faults = faults
        self._log = log
        self._courier = courier

    def application(self) -> ASGIApp:
        paths = {
            "state/": {"GET": self.state},
            "log/": {"GET": self.log, "DELETE": self.forget_log},
            "faults/": {"GET": self.faults, "POST": self.set_fault, "DELETE": self.clear_faults},
            "refund/{ticket}/": {"POST": self.refund},
            "check-in/{ticket}/": {"POST": self.check_in, "DELETE": self.check_out},
            "newsletter/{ticket}/": {"POST": self.sign_up},
            "pay/{ticket}/": {"POST": self.pay},
            "cancel/{ticket}/": {"POST": self.cancel},
            "use-discount/": {"POST": self.use_discount},
            "role/": {"POST": self.set_role},
            "hooks/": {"GET": self.hooks, "DELETE": self.forget_hooks},
            "mail/": {"GET": self.mail},
            "mail/{number:int}/": {"GET": self.spreadsheet},
        }
        routes = [
            Route(f"/_sandbox/{path}", endpoint, methods=[method])
            for path, endpoints in paths.items()
            for method, endpoint in endpoints.items()
        ]
        return _loopback_only(Starlette(routes=routes))

    async def state(self, request: Request) -> Response:
        events = [
            {
                "uuid": event.uuid,
                "title": event.title,
                "start": event.start.isoformat(),
                "tickets": len(event.tickets),
                "checked_in": sum(each.checked_in for each in event.tickets),
                "refunded": sum(each.refunded for each in event.tickets),
                "orders": len(event.orders),
                "deleted": event.deleted,
            }
            for event in self._state.events.values()
        ]
        tickets = {name: _ticket(each) for name, each in examples(self._state).items()}
        return answer({"events": events, "examples": tickets, "requests": len(self._log)})

    async def log(self, request: Request) -> Response:
        entries = list(self._log)[-_SHOWN:]
        return answer(
            [
                {
                    "at": entry.at.isoformat(),
                    "method": entry.method,
                    "path": entry.path,
                    "query": entry.query,
                    "body": entry.body.decode("utf-8", "replace"),
                    "status": entry.status,
                    "applied": entry.applied,
                    "fault": entry.fault,
                    "milliseconds": round(entry.seconds * 1000, 3),
                }
                for entry in entries
            ]
        )

    async def forget_log(self, request: Request) -> Response:
        self._log.clear()
        return answer({"requests": 0})

    async def faults(self, request: Request) -> Response:
        return answer([rule.as_json() for rule in self._faults])

    async def set_fault(self, request: Request) -> Response:
        query = request.query_params
        try:
            times = int(query["times"]) if "times" in query else None
            rule = self._faults.set(
                query.get("fault", ""),
                path=query.get("path", "**"),
                method=query.get("method"),
                times=times,
            )
        except ValueError as error:
            return answer({"detail": str(error)}, 400)
        return answer(rule.as_json(), 201)

    async def clear_faults(self, request: Request) -> Response:
        self._faults.clear()
        return answer([])

    async def refund(self, request: Request) -> Response:
        ticket = self._ticket(request)
        if ticket is not None and not ticket.order.refunded:
            self._state.refund(ticket.order)
        return _told(ticket)

    async def sign_up(self, request: Request) -> Response:
        return self._on_order(request, PAID, self._state.sign_up)

    async def pay(self, request: Request) -> Response:
        return self._on_order(request, NEW, self._state.pay)

    async def cancel(self, request: Request) -> Response:
        return self._on_order(request, NEW, self._state.cancel)

    def _on_order(self, request: Request, state: str, change: Callable[[Order], None]) -> Response:
        """Do it with the ticket's order, if that is in this state."""
        ticket = self._ticket(request)
        if ticket is not None and ticket.order.state == state:
            change(ticket.order)
        return _told(ticket)

    async def use_discount(self, request: Request) -> Response:
        query = request.query_params
        try:
            code = self._state.use_discount(query.get("code", ""), int(query.get("tickets", "1")))
        except (LookupError, ValueError) as error:
            return answer({"detail": str(error)}, 400)
        return answer({"code": code.code, "amount_times_applied": code.amount_times_applied})

    async def set_role(self, request: Request) -> Response:
        try:
            self._state.role = Role(request.query_params.get("is", ""))
        except ValueError:
            return answer({"detail": f"Use one of {', '.join(Role)}."}, 400)
        return answer({"role": self._state.role})

    async def hooks(self, request: Request) -> Response:
        messages = list(self._courier or ())[-_SHOWN:]
        return answer(
            [
                {
                    "at": each.at.isoformat(),
                    "hook": each.hook,
                    "url": each.url,
                    "action": each.action,
                    "stage": each.stage,
                    "tries": each.tries,
                    "status": each.status,
                    "reason": each.reason,
                    "body": each.body.decode("utf-8", "replace"),
                }
                for each in messages
            ]
        )

    async def forget_hooks(self, request: Request) -> Response:
        if self._courier is not None:
            self._courier.clear()
        return answer([])

    async def mail(self, request: Request) -> Response:
        return answer(
            [
                {
                    "number": number,
                    "at": each.at.isoformat(),
                    "to": each.to,
                    "subject": each.subject,
                    "attachment": each.filename,
                    "rows": len(each.rows),
                }
                for number, each in enumerate(list(self._state.outbox))
            ]
        )

    async def spreadsheet(self, request: Request) -> Response:
        mails, number = list(self._state.outbox), request.path_params["number"]
        if number >= len(mails):
            return answer({"detail": "No such e-mail."}, 404)
        return Response(workbook(mails[number].columns, mails[number].rows), media_type=KIND)

    async def check_in(self, request: Request) -> Response:
        return self._set(request, checked_in=True)

    async def check_out(self, request: Request) -> Response:
        return self._set(request, checked_in=False)

    def _set(self, request: Request, *, checked_in: bool) -> Response:
        ticket = self._ticket(request)
        if ticket is not None:
            self._state.check_in(ticket, checked_in)
        return _told(ticket)

    def _ticket(self, request: Request) -> Ticket | None:
        return self._state.tickets.get(hex_uuid(request.path_params["ticket"]) or "")


def _told(ticket: Ticket | None) -> Response:
    if ticket is None:
        return answer({"detail": "No such ticket."}, 404)
    return answer(_ticket(ticket))


def _ticket(ticket: Ticket) -> dict[str, object]:
    return {
        "uuid": ticket.uuid,
        "id": ticket.number,
        "name": ticket.full_name,
        "ticket_type": ticket.ticket_type.title,
        "event": ticket.event.title,
        "order": ticket.order.uuid,
        "order_id": ticket.order.order_id,
        "order_state": ticket.order.state,
        "external_uuid": ticket.external_uuid,
        "slug": ticket.slug,
        "checked_in": ticket.checked_in,
        "ticket_refund": ticket.refunded,
    }


def _loopback_only(app: ASGIApp) -> ASGIApp:
    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        host, _ = scope.get("client") or ("", 0)
        if host and ipaddress.ip_address(host).is_loopback:
            await app(scope, receive, send)
        else:
            await PlainTextResponse("Only from this computer.", 403)(scope, receive, send)

    return guarded
