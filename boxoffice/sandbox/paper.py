"""The site's own PDF of an order: plain, with each ticket's uuid as text on a page of its own."""

from boxoffice.sandbox.models import Order, Ticket


def tickets_pdf(order: Order) -> bytes:
    """A whole PDF file, a page for each ticket of `order`."""
    pages = [_page(ticket) for ticket in order.tickets]
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, content in enumerate(pages):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * at),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    return _file(objects)


def _page(ticket: Ticket) -> bytes:
    lines = (ticket.event.title, ticket.full_name, ticket.ticket_type.title, ticket.uuid)
    shown = b" T* ".join(b"(%s) Tj" % _text(line) for line in lines)
    return b"BT /F1 16 Tf 24 TL 60 760 Td %s ET" % shown


def _text(line: str) -> bytes:
    """A line within the brackets of a PDF's text; a letter the font lacks is a question mark."""
    visible = "".join(each if each.isprintable() else "?" for each in line)
    coded = visible.encode("cp1252", "replace")
    for each in (b"\\", b"(", b")"):
        coded = coded.replace(each, b"\\" + each)
    return coded


def _file(objects: list[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(body))
    )
