"""Charts as SVG that stands in a page: its text is text, its colours are the page's."""

import re
from io import StringIO
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from vultus.evaluation.report.chart import Axis, Chart, Series
from vultus.evaluation.report.palette import FAINT, GRID, INK, SERIES, named

SIZE_INCHES = (5.4, 3.7)
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
}


def draw(chart: Chart) -> str:
    """Draw a chart as one `<svg>` element, the same for the same chart."""
    with rc_context({**STYLE, "svg.hashsalt": chart.key}):
        figure = Figure(figsize=SIZE_INCHES, layout="constrained")
        axes = figure.add_subplot()
        for series in chart.series:
            _draw_series(axes, series)
        _set_axes(axes, chart)
        _draw_marks(axes, chart)
        if len(chart.series) > 1:
            axes.legend(loc=chart.legend)
        file = StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return _element(named(file.getvalue()), chart.title)


def _draw_series(axes: Axes, series: Series) -> None:
    colour, label = SERIES[series.role], series.label
    if series.form == "area":
        axes.fill_between(series.x, series.y, step="mid", color=colour, alpha=0.3, linewidth=0)
        axes.plot(series.x, series.y, color=colour, label=label, drawstyle="steps-mid", lw=1.2)
    elif series.form == "points":
        axes.plot(series.x, series.y, "o-", color=colour, label=label, markersize=4, lw=1.2)
    else:
        faint = series.role == "reference"
        axes.plot(
            series.x,
            series.y,
            color=colour,
            label=label,
            drawstyle="steps-post" if series.form == "steps" else "default",
            linewidth=1.0 if faint else 1.8,
            linestyle="--" if faint else "-",
        )


def _set_axes(axes: Axes, chart: Chart) -> None:
    axes.set_xlabel(chart.x.title)
    axes.set_ylabel(chart.y.title)
    axes.set_xscale(chart.x.scale)
    axes.set_yscale(chart.y.scale)
    axes.set_xlim(chart.x.low, chart.x.high)
    axes.set_ylim(chart.y.low, chart.y.high)
    for axis, wanted in ((axes.xaxis, chart.x), (axes.yaxis, chart.y)):
        if wanted.scale == "log":
            axis.set_major_locator(LogLocator(numticks=12))
            axis.set_minor_formatter(NullFormatter())
        axis.set_major_formatter(FuncFormatter(lambda value, _, of=wanted: _tick(value, of)))


def _tick(value: float, axis: Axis) -> str:
    if axis.share:
        return f"{100 * value:.6g} %"
    return f"{value:,.6g}"


def _draw_marks(axes: Axes, chart: Chart) -> None:
    for mark in chart.marks:
        axes.axvline(mark.at, color=INK, linewidth=1.0, linestyle=":")
        axes.annotate(
            f" {mark.label}",
            (mark.at, 0.98),
            xycoords=("data", "axes fraction"),
            va="top",
            ha="left" if mark.at < np.mean(axes.get_xlim()) else "right",
        )


def _element(svg: str, title: str) -> str:
    """The element alone: no XML head, no metadata, of the width that the page gives it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r"font-family: [^;\"]+", "font-family: inherit", svg)
    label = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
