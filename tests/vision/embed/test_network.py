import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import MODEL, FakeNetwork
from vultus.errors import InvalidValue, NetworkInvalid, TensorMismatch
from vultus.vision.embed.network import InputFormat, NetworkEmbedder
from vultus.vision.embed.port import EmbedderSpec

SPEC = EmbedderSpec(MODEL, chip_width_px=4, chip_height_px=2, dim=2)
PLAIN = InputFormat(mean=(0, 0, 0), scale=(1, 1, 1), bgr=False, channels_last=False)


def first_two_of_red(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The two left pixels of the red channel's first row; tells a chip from its mirror image."""
    return pixels[:, 0, 0, :2]


def chips(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(1, 255, (count, 2, 4, 3), np.uint8)


def embedder(network: FakeNetwork, form: InputFormat = PLAIN, **options: int) -> NetworkEmbedder:
    given = {"mirror": False, "batch_size": 8} | options
    return NetworkEmbedder(network, SPEC, form, **given)


@pytest.mark.parametrize("count", [0, 1, 8, 9, 33])
def test_any_number_of_chips_gives_as_many_rows_of_norm_one(count: int) -> None:
    rows = embedder(FakeNetwork(first_two_of_red)).embed(chips(count))
    assert rows.shape == (count, 2)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_batches_are_no_larger_than_allowed() -> None:
    network = FakeNetwork(first_two_of_red)
    embedder(network, batch_size=4).embed(chips(10))
    assert network.batches == [4, 4, 2]


def test_a_network_that_takes_one_chip_gets_one_at_a_time() -> None:
    network = FakeNetwork(first_two_of_red, shape=(1, 3, None, None))
    embedder(network, batch_size=4).embed(chips(3))
    assert network.batches == [1, 1, 1]


def test_the_batch_size_does_not_change_the_rows() -> None:
    network = FakeNetwork(first_two_of_red)
    one, many = (embedder(network, batch_size=size).embed(chips(9)) for size in (1, 9))
    np.testing.assert_array_equal(one, many)


def test_mirror_averaging_is_the_unit_mean_of_both_sides() -> None:
    given = chips(3)
    both = embedder(FakeNetwork(first_two_of_red), mirror=True).embed(given)
    raw = given[:, 0, :2, 0].astype(np.float32) + given[:, 0, ::-1, 0][:, :2]
    np.testing.assert_allclose(both, raw / np.linalg.norm(raw, axis=1, keepdims=True), atol=1e-6)


def test_mirrored_chips_give_the_same_template() -> None:
    averaging = embedder(FakeNetwork(first_two_of_red), mirror=True)
    given = chips(3)
    np.testing.assert_allclose(
        averaging.embed(given), averaging.embed(given[:, :, ::-1]), atol=1e-6
    )


def test_pixels_are_ordered_and_normalised_as_the_network_wants() -> None:
    seen: list[NDArray[np.float32]] = []

    def remember(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(pixels)
        return np.ones((len(pixels), 2), np.float32)

    form = InputFormat(mean=(1, 2, 3), scale=(0.5, 0.25, 2), bgr=True, channels_last=True)
    given = chips(1)
    embedder(FakeNetwork(remember), form).embed(given)
    wanted = (given[..., ::-1].astype(np.float32) - [1, 2, 3]) * [0.5, 0.25, 2]
    np.testing.assert_allclose(seen[0], wanted, rtol=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((1, 4, 2, 3), np.uint8), np.zeros((2, 4, 3), np.uint8), np.zeros((1, 2, 4, 3))],
)
def test_chips_of_another_size_or_kind_are_refused(wrong: NDArray[np.uint8]) -> None:
    with pytest.raises(TensorMismatch):
        embedder(FakeNetwork(first_two_of_red)).embed(wrong)


def test_a_network_that_breaks_its_promised_size_is_named() -> None:
    network = FakeNetwork(lambda pixels: np.ones((len(pixels), 5), np.float32))
    with pytest.raises(NetworkInvalid, match="fake@1"):
        embedder(network).embed(chips(1))


def test_a_network_that_takes_no_floats_is_refused() -> None:
    with pytest.raises(NetworkInvalid):
        embedder(FakeNetwork(first_two_of_red, dtype=np.uint8))


def test_a_batch_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue):
        embedder(FakeNetwork(first_two_of_red), batch_size=0)
