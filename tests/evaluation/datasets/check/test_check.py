"""Checks of painted photos: a square is a face, and its colour is a person."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from painted import BLUE, CRIMSON, GREEN, LIME, RED, RUBY, photo, square_recognizer
from vultus.errors import DatasetImageLost
from vultus.evaluation.datasets.check.check import Asked, check_dataset
from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.check.page import page_of
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
from vultus.evaluation.templates.cache import TemplateCache
from vultus.evaluation.templates.making import template_table
from vultus.evaluation.templates.table import TemplateTable

RECOGNIZER = square_recognizer()
SOUND = {"ada/1": photo(RED), "ada/2": photo(CRIMSON), "bob/1": photo(GREEN), "bob/2": photo(LIME)}


def dataset_of(files: dict[str, bytes]) -> Dataset:
    images = tuple(
        DatasetImage(sha256(data).hexdigest(), name.partition("/")[0], name)
        for name, data in files.items()
    )
    return Dataset("painted", "painted by a test", images)


class Kept:
    """The bytes of images by their digests, but for those that are lost."""

    def __init__(self, files: dict[str, bytes], lost: frozenset[str]) -> None:
        self._bytes = {
            sha256(data).hexdigest(): data for name, data in files.items() if name not in lost
        }

    def read(self, digest: str) -> bytes:
        if digest not in self._bytes:
            raise DatasetImageLost(digest, "it is not there")
        return self._bytes[digest]


@pytest.fixture
def cache(tmp_path: Path) -> TemplateCache:
    return TemplateCache(tmp_path / "templates.sqlite")


def found_in(
    files: dict[str, bytes],
    cache: TemplateCache,
    asked: Asked | None = None,
    lost: frozenset[str] = frozenset(),
) -> list[Finding]:
    kept = Kept(files, lost)

    def table_of(part: Dataset) -> TemplateTable:
        return template_table(part, RECOGNIZER, cache, kept.read)

    # Shades of one colour have cosines from 0.98 on, two colours at most 0.1.
    chosen = asked or Asked(least=0.95)
    return check_dataset(dataset_of(files), RECOGNIZER, kept.read, table_of, chosen)


def kinds(found: list[Finding]) -> list[tuple[Kind, tuple[int, ...]]]:
    return [(finding.kind, finding.rows) for finding in found]


def test_nothing_is_found_in_a_sound_dataset(cache: TemplateCache) -> None:
    assert found_in(SOUND, cache) == []


def test_images_without_a_face_or_with_several_are_found(cache: TemplateCache) -> None:
    files = SOUND | {"ada/3": photo(), "bob/3": photo(GREEN, GREEN)}
    assert kinds(found_in(files, cache)) == [(Kind.NO_FACE, (4,)), (Kind.SEVERAL_FACES, (5,))]


def test_an_image_that_cannot_be_decoded_is_told_from_one_without_a_face(
    cache: TemplateCache,
) -> None:
    (found,) = found_in(SOUND | {"ada/3": photo(RUBY)[:80]}, cache)
    assert found.kind is Kind.UNREADABLE
    assert "damaged" in found.note


def test_a_lost_image_is_found_and_the_others_are_checked(cache: TemplateCache) -> None:
    files = {"ada/0": photo(RUBY)} | SOUND | {"bob/3": photo()}
    found = found_in(files, cache, lost=frozenset({"ada/0"}))
    assert kinds(found) == [(Kind.LOST, (0,)), (Kind.NO_FACE, (5,))]


def test_a_dataset_whose_images_are_all_lost_is_checked_too(cache: TemplateCache) -> None:
    found = found_in(SOUND, cache, Asked(), lost=frozenset(SOUND))
    assert kinds(found) == [(Kind.LOST, (row,)) for row in range(4)]


def test_a_photo_of_the_wrong_person_is_found(cache: TemplateCache) -> None:
    (found,) = found_in(SOUND | {"bob/3": photo(RUBY)}, cache)
    assert found.kind is Kind.LOOKALIKE
    assert 4 in found.rows
    assert found.similarity is not None
    assert found.similarity > 0.95


def test_what_is_ignored_is_no_finding(cache: TemplateCache) -> None:
    files = SOUND | {"cid/1": photo(BLUE), "cid/2": photo()}
    asked = Asked(fewest=3, least=0.95, ignored=[Kind.FEW_IMAGES])
    assert kinds(found_in(files, cache, asked)) == [(Kind.NO_FACE, (5,))]


def test_the_page_shows_each_finding_with_its_images(cache: TemplateCache) -> None:
    files = SOUND | {"bob/<3>": photo(RUBY)}
    page = page_of(dataset_of(files), found_in(files, cache), lambda digest: f"PICTURE{digest[:8]}")
    assert page.count("data:image/jpeg;base64,PICTURE") == 2
    assert "bob/&lt;3&gt;" in page
    assert "<script" not in page


def test_the_page_of_a_sound_dataset_says_so() -> None:
    assert "Nothing was found." in page_of(dataset_of(SOUND), [], lambda digest: "")


def test_the_page_shows_the_first_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [Finding(Kind.REPEATED, (0, 1), f"number {number}") for number in np.arange(300)]
    page = page_of(dataset_of(SOUND), findings, lambda digest: "")
    assert "Repeated: 300" in page
    assert "The first 200 are shown." in page
    assert "number 199" in page
    assert "number 200" not in page
