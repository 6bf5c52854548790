"""What every Embedder promises: the default pack's, one that averages nothing, and the double."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import MODEL, FakeEmbedder, FakeNetwork
from vultus.usecases.recognizer import Recognizer
from vultus.vision.embed.network import InputFormat, NetworkEmbedder
from vultus.vision.embed.port import Embedder, EmbedderSpec


def without_mirror() -> Embedder:
    network = FakeNetwork(lambda pixels: pixels[:, :, 0, :2].reshape(len(pixels), -1) + 1)
    spec = EmbedderSpec(MODEL, chip_width_px=8, chip_height_px=6, dim=6)
    plain = InputFormat(mean=(0, 0, 0), scale=(1, 1, 1), bgr=False, channels_last=False)
    return NetworkEmbedder(network, spec, plain, mirror=False, batch_size=3)


@pytest.fixture(params=["dlib", "without mirror", "double"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "dlib":
        recognizer: Recognizer = request.getfixturevalue("recognizer")
        return recognizer.pipeline.embedder
    return FakeEmbedder() if request.param == "double" else without_mirror()


def chips_for(embedder: Embedder, count: int) -> NDArray[np.uint8]:
    spec = embedder.spec
    coarse = np.random.default_rng(3).integers(0, 255, (count, 2, 2, 3), np.uint8)
    rows = -(-spec.chip_height_px // 2), -(-spec.chip_width_px // 2)
    grown = coarse.repeat(rows[0], axis=1).repeat(rows[1], axis=2)
    return grown[:, : spec.chip_height_px, : spec.chip_width_px]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_any_number_of_chips_gives_unit_rows_of_the_promised_size(
    embedder: Embedder, count: int
) -> None:
    rows = embedder.embed(chips_for(embedder, count))
    assert (rows.shape, rows.dtype) == ((count, embedder.spec.dim), np.float32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_chip_gives_the_same_row_alone_and_in_company(embedder: Embedder) -> None:
    chips = chips_for(embedder, 5)
    together = embedder.embed(chips)
    alone = np.concatenate([embedder.embed(chip[np.newaxis]) for chip in chips])
    np.testing.assert_allclose(alone, together, atol=1e-4)


def test_different_chips_give_different_rows(embedder: Embedder) -> None:
    one, other = embedder.embed(chips_for(embedder, 2))
    assert float(one @ other) < 0.9999


def test_the_chips_are_left_as_they_are(embedder: Embedder) -> None:
    chips = chips_for(embedder, 2)
    before = chips.copy()
    embedder.embed(chips)
    np.testing.assert_array_equal(chips, before)


def test_threads_may_share_it(embedder: Embedder) -> None:
    chips = chips_for(embedder, 4)
    alone = embedder.embed(chips)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(embedder.embed, [chips] * 8):
            np.testing.assert_allclose(rows, alone, atol=1e-5)


def test_its_templates_know_their_model(embedder: Embedder) -> None:
    assert embedder.spec.model.pack
    assert embedder.spec.model.version
