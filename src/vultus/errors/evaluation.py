"""Figures that data cannot give."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


@dataclass(eq=False)
class TooFewComparisons(VultusError):
    """The data cannot support a figure, however it is counted. `unit` says what is too few."""

    code = "too_few_comparisons"
    sentence = (
        "{figure} cannot be measured with {comparisons:,} {unit}; at least {needed:,} are "
        "needed. Use data of more people, or ask for a higher rate."
    )
    figure: str
    comparisons: int
    needed: int
    unit: str = "comparisons"


@dataclass(eq=False)
class ExtraMissing(VultusError):
    """A package of an extra is not installed, and the work needs it."""

    code = "extra_missing"
    sentence = "The package {package} is missing. Install it with pip install 'vultus[{extra}]'."
    extra: str
    package: str


class DatasetError(VultusError):
    """A dataset cannot do what was asked."""

    code = "dataset_error"


@dataclass(eq=False)
class DatasetNotFound(DatasetError):
    """No dataset of that name or version."""

    code = "dataset_not_found"
    sentence = "There is no dataset {dataset!r}; vultus data list names those that are there."
    dataset: str


@dataclass(eq=False)
class DatasetAmbiguous(DatasetError):
    """Several versions begin with what was said."""

    code = "dataset_ambiguous"
    sentence = "{count} versions of datasets begin with {dataset!r}. Give more of its letters."
    dataset: str
    count: int


@dataclass(eq=False)
class DatasetSourceUnreadable(DatasetError):
    """Something that no dataset can be made of."""

    code = "dataset_source_unreadable"
    sentence = "No dataset can be made of {path}: {problem}."
    path: str
    problem: str


@dataclass(eq=False)
class DatasetDamaged(DatasetError):
    """A manifest that is not to be trusted."""

    code = "dataset_damaged"
    sentence = "The dataset {version} cannot be used: {problem}. Remove it and import it again."
    version: str
    problem: str


@dataclass(eq=False)
class DatasetImageLost(DatasetError):
    """The bytes of an image are gone, or are others."""

    code = "dataset_image_lost"
    sentence = (
        "The image {digest} of a dataset cannot be read: {problem}. Import the dataset again; "
        "vultus data check lists all such images."
    )
    digest: str
    problem: str


@dataclass(eq=False)
class SplitImpossible(DatasetError):
    """People cannot be divided like that."""

    code = "split_impossible"
    sentence = "The dataset {dataset} cannot be split: {problem}."
    dataset: str
    problem: str


@dataclass(eq=False)
class CropsMissing(DatasetError):
    """A gallery that kept no pictures of its faces."""

    code = "crops_missing"
    sentence = (
        "The gallery {gallery!r} keeps no pictures of its faces, so no dataset can be made of it. "
        "Import the photos instead, or enroll them into a gallery made with --keep-crops."
    )
    gallery: str


@dataclass(eq=False)
class TemplateCacheUnavailable(DatasetError):
    """The file in which templates of datasets are kept cannot be used."""

    code = "template_cache_unavailable"
    sentence = "The cached templates in {path} cannot be used: {problem}."
    path: str
    problem: str
