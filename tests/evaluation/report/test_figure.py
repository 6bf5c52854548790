import pytest

from evaluations import ACCURACY, TOO_FEW
from vultus.evaluation.report.figure import interval, percent, show


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.9928, "99.28 %"),
        (0.5, "50.00 %"),
        (0.0, "0.00 %"),
        (1.0, "100.00 %"),
        (0.0004, "0.040 %"),
        (0.99999, "99.9990 %"),
        (1e-6, "0.00010 %"),
    ],
)
def test_a_share_shows_enough_digits_to_differ_from_none_and_all(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_a_figure_is_shown_with_its_interval() -> None:
    assert show(ACCURACY.value, ACCURACY.unit) == "99.18 %"
    assert interval(ACCURACY) == "98.93 to 99.40 %"


def test_a_figure_that_could_not_be_measured_shows_a_dash() -> None:
    assert not TOO_FEW.measured
    assert show(TOO_FEW.value, TOO_FEW.unit) == "-"
    assert interval(TOO_FEW) == ""


def test_similarities_and_numbers_are_no_percentages() -> None:
    assert show(0.91234, "similarity") == "0.912"
    assert show(6000, "number") == "6,000"
