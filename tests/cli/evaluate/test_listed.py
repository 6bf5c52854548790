from dataclasses import replace

import pytest

from studies import dataset
from vultus.cli.evaluate.listed import lists_of
from vultus.errors import InvalidValue
from vultus.evaluation.datasets.dataset import Dataset


@pytest.fixture
def listed() -> Dataset:
    """Three people of four photos: the first is for the gallery, the last two are probes."""
    whole = dataset(people=3, photos=4)
    roles = ["gallery", "", "probe", "probe"]
    images = (
        replace(image, attributes={"role": roles[row % 4]}, split="b" if row % 4 else "a")
        for row, image in enumerate(whole.images)
    )
    return replace(whole, images=tuple(images))


def test_attributes_say_who_is_enrolled_and_who_is_searched_for(listed: Dataset) -> None:
    lists = lists_of(listed, "role=gallery", "role=probe")
    assert lists.enrolled.tolist() == [0, 4, 8]
    assert lists.probes.tolist() == [2, 3, 6, 7, 10, 11]


def test_a_split_can_be_a_list(listed: Dataset) -> None:
    assert lists_of(listed, "split=a", "role=probe").enrolled.tolist() == [0, 4, 8]


@pytest.mark.parametrize(
    ("gallery_of", "probes_of", "problem"),
    [
        ("role", "role=probe", "is not like role=gallery"),
        ("role=door", "role=probe", "there is gallery, probe"),
        ("pose=front", "role=probe", "has the attribute pose; they have role"),
        ("split=b", "role=probe", "6 images, as person 0/2.jpg, are to be enrolled as well"),
    ],
)
def test_lists_that_name_nothing_or_the_same_image_are_refused(
    listed: Dataset, gallery_of: str, probes_of: str, problem: str
) -> None:
    with pytest.raises(InvalidValue, match=problem):
        lists_of(listed, gallery_of, probes_of)
