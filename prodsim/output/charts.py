"""Figures: the map, histograms, bars and intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.index import Rows
from prodsim.output.chart_labels import narrow_path
from prodsim.phrases import Text, phrase

if TYPE_CHECKING:
    from plotly.graph_objects import Figure, Scattergl

    from prodsim.evaluation import Estimate, PairedMeasure
    from prodsim.evaluation.index_recall import EfPoint
    from prodsim.quality.duplicates.thresholds import Thresholds

PALETTE = (
    "#0f766e", "#d97706", "#4f46e5", "#db2777", "#0284c7", "#65a30d", "#9333ea", "#dc2626", "#0d9488", "#b45309",
    "#6366f1", "#be185d", "#0369a1", "#4d7c0f", "#7e22ce",
)  # fmt: skip
GREY = "#a8a29e"
OTHER_VALUES, UNCLUSTERED = Text("other"), Text("unclustered")
"""Names of kinds that are drawn in grey."""


@dataclass(frozen=True, slots=True)
class Colouring:
    """Colours of a map's points.

    Attributes:
        codes: shape (n,), a number per product.
        names: the legend; product i belongs to ``names[codes[i]]``.
    """

    codes: NDArray[np.integer]
    names: tuple[str, ...] = ()


def colour_by_kind(values: "pd.Series[Any]") -> Colouring:
    """Give the most frequent values a colour each; the others and the empty ones share a grey."""
    counts = values[values.astype(str) != ""].value_counts()
    names = [str(name) for name in counts.index[: len(PALETTE)]]
    codes = pd.Index(names, dtype=str).get_indexer(pd.Index(values.astype(str))).astype(np.int16)
    return Colouring(np.where(codes < 0, len(names), codes), (*names, OTHER_VALUES()))


def map_figure(
    xy: NDArray[np.float32], colouring: Colouring, labels: Sequence[tuple[str, float, float]] = ()
) -> "Figure":
    """Draw the map without any text per point, so that a hundred thousand points are 1.6 MB.

    Args:
        xy: float32, shape (n, 2).
        colouring: of the n products.
        labels: names to write on the map, with their place.
    """
    import plotly.graph_objects as go

    size, ink = 7 if len(xy) < 5_000 else 4 if len(xy) < 20_000 else 3, "#1c2321"
    figure = go.Figure(_points(xy, colouring, size))
    font = {"size": 11, "color": ink}
    for text, x, y in labels:
        figure.add_annotation(
            x=x, y=y, text=_plain(text), showarrow=False, yshift=12, font=font, bgcolor="rgba(251,250,248,.78)",
            borderpad=1,
        )  # fmt: skip
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    figure.update_layout(
        xaxis=hidden,
        yaxis=hidden,
        margin={"l": 0, "r": 0, "t": 16, "b": 0},
        dragmode="lasso",
        legend={"orientation": "h", "yanchor": "top", "y": 0, "x": 0, "itemsizing": "constant", "font": font},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        uirevision="map",
    )
    return figure


def spread_figure(values: "pd.Series[float]", title: str) -> "Figure":
    """Draw a histogram of amounts."""
    import plotly.graph_objects as go

    counts, edges = np.histogram(values.dropna(), bins=24)
    figure = go.Figure(go.Bar(x=(edges[:-1] + edges[1:]) / 2, y=counts, marker_color=PALETTE[0]))
    return _small(figure, title)


def counts_figure(counts: Sequence[tuple[str, int]], title: str) -> "Figure":
    """Draw bars of the most frequent values, the most frequent on top."""
    import plotly.graph_objects as go

    names = [_plain(name if len(name) < 28 else f"{name[:26]}…") for name, _ in counts]
    figure = go.Figure(go.Bar(x=[n for _, n in counts], y=names, orientation="h", marker_color=PALETTE[0]))
    figure.update_yaxes(autorange="reversed", type="category")
    return _small(figure, title, height=40 + 24 * max(len(counts), 1))


def bars_figure(names: Sequence[str], values: Sequence[float], labels: Sequence[str], title: str) -> "Figure":
    """Draw bars in the order given, the first on top, for a narrow place: the name above each, the label at its end."""
    import plotly.graph_objects as go

    places = list(range(len(names)))
    bars = go.Bar(x=list(values), y=places, text=list(labels), textposition="outside", orientation="h", width=0.34)
    figure = go.Figure(bars.update(marker_color=PALETTE[1], hoverinfo="skip", cliponaxis=False))
    for place, name in zip(places, names, strict=True):
        text, font = _plain(narrow_path(name)), {"size": 12}
        figure.add_annotation(x=0, y=place - 0.42, text=text, showarrow=False, xanchor="left", font=font)
    figure.update_yaxes(range=[len(names) - 0.5, -0.9], visible=False)
    figure.update_xaxes(range=[0, 1.5 * max(values, default=1)], visible=False)
    return _small(figure, title, height=40 + 40 * len(names))


def trend_figure(when: Sequence[str], shares: Sequence[float], labels: Sequence[str]) -> "Figure":
    """Draw shares at each of some dates as a line, oldest first, each with its label; the last one stands out."""
    import plotly.graph_objects as go

    places = list(range(len(shares)))  # dates side by side: uploads of one day are no one point
    line = go.Scatter(
        x=places,
        y=list(shares),
        mode="lines+markers+text",
        text=list(labels),
        textposition="top center",
        line={"color": PALETTE[0], "width": 3},
        marker={"size": [8] * (len(shares) - 1) + [13], "color": PALETTE[0]},
        hoverinfo="skip",
        cliponaxis=False,
    )
    low, high = min(shares, default=0.0), max(shares, default=1.0)
    room = max(high - low, 0.02)
    figure = go.Figure(line)
    figure.update_xaxes(tickvals=places, ticktext=list(when), showgrid=False, range=[-0.4, len(shares) - 0.6])
    figure.update_yaxes(visible=False, range=[low - 0.4 * room, high + 0.6 * room])
    return _small(figure, "", height=170)


def thresholds_figure(thresholds: "Thresholds", value: float) -> "Figure":
    """Draw shares of products by their closest match's score, next to random pairs; the line of ``value`` is solid."""
    import plotly.graph_objects as go

    from prodsim.quality.subject import LEVEL_TITLES

    middles = (thresholds.edges[:-1] + thresholds.edges[1:]) / 2
    figure = go.Figure()
    for name, counts, colour in (
        (phrase("random pairs"), thresholds.random, GREY),
        (phrase("closest match"), thresholds.nearest, PALETTE[0]),
    ):
        shares = counts / max(counts.sum(), 1)
        figure.add_trace(go.Bar(x=middles, y=shares, name=name, marker_color=colour, opacity=0.75, hoverinfo="skip"))
    for place in dict.fromkeys([*thresholds.of_level.values(), value]):
        name = ", ".join(LEVEL_TITLES[level]() for level, own in thresholds.of_level.items() if own == place)
        line = {"color": PALETTE[1], "width": 2, "dash": "solid" if place == value else "dot"}
        text = {"text": name or f"{place:.2f}", "textangle": -90, "yanchor": "top"}
        figure.add_vline(place, line=line, annotation=text)
    figure.update_yaxes(visible=False)
    legend = {"orientation": "h", "y": -0.15, "yanchor": "top"}
    return _small(figure, "", height=230).update_layout(barmode="overlay", bargap=0, showlegend=True, legend=legend)


