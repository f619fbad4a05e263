"""Paper as a printer draws it and a scanner sees it, and the terminal as an imager does."""

import io
from typing import Any

import pypdfium2
import resvg_py
import zxingcpp
from PIL import Image
from textual.app import App

QR, CODE128 = zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128
WIDE, HIGH = 8, 16
"""Pixels of a terminal's cell."""


def pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages in black and white dots, as a thermal or laser printer puts them down."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()
    return [image.point(lambda shade: 255 if shade > 127 else 0) for image in drawn]


def text_of(pdf: bytes) -> str:
    """All that can be read on the pages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def places_of(pdf: bytes) -> dict[str, float]:
    """How far from the left edge of the first page each character stands, where it comes last."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = document[0].get_textpage()
        return {
            text.get_text_range(index, 1): text.get_charbox(index)[0]
            for index in range(text.count_chars())
        }
    finally:
        document.close()


def read(image: Image.Image, kind: zxingcpp.BarcodeFormat = QR) -> list[str]:
    """The texts of the codes of one kind in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(image, zxingcpp.BarcodeFormats(kind))]


def picture_of(app: App[Any]) -> Image.Image:
    """The screen as a picture that Textual exports, drawn with the letters of this system."""
    png = resvg_py.svg_to_bytes(
        svg_string=app.export_screenshot(),
        font_family="DejaVu Sans Mono",
        monospace_family="DejaVu Sans Mono",
    )
    return Image.open(io.BytesIO(bytes(png))).convert("L")


def screen_of(app: App[Any]) -> Image.Image:
    """The screen, cell by cell: half blocks and grounds in their colours, letters left out."""
    size = app.screen.size
    halves: list[bytes] = []
    for strip in app.screen._compositor.render_strips(size):
        upper, lower = b"", b""
        for segment in strip:
            style = segment.style
            ground = _rgb(style.bgcolor.triplet if style and style.bgcolor else None)
            ink = _rgb(style.color.triplet if style and style.color else None)
            upper += b"".join(ink if char == "▀" else ground for char in segment.text)
            lower += ground * len(segment.text)
        halves += (half.ljust(3 * size.width, b"\0")[: 3 * size.width] for half in (upper, lower))
    image = Image.frombytes("RGB", (size.width, 2 * size.height), b"".join(halves))
    return image.resize((size.width * WIDE, size.height * HIGH), Image.Resampling.NEAREST)


def _rgb(colour: tuple[int, int, int] | None) -> bytes:
    return bytes(3) if colour is None else bytes(colour)
