"""Photos without a face: shapes at random, scaled, saved again, and painted anew."""

from hashlib import sha256

import cv2
import numpy as np
import pytest

from painted import photo, square_recognizer
from vultus.domain.image import Rgb
from vultus.evaluation.datasets.check.finding import Kind
from vultus.evaluation.datasets.check.near_copies import check_near_copies, picture_hash
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
from vultus.evaluation.templates.table import TemplateTable

RECOGNIZER = square_recognizer()


def shapes(seed: int) -> Rgb:
    coarse = np.random.default_rng(seed).integers(0, 90, (7, 9, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (360, 280), interpolation=cv2.INTER_CUBIC), np.uint8)


def saved(rgb: Rgb, quality: int = 95) -> bytes:
    parameters = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return bytes(cv2.imencode(".jpg", rgb[:, :, ::-1], parameters)[1].tobytes())


def near(files: dict[str, bytes], found: tuple[str, ...] = ()) -> list[tuple[int, ...]]:
    """Rows of the near copies among photos whose names begin with the person's."""
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    kept = {digests[name]: data for name, data in files.items()}
    images = tuple(
        DatasetImage(digest, name.partition("/")[0], name) for name, digest in digests.items()
    )
    seen = np.array([name in found for name in files])
    table = TemplateTable(
        RECOGNIZER.model, np.zeros((len(seen), 3), np.float32), seen, seen.astype(np.int64), {}
    )
    findings = list(
        check_near_copies(
            Dataset("shapes", "a test", images),
            range(len(images)),
            table,
            kept.__getitem__,
            RECOGNIZER.pipeline.reader,
        )
    )
    assert {finding.kind for finding in findings} <= {Kind.NEAR_COPY}
    return [finding.rows for finding in findings]


SCALED = np.asarray(cv2.resize(shapes(1), (180, 140), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.mark.parametrize(
    "copy",
    [saved(shapes(1), quality=30), saved(SCALED), saved(np.minimum(shapes(1) + 30, 255))],
    ids=["saved again", "scaled", "lightened"],
)
def test_a_photo_changed_a_little_is_a_near_copy(copy: bytes) -> None:
    files = {"ada/1": saved(shapes(1)), "bob/1": saved(shapes(2)), "cid/1": copy}
    assert near(files) == [(0, 2)]


def test_many_photos_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vultus.evaluation.datasets.check.near_copies.AT_ONCE", 2)
    files = {f"person {seed}/1": saved(shapes(seed % 4), 90 - seed) for seed in range(8)}
    assert sorted(near(files)) == [(0, 4), (1, 5), (2, 6), (3, 7)]


def test_photos_of_one_person_and_the_very_same_bytes_are_none() -> None:
    again = saved(shapes(1), quality=30)
    files = {"ada/1": saved(shapes(1)), "ada/2": again}
    assert near(files) == []
    assert near({"ada/1": again, "bob/1": again}) == []


def test_photos_with_a_face_are_left_to_the_lookalikes() -> None:
    files = {"ada/1": saved(shapes(1)), "bob/1": saved(shapes(1), quality=30)}
    assert near(files, found=("ada/1",)) == []


def test_what_shows_nothing_or_is_no_image_is_no_copy() -> None:
    files = {"ada/1": photo(), "bob/1": photo() + b" ", "cid/1": b"no image", "dan/1": b"nor this"}
    assert near(files) == []
    assert picture_hash(np.full((50, 50, 3), 7, np.uint8)) is None


def test_different_photos_are_far_apart() -> None:
    hashes = [picture_hash(shapes(seed)) for seed in range(40)]
    known = np.stack([each for each in hashes if each is not None])
    apart = (63 - known @ known.T) / 2
    assert (apart + 63 * np.eye(40)).min() > 10
