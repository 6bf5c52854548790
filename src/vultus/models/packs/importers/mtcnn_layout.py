"""How MTCNN's three networks are made, and what their torch files must therefore hold."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import ImportFailed

Weights = Mapping[str, NDArray[np.float32]]

GRID = 3  # the last feature map of refine and output is 3x3


@dataclass(frozen=True, slots=True)
class Conv:
    """A square convolution, with PReLU, and the side of the max-pool behind it; 0 for none."""

    channels: int
    kernel: int
    pool: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Convolutions, a dense layer with PReLU where `dense` counts its units, then the heads.

    `heads` has the layer and the number of values behind each output. `side_px` is the side of the
    input; None takes any.
    """

    convs: tuple[Conv, ...]
    heads: Mapping[str, tuple[str, int]]
    side_px: int | None = None
    dense: int = 0

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Every tensor of the file, and its shape."""
        shapes: dict[str, tuple[int, ...]] = {}
        width = 3
        for number, conv in enumerate(self.convs, 1):
            shapes[f"conv{number}.weight"] = (conv.channels, width, conv.kernel, conv.kernel)
            shapes[f"conv{number}.bias"] = shapes[f"prelu{number}.weight"] = (conv.channels,)
            width = conv.channels
        if self.dense:
            number = len(self.convs) + 1
            shapes[f"dense{number}.weight"] = (self.dense, width * GRID**2)
            shapes[f"dense{number}.bias"] = shapes[f"prelu{number}.weight"] = (self.dense,)
            width = self.dense
        for name, size in self.heads.values():
            shapes[f"{name}.weight"] = (size, width) if self.dense else (size, width, 1, 1)
            shapes[f"{name}.bias"] = (size,)
        return shapes


LAYOUTS: Mapping[str, Layout] = {
    "proposal": Layout(
        convs=(Conv(10, 3, pool=2), Conv(16, 3), Conv(32, 3)),
        heads={"scores": ("conv4_1", 2), "offsets": ("conv4_2", 4)},
    ),
    "refine": Layout(
        convs=(Conv(28, 3, pool=3), Conv(48, 3, pool=3), Conv(64, 2)),
        dense=128,
        heads={"scores": ("dense5_1", 2), "offsets": ("dense5_2", 4)},
        side_px=24,
    ),
    "output": Layout(
        convs=(Conv(32, 3, pool=3), Conv(64, 3, pool=3), Conv(64, 3, pool=2), Conv(128, 2)),
        dense=256,
        heads={
            "scores": ("dense6_1", 2),
            "offsets": ("dense6_2", 4),
            "landmarks": ("dense6_3", 10),
        },
        side_px=48,
    ),
}


def check_tensors(weights: Weights, layout: Layout, file: str) -> None:
    """Make sure that a file holds the tensors of a layout, and finite numbers.

    Raises:
        ImportFailed: it does not.
    """
    expected = layout.shapes
    actual = {name: tensor.shape for name, tensor in weights.items()}
    for name in sorted(expected.keys() | actual.keys()):
        if actual.get(name) != expected.get(name):
            problem = f"{name} has the shape {actual.get(name)}, not {expected.get(name)}"
            raise ImportFailed(file, problem)
        if not np.isfinite(weights[name]).all():
            raise ImportFailed(file, f"{name} has values that are not finite")
