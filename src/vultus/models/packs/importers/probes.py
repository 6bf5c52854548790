"""A few inputs with what a network must make of them: the proof that a built network is right."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vultus.errors import ImportFailed
from vultus.models.inference.port import Network


@dataclass(frozen=True, slots=True)
class Probes:
    """`chips` (N, H, W, 3) uint8 RGB, and the `embeddings` (N, D) float32 that belong to them."""

    chips: NDArray[np.uint8]
    embeddings: NDArray[np.float32]


def read_probes(path: Path) -> Probes:
    """Read the probes that a pack brings.

    Raises:
        ImportFailed: the file is missing or holds no probes.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            chips, embeddings = arrays["chips"], arrays["embeddings"]
    except Exception as error:  # the bytes decide what numpy raises
        raise ImportFailed(path.name, "it holds no probes") from error
    if chips.dtype != np.uint8 or embeddings.dtype != np.float32:
        raise ImportFailed(path.name, "its probes have other types than expected")
    if chips.ndim != 4 or embeddings.ndim != 2 or len(chips) != len(embeddings):
        raise ImportFailed(path.name, "its probes have impossible shapes")
    return Probes(chips, embeddings)


def write_probes(path: Path, probes: Probes) -> None:
    """Write probes so that `read_probes` can read them; the same probes give the same bytes."""
    np.savez_compressed(path, chips=probes.chips, embeddings=probes.embeddings)


def prove(network: Network, probes: Probes) -> float:
    """Lowest cosine between what a network gives for the probes and what it should give.

    Not a number where the network gives none. The network takes (N, 3, H, W) float32 RGB in
    [0, 255] and has one output.
    """
    tensor = np.ascontiguousarray(probes.chips.transpose(0, 3, 1, 2), np.float32)
    given = network.run({network.inputs[0].name: tensor})[network.outputs[0].name]
    with np.errstate(all="ignore"):
        norms = np.linalg.norm(given, axis=1) * np.linalg.norm(probes.embeddings, axis=1)
        return float(((given * probes.embeddings).sum(axis=1) / norms).min())
