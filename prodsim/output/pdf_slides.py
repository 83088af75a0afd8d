"""Slides as a PDF: shapes and texts in its own vector format, and a font within, so that it looks the same everywhere.

The font is Noto Sans CJK SC, cut to Latin, Greek and Cyrillic letters and the usual characters of Chinese, Japanese and
Korean (GB 2312, Big5 and JIS level 1, KS X 1001). A letter of another script is drawn as □.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from prodsim.extras import optional_packages
from prodsim.output.slides import (
    HEIGHT,
    INK,
    LINE,
    MAIN,
    MARGIN,
    PAGE,
    SOFT,
    WARM,
    WIDTH,
    Bars,
    Box,
    Item,
    Line,
    Panel,
    Picture,
    Slide,
    Words,
    plain,
)

with optional_packages():
    from fpdf import FPDF

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc.otf"
NO_GLYPH = "□"
LEADING = 1.3
"""Height of a line, in sizes of its letters."""
_CHINESE = r"\u3000-\u9fff\uff00-\uffef"
_UNBROKEN = re.compile(rf"\s+|[{_CHINESE}][、，。：；！？）」』”》】]*|[^\s{_CHINESE}]+")
"""What stays on one line: a space, a Chinese or Japanese character with the signs behind it, a word."""
BAR_SHARE = 0.7
"""Of the width of a chart that its longest bar takes; its label stands behind."""


def slides_as_pdf(slides: Sequence[Slide], foot: str) -> bytes:
    """Return a PDF with a page for each slide."""
    pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.add_font("house", "", FONT)
    pdf.set_title(plain(slides[0].title) if slides else "")
    drawing = SlideDrawing(pdf)
    for number, slide in enumerate(slides, 1):
        pdf.add_page()
        drawing.page(slide, foot, f"{number} / {len(slides)}")
    return bytes(pdf.output())


class SlideDrawing:
    """Draws items on the last page of a PDF.

    Args:
        pdf: with the font of the house.
    """

    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf
        self._glyphs = pdf.fonts["house"].cmap

    def page(self, slide: Slide, foot: str, number: str) -> None:
        """Draw a slide, its title and its foot."""
        self._rectangle(Box(0, 0, WIDTH, HEIGHT), PAGE)
        self._rectangle(Box(0, 0, WIDTH, 8), MAIN)
        self._words(Words(Box(MARGIN, 34, WIDTH - 2 * MARGIN, 36), slide.title, 28, is_bold=True))
        for item in slide.items:
            self._item(item)
        self._words(Words(Box(MARGIN, HEIGHT - 32, WIDTH - 200, 16), foot, 10, colour=SOFT))
        self._line(number, WIDTH - MARGIN, HEIGHT - 22, 10, SOFT, anchor=1.0)

    def _item(self, item: Item) -> None:
        match item:
            case Words():
                self._words(item)
            case Bars(is_lying=True):
                self._lying_bars(item)
            case Bars():
                self._standing_bars(item)
            case Line():
                self._points(item)
            case Picture():
                box = item.box
                self._pdf.image(BytesIO(item.data), box.x, box.y, box.width, box.height, keep_aspect_ratio=True)
            case Panel():
                self._rectangle(item.box, item.colour)

    def _words(self, words: Words) -> None:
        """Draw a text in lines; where not all fit, the last one ends with "…"."""
        box, height = words.box, words.size * LEADING
        self._pdf.set_font("house", size=words.size)
        lines = self.lines(self._known(words.text), box.width)
        room = max(1, int(box.height / height + 0.01))
        shown = lines[:room]
        if len(lines) > room:
            shown[-1] = f"{shown[-1].rstrip()[:-1]}…"
        for number, line in enumerate(shown):
            self._line(line, box.x, box.y + height * (number + 0.78), words.size, words.colour, words.is_bold)

    def _line(
        self, text: str, x: float, y: float, size: int, colour: str = INK, is_bold: bool = False, anchor: float = 0.0
    ) -> None:
        """Draw a line of text on a height; ``anchor`` says which part of its width lies left of ``x``."""
        pdf, text = self._pdf, self._known(text)
        pdf.set_font("house", size=size)
        with pdf.local_context(text_mode="FILL_STROKE" if is_bold else "FILL", line_width=size / 40):
            pdf.set_text_color("#" + colour)
            pdf.set_draw_color("#" + colour)
            pdf.text(x - anchor * pdf.get_string_width(text), y, text)

    def lines(self, text: str, width: float) -> list[str]:
        """Break a text where words end, and Chinese anywhere but before a sign that ends something."""
        pieces = [
            part
            for piece in _UNBROKEN.findall(text)
            for part in (piece if self._pdf.get_string_width(piece) > width else [piece])
        ]
        lines = [""]
        for piece in pieces:
            if self._pdf.get_string_width(f"{lines[-1]}{piece}".rstrip()) > width:
                lines.append("")
            lines[-1] += piece if lines[-1] else piece.lstrip()
        return [line.rstrip() for line in lines]

    def _known(self, text: str) -> str:
        """Return a text with the letters that the font lacks replaced."""
        return "".join(letter if ord(letter) in self._glyphs else NO_GLYPH for letter in plain(text))

    def _rectangle(self, box: Box, colour: str) -> None:
        self._pdf.set_fill_color("#" + colour)
        self._pdf.rect(box.x, box.y, box.width, box.height, style="F")

    def _title(self, box: Box, title: str) -> None:
        self._words(Words(Box(box.x, box.y, box.width, 20), title, 14, is_bold=True))

    def _lying_bars(self, bars: Bars) -> None:
        """Draw bars below each other, the name above each."""
        box, longest = bars.box, max(bars.values, default=0) or 1
        self._title(box, bars.title)
        step = min(48.0, (box.height - 30) / max(len(bars.values), 1))
        for number, (name, value, label) in enumerate(zip(bars.names, bars.values, bars.labels, strict=True)):
            top, length = box.y + 30 + number * step, BAR_SHARE * box.width * value / longest
            self._line(name, box.x, top + 11, 11, SOFT)
            self._rectangle(Box(box.x, top + 16, max(length, 1.0), min(14.0, step - 20)), bars.colour)
            self._line(label, box.x + length + 6, top + 27, 11)

    def _standing_bars(self, bars: Bars) -> None:
        """Draw bars beside each other, the label above each and the name below."""
        box, longest = bars.box, max(bars.values, default=0) or 1
        self._title(box, bars.title)
        step, ground, room = box.width / max(len(bars.values), 1), box.y + box.height - 18, box.height - 66
        for number, (name, value, label) in enumerate(zip(bars.names, bars.values, bars.labels, strict=True)):
            left, height = box.x + number * step, room * value / longest
            self._rectangle(Box(left + 0.1 * step, ground - height, 0.8 * step, height), bars.colour)
            self._line(label, left + step / 2, ground - height - 5, 9, INK, anchor=0.5)
            self._line(name, left + step / 2, ground + 13, 9, SOFT, anchor=0.5)
        self._rectangle(Box(box.x, ground, box.width, 1), LINE)

    def _points(self, line: Line) -> None:
        """Draw a line through points, the label above each and the name below."""
        box, low, high = line.box, min(line.values), max(line.values)
        self._title(box, line.title)
        step, span = box.width / len(line.values), max(high - low, 0.02)
        bottom, room = box.y + box.height - 50, box.height - 110
        places = [
            (box.x + (number + 0.5) * step, bottom - room * (value - low) / span)
            for number, value in enumerate(line.values)
        ]
        self._pdf.set_draw_color("#" + MAIN)
        self._pdf.set_line_width(2.5)
        self._pdf.polyline(places)
        for (x, y), name, label in zip(places, line.names, line.labels, strict=True):
            self._pdf.set_fill_color("#" + (WARM if (x, y) == places[-1] else MAIN))
            self._pdf.circle(x, y, 5, style="F")
            self._line(label, x, y - 11, 12, INK, anchor=0.5)
            self._line(name, x, box.y + box.height - 22, 10, SOFT, anchor=0.5)
