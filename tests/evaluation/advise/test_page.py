"""The page on choosing a threshold says what follows from the default pack as it is shipped."""

import re
from pathlib import Path

import pytest

from vultus.bootstrap.recognizer import error_rates
from vultus.evaluation.advise.advice import Costs, at_threshold, for_costs, for_fnir, for_fpir
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize
from vultus.models.packs.library import SHIPPED
from vultus.models.packs.manifest import Manifest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "choosing-a-threshold.md"


def manifest(pack: str) -> Manifest:
    return Manifest.model_validate_json((SHIPPED / pack / "manifest.json").read_bytes())


@pytest.fixture(scope="module")
def page() -> str:
    return " ".join(PAGE.read_text().split())


@pytest.fixture(scope="module")
def rates() -> ErrorRates:
    found = error_rates(manifest("dlib").threshold)
    assert found is not None
    return found


def people(subjects: int, photos: int = 1) -> SearchSize:
    return SearchSize.of(subjects, subjects * photos)


def test_the_shares_of_strangers_by_size_are_those_of_the_pack(
    page: str, rates: ErrorRates
) -> None:
    rows = re.findall(r"\| ([\d,]+) \| (\d+) % \|", page)
    assert len(rows) == 4
    for subjects, share in rows:
        named = at_threshold(rates, people(int(subjects.replace(",", ""))), 0.9292).fpir
        assert f"{named:.0%}" == f"{share}%"


def test_the_figures_in_the_text_are_those_of_the_pack(page: str, rates: ErrorRates) -> None:
    named = for_fpir(rates, people(1_000), 0.01)
    assert f"{named.threshold:.3f}, and {percent(named.fnir, 0)} of enrolled people" in page
    assert f"({between(named.fnir_low, named.fnir_high, 0)})" in page
    pairs = at_threshold(rates, people(1), 0.9292)
    assert f"{percent(pairs.fnir, 1)} of pairs of one person do not reach it" in page
    assert f"({between(pairs.fnir_low, pairs.fnir_high, 1)})" in page
    assert f"{rates.similarities[0]:.3f}, where {percent(rates.most_fmr, 1)} of pairs" in page
    assert f"and {rates.similarities[-1]:.3f}, where one in a million does" in page


def percent(share: float, digits: int) -> str:
    return f"{100 * share:.{digits}f} %"


def between(low: float, high: float, digits: int) -> str:
    return f"{100 * low:.{digits}f} to {percent(high, digits)}"


def test_the_examples_are_answered_and_the_largest_gallery_is_one_that_can_be_told(
    rates: ErrorRates,
) -> None:
    assert for_fnir(rates, people(1_000), 0.1).end is None
    assert for_costs(rates, people(1_000), Costs(10, 1)).end is None
    for size in (people(1_000), people(250, 3)):
        assert for_fpir(rates, size, 0.001).end is None


def test_the_pack_opencv_has_neither_rates_nor_probabilities(page: str) -> None:
    other = manifest("opencv")
    assert other.threshold is not None
    assert other.threshold.fmr is None
    assert error_rates(other.threshold) is None
    assert other.calibration is None
    assert f"the pack `opencv`, {other.threshold.similarity:g}," in page
