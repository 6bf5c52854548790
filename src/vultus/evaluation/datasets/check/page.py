"""Findings as a page of pictures side by side: whether a label is wrong, a person sees at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from vultus.evaluation.datasets.check.finding import MEANINGS, Finding, Kind
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage

MOST = 200
"""Findings of a kind that are shown."""
IN_A_ROW = 6
"""Images of a finding that are shown."""

Picture = Callable[[str], str]
"""The image of a digest as Base64 of a small JPEG, or nothing."""


@dataclass(frozen=True, slots=True)
class _Shown:
    image: DatasetImage
    picture: str


@dataclass(frozen=True, slots=True)
class _Entry:
    finding: Finding
    images: tuple[_Shown, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    kind: Kind
    meaning: str
    count: int
    entries: tuple[_Entry, ...]


def page_of(dataset: Dataset, findings: Sequence[Finding], picture: Picture) -> str:
    """The page: no script, no request to anywhere; the pictures are in it."""
    environment = Environment(
        loader=PackageLoader("vultus.evaluation.datasets.check", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = list(_sections(dataset, findings, picture))
    return environment.get_template("page.html").render(
        dataset=dataset, version=dataset.version, count=len(findings), sections=sections
    )


def _sections(
    dataset: Dataset, findings: Sequence[Finding], picture: Picture
) -> Iterator[_Section]:
    for kind, meaning in MEANINGS.items():
        own = [finding for finding in findings if finding.kind is kind]
        if own:
            entries = tuple(_entry(dataset, finding, picture) for finding in own[:MOST])
            yield _Section(kind, meaning, len(own), entries)


def _entry(dataset: Dataset, finding: Finding, picture: Picture) -> _Entry:
    images = (dataset.images[row] for row in finding.rows[:IN_A_ROW])
    return _Entry(finding, tuple(_Shown(image, picture(image.digest)) for image in images))
