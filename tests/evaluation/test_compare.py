from dataclasses import replace

import numpy as np
import pytest

from evaluations import comparisons, evaluation
from vultus.errors import NotComparable, TooFewComparisons
from vultus.evaluation.compare import LEAST_PEOPLE, Rivals, compare_results, guarded
from vultus.evaluation.compared import Compared
from vultus.evaluation.gate import judge
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.report.comparisons import Comparisons
from vultus.evaluation.report.evaluation import Evaluation, Part
from vultus.evaluation.report.figure import Figure

RESAMPLING = Resampling(200)


def result(
    pack: str = "one",
    compared: Comparisons | None = None,
    threshold: float | None = 0.5,
    *figures: Figure,
    parts: tuple[Part, ...] = (),
) -> Evaluation:
    """A result on the pairs of 30 people, whose model accepts from `threshold` on."""
    made = evaluation(pack, compared or comparisons(people=30))
    (verified,) = made.parts
    verified = replace(verified, details=(*verified.details, *figures))
    model = replace(made.model, threshold=threshold)
    return replace(made, model=model, parts=(verified, *parts))


def rivals(first: Comparisons, second: Comparisons) -> Rivals:
    return compare_results(result("one", first), result("two", second), RESAMPLING)


def figure(of: Rivals, key: str) -> Compared:
    return next(each for each in of.figures if each.key == key)


def share(key: str, value: float, give: float = 0.005) -> Figure:
    return Figure(key, key, value, "made up", value - give, value + give)


def test_a_much_better_model_is_better_beyond_chance() -> None:
    found = rivals(comparisons(people=30), comparisons(people=30, shift=0.3))
    eer = figure(found, "eer")
    assert eer.winner == "second"
    assert eer.change.difference.high < 0
    assert found.verdict.startswith("two@1 is better than one@1, beyond chance, by: ")


def test_the_other_way_round_it_is_the_other_that_is_better() -> None:
    better, worse = comparisons(people=30, shift=0.3), comparisons(people=30)
    assert rivals(better, worse).verdict.startswith("one@1 is better than two@1")


def test_the_same_scores_tell_no_difference() -> None:
    found = rivals(comparisons(people=30), comparisons(people=30))
    assert {each.winner for each in found.figures} == {"neither"}
    assert "may be chance" in found.verdict


def test_other_noise_of_the_same_size_is_no_real_difference() -> None:
    found = rivals(comparisons(people=30), comparisons(people=30, seed=1))
    assert figure(found, "auc").winner == "neither"


def test_accuracy_is_compared_where_there_are_folds() -> None:
    def in_folds(compared: Comparisons) -> Comparisons:
        return replace(compared, folds=tuple(n % 5 for n in range(len(compared.folds))))

    plain = comparisons(people=30)
    keys = [each.key for each in rivals(*map(in_folds, [plain, plain])).figures]
    assert keys[0] == "accuracy"
    assert "accuracy" not in [each.key for each in rivals(plain, plain).figures]


def test_what_each_model_decides_at_its_own_threshold_is_compared() -> None:
    pairs = comparisons(people=30)
    found = compare_results(result("one", pairs, 0.5), result("two", pairs, 0.45), RESAMPLING)
    same = np.array([one == other for one, other in pairs.people])
    scores = np.array(pairs.scores, np.float32)
    wrong, missed = figure(found, "fmr@threshold"), figure(found, "fnmr@threshold")
    assert wrong.change.first == pytest.approx((scores[~same] >= 0.5).mean())
    assert wrong.change.second == pytest.approx((scores[~same] >= 0.45).mean())
    assert missed.change.second == pytest.approx((scores[same] < 0.45).mean())
    assert (wrong.winner, missed.winner) == ("first", "second")


def test_without_both_thresholds_no_decisions_are_compared() -> None:
    found = compare_results(result(), result("two", threshold=None), RESAMPLING)
    assert "fmr@threshold" not in [each.key for each in found.figures]


def test_identification_and_calibration_are_compared_where_both_were_measured() -> None:
    def with_searches(pack: str, rank1: float, fnir: float, ece: float) -> Evaluation:
        closed = Part("closed_set", "", "", (share("closed_set.rank1", rank1),))
        opened = Part("open_set", "", "", (share("open_set.fnir@fpir=0.01", fnir),))
        return result(pack, None, 0.5, share("calibration.ece", ece), parts=(closed, opened))

    full = with_searches("one", 0.95, 0.1, 0.01)
    worse = compare_results(full, with_searches("two", 0.90, 0.102, 0.2), RESAMPLING)
    verdicts = {each.key: each.winner for each in worse.figures if not each.paired}
    assert verdicts == {
        "closed_set.rank1": "first",
        "open_set.fnir@fpir=0.01": "neither",
        "calibration.ece": "first",
    }
    alone = compare_results(full, result("two"), RESAMPLING)
    assert all(each.paired for each in alone.figures)


