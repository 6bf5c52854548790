from dataclasses import replace

import pytest

from evaluations import comparisons, evaluation
from vultus.errors import NotComparable, TooFewComparisons
from vultus.evaluation.compare import Rivals, compare_results
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.report.comparisons import Comparisons

RESAMPLING = Resampling(200)


def rivals(first: Comparisons, second: Comparisons) -> Rivals:
    results = evaluation("one", first), evaluation("two", second)
    return compare_results(*results, RESAMPLING)


def test_a_much_better_model_is_better_beyond_chance() -> None:
    found = rivals(comparisons(people=30), comparisons(people=30, shift=0.3))
    eer = next(each for each in found.figures if each.key == "eer")
    assert eer.winner == "second"
    assert eer.change.difference.high < 0
    assert found.verdict.startswith("two@1 is better than one@1, beyond chance, by: ")


def test_the_other_way_round_it_is_the_other_that_is_better() -> None:
    better, worse = comparisons(people=30, shift=0.3), comparisons(people=30)
    assert rivals(better, worse).verdict.startswith("one@1 is better than two@1")


def test_the_same_scores_tell_no_difference() -> None:
    found = rivals(comparisons(), comparisons())
    assert {each.winner for each in found.figures} == {"neither"}
    assert "may be chance" in found.verdict


def test_other_noise_of_the_same_size_is_no_real_difference() -> None:
    found = rivals(comparisons(people=30), comparisons(people=30, seed=1))
    assert next(each for each in found.figures if each.key == "auc").winner == "neither"


def test_accuracy_is_compared_where_there_are_folds() -> None:
    def in_folds(compared: Comparisons) -> Comparisons:
        return replace(compared, folds=tuple(n % 5 for n in range(len(compared.folds))))

    keys = [each.key for each in rivals(*map(in_folds, [comparisons(), comparisons()])).figures]
    assert keys[0] == "accuracy"
    assert "accuracy" not in [each.key for each in rivals(comparisons(), comparisons()).figures]


def test_different_pairs_are_not_compared() -> None:
    with pytest.raises(NotComparable, match="different pairs"):
        rivals(comparisons(people=10), comparisons(people=11))


def test_different_datasets_are_not_compared() -> None:
    results = [evaluation(compared=comparisons(), version=letter * 64) for letter in "ab"]
    with pytest.raises(NotComparable, match="different datasets"):
        compare_results(*results, RESAMPLING)


def test_a_result_without_pairs_is_not_compared() -> None:
    with pytest.raises(NotComparable, match="holds no verification of pairs"):
        compare_results(evaluation(compared=comparisons()), evaluation("two"), RESAMPLING)


def test_pairs_of_one_kind_alone_tell_nothing() -> None:
    alone = comparisons(people=1)
    with pytest.raises(TooFewComparisons):
        rivals(alone, alone)
