from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from fakes import MODEL
from painted import CRIMSON, GREEN, RED, photo, square_recognizer
from vultus.errors import DatasetImageLost
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
from vultus.evaluation.templates import making
from vultus.evaluation.templates.cache import TemplateCache
from vultus.evaluation.templates.embedded import MEASURES, UNREADABLE, embed_image
from vultus.evaluation.templates.making import template_table
from vultus.usecases.recognizer import Recognizer

CONTENTS = {
    "one": photo(RED),
    "none": photo(),
    "two": photo(GREEN, RED),
    "again": photo(RED),
    "broken": photo(RED)[:200],
}


def dataset(*names: str) -> Dataset:
    images = tuple(DatasetImage(sha256(CONTENTS[name]).hexdigest(), "x", name) for name in names)
    return Dataset("painted", "a test", images)


class Reader:
    """Gives the bytes of an image, and counts how often each was asked for."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._by_digest = {sha256(data).hexdigest(): data for data in CONTENTS.values()}

    def __call__(self, digest: str) -> bytes:
        self.asked[digest] += 1
        return self._by_digest[digest]


@pytest.fixture
def cache(tmp_path: Path) -> TemplateCache:
    return TemplateCache(tmp_path / "cache.sqlite")


def test_a_table_has_a_row_for_every_image(cache: TemplateCache) -> None:
    recognizer, read = square_recognizer(), Reader()
    table = template_table(dataset(*CONTENTS), recognizer, cache, read)
    assert table.model == MODEL
    assert table.found.tolist() == [True, False, True, True, False]
    assert table.faces.tolist() == [1, 0, 2, 1, UNREADABLE]
    assert table.unreadable.tolist() == [False, False, False, False, True]
    assert table.vectors.dtype == np.float32
    np.testing.assert_array_equal(table.vectors[[1, 4]], 0)
    main = recognizer.portrait(CONTENTS["two"]).main.template.vector
    np.testing.assert_array_equal(table.vectors[2], main)
    np.testing.assert_allclose(np.linalg.norm(table.vectors[table.found], axis=1), 1, rtol=1e-6)
    assert set(table.measures) == set(MEASURES)
    assert table.measures["face_px"][0] == recognizer.faces(CONTENTS["one"])[0].detection.box.side
    assert all(np.isnan(values[[1, 4]]).all() for values in table.measures.values())
    assert not any(np.isnan(values[table.found]).any() for values in table.measures.values())


def test_no_image_is_embedded_twice(cache: TemplateCache) -> None:
    recognizer, read = square_recognizer(), Reader()
    first = template_table(dataset("one", "two"), recognizer, cache, read)
    again = template_table(dataset("again", "two", "none", "one"), recognizer, cache, read)
    assert set(read.asked.values()) == {1}
    assert len(read.asked) == 3
    np.testing.assert_array_equal(again.vectors[[3, 1]], first.vectors)


def test_progress_counts_images_and_ends_with_all(
    cache: TemplateCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "KEPT_AT_ONCE", 2)
    steps: list[tuple[int, int]] = []
    template_table(
        dataset(*CONTENTS), square_recognizer(), cache, Reader(), lambda *each: steps.append(each)
    )
    assert steps == [(2, 4), (4, 4)]


def test_a_process_that_dies_loses_the_last_batch_at_most(
    cache: TemplateCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "KEPT_AT_ONCE", 2)

    def die(done: int, of: int) -> None:
        raise KeyboardInterrupt

    whole, read = dataset("one", "none", "two", "broken"), Reader()
    with pytest.raises(KeyboardInterrupt):
        template_table(whole, square_recognizer(), cache, read, die)
    read.asked.clear()
    template_table(whole, square_recognizer(), cache, read)
    assert read.asked.keys() == {image.digest for image in whole.images[2:]}


def test_an_image_that_is_lost_stops_the_work_rather_than_count_as_undetected(
    cache: TemplateCache,
) -> None:
    def lost(digest: str) -> bytes:
        raise DatasetImageLost(digest, "it is gone")

    with pytest.raises(DatasetImageLost):
        template_table(dataset("one"), square_recognizer(), cache, lost)


def test_an_empty_dataset_has_an_empty_table(cache: TemplateCache) -> None:
    table = template_table(dataset(), square_recognizer(), cache, Reader())
    assert table.vectors.shape == (0, 3)
    assert {len(values) for values in table.measures.values()} == {0}


def test_a_face_is_measured_where_it_lies_in_a_large_photo() -> None:
    small = square_recognizer()
    reader = replace(small.pipeline.reader, long_side_px=80)
    shrinking: Recognizer = replace(small, pipeline=replace(small.pipeline, reader=reader))
    made = embed_image(shrinking, photo(RED, CRIMSON))
    whole = embed_image(small, photo(RED, CRIMSON))
    size = MEASURES.index("face_px")
    assert made.measures[size] == pytest.approx(whole.measures[size], rel=0.2)
    assert made.measures[MEASURES.index("outside")] == 0
