"""What is different between two versions of a dataset."""

from collections import defaultdict
from dataclasses import dataclass, field

from vultus.evaluation.datasets.dataset import Dataset, DatasetImage


@dataclass(frozen=True, slots=True)
class Change:
    """One image, as two datasets have it."""

    before: DatasetImage
    after: DatasetImage


@dataclass(frozen=True, slots=True)
class Diff:
    """What the second of two datasets has that the first has not, and the other way round.

    `moved` are in another split, `relabelled` show somebody else, `renamed` have another name; an
    image can be all of that. `pairs_differ` says that other images are to be compared.
    """

    added: tuple[DatasetImage, ...] = ()
    removed: tuple[DatasetImage, ...] = ()
    moved: tuple[Change, ...] = ()
    relabelled: tuple[Change, ...] = ()
    renamed: tuple[Change, ...] = ()
    pairs_differ: bool = False

    @property
    def same(self) -> bool:
        """Whether there is no difference."""
        return self == Diff()


def diff(before: Dataset, after: Dataset) -> Diff:
    """Compare two datasets; an image is known again by its bytes, and among equals by its name."""
    matched = _Matched.of(before, after)
    both = matched.both
    return Diff(
        added=tuple(matched.added),
        removed=tuple(matched.removed),
        moved=tuple(each for each in both if each.before.split != each.after.split),
        relabelled=tuple(each for each in both if each.before.subject != each.after.subject),
        renamed=tuple(each for each in both if each.before.name != each.after.name),
        pairs_differ=_named_pairs(before) != _named_pairs(after),
    )


@dataclass(slots=True)
class _Matched:
    both: list[Change] = field(default_factory=list)
    added: list[DatasetImage] = field(default_factory=list)
    removed: list[DatasetImage] = field(default_factory=list)

    @classmethod
    def of(cls, before: Dataset, after: Dataset) -> "_Matched":
        matched = cls()
        left = defaultdict(list)
        for image in before.images:
            left[image.digest].append(image)
        unnamed = [image for image in after.images if not matched._same_name(image, left)]
        for image in unnamed:
            if left[image.digest]:
                matched.both.append(Change(left[image.digest].pop(0), image))
            else:
                matched.added.append(image)
        matched.removed = [image for images in left.values() for image in images]
        return matched

    def _same_name(self, image: DatasetImage, left: dict[str, list[DatasetImage]]) -> bool:
        same = next((each for each in left[image.digest] if each.name == image.name), None)
        if same is not None:
            left[image.digest].remove(same)
            self.both.append(Change(same, image))
        return same is not None


def _named_pairs(dataset: Dataset) -> set[tuple[str, str, bool, int]]:
    images = dataset.images
    return {
        (images[pair.first].digest, images[pair.second].digest, pair.same, pair.fold)
        for pair in dataset.pairs
    }
