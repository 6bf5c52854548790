"""Colours of a report's drawings.

matplotlib writes fixed colours. Each stands for a name of the page's style sheet, which says what
the name looks like on a light page, on a dark one and on paper.
"""

from collections.abc import Mapping

from vultus.evaluation.report.chart import Role

INK, FAINT, GRID = "#010203", "#010204", "#010205"

SERIES: Mapping[Role, str] = {
    "main": "#010301",
    "second": "#010302",
    "third": "#010303",
    "fourth": "#010304",
    "fifth": "#010305",
    "genuine": "#010306",
    "impostor": "#010307",
    "reference": FAINT,
}
NAMES: Mapping[str, str] = {
    INK: "ink",
    FAINT: "faint",
    GRID: "grid",
    **{colour: role for role, colour in SERIES.items() if role != "reference"},
}


def named(svg: str) -> str:
    """The drawing with names of the style sheet where the stand-ins were."""
    for colour, name in NAMES.items():
        svg = svg.replace(colour, f"var(--{name})")
    return svg
