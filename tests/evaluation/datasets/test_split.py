from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies import dataset
from vultus.errors import SplitImpossible
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
from vultus.evaluation.datasets.split import split_people

SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}


def people_of(given: Dataset, split: str) -> set[str]:
    return {image.subject for image in given.images if image.split == split}


def uneven(*counts: int) -> Dataset:
    """A person with so many images for each count."""
    images = tuple(
        DatasetImage(f"{person}-{image}", f"person {person}", f"{person}/{image}.jpg")
        for person, count in enumerate(counts)
        for image in range(count)
    )
    return Dataset("uneven", "made up", images)


@given(st.lists(st.integers(1, 20), min_size=30, max_size=60), st.integers(0, 5))
def test_nobody_is_in_two_splits_and_nothing_is_lost(counts: list[int], seed: int) -> None:
    whole = uneven(*counts)
    divided = split_people(whole, SHARES, seed)
    parts = [people_of(divided, split) for split in SHARES]
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(counts)
    assert [image.name for image in divided.images] == [image.name for image in whole.images]


@given(st.lists(st.integers(1, 20), min_size=30, max_size=60), st.integers(0, 5))
def test_shares_are_those_of_people_to_within_two_of_them(counts: list[int], seed: int) -> None:
    divided = split_people(uneven(*counts), SHARES, seed)
    for split, share in SHARES.items():
        assert abs(len(people_of(divided, split)) - share * len(counts)) <= 2


def test_people_with_many_images_are_divided_as_those_with_few() -> None:
    divided = split_people(uneven(*([1] * 50 + [10] * 50)), SHARES)
    many = Counter(image.split for image in divided.images if int(image.subject.split()[1]) >= 50)
    assert many == {"train": 300, "dev": 100, "test": 100}


def test_the_order_of_the_images_and_other_runs_change_nothing() -> None:
    whole = dataset(40)
    turned = whole.only(range(len(whole.images) - 1, -1, -1))
    assert people_of(split_people(whole, SHARES), "dev") == people_of(
        split_people(turned, SHARES), "dev"
    )


def test_another_seed_draws_other_people() -> None:
    whole = dataset(40)
    first, second = (people_of(split_people(whole, SHARES, seed), "dev") for seed in (0, 1))
    assert first != second


def test_a_split_is_a_new_version_that_knows_its_parent() -> None:
    whole = dataset(40, paired=True)
    divided = split_people(whole, SHARES)
    assert divided.parent == whole.version != divided.version
    assert divided.pairs == whole.pairs


def test_a_part_has_the_pairs_that_lie_wholly_in_it() -> None:
    divided = split_people(dataset(40, paired=True), {"a": 0.5, "b": 0.5})
    part = divided.subset("a")
    assert 0 < len(part.pairs) < len(divided.pairs)
    for pair in part.pairs:
        same = part.images[pair.first].subject == part.images[pair.second].subject
        assert same is pair.same


def test_a_part_is_named_by_the_version_that_is_kept() -> None:
    divided = split_people(dataset(40, paired=True), {"a": 0.5, "b": 0.5})
    part = divided.subset("a")
    assert (part.version, part.split) == (divided.version, "a")
    assert part.called == f"{divided.name}, split a ({divided.version[:12]})"
    assert part.only([0, 1]).version == divided.version
    again = split_people(part, {"c": 0.5, "d": 0.5})
    assert again.parent == divided.version
    assert again.version != divided.version
    assert again.split is None


def test_the_same_content_has_one_digest_whatever_it_is_called() -> None:
    divided = split_people(dataset(40, paired=True), {"a": 0.5, "b": 0.5})
    one, other = divided.subset("a"), divided.subset("b")
    alone = Dataset("elsewhere", "another source", one.images, one.pairs)
    assert one.content == alone.content
    assert len({one.content, other.content, divided.content}) == 3
    renamed = replace(one.images[0], subject="somebody else")
    assert replace(one, images=(renamed, *one.images[1:])).content != one.content
    assert replace(one, pairs=one.pairs[1:]).content != one.content


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        ({"train": 0.6, "test": 0.3}, "add up to 1"),
        ({"train": 1.5, "test": -0.5}, "above 0"),
        ({"train": 0.999, "test": 0.001}, "too few for test"),
    ],
)
def test_what_cannot_be_split_says_why(shares: dict[str, float], problem: str) -> None:
    with pytest.raises(SplitImpossible, match=problem):
        split_people(dataset(5), shares)
