"""Whether a network can be the embedder of a pack: found out by running it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vultus.models.inference.port import Network, TensorSpec
from vultus.models.packs.check.shapes import need, sole_input, told
from vultus.models.packs.manifest import InputPart

NAME = "embedder"
MAX_DIM = 4096
CHIPS = 3
TOLERANCE = 1e-3
"""Largest difference of two runs that should agree, relative to the vector's norm."""


def check_embedder(network: Network, part: InputPart) -> int:
    """Run an embedder on chips that were drawn at random.

    Args:
        network: what is to be checked.
        part: what its author says that it takes.

    Returns:
        The size of its templates.

    Raises:
        NetworkInvalid: it takes or gives something else, its vectors do not depend on the chip
            alone, or they are no vectors to compare.
    """
    spec = chip_input(network, part)
    chips = _random_chips(part)
    alone = [_vectors(network, spec, chip[None])[0] for chip in chips]
    need(np.isfinite(alone).all(), NAME, "its vectors hold numbers that are not finite")
    need(
        min(_difference(alone[0], other) for other in alone[1:]) > TOLERANCE,
        NAME,
        "it gives the same vector for every chip",
    )
    again = _vectors(network, spec, chips[:1])[0]
    need(_difference(alone[0], again) < TOLERANCE, NAME, "it gives another vector every time")
    if spec.shape[0] is None:
        together = _vectors(network, spec, chips)
        need(
            max(map(_difference, alone, together)) < TOLERANCE,
            NAME,
            "the vector of a chip depends on the other chips of the batch",
        )
    return len(again)


def chip_input(network: Network, part: InputPart) -> TensorSpec:
    """The tensor that takes the chips; the network is not run.

    Raises:
        NetworkInvalid: the network takes something else.
    """
    spec = sole_input(network, NAME)
    chip = (part.height, part.width)
    wanted = (3, *chip) if part.layout == "nchw" else (*chip, 3)
    fits = len(spec.shape) == 4 and all(
        have in (None, want) for have, want in zip(spec.shape[1:], wanted, strict=True)
    )
    need(
        fits and spec.dtype == np.float32,
        NAME,
        f"it takes {told(spec)}, not float32 (N, {', '.join(map(str, wanted))})",
    )
    need(
        spec.shape[0] in (None, 1),
        NAME,
        f"it takes batches of {spec.shape[0]} only: export it for any number, or for 1",
    )
    return spec


def _random_chips(part: InputPart) -> NDArray[np.float32]:
    """Chips between black and white, as the network would see them."""
    pixels = np.random.default_rng(0).uniform(0, 255, (CHIPS, part.height, part.width, 3))
    values = ((pixels - part.mean) * part.scale).astype(np.float32)
    if part.layout == "nchw":
        values = values.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(values)


def _vectors(
    network: Network, spec: TensorSpec, chips: NDArray[np.float32]
) -> NDArray[np.floating[Any]]:
    vectors = network.run({spec.name: chips})[network.outputs[0].name]
    need(
        vectors.ndim == 2 and len(vectors) == len(chips) and 1 < vectors.shape[1] <= MAX_DIM,
        NAME,
        f"for {len(chips)} chips it gives {vectors.shape}, not ({len(chips)}, size of a template)",
    )
    return vectors


def _difference(one: NDArray[Any], other: NDArray[Any]) -> float:
    one, other = one.astype(np.float64), other.astype(np.float64)
    norm = max(float(np.linalg.norm(one)), float(np.linalg.norm(other)), 1e-12)
    return float(np.linalg.norm(one - other)) / norm
