"""Events and their ticket types, each as the API document shows it and as live."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from boxoffice.sandbox.models import ADDRESS_FIELDS, PAID, SETTINGS, Event, TicketType, words
from boxoffice.sandbox.shapes import SITE, Json, QuestionShapes, attributes, dashed
from boxoffice.sandbox.state import Role

_SHOWN_SETTINGS: Mapping[str, object] = {
    **dict.fromkeys(
        words(
            "is_no_show_fee invoice_payment_only invoice_payment_optional vat_exempt barcode_active"
        ),
        False,
    ),
    "order_ticket_limit": 0,
    "show_waiting_list": True,
    "organizer_absorb_fees": True,
    "fee_type": "attendee",
    "event_type": "fee",
}
"""Settings that no request changes, where an event is read, and what they usually are."""
_CREATED_SETTINGS: Mapping[str, object] = {
    **_SHOWN_SETTINGS,
    **SETTINGS,
    "refund_email_text": "",
    "reminder_email": True,
    "reminder_email_text": "",
    "is_no_show_fee": True,
    "show_waiting_list": False,
    "event_ticket_limit_sold_out": False,
    "event_type": "on-show",
    "event_ticket_limit_amount_initially": 0,
    "has_event_ticket_limit": False,
}
"""All settings, where an event was created."""
_LIVE_SETTINGS: Mapping[str, object] = {
    **_SHOWN_SETTINGS,
    **dict.fromkeys(
        words(
            "allow_ticket_transfer has_seating hide_address hide_end_date hide_from_front_page"
            " send_sms_tickets show_company_name"
        ),
        False,
    ),
    **dict.fromkeys(
        words("allow_name_change hide_tickets_left is_refundable newsletter_opt_in"), True
    ),
    **dict.fromkeys(
        words(
            "attribute_title checkin_note custom_css custom_terms_url google_tag_manager_id"
            " meta_pixel_id order_email_text waiting_list_text"
        )
    ),
    "default_language": "da",
    "invoice_due_days": 14,
    "purchase_time_limit": 15,
    "refund_deadline_days": 0,
}
"""Settings that nobody can change, at the live service."""
_IN_EVENT = words(
    "uuid title price active amount amount_sold amount_total is_tickets_sold price_verbose"
    " is_free sold_out is_members_only start_date"
)
_CREATED = words("uuid title price amount amount_total is_members_only")


def picked(row: Json, names: Sequence[str]) -> Json:
    return {name: row[name] for name in names}


class EventShapes(QuestionShapes):
    """What is read of an event, and what creating and changing it answer."""

    def event_row(self, event: Event) -> Json:
        """An event in `events/`."""
        prices = [float(kind.price) for kind in event.ticket_types] or [0.0]
        row = self._event(event) | attributes(event, "currency summary")
        row |= {"price_min": min(prices), "price_max": max(prices)}
        if self.live:
            row |= {"price_min": f"{min(prices):.2f}", "is_members_only": event.members_only}
        return row

    def event(self, event: Event) -> Json:
        """`events/<e>/`."""
        prices = [float(kind.price) for kind in event.ticket_types] or [0.0]
        row = (
            self._event(event)
            | attributes(event, "team_uuid=team.uuid team=team.name")
            | {
                "has_ticket_sold": bool(event.tickets),
                "is_free_event": max(prices) == 0,
                "price_range": {"min": min(prices), "max": max(prices)},
                "ticket_types": [
                    self.event_ticket_type(kind, event) for kind in event.ticket_types
                ],
                "eventsettings": self.settings(event),
            }
        )
        if not self.live:
            codes = self.state.discount_codes.values()
            has_code = any(code.event is event for code in codes)
            return row | {"has_discount_code": has_code, "pin_str": event.pin}
        role = self.state.role
        same = "timezone=timezone.key is_deleted=deleted is_members_only=members_only summary"
        return (
            row
            | attributes(event, f"{same} event_ticket_limit_sold_out=is_sold_out")
            | {
                "uuid": dashed(event.uuid),
                "pin_str_long": f"{event.pin}-{event.pk}",
                "end_date": self.time(event.end, event),
                "sales_summary": self.sales_summary(event),
                "has_extras_types": any(kind.is_extra for kind in event.ticket_types),
                "is_team_admin": role.includes(Role.ADMIN),
                "is_min_team_organiser": role.includes(Role.ORGANISER),
                "is_sold_out": event.is_sold_out
                or not any(k.amount_left for k in event.ticket_types),
                "has_event_ticket_limit": event.sales_limit is not None,
                "purchase_questions": self.purchase_questions(event),
                "ticket_types_questions": self.ticket_type_questions(event),
            }
        )

    def _event(self, event: Event) -> Json:
        """What the list and the single event have in common."""
        return attributes(event, "title uuid description") | {
            "url": f"{SITE}/da/e/{event.slug}/",
            "address": self.venue(event),
            "images": [],
            "is_expired": event.expired(self.state.now()),
            "start_date": self.time(event.start, event),
        }

    def sales_summary(self, event: Event) -> Json:
        kinds = event.ticket_types
        left = sum(kind.amount_left for kind in kinds)
        if event.sales_limit is not None:
            left = min(left, max(0, event.sales_limit - event.amount_sold))
        paid = (t.price_paid for t in event.tickets if t.order.state == PAID and not t.refunded)
        return {
            "sold": event.amount_sold,
            "reserved": sum(kind.in_baskets for kind in kinds),
            "left": left,
            "revenue": f"{sum(paid, Decimal(0)):.2f}",
            "extras": sum(kind.amount_sold for kind in kinds if kind.is_extra),
            "currency": event.currency,
        }

    def settings(self, event: Event) -> Json:
        if not self.live:
            reminds = {"reminder_email": event.settings["reminder_email"]}
            same = "ticket_limit end_date_provided=end_given"
            shown = {name: event.settings.get(name, it) for name, it in _SHOWN_SETTINGS.items()}
            return shown | reminds | attributes(event, same)
        settings = {**_LIVE_SETTINGS, **event.settings}
        same = "ticket_limit has_end_date=end_given event_ticket_limit_sold_out=is_sold_out"
        settings["reminder_email_settings"] = "24_hours" if settings.pop("reminder_email") else None
        return (
            settings
            | attributes(event, same)
            | {
                "has_event_ticket_limit": event.sales_limit is not None,
                "event_ticket_limit_amount_initially": event.sales_limit or 0,
            }
        )

    def created_event(self, event: Event) -> Json:
        kinds = event.ticket_types
        if self.live:
            rows = [attributes(kind, "pk title") | {"price": float(kind.price)} for kind in kinds]
            return self.event(event) | {"ticket_types": rows}
        same = "uuid title pin description summary team=team.name is_members_only=members_only"
        return attributes(event, same) | {
            "start_date": self.time(event.start, event),
            "end_date": self.time(event.end, event) if event.end_given else None,
            "ticket_types": [picked(self.ticket_type(kind, event), _CREATED) for kind in kinds],
            "eventsettings": {
                **_CREATED_SETTINGS,
                "has_end_date": event.end_given,
                **event.settings,
                "ticket_limit": event.ticket_limit,
            },
            "address": picked(self.venue(event), ADDRESS_FIELDS),
        }

    def updated_event(self, event: Event) -> Json:
        return self.event(event) if self.live else self.created_event(event)

    def venue(self, event: Event) -> Json:
        known = {
            "venue": event.venue,
            "business_name": "Havnens Venner",
            "street": "Islands Brygge 1",
            "city": "København S",
            "postcode": "2300",
            "country": "Denmark",
            "phone": "42424242",
            "language": "da",
        }
        return dict.fromkeys(ADDRESS_FIELDS, "") | known | (event.address or {})

    def ticket_type(self, kind: TicketType, event: Event) -> Json:
        same = "pk uuid title active amount_sold amount_total description sort_id"
        row = attributes(kind, f"{same} is_members_only=members_only") | {
            "price": f"{kind.price:.2f}" if self.live else float(kind.price),
            "is_tickets_sold": kind.amount_sold > 0,
            "price_verbose": f"{kind.price:.2f} {event.currency}" if kind.price else "gratis",
            "is_free": not kind.price,
            "sold_out": kind.amount_left == 0,
            "start_date": self.time(kind.date, event) if kind.date else None,
            "fee": 3.9,
        }
        if not self.live:
            left = max(0, kind.amount_total - kind.amount_sold)
            return row | {"amount": left, "constraint_definition": None, "invoice_price": None}
        return row | {
            "amount_left": kind.amount_left,
            "sales_start_date": self.time(kind.sales_start, event) if kind.sales_start else None,
            "sales_end_date": self.time(kind.sales_end or event.end, event),
            "is_on_sale": kind.amount_left > 0 and kind.on_sale(self.state.now()),
            "is_temporarily_sold_out": kind.paused,
        }

    def ticket_types(self, event: Event) -> list[Json]:
        """`events/<e>/ticket-types/`."""
        return [self.ticket_type(kind, event) for kind in event.ticket_types]

    def event_ticket_type(
        self, kind: TicketType, event: Event, names: Sequence[str] = _IN_EVENT
    ) -> Json:
        """A ticket type as it stands in an event: where documented, only fields of `names`."""
        row = self.ticket_type(kind, event)
        return row | {"uuid": dashed(kind.uuid)} if self.live else picked(row, names)

    def single_ticket_type(self, kind: TicketType, event: Event) -> Json:
        """One ticket type by itself: read, created or changed."""
        return self.event_ticket_type(kind, event, (*_CREATED, "is_free", "amount_sold"))
