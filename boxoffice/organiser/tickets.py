"""A ticket as an organiser edits it. API document: "Update ticket details"."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from boxoffice.organiser.fields import Kind, raw_field, said


@dataclass(frozen=True, slots=True)
class TicketDetails:
    uuid: str = field(metadata=said("Id", Kind.UUID))
    number: int | None = field(default=None, metadata=said("Number", Kind.WHOLE, api="id"))
    full_name: str = field(default="", metadata=said("Name", edit=True))
    email: str = field(default="", metadata=said("E-mail", Kind.EMAIL))
    ticket_type: str = field(default="", metadata=said("Ticket type", api="ticket_type_name"))
    checked_in: bool = field(default=False, metadata=said("Checked in", Kind.YES, edit=True))
    refunded: bool = field(default=False, metadata=said("Refunded", Kind.YES, api="ticket_refund"))
    external_uuid: str = field(
        default="", metadata=said("External id", edit=True, help="Another system's name for it.")
    )
    lead_tracking_reference: str = field(
        default="", metadata=said("Lead tracking reference", edit=True)
    )
    order: str = field(default="", metadata=said("Order", Kind.UUID, api="purchase_uuid"))
    seat: str = field(default="", metadata=said("Seat"))
    url: str = field(default="", metadata=said("Link", Kind.URL))
    raw: Mapping[str, object] = raw_field()
