"""From a source to a dataset: every image is read once, told by its digest, and kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from vultus.errors import DatasetSourceUnreadable, ImageRefused
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage, Pair
from vultus.evaluation.datasets.images import AT_ONCE, DatasetImages, Places
from vultus.evaluation.datasets.library import DatasetLibrary
from vultus.evaluation.datasets.naming import check_dataset_name
from vultus.evaluation.datasets.sources.source import NamedPair, Source, SourceImage
from vultus.evaluation.threads import in_threads
from vultus.usecases.enroll import Step
from vultus.vision.decode.kinds import LOOK_BYTES, kind_of


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no image, or cannot be read, by its name in the source."""

    name: str
    error: ImageRefused


@dataclass(frozen=True, slots=True)
class Imported:
    """A dataset that was made, and what of its source is not in it."""

    dataset: Dataset
    left_out: tuple[LeftOut, ...]


def import_source(
    library: DatasetLibrary,
    source: Source,
    name: str,
    *,
    in_place: bool = False,
    moves_name: bool = True,
    step: Step | None = None,
) -> Imported:
    """Make a dataset. Repeated after an interruption, it copies what is missing.

    Args:
        library: where it is kept.
        source: what it is made of.
        name: what it is called.
        in_place: leave the images where they are, if they lie in files.
        moves_name: let the name mean this even if it means another dataset.
        step: told how many images of all are done.

    Raises:
        InvalidValue: the name cannot be one.
        DatasetSourceUnreadable: nothing of it is an image, or it names two images alike.
    """
    check_dataset_name(name)
    _check_names(source)
    with library.changing:
        ordered = sorted(source.images, key=lambda image: image.name)
        outcomes = _take_all(library.images, ordered, in_place, step)
        images = tuple(each for each in outcomes if isinstance(each, DatasetImage))
        if not images:
            raise DatasetSourceUnreadable(source.about, "nothing in it is an image")
        dataset = Dataset(name, source.about, images, _pairs(source, images))
        places = _places(source, images) if in_place else None
        library.add(dataset, places, moves_name=moves_name)
    return Imported(dataset, tuple(each for each in outcomes if isinstance(each, LeftOut)))


def _take_all(
    kept: DatasetImages, images: Sequence[SourceImage], in_place: bool, step: Step | None
) -> list[DatasetImage | LeftOut]:
    outcomes: list[DatasetImage | LeftOut] = []
    for outcome in in_threads(lambda image: _take(kept, image, in_place), images, AT_ONCE):
        outcomes.append(outcome)
        if step is not None:
            step(len(outcomes), len(images))
    return outcomes


def _take(kept: DatasetImages, image: SourceImage, in_place: bool) -> DatasetImage | LeftOut:
    try:
        data = image.read(kept.max_bytes)
        kind_of(data[:LOOK_BYTES])
    except ImageRefused as error:
        return LeftOut(image.name, error)
    stays = in_place and image.place is not None
    digest = sha256(data).hexdigest() if stays else kept.keep(data)
    return DatasetImage(digest, image.subject, image.name, image.split, image.attributes)


def _places(source: Source, images: Sequence[DatasetImage]) -> Places:
    places = {image.name: image.place for image in source.images}
    found = ((image.digest, places[image.name]) for image in images)
    return {digest: place for digest, place in found if place is not None}


def _check_names(source: Source) -> None:
    names = Counter(image.name for image in source.images)
    for name, times in names.items():
        if times > 1:
            raise DatasetSourceUnreadable(source.about, f"{name} is in it {times} times")
    unwritable = next((image for image in source.images if not _is_text(image)), None)
    if unwritable is not None:
        problem = f"{unwritable.name!r} is no text in UTF-8; rename it"
        raise DatasetSourceUnreadable(source.about, problem)


def _is_text(image: SourceImage) -> bool:
    # Python gives bytes of file names that are no UTF-8 as halves of surrogate pairs.
    return not any("\ud800" <= letter <= "\udfff" for letter in image.name + image.subject)


def _pairs(source: Source, images: Sequence[DatasetImage]) -> tuple[Pair, ...]:
    rows = {image.name: row for row, image in enumerate(images)}
    lost = next(
        (n for pair in source.pairs for n in (pair.first, pair.second) if n not in rows), None
    )
    if lost is not None:
        raise DatasetSourceUnreadable(source.about, f"{lost}, which a pair names, is no image")
    return tuple(_pair(pair, rows) for pair in source.pairs)


def _pair(pair: NamedPair, rows: Mapping[str, int]) -> Pair:
    return Pair(rows[pair.first], rows[pair.second], pair.same, pair.fold)
