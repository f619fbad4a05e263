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
    image = Image.new("RGB", (size.width * WIDE, size.height * HIGH))
    for y, strip in enumerate(app.screen._compositor.render_strips(size)):
        x = 0
        for segment in strip:
            style = segment.style
            ground = _rgb(style.bgcolor.triplet if style and style.bgcolor else None)
            ink = _rgb(style.color.triplet if style and style.color else None)
            for char in segment.text:
                image.paste(ground, _cell(x, y))
                if char == "▀":
                    left, top, right, bottom = _cell(x, y)
                    image.paste(ink, (left, top, right, (top + bottom) // 2))
                x += 1
    return image


def _cell(x: int, y: int) -> tuple[int, int, int, int]:
    return x * WIDE, y * HIGH, (x + 1) * WIDE, (y + 1) * HIGH


def _rgb(colour: tuple[int, int, int] | None) -> tuple[int, int, int]:
    return (0, 0, 0) if colour is None else (colour[0], colour[1], colour[2])
