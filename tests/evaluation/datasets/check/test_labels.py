from dataclasses import replace

from studies import dataset
from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.check.labels import check_labels
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage

WHOLE = dataset(3, 2)


def of_kind(found: list[Finding], kind: Kind) -> list[Finding]:
    return [finding for finding in found if finding.kind is kind]


def with_images(*images: DatasetImage) -> Dataset:
    return replace(WHOLE, images=(*WHOLE.images, *images))


def test_a_sound_dataset_has_no_findings() -> None:
    assert check_labels(WHOLE, fewest=2) == []


def test_an_image_that_stands_there_twice_is_found() -> None:
    (found,) = check_labels(with_images(replace(WHOLE.images[0], name="copy.jpg")), fewest=2)
    assert found == Finding(Kind.REPEATED, (0, 6), "the same image 2 times")


def test_one_image_of_two_people_is_found() -> None:
    copy = replace(WHOLE.images[0], subject="person 1", name="copy.jpg")
    (found,) = check_labels(with_images(copy), fewest=2)
    assert found.kind is Kind.TWO_NAMES
    assert found.rows == (0, 6)
    assert "person 0 and person 1" in found.note


def test_people_with_too_few_images_are_found() -> None:
    found = check_labels(WHOLE.only([0, 1, 2]), fewest=2)
    assert [(each.kind, each.rows) for each in found] == [(Kind.FEW_IMAGES, (2,))]


def test_a_person_in_two_splits_is_a_leak() -> None:
    first, second, *others = WHOLE.images
    leaking = (replace(first, split="train"), replace(second, split="test"), *others)
    (found,) = check_labels(replace(WHOLE, images=leaking), fewest=2)
    assert found == Finding(Kind.LEAK, (0, 1), "person 0 is in test and train")


def test_one_image_of_two_people_in_two_splits_is_a_leak_too() -> None:
    train = tuple(replace(image, split="train") for image in WHOLE.images)
    copy = replace(train[0], subject="person 9", name="copy.jpg", split="test")
    found = check_labels(replace(WHOLE, images=(*train, copy)), fewest=1)
    assert [each.rows for each in of_kind(found, Kind.LEAK)] == [(0, 6)]


def test_images_outside_all_splits_leak_nothing() -> None:
    first, *others = WHOLE.images
    part = replace(WHOLE, images=(replace(first, split="train"), *others))
    assert check_labels(part, fewest=1) == []
