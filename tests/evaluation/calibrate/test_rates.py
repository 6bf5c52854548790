from dataclasses import replace

import numpy as np
import pytest

from crowd import crowd
from vultus.domain.template import ModelId
from vultus.errors import TooFewComparisons
from vultus.evaluation.calibrate.measure import measure, measure_on
from vultus.evaluation.calibrate.outcomes import search_outcomes
from vultus.evaluation.calibrate.rates import measure_rates
from vultus.evaluation.calibrate.sample import sampled_trials
from vultus.evaluation.calibrate.tail import measure_tail, similarity_of
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage, Pair
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.templates.table import TemplateTable
from vultus.matching.rates import ErrorRates

VECTORS, PEOPLE = crowd(300, photos=3)


@pytest.fixture(scope="module")
def rates() -> ErrorRates:
    outcomes = search_outcomes(VECTORS, PEOPLE, sizes=(10, 30, 100), draws=5)
    return measure_rates(VECTORS, PEOPLE, outcomes, "made up", Resampling(50))


def test_false_match_rates_are_the_shares_of_all_comparisons(rates: ErrorRates) -> None:
    cosines = (VECTORS @ VECTORS.T)[PEOPLE[:, None] < PEOPLE[None]]
    for similarity, fmr in zip(rates.similarities, rates.fmr.value, strict=True):
        assert fmr == pytest.approx((cosines >= similarity - 1e-5).mean(), rel=0.01)


def test_false_non_match_rates_are_the_shares_of_all_mates(rates: ErrorRates) -> None:
    mates = (PEOPLE[:, None] == PEOPLE[None]) & np.triu(np.ones((900, 900), bool), 1)
    cosines = (VECTORS @ VECTORS.T)[mates]
    for similarity, fnmr in zip(rates.similarities, rates.fnmr.value, strict=True):
        assert fnmr == pytest.approx((cosines < similarity).mean(), abs=0.002)


def test_the_last_knot_is_reached_by_ten_pairs_of_people(rates: ErrorRates) -> None:
    pairs = 300 * 299 / 2
    assert 10 / pairs * 0.8 < rates.least_fmr < 20 / pairs


def test_intervals_hold_the_rates_and_widen_where_little_is_seen(rates: ErrorRates) -> None:
    for rate in (rates.fmr, rates.fnmr):
        assert all(
            low <= value <= high
            for low, value, high in zip(rate.low, rate.value, rate.high, strict=True)
        )
    widths = np.array(rates.fmr.high) / np.array(rates.fmr.low)
    assert widths[-1] > 1.5 * widths[0]


def test_a_person_with_many_photos_weighs_as_much_as_any_other() -> None:
    many = np.vstack([VECTORS, np.tile(VECTORS[:1], (500, 1))])
    people = np.concatenate([PEOPLE, np.zeros(500, np.int64)])
    one, other = measure_tail(VECTORS, PEOPLE, 0.05), measure_tail(many, people, 0.05)
    shares = [tail.weights[::-1].cumsum()[::-1] / tail.weights.sum() for tail in (one, other)]
    assert np.abs(shares[0] - shares[1]).max() < 0.003


def test_a_tail_keeps_what_reaches_it_and_counts_the_rest() -> None:
    tail = measure_tail(VECTORS, PEOPLE, 0.05)
    assert tail.pairs == 300 * 299 // 2
    assert tail.weights.sum() == pytest.approx(tail.pairs)
    assert tail.shares.sum() <= 0.05 * tail.pairs
    assert (tail.first != tail.second).all()
    assert similarity_of(tail.bins).min() > 0.3


def test_too_few_people_are_refused() -> None:
    vectors, people = crowd(35)
    outcomes = search_outcomes(*crowd(60), sizes=(10,), draws=1)
    with pytest.raises(TooFewComparisons):
        measure_rates(vectors, people, outcomes, "too few", Resampling(10))


def test_what_is_measured_becomes_parts_of_a_manifest() -> None:
    pairs = sampled_trials(VECTORS, PEOPLE)
    measured = measure(VECTORS, PEOPLE, pairs, "made up", "made up pairs")
    threshold, calibration = measured.threshold_part, measured.calibration_part
    assert (threshold.fmr, threshold.protocol) == (1e-3, "made up")
    assert threshold.uncertain_from < threshold.similarity
    assert threshold.rates is not None
    assert threshold.rates.people == 300
    assert calibration.pair.protocol == "made up pairs"
    assert calibration.search is not None


def dataset_of(pairs: tuple[Pair, ...] = ()) -> tuple[Dataset, TemplateTable]:
    """The crowd as a dataset, and one image more that shows no face."""
    images = [
        DatasetImage(f"{row:064x}", f"person {person}", f"{row}.jpg")
        for row, person in enumerate([*PEOPLE.tolist(), 0])
    ]
    count = len(images)
    found = np.arange(count) < count - 1
    vectors = np.vstack([VECTORS, np.zeros((1, VECTORS.shape[1]), np.float32)])
    table = TemplateTable(ModelId("made up", "1"), vectors, found, found.astype(np.int64), {})
    return Dataset("crowd", "nobody", tuple(images), pairs), table


def test_a_dataset_is_measured_without_its_images_that_show_no_face() -> None:
    dataset, table = dataset_of()
    measured = measure_on(dataset, table)
    version = dataset.version[:12]
    assert measured.rates.protocol == f"crowd ({version}): 900 photos of 300 people"
    assert measured.calibration.pair.protocol.endswith("drawn pairs")


def test_pairs_that_a_dataset_brings_are_what_is_fitted_to() -> None:
    rows = range(0, 900, 3)
    same = tuple(Pair(row, row + 1, True, 0) for row in rows)
    different = tuple(Pair(row, (row + 3) % 900, False, 0) for row in rows)
    measured = measure_on(*dataset_of(same + different))
    assert measured.calibration.pair.protocol.endswith("600 pairs of its own")


def test_what_is_measured_on_a_split_names_the_split_and_the_version_that_is_kept() -> None:
    dataset, table = dataset_of()
    images = tuple(replace(image, split="calibration") for image in dataset.images)
    kept = replace(dataset, images=images)
    measured = measure_on(kept.subset("calibration"), table)
    called = f"crowd, split calibration ({kept.version[:12]}): "
    assert measured.rates.protocol.startswith(called)
    assert measured.calibration.pair.protocol.startswith(called)
    assert measured.calibration_part.search is not None
    assert measured.calibration_part.search.protocol.startswith(called)
