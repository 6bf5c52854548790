from dataclasses import replace

from studies import dataset
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
from vultus.evaluation.datasets.diff import Change, diff

WHOLE = dataset(3, 2)


def with_first(**changed: str) -> Dataset:
    first, *others = WHOLE.images
    return replace(WHOLE, images=(replace(first, **changed), *others))


def test_a_dataset_is_the_same_as_itself() -> None:
    assert diff(WHOLE, WHOLE).same


def test_what_only_one_has_is_added_or_removed() -> None:
    less = WHOLE.only(range(4))
    assert diff(less, WHOLE).added == WHOLE.images[4:]
    assert diff(WHOLE, less).removed == WHOLE.images[4:]


def test_an_image_moves_changes_its_label_and_its_name() -> None:
    for kind, changed in (
        ("moved", with_first(split="test")),
        ("relabelled", with_first(subject="somebody else")),
        ("renamed", with_first(name="new.jpg")),
    ):
        found = diff(WHOLE, changed)
        assert getattr(found, kind) == (Change(WHOLE.images[0], changed.images[0]),)
        assert not found.added
        assert not found.removed


def test_other_bytes_under_a_name_are_another_image() -> None:
    changed = with_first(digest="0" * 64)
    found = diff(WHOLE, changed)
    assert found.added == changed.images[:1]
    assert found.removed == WHOLE.images[:1]


def test_copies_of_an_image_are_told_apart_by_their_names() -> None:
    first = DatasetImage("same bytes", "ada", "1.jpg")
    second = replace(first, name="2.jpg")
    both = Dataset("copies", "made up", (first, second))
    found = diff(both, replace(both, images=(second,)))
    assert found.removed == (first,)
    assert not found.renamed


def test_other_pairs_are_a_difference() -> None:
    paired = dataset(10, paired=True)
    assert diff(paired, replace(paired, pairs=paired.pairs[1:])).pairs_differ
