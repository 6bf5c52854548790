"""Builds MTCNN's three networks from the weights that facenet-pytorch publishes.

All three take `rgb`, (N, H, W, 3) uint8 RGB. The normalisation is folded in; it maps 127.5 to 0. No
convolution pads: a caller who cuts beyond the image fills with 128, which works better than black.

    network     side  outputs
    proposal    any   scores (N, h, w), offsets (N, 4, h, w); h = ceil((H - 2) / 2) - 4, so a cell
                      is a window of 12 pixels, and the next one begins 2 pixels further
    refine      24    scores (N,), offsets (N, 4)
    output      48    scores (N,), offsets (N, 4), landmarks (N, 5, 2)

`scores` are probabilities of a face, in [0, 1]. `offsets` say how far the corners x1, y1, x2, y2 of
the window are from those of the face, and `landmarks` where its five points (x, y) lie from the
window's upper left corner, both as fractions of the window's sides.

The graphs compute what the published ones do, twice as fast, because they are shaped for ONNX
Runtime: see `prelu.py`.

Source: Zhang et al., "Joint Face Detection and Alignment Using Multitask Cascaded Convolutional
Networks", IEEE Signal Processing Letters 23 (2016).
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from vultus.errors import ImportFailed
from vultus.models.packs.importers.graph import Graph, Shape
from vultus.models.packs.importers.mtcnn_layout import (
    GRID,
    LAYOUTS,
    Layout,
    Weights,
    check_tensors,
)
from vultus.models.packs.importers.prelu import (
    Features,
    PreluConv,
    add_prelu_conv,
    add_prelu_conv_pool,
)

Floats = NDArray[np.float64]

MEAN, SCALE = 127.5, 0.0078125


def build_mtcnn(weights: Weights, role: str, file: str) -> onnx.ModelProto:
    """Build one of the networks from the tensors of its torch file.

    Args:
        weights: by name.
        role: `proposal`, `refine` or `output`.
        file: name of the file, for errors.

    Raises:
        ImportFailed: the file does not have the tensors of that network.
    """
    if role not in LAYOUTS:
        raise ImportFailed(file, f"MTCNN has no network for {role!r}")
    layout = LAYOUTS[role]
    check_tensors(weights, layout, file)
    graph = Graph()
    x = _add_convs(graph, weights, layout)
    heads = _add_heads(graph, x, weights, layout)
    outputs = _add_outputs(graph, heads, layout)
    side = layout.side_px
    return graph.model({"rgb": (TensorProto.UINT8, ["N", side or "H", side or "W", 3])}, outputs)


def _add_convs(graph: Graph, weights: Weights, layout: Layout) -> Features:
    x = _add_input(graph)
    for number, conv in enumerate(layout.convs, 1):
        name, activated = f"conv{number}", _prelu_conv(weights, number)
        if conv.pool:
            x = add_prelu_conv_pool(graph, name, x, activated, conv.pool)
        else:
            x = add_prelu_conv(graph, name, x, activated)
    return x


def _add_input(graph: Graph) -> Features:
    planes = graph.node("Transpose", ["rgb"], "planes", perm=[0, 3, 1, 2])
    return Features(graph.node("Cast", [planes], "pixels", to=TensorProto.FLOAT), np.ones(3))


def _prelu_conv(weights: Weights, number: int) -> PreluConv:
    """A convolution and its slopes; the first one takes raw pixels."""
    weight, bias = _layer(weights, f"conv{number}")
    if number == 1:
        weight = weight * SCALE
        bias = bias - MEAN * weight.sum(axis=(1, 2, 3))
    return PreluConv(weight, bias, weights[f"prelu{number}.weight"].astype(np.float64))


def _add_heads(graph: Graph, x: Features, weights: Weights, layout: Layout) -> str:
    """Add all heads as one layer: the logit of a face, four offsets, then points as x, y, x, y.

    The softmax over (no face, face) is the sigmoid of their difference.
    """
    scores, *others = (_layer(weights, name) for name, _ in layout.heads.values())
    rows = [tuple(values[1:] - values[:1] for values in scores), *others]
    if "landmarks" in layout.heads:
        x_and_y = np.arange(10).reshape(2, 5).T.ravel()
        rows[-1] = tuple(values[x_and_y] for values in rows[-1])
    weight, bias = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    if layout.dense:
        y = _add_dense(graph, x, weights, len(layout.convs) + 1)
        return graph.dense("heads", y, weight.T, bias)
    return graph.conv("heads", x.name, x.absorbed(weight), bias)


def _add_dense(graph: Graph, x: Features, weights: Weights, number: int) -> str:
    """Add the dense layer and its PReLU; the file's order of inputs is column, row, channel."""
    weight, bias = _layer(weights, f"dense{number}")
    per_cell = weight.reshape(len(weight), GRID, GRID, -1).transpose(0, 3, 2, 1)
    weight = x.absorbed(per_cell).reshape(len(weight), -1)
    y = graph.node("Flatten", [x.name], f"dense{number}.flat")
    y = graph.dense(f"dense{number}", y, weight.T, bias)
    slopes = graph.weight(f"dense{number}.slopes", weights[f"prelu{number}.weight"])
    return graph.node("PRelu", [y, slopes], f"dense{number}.prelu")


def _add_outputs(graph: Graph, heads: str, layout: Layout) -> dict[str, Shape]:
    """Cut the stacked heads into the outputs, and return their shapes."""
    cells: Shape = [] if layout.dense else ["h", "w"]
    counts = np.array([1, 4, 10][: len(layout.heads)])
    parts = [f"heads.{head}" for head in layout.heads]
    graph.node("Split", [heads, graph.weight("heads.counts", counts)], *parts, axis=1)
    logit = graph.node("Squeeze", [parts[0], graph.weight("heads.axis", np.array([1]))], "logit")
    graph.node("Sigmoid", [logit], "scores")
    graph.node("Identity", [parts[1]], "offsets")
    shapes: dict[str, Shape] = {"scores": ["N", *cells], "offsets": ["N", 4, *cells]}
    if "landmarks" in layout.heads:
        points = graph.weight("heads.points", np.array([-1, 5, 2]))
        graph.node("Reshape", [parts[2], points], "landmarks")
        shapes["landmarks"] = ["N", 5, 2]
    return shapes


def _layer(weights: Weights, name: str) -> tuple[Floats, Floats]:
    """Weight and bias of a layer, in the precision to fold others into it."""
    return weights[f"{name}.weight"].astype(np.float64), weights[f"{name}.bias"].astype(np.float64)
