"""MTCNN and dlib's face network as their papers draw them, in numpy: slow, to compare with."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dlib_files import MEAN, Conv

Array = NDArray[np.float64]
Weights = Mapping[str, NDArray[np.float32]]


def conv(x: Array, weight: Array, bias: Array, stride: int = 1, padding: int = 0) -> Array:
    """Convolve (N, C, H, W) by an (out, C, size, size) weight."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    y = np.tensordot(windows, weight, axes=([1, 4, 5], [1, 2, 3]))
    return y.transpose(0, 3, 1, 2) + bias[:, None, None]


def max_pool(x: Array, size: int, partial: bool) -> Array:
    """Pool with stride 2; `partial` windows at the right and bottom count as well."""
    rest = [-(side - size) % 2 if partial else 0 for side in x.shape[2:]]
    x = np.pad(x, ((0, 0), (0, 0), (0, rest[0]), (0, rest[1])), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    return windows[:, :, ::2, ::2].max(axis=(4, 5))


def prelu(x: Array, slopes: Array) -> Array:
    """Multiply what is negative by the slope of its channel, the second axis."""
    return np.where(x > 0, x, x * slopes.reshape(-1, *[1] * (x.ndim - 2)))


def mtcnn(weights: Weights, rgb: NDArray[np.uint8], pools: tuple[int, ...]) -> list[Array]:
    """Run a network of MTCNN: probabilities (no face, face), offsets, and landmarks x1 … y5."""
    w = {name: values.astype(np.float64) for name, values in weights.items()}
    x = (rgb.transpose(0, 3, 1, 2) - 127.5) * 0.0078125
    for number, size in enumerate(pools, 1):
        x = conv(x, w[f"conv{number}.weight"], w[f"conv{number}.bias"])
        x = prelu(x, w[f"prelu{number}.weight"])
        x = max_pool(x, size, partial=True) if size else x
    number = len(pools) + 1
    if f"dense{number}.weight" in w:
        x = x.transpose(0, 3, 2, 1).reshape(len(x), -1)
        x = x @ w[f"dense{number}.weight"].T + w[f"dense{number}.bias"]
        x = prelu(x, w[f"prelu{number}.weight"])
        number += 1
    heads = sorted({name.rpartition(".")[0] for name in w if f"{number}_" in name})
    logits, *others = (_head(x, w[f"{head}.weight"], w[f"{head}.bias"]) for head in heads)
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return [exp / exp.sum(axis=1, keepdims=True), *others]


def _head(x: Array, weight: Array, bias: Array) -> Array:
    return conv(x, weight, bias) if weight.ndim == 4 else x @ weight.T + bias


def facenet(convs: Sequence[Conv], dense: Array, chips: NDArray[np.uint8]) -> Array:
    """Run dlib's face network over (N, 150, 150, 3) chips."""
    stem, *others = convs
    x = (chips.astype(np.float64) - MEAN).transpose(0, 3, 1, 2) / 256
    x = max_pool(np.maximum(_affine_conv(x, stem), 0), 3, partial=False)
    for first, second in zip(others[::2], others[1::2], strict=True):
        y = _affine_conv(np.maximum(_affine_conv(x, first), 0), second)
        if first.stride > 1:
            even = x[:, :, : x.shape[2] // 2 * 2, : x.shape[3] // 2 * 2]
            x = sum(even[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)) / 4
        x = np.maximum(_sum(x, y), 0)
    return x.mean(axis=(2, 3)) @ dense


def _affine_conv(x: Array, part: Conv) -> Array:
    size = part.weight.shape[-1]
    y = conv(x, part.weight, part.bias, part.stride, 0 if part.stride > 1 else size // 2)
    return y * part.gamma[:, None, None] + part.beta[:, None, None]


def _sum(x: Array, y: Array) -> Array:
    """Add two maps; what one lacks in channels, rows or columns counts as zero."""
    shape = np.maximum(x.shape, y.shape)
    grown = (np.pad(z, [(0, more) for more in shape - z.shape]) for z in (x, y))
    return sum(grown)
