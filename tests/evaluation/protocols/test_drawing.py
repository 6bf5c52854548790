import numpy as np
import pytest

from vultus.evaluation.protocols.drawing import drawn_pairs

SUBJECTS = [
    f"person {n}"
    for n, count in enumerate([9, 3, 2, 2, 2, 1, 1, 1, 1, 1] * 4)
    for _ in range(count)
]


def test_folds_share_no_person_and_no_pair_comes_twice() -> None:
    pairs = drawn_pairs(SUBJECTS, folds=5)
    seen: dict[str, int] = {}
    for pair in pairs:
        for row in (pair.first, pair.second):
            assert seen.setdefault(SUBJECTS[row], pair.fold) == pair.fold
    ends = [(pair.first, pair.second) for pair in pairs]
    assert len(set(ends)) == len(ends)
    assert {pair.fold for pair in pairs} == set(range(5))


def test_every_pair_is_what_it_says_and_both_kinds_are_as_many() -> None:
    pairs = drawn_pairs(SUBJECTS, folds=4)
    assert all((SUBJECTS[each.first] == SUBJECTS[each.second]) is each.same for each in pairs)
    assert sum(pair.same for pair in pairs) == sum(not pair.same for pair in pairs)


def test_one_person_with_many_photos_does_not_decide_everything() -> None:
    pairs = drawn_pairs(["anna"] * 40 + ["bert"] * 2 + ["cora"] * 2, most_per_person=10)
    genuine = [pair for pair in pairs if pair.same]
    assert sum(pair.first < 40 for pair in genuine) == 10


def test_the_same_seed_draws_the_same_pairs() -> None:
    assert drawn_pairs(SUBJECTS, seed=4) == drawn_pairs(SUBJECTS, seed=4)
    assert drawn_pairs(SUBJECTS, seed=4) != drawn_pairs(SUBJECTS, seed=5)


@pytest.mark.parametrize("subjects", [[], ["anna"], ["anna", "anna"], ["anna", "bert"]])
def test_too_little_data_gives_the_pairs_that_there_are(subjects: list[str]) -> None:
    pairs = drawn_pairs(subjects)
    assert len(pairs) == (len(subjects) == 2 and subjects[0] == subjects[1])


def test_many_people_are_paired_at_random() -> None:
    subjects = [str(n // 2) for n in range(600)]
    pairs = drawn_pairs(subjects, folds=3)
    impostors = np.array([(each.first, each.second) for each in pairs if not each.same])
    assert len(impostors) == 300
    assert len(np.unique(impostors)) > 300
