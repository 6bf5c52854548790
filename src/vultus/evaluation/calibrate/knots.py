"""Curves as few knots."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DIGITS = 5
"""Of similarities and of what belongs to them, in a manifest."""


def thinned(xs: Floats, ys: Floats, most: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Keep at most `most` of the knots of a rising curve, those that bend it most.

    Args:
        xs: (N,) rising.
        ys: (N,) never falling.
        most: at least 2; the first and the last knot stay.

    Returns:
        Rounded knots whose x rise strictly; there are at least two.
    """
    xs, first = np.unique(xs.round(DIGITS), return_index=True)
    ys = np.maximum.accumulate(ys[first].round(DIGITS))
    while len(xs) > most:
        left, right = slice(None, -2), slice(2, None)
        share = (xs[1:-1] - xs[left]) / (xs[right] - xs[left])
        bend = np.abs(ys[left] + share * (ys[right] - ys[left]) - ys[1:-1])
        drop = 1 + int(np.argmin(bend))
        xs, ys = np.delete(xs, drop), np.delete(ys, drop)
    if len(xs) < 2:
        xs, ys = np.append(xs, xs + 10.0**-DIGITS), np.append(ys, ys)
    return tuple(xs.tolist()), tuple(ys.tolist())