def measures_figure(measures: "Sequence[PairedMeasure]", name_a: str, name_b: str) -> "Figure":
    """Draw each measure of two settings as a point with its 95 % interval, the first on top; the axis is [0, 1]."""
    import plotly.graph_objects as go

    figure = go.Figure()
    sides = ((name_a, [each.a for each in measures], 0.14), (name_b, [each.b for each in measures], -0.14))
    for place, (name, estimates, shift) in enumerate(sides):
        figure.add_trace(
            go.Scatter(
                x=[each.mean for each in estimates],
                y=[len(measures) - 1 - number + shift for number in range(len(measures))],
                error_x=_bars([e.mean for e in estimates], [e.low for e in estimates], [e.high for e in estimates]),
                mode="markers+text",
                text=[f"{each.mean:.2f}" for each in estimates],
                textposition="top center" if shift > 0 else "bottom center",
                marker={"size": 11, "color": PALETTE[place]},
                name=_plain(name),
                hovertemplate="%{x:.3f}<extra></extra>",
            )
        )
    names = [_plain(each.name) for each in measures]
    figure.update_yaxes(tickvals=list(range(len(names)))[::-1], ticktext=names, range=[-0.6, len(names) - 0.4])
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".1f")
    small = _small(figure, "", height=60 + 80 * len(names))
    return small.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})