def test_different_pairs_are_not_compared() -> None:
    with pytest.raises(NotComparable, match="different pairs; evaluate both with the same command"):
        rivals(comparisons(people=30), comparisons(people=31))


def test_different_datasets_are_not_compared() -> None:
    results = [evaluation(compared=comparisons(people=30), version=letter * 64) for letter in "ab"]
    with pytest.raises(NotComparable, match=r"different datasets, made up \(a{12}\) and made up"):
        compare_results(*results, RESAMPLING)


@pytest.mark.parametrize(
    ("contents", "compared"),
    [(("c", "c"), True), (("c", "d"), False), (("c", ""), False), (("", ""), False)],
)
def test_the_same_photos_are_compared_whatever_the_datasets_are_called(
    contents: tuple[str, str], compared: bool
) -> None:
    one, other = (
        replace(each, studied=replace(each.studied, name=name, version=name * 64, content=content))
        for name, content, each in zip("ab", contents, (result(), result("two")), strict=True)
    )
    if compared:
        assert compare_results(one, other, RESAMPLING).dataset == "a"
    else:
        with pytest.raises(NotComparable, match="different datasets"):
            compare_results(one, other, RESAMPLING)


def test_a_split_is_not_compared_with_the_whole() -> None:
    whole = result()
    part = replace(whole, studied=replace(whole.studied, split="test", content="a part"))
    whole = replace(whole, studied=replace(whole.studied, content="all"))
    with pytest.raises(NotComparable, match="split test"):
        compare_results(whole, part, RESAMPLING)


def test_a_result_without_pairs_says_which_command_makes_one() -> None:
    bare = replace(result("two"), parts=())
    command = "vultus evaluate verification --on 'made up' --pack two --json FILE"
    with pytest.raises(
        NotComparable, match=f"holds no verification of pairs; make one with {command}"
    ):
        compare_results(result(), bare, RESAMPLING)


def test_pairs_that_support_no_figure_are_too_few() -> None:
    with pytest.raises(TooFewComparisons):
        compare_results(result(), evaluation("two"), RESAMPLING)


@pytest.mark.parametrize("people", [1, 2, 6, LEAST_PEOPLE - 1])
def test_too_few_people_tell_no_difference(people: int) -> None:
    few = comparisons(people=people)
    with pytest.raises(TooFewComparisons, match=f"with {people} people; at least 30") as caught:
        rivals(few, comparisons(people=people, shift=-0.3))
    assert (caught.value.comparisons, caught.value.needed) == (people, 30)


def test_many_people_of_whom_few_have_two_photos_tell_no_difference() -> None:
    pairs = comparisons(people=40)
    kept = [row for row, (one, other) in enumerate(pairs.people) if one != other or one < 5]
    few = Comparisons(
        *(
            tuple(each[row] for row in kept)
            for each in (pairs.people, pairs.rows, pairs.folds, pairs.scores)
        )
    )
    with pytest.raises(TooFewComparisons, match=r"in pairs of one person .* with 5 people"):
        rivals(few, few)


def test_a_candidate_is_held_to_its_own_threshold() -> None:
    pairs = comparisons(people=30)
    lax = compare_results(result("one", pairs, 0.6), result("two", pairs, 0.2), RESAMPLING)
    reasons = judge(guarded(lax, 0.0)).reasons
    assert [reason.partition(" is worse")[0] for reason in reasons] == ["FMR at its own threshold"]
    # Half of all strangers accepted is not forgiven, however much is allowed.
    assert judge(guarded(lax, 1.0)).reasons == reasons


def test_the_area_under_the_roc_keeps_nobody_out() -> None:
    found = rivals(comparisons(people=30, shift=0.3), comparisons(people=30))
    assert "Area under the ROC" not in [each.name for each in guarded(found, 0.0)]


@pytest.mark.parametrize(
    ("candidate", "lost"),
    [
        (result("two", None, None, share("calibration.brier", 0.01)), "two@1 names no threshold"),
        (result("two"), "two@1 states no probability"),
    ],
)
def test_what_a_candidate_cannot_do_any_more_keeps_it_out(candidate: Evaluation, lost: str) -> None:
    current = result("one", None, 0.5, share("calibration.brier", 0.01))
    found = compare_results(current, candidate, RESAMPLING)
    (reason,) = judge(guarded(found, 1.0), found.lost).reasons
    assert reason.startswith(lost)
    assert not compare_results(candidate, current, RESAMPLING).lost
