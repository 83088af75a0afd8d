"""Slides as PowerPoint: texts and charts that can be edited there."""

from collections.abc import Sequence
from io import BytesIO

from prodsim.extras import optional_packages
from prodsim.output.slides import (
    HEIGHT,
    INK,
    MAIN,
    MARGIN,
    PAGE,
    SOFT,
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
    from pptx import Presentation
    from pptx.chart.chart import Chart
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.enum.text import MSO_AUTO_SIZE
    from pptx.slide import Slide as Page
    from pptx.text.text import Font
    from pptx.util import Pt

FONT = "Calibri"
"""Of PowerPoint, which takes another one for letters that it lacks, such as Chinese ones."""
BLANK_LAYOUT = 6
"""Of python-pptx's own template."""


def slides_as_pptx(slides: Sequence[Slide], foot: str) -> bytes:
    """Return a presentation with a page for each slide; nothing in it is run or leads elsewhere."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    deck.core_properties.title = plain(slides[0].title) if slides else ""
    for number, slide in enumerate(slides, 1):
        page = deck.slides.add_slide(deck.slide_layouts[BLANK_LAYOUT])
        items = (
            Panel(Box(0, 0, WIDTH, HEIGHT), PAGE),
            Panel(Box(0, 0, WIDTH, 8), MAIN),
            Words(Box(MARGIN, 30, WIDTH - 2 * MARGIN, 40), slide.title, 28, is_bold=True),
            *slide.items,
            Words(Box(MARGIN, HEIGHT - 34, WIDTH - 200, 18), foot, 10, colour=SOFT),
            Words(Box(WIDTH - MARGIN - 60, HEIGHT - 34, 60, 18), f"{number} / {len(slides)}", 10, colour=SOFT),
        )
        for item in items:
            _draw(page, item)
    stream = BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _draw(page: Page, item: Item) -> None:
    match item:
        case Words():
            _words(page, item)
        case Bars() | Line():
            _chart(page, item)
        case Picture():
            _picture(page, item)
        case Panel():
            _panel(page, item)


def _words(page: Page, words: Words) -> None:
    """Add a text that keeps to its box."""
    frame = page.shapes.add_textbox(*_place(words.box)).text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = plain(words.text)
    _dress(frame.paragraphs[0].font, words.size, words.colour, words.is_bold)


def _panel(page: Page, panel: Panel) -> None:
    shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_place(panel.box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(panel.colour.upper())
    shape.line.fill.background()
    shape.shadow.inherit = False


def _picture(page: Page, picture: Picture) -> None:
    """Add a picture, as large as its box allows, in its middle."""
    box = picture.box
    shape = page.shapes.add_picture(BytesIO(picture.data), *_place(box)[:2])
    scale = min(_place(box)[2] / shape.width, _place(box)[3] / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape.left += (_place(box)[2] - shape.width) // 2
    shape.top += (_place(box)[3] - shape.height) // 2


def _chart(page: Page, item: Bars | Line) -> None:
    """Add a chart of the program's own, with a title above and a label at each value."""
    box, names = item.box, [plain(name) for name in item.names]
    _words(page, Words(Box(box.x, box.y, box.width, 22), item.title, 14, is_bold=True))
    if isinstance(item, Line):
        kind = XL_CHART_TYPE.LINE_MARKERS
    else:
        kind = XL_CHART_TYPE.BAR_CLUSTERED if item.is_lying else XL_CHART_TYPE.COLUMN_CLUSTERED
    data = CategoryChartData()
    data.categories = names
    data.add_series("", [float(value) for value in item.values])
    below = Box(box.x, box.y + 24, box.width, box.height - 24)
    chart: Chart = page.shapes.add_chart(kind, *_place(below), data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(names, item.values))
    _dress_axes(chart, item)
    _dress_series(chart, item)


def _workbook(names: Sequence[str], values: Sequence[float]) -> bytes:
    """Return the workbook that a chart is edited by; python-pptx's own would run names that begin with "="."""
    import xlsxwriter

    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("Sheet1")  # the chart names it
        sheet.write_column(1, 0, names)
        sheet.write_column(1, 1, values)
    return stream.getvalue()


def _dress_axes(chart: Chart, item: Bars | Line) -> None:
    """Show the names alone: values stand at the bars."""
    chart.has_legend = chart.has_title = False
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    lying = isinstance(item, Bars) and item.is_lying
    if isinstance(item, Bars):
        chart.value_axis.minimum_scale = 0
        chart.value_axis.maximum_scale = (1.45 if lying else 1.15) * (max(item.values, default=0) or 1)  # for labels
    chart.category_axis.reverse_order = lying
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.format.line.fill.background()
    _dress(chart.category_axis.tick_labels.font, 11 if lying else 10, SOFT)


def _dress_series(chart: Chart, item: Bars | Line) -> None:
    """Colour the bars or the line, and write the labels."""
    plot = chart.plots[0]
    series, colour = plot.series[0], RGBColor.from_string((item.colour if isinstance(item, Bars) else MAIN).upper())
    if isinstance(item, Bars):
        plot.gap_width = 60 if item.is_lying else 25
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour
    else:
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = colour, Pt(2.5)
    position = XL_LABEL_POSITION.OUTSIDE_END if isinstance(item, Bars) else XL_LABEL_POSITION.ABOVE
    for number, label in enumerate(item.labels):
        if label:
            shown = series.points[number].data_label
            shown.text_frame.text, shown.position = plain(label), position
            _dress(shown.text_frame.paragraphs[0].runs[0].font, 11, INK)


def _dress(font: Font, size: int, colour: str, is_bold: bool = False) -> None:
    font.size, font.bold, font.name = Pt(size), is_bold, FONT
    font.color.rgb = RGBColor.from_string(colour.upper())


def _place(box: Box) -> tuple[int, int, int, int]:
    """Return left, top, width and height as PowerPoint counts them."""
    return Pt(box.x), Pt(box.y), Pt(box.width), Pt(box.height)