def intervals_figure(methods: "Sequence[tuple[str, Estimate]]", measure: str) -> "Figure":
    """Draw one measure of several methods as points with 95 % intervals, the first on top and in another colour."""
    import plotly.graph_objects as go

    estimates = [estimate for _, estimate in methods]
    points = go.Scatter(
        x=[each.mean for each in estimates],
        y=list(range(len(methods)))[::-1],
        error_x=_bars([e.mean for e in estimates], [e.low for e in estimates], [e.high for e in estimates]),
        mode="markers",
        marker={"size": 11, "color": [PALETTE[1], *[PALETTE[0]] * (len(methods) - 1)]},
        hovertemplate="%{x:.3f}<extra></extra>",
    )
    figure = go.Figure(points)
    figure.update_yaxes(tickvals=list(range(len(methods)))[::-1], ticktext=[_plain(name) for name, _ in methods])
    figure.update_xaxes(title=measure, rangemode="tozero")
    return _small(figure, "", height=80 + 40 * len(methods))


def recall_figure(points: "Sequence[EfPoint]", ef: int | None) -> "Figure":
    """Draw recall against the time of a search, with a 95 % interval per search width; the one in use stands out."""
    import plotly.graph_objects as go

    curve = go.Scatter(
        x=[point.median_ms for point in points],
        y=[point.recall for point in points],
        error_y=_bars(
            [point.recall for point in points], [point.low for point in points], [point.high for point in points]
        ),
        mode="lines+markers+text",
        text=[f"{point.ef:,}" for point in points],
        textposition=[("top center", "bottom right")[number % 2] for number in range(len(points))],  # some lie close
        marker={"size": 10, "color": [PALETTE[1] if point.ef == ef else PALETTE[0] for point in points]},
        line={"color": GREY, "width": 1},
        hovertemplate=phrase("width %{{text}}: %{{y:.1%}}, %{{x:.2f}} ms") + "<extra></extra>",
    )
    figure = go.Figure(curve)
    figure.update_xaxes(title=phrase("milliseconds per search"), rangemode="tozero")
    figure.update_yaxes(title=phrase("recall"), tickformat=".1%")
    return _small(figure, "", height=300)


def training_figure(numbers: pd.DataFrame, best_at: int | None = None) -> "Figure":
    """Draw loss and validation quality by batch, each on its own axis; the batch whose weights are kept is marked.

    Args:
        numbers: step, name (``loss`` or ``quality``), value.
        best_at: that batch, once it is known.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    axes = {"loss": (phrase("loss"), "y"), "quality": (phrase("validation quality"), "y2")}
    for place, (name, (title, axis)) in enumerate(axes.items()):
        own = numbers[numbers["name"] == name]
        figure.add_trace(
            go.Scatter(
                x=own["step"],
                y=own["value"],
                yaxis=axis,
                mode="lines+markers",
                name=title,
                line={"color": PALETTE[place]},
                hovertemplate=phrase("%{{y:.3f}} after %{{x}}") + f"<extra>{title}</extra>",
            )
        )
    if best_at:
        figure.add_vline(best_at, line={"color": GREY, "dash": "dot"}, annotation={"text": phrase("kept")})
    figure.update_layout(yaxis2={"overlaying": "y", "side": "right", "showgrid": False})
    figure.update_xaxes(title=phrase("batches"))
    small = _small(figure, "", height=280)
    return small.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})


def _bars(middles: Sequence[float], lows: Sequence[float], highs: Sequence[float]) -> dict[str, Any]:
    """Return intervals around their middles, as plotly draws them."""
    above = [high - middle for middle, high in zip(middles, highs, strict=True)]
    below = [middle - low for middle, low in zip(middles, lows, strict=True)]
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 2}


def _points(xy: NDArray[np.float32], colouring: Colouring, size: int) -> "list[Scattergl]":
    """Return the traces of a map's points, one per kind."""
    traces = []
    for code, name in enumerate(colouring.names):
        which = np.flatnonzero(colouring.codes == code)
        if len(which):
            colour = GREY if name in (OTHER_VALUES(), UNCLUSTERED()) else PALETTE[code % len(PALETTE)]
            traces.append(_trace(xy, which, {"size": size, "color": colour}).update(name=_plain(name[:40])))
    return traces


def _trace(xy: NDArray[np.float32], rows: Rows, marker: dict[str, Any]) -> "Scattergl":
    """Return points that carry their rows and no text."""
    import plotly.graph_objects as go

    points = {"x": xy[rows, 0], "y": xy[rows, 1], "customdata": rows.astype(np.int32)}
    return go.Scattergl(mode="markers", marker={"opacity": 0.8, **marker}, hoverinfo="none", **points)


def _small(figure: "Figure", title: str, height: int = 170) -> "Figure":
    """Give a figure the layout of small ones."""
    return figure.update_layout(
        title={"text": title, "font": {"size": 13}},
        height=height,
        margin={"l": 0, "r": 0, "t": 28, "b": 0},
        bargap=0.15,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
    )


def _plain(text: str) -> str:
    """Return a text that plotly, which reads some HTML, shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
