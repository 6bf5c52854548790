import numpy as np
import pytest

from crowd import crowd
from vultus.errors import TooFewComparisons
from vultus.evaluation.calibrate.outcomes import Outcomes, gallery_sizes, search_outcomes
from vultus.evaluation.calibrate.searches import fit_searches, search_weights
from vultus.evaluation.metrics.calibration import expected_calibration_error
from vultus.matching.size import SearchSize

SIZES = (10, 30, 100, 300)


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    return search_outcomes(*crowd(500, photos=3), sizes=SIZES, draws=4)


def stranger_reach(outcomes: Outcomes, subjects: int, comparisons: int) -> float:
    """How similar the best subject is to a stranger, on average."""
    chosen = (outcomes.subjects == subjects) & (outcomes.comparisons == comparisons)
    return float(outcomes.similarities[chosen & ~outcomes.mated].mean())


def test_galleries_leave_a_third_of_the_people_as_strangers() -> None:
    assert gallery_sizes(500) == (10, 30, 100, 300)
    assert gallery_sizes(449) == (10, 30, 100)
    assert gallery_sizes(10) == ()


def test_only_who_is_enrolled_can_be_found(outcomes: Outcomes) -> None:
    assert not outcomes.right[~outcomes.mated].any()
    assert outcomes.right[outcomes.mated & (outcomes.comparisons == 10)].mean() > 0.95
    assert set(outcomes.subjects.tolist()) == set(SIZES)


def test_strangers_come_closer_to_larger_galleries(outcomes: Outcomes) -> None:
    best = [stranger_reach(outcomes, size, size) for size in SIZES]
    assert best == sorted(best)


def test_a_mate_counts_only_with_another_photo_than_the_enrolled_one() -> None:
    # With one photo each nobody can be searched for but strangers.
    alone = search_outcomes(*crowd(100, photos=1), sizes=(10,), draws=1)
    assert not alone.mated.any()
    exact = search_outcomes(*crowd(100, photos=2, spread=0.6), sizes=(10,), draws=1)
    assert exact.similarities[exact.mated].max() < 1 - 1e-6


def test_strangers_come_closer_where_everybody_has_several_photos(outcomes: Outcomes) -> None:
    best = [
        stranger_reach(outcomes, 100, comparisons)
        for comparisons in (100, 300, 400)  # one photo; two, and three, with their mean
    ]
    assert best == sorted(best)


def test_photos_that_cancel_each_other_out_are_scored_as_a_gallery_scores_them() -> None:
    vectors, people = crowd(100, photos=3)
    vectors[1::3] = -vectors[::3]
    found = search_outcomes(vectors, people, sizes=(10,), draws=2)
    assert np.isfinite(found.similarities).all()
    assert np.abs(found.similarities).max() <= 1


def test_the_same_seed_gives_the_same_outcomes() -> None:
    one, other = (search_outcomes(*crowd(100), sizes=(10,), draws=2) for _ in range(2))
    assert (one.similarities == other.similarities).all()


def test_probabilities_of_searches_hold_at_sizes_and_people_never_seen(
    outcomes: Outcomes,
) -> None:
    fitted = fit_searches(outcomes, "made up")
    others = search_outcomes(*crowd(600, photos=3, seed=1), sizes=(50, 200, 400), draws=4)
    for size in (50, 200, 400):
        chosen = others.subjects == size
        said = np.array(
            [
                fitted.probability(similarity, SearchSize(size, comparisons))
                for similarity, comparisons in zip(
                    others.similarities[chosen], others.comparisons[chosen], strict=True
                )
            ]
        )
        weights = search_weights(others)[chosen]
        error = expected_calibration_error(said, others.right[chosen], weights / weights.mean())
        assert error < 0.05


def test_independent_strangers_come_as_often_as_there_are_subjects(outcomes: Outcomes) -> None:
    fitted = fit_searches(outcomes, "made up")
    assert fitted.growth == pytest.approx(1, abs=0.15)
    people = len(set(outcomes.people[outcomes.mated].tolist()))
    assert (fitted.least, fitted.most) == (round(3 / people, 5), round(1 - 3 / people, 5))


def test_who_can_never_be_found_supports_no_probability() -> None:
    # 150 people with two photos, and 400 with one, who are only ever strangers.
    several, owners = crowd(150, photos=2)
    single, others = crowd(400, photos=1, seed=1)
    vectors, people = np.concatenate([several, single]), np.concatenate([owners, others + 150])
    fitted = fit_searches(search_outcomes(vectors, people, sizes=(10, 30)), "made up")
    assert (fitted.least, fitted.most) == (3 / 150, 1 - 3 / 150)
    few = np.flatnonzero((people < 90) | (people >= 150))
    with pytest.raises(TooFewComparisons, match="people with several photos; at least 100"):
        fit_searches(search_outcomes(vectors[few], people[few], sizes=(10, 30)), "made up")


def test_too_few_people_are_refused() -> None:
    with pytest.raises(TooFewComparisons):
        search_outcomes(*crowd(50), sizes=(10,))
