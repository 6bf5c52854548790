"""A result as a page: its words from the template beside this file, its drawings as SVG."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.groups import GroupRates
from vultus.evaluation.report.case import Case
from vultus.evaluation.report.chart import Chart
from vultus.evaluation.report.drawing import draw
from vultus.evaluation.report.evaluation import Evaluation
from vultus.evaluation.report.figure import Figure, interval, percent, show

HEADLINES = 4
"""Figures of each part that stand large at its head."""


def render(evaluation: Evaluation) -> str:
    """The whole page: no script, no request to anywhere; pictures and drawings are in it."""
    return _environment().get_template("report.html").render(e=evaluation)


def _draw(chart: Chart) -> Markup:
    # Ours is the only markup that goes in as it is: matplotlib escapes the texts of a drawing.
    return Markup(draw(chart))


def _headlines(figures: Sequence[Figure]) -> Sequence[Figure]:
    """The first that were measured; of none, the first that says why."""
    return [figure for figure in figures if figure.measured][:HEADLINES] or figures[:1]


def _told(case: Case) -> list[tuple[str, str]]:
    """Who is shown in which files, left before right; one person once."""
    files = [(image.subject, image.name.rpartition("/")[2]) for image in case.images]
    if len({subject for subject, _ in files}) > 1:
        return files
    return [(files[0][0], ", ".join(file for _, file in files))]


def _ends(measured: Estimate) -> str:
    return f"{percent(measured.low).removesuffix(' %')} to {percent(measured.high)}"


def _most(rates: GroupRates) -> float:
    """Where the bars of a table end: the highest end of an interval."""
    return max((each.rate.high for each in rates.groups if each.rate), default=0.0) or 1.0


def _width(share: float, full: float) -> str:
    return f"{100 * share / full:.1f}%"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("vultus.evaluation.report.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"draw": _draw, "show": show, "interval": interval, "percent": percent}
    environment.globals |= {"ends": _ends, "most": _most, "width": _width, "told": _told}
    environment.globals["headlines"] = _headlines
    return environment
