import xml.etree.ElementTree as tree
from dataclasses import replace

import pytest

from evaluations import part
from vultus.errors import InvalidValue
from vultus.evaluation.report.chart import Chart, Series
from vultus.evaluation.report.drawing import draw

CHART: Chart = part().charts[0]


def test_a_chart_is_one_svg_element_whose_colours_are_the_pages() -> None:
    drawn = draw(CHART)
    assert tree.fromstring(drawn).tag.endswith("svg")
    assert "var(--main)" in drawn
    assert "#0103" not in drawn
    assert "#0102" not in drawn


def test_the_texts_of_a_chart_are_texts() -> None:
    texts = {"".join(each.itertext()).strip() for each in tree.fromstring(draw(CHART)).iter()}
    assert {"one@1", "chance", "false matches", "threshold"} <= texts


def test_a_label_is_never_read_as_a_formula() -> None:
    priced = replace(CHART.series[0], label="$x^2$ & <b>")
    texts = {
        "".join(each.itertext()).strip()
        for each in tree.fromstring(draw(replace(CHART, series=(priced, CHART.series[1])))).iter()
    }
    assert "$x^2$ & <b>" in texts


def test_the_same_chart_is_drawn_the_same() -> None:
    assert draw(CHART) == draw(CHART)


def test_charts_of_one_page_share_no_ids() -> None:
    def ids(chart: Chart) -> set[str]:
        return {each.get("id", "") for each in tree.fromstring(draw(chart)).iter("{*}clipPath")}

    assert ids(CHART).isdisjoint(ids(replace(CHART, key="det")))


@pytest.mark.parametrize("form", ["line", "steps", "area", "points"])
def test_every_form_is_drawn(form: str) -> None:
    series = replace(CHART.series[0], form=form)
    assert "var(--main)" in draw(replace(CHART, series=(series,)))


def test_a_series_has_as_many_x_as_y() -> None:
    with pytest.raises(InvalidValue):
        Series("crooked", (1.0, 2.0), (1.0,))
