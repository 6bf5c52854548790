"""The port of everything that computes: arrays in, arrays out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Tensors = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """Name, numpy dtype and shape of an input or output; None is a dimension that may vary."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int | None, ...]


class Network(Protocol):
    """A loaded neural network. Safe to call from several threads at once."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What it takes, in the order of the graph."""

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What it gives, in the order of the graph."""

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        """Compute every output for the given inputs, by name.

        Raises:
            TensorMismatch: a name, dtype or shape is not what the network takes.
        """


NetworkFactory = Callable[[str, bytes], Network]
"""Loads a network from its name, for errors, and the bytes of its file."""
