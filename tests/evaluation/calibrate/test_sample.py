import numpy as np

from crowd import crowd
from vultus.evaluation.calibrate.sample import MOST_OF_ONE, sampled_trials


def test_folds_share_no_person() -> None:
    trials = sampled_trials(*crowd(100, photos=3))
    people = [
        set(trials.first[trials.folds == fold]) | set(trials.second[trials.folds == fold])
        for fold in range(10)
    ]
    assert sum(map(len, people)) == len(set.union(*people))


def test_both_kinds_are_about_as_many_and_nobody_outweighs_the_others() -> None:
    vectors, people = crowd(100, photos=3)
    many = np.vstack([vectors, np.tile(vectors[:1], (50, 1))])
    trials = sampled_trials(many, np.concatenate([people, np.zeros(50, np.int64)]))
    genuine = trials.first[trials.genuine]
    assert (genuine == 0).sum() == MOST_OF_ONE
    assert 0.8 < trials.genuine.mean() / 0.5 < 1.2


def test_scores_are_the_cosines_of_the_rows() -> None:
    vectors, people = crowd(30)
    trials = sampled_trials(vectors, people)
    row = len(trials) // 2
    first, second = trials.rows[row]
    assert np.isclose(trials.scores[row], vectors[first] @ vectors[second])
    assert (people[trials.rows[:, 0]] == trials.first).all()
