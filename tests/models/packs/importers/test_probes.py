from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vultus.errors import ImportFailed
from vultus.models.inference.port import Tensors, TensorSpec
from vultus.models.packs.importers.probes import Probes, prove, read_probes, write_probes

CHIPS = np.random.default_rng(4).integers(0, 256, (3, 5, 4, 3), np.uint8)
MEANS = CHIPS.mean(axis=(1, 2)).astype(np.float32)


class ChannelMeans:
    """A network that gives the mean of each channel, times `factors`."""

    inputs = (TensorSpec("chips", np.dtype(np.float32), (None, 3, 5, 4)),)
    outputs = (TensorSpec("embeddings", np.dtype(np.float32), (None, 3)),)

    def __init__(self, *factors: float) -> None:
        self._factors = np.array(factors, np.float32)

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        return {"embeddings": inputs["chips"].mean(axis=(2, 3)) * self._factors}


def test_a_network_that_gives_what_it_should_has_cosine_one() -> None:
    assert prove(ChannelMeans(2, 2, 2), Probes(CHIPS, MEANS)) == pytest.approx(1)


def test_the_worst_probe_counts() -> None:
    turned = MEANS * [[1, 1, 1], [1, 1, -1], [1, 1, 1]]
    expected = (MEANS[1] * turned[1]).sum() / (MEANS[1] ** 2).sum()
    probes = Probes(CHIPS, turned.astype(np.float32))
    assert prove(ChannelMeans(1, 1, 1), probes) == pytest.approx(expected)


def test_a_network_that_gives_nothing_or_no_numbers_is_not_proved() -> None:
    probes = Probes(CHIPS, MEANS)
    for factor in (0.0, np.nan, np.inf):
        assert np.isnan(prove(ChannelMeans(factor, factor, factor), probes))


def test_written_probes_are_read_back_and_the_same_probes_give_the_same_file(
    tmp_path: Path,
) -> None:
    for name in ("once.npz", "again.npz"):
        write_probes(tmp_path / name, Probes(CHIPS, MEANS))
    probes = read_probes(tmp_path / "once.npz")
    np.testing.assert_array_equal(probes.chips, CHIPS)
    np.testing.assert_array_equal(probes.embeddings, MEANS)
    assert (tmp_path / "once.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()


@pytest.mark.parametrize(
    "arrays",
    [
        {"chips": CHIPS},
        {"chips": CHIPS.astype(np.float32), "embeddings": MEANS},
        {"chips": CHIPS[0], "embeddings": MEANS},
        {"chips": CHIPS, "embeddings": MEANS[:2]},
        {"chips": CHIPS, "embeddings": MEANS[0]},
        {"chips": np.array([{"a": "pickled object"}], object), "embeddings": MEANS},
    ],
)
def test_a_file_that_holds_no_probes_is_refused(
    arrays: dict[str, NDArray[Any]], tmp_path: Path
) -> None:
    np.savez(tmp_path / "probes.npz", **arrays)
    with pytest.raises(ImportFailed, match=r"probes\.npz"):
        read_probes(tmp_path / "probes.npz")


@pytest.mark.parametrize("data", [None, b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_a_file_that_is_no_archive_is_refused(data: bytes | None, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "probes.npz").write_bytes(data)
    with pytest.raises(ImportFailed):
        read_probes(tmp_path / "probes.npz")
