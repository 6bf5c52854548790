"""Whether networks can be the detector of a pack: told from what they take and give."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from vultus.models.inference.port import Network
from vultus.models.packs.check.shapes import Shape, can_be, need, sole_input, told

NAME = "detector"


@dataclass(frozen=True, slots=True)
class Example:
    """A call that a network must be able to take: its input, and the shapes of its outputs."""

    name: str
    dtype: DTypeLike
    shape: Shape
    outputs: Mapping[str, Shape]


MTCNN: Mapping[str, Example] = {
    "proposal": Example(
        "rgb", np.uint8, (1, 50, 70, 3), {"scores": (1, 20, 30), "offsets": (1, 4, 20, 30)}
    ),
    "refine": Example("rgb", np.uint8, (2, 24, 24, 3), {"scores": (2,), "offsets": (2, 4)}),
    "output": Example(
        "rgb",
        np.uint8,
        (2, 48, 48, 3),
        {"scores": (2,), "offsets": (2, 4), "landmarks": (2, 5, 2)},
    ),
}
"""By role, as `importers/mtcnn.py` makes them."""

YUNET_OUTPUTS = frozenset(
    f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in (8, 16, 32)
)


def check_detector(network: Network, role: str) -> None:
    """Look whether a network can have a role in its detector; it is not run.

    Raises:
        NetworkInvalid: it takes or gives something else.
    """
    if role in MTCNN:
        _check_mtcnn(network, MTCNN[role])
    else:
        check_yunet(network)


def check_yunet(network: Network) -> None:
    """Look whether a network is a YuNet detector; it is not run.

    Raises:
        NetworkInvalid: it lacks one of YuNet's outputs, or takes something else.
    """
    missing = sorted(YUNET_OUTPUTS - {output.name for output in network.outputs})
    need(not missing, NAME, f"it is no YuNet: {', '.join(missing)} missing")
    spec = sole_input(network, NAME)
    # An image goes on a square canvas where its sides are declared.
    side_px = spec.shape[-1] or 32 if spec.shape else 32
    named = spec.name == "input" and spec.dtype == np.float32
    fits = named and can_be(spec, (1, 3, side_px, side_px))
    need(fits, NAME, f"it takes {told(spec)}, not input, float32 (1, 3, H, W)")


def _check_mtcnn(network: Network, example: Example) -> None:
    spec, dtype = sole_input(network, NAME), np.dtype(example.dtype)
    fits = (spec.name, spec.dtype) == (example.name, dtype) and can_be(spec, example.shape)
    wanted = f"{example.name}, {dtype} such as {example.shape}"
    need(fits, NAME, f"it takes {told(spec)}, not {wanted}")
    given = {output.name: output for output in network.outputs}
    for name, shape in example.outputs.items():
        fits = name in given and can_be(given[name], shape)
        need(fits, NAME, f"it gives no {name} such as {shape}")
