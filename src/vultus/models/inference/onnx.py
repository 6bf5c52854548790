"""Networks in this process, on ONNX Runtime."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from vultus.errors import InvalidValue, NetworkInvalid, ProviderUnavailable, TensorMismatch
from vultus.models.inference.port import Tensors, TensorSpec

LEVELS = {
    "off": ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "basic": ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "extended": ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    "all": ort.GraphOptimizationLevel.ORT_ENABLE_ALL,
}
DTYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(uint8)": np.uint8,
    "tensor(int8)": np.int8,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
    "tensor(bool)": np.bool_,
}
ERRORS_ONLY = 3


@dataclass(frozen=True, slots=True)
class OnnxOptions:
    """How ONNX Runtime runs a network.

    `threads` 0 leaves the number to ONNX Runtime. `provider` is a name of ONNX Runtime's, such as
    `CPUExecutionProvider`; it is used or the load fails, never replaced by another.
    """

    threads: int
    provider: str
    optimization: str

    def __post_init__(self) -> None:
        if self.threads < 0:
            raise InvalidValue("inference.threads", f"{self.threads} is below 0")
        if self.optimization not in LEVELS:
            raise InvalidValue(
                "inference.optimization", f"{self.optimization!r} not in {[*LEVELS]}"
            )


class OnnxNetwork:
    """A network run by ONNX Runtime; several threads may share it."""

    def __init__(self, name: str, model: bytes, options: OnnxOptions) -> None:
        """Load `model`, the bytes of an ONNX file that needs no other file.

        Raises:
            ProviderUnavailable: this build of ONNX Runtime lacks the provider, or it did not start.
            NetworkInvalid: the bytes are no network.
        """
        self._name = name
        self._session = _open_session(name, model, options)
        self._inputs = tuple(_spec(name, node) for node in self._session.get_inputs())
        self._outputs = tuple(_spec(name, node) for node in self._session.get_outputs())
        self._output_names = [spec.name for spec in self._outputs]

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What it takes, in the order of the graph."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What it gives, in the order of the graph."""
        return self._outputs

    @property
    def provider(self) -> str:
        """The execution provider that really runs it."""
        return str(self._session.get_providers()[0])

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        """Compute every output for the given inputs, by name.

        Raises:
            TensorMismatch: a name, dtype or shape is not what the network takes.
        """
        self._check(inputs)
        try:
            results = self._session.run(self._output_names, dict(inputs))
        except Exception as error:  # as when it loads
            raise TensorMismatch(self._name, _first_line(error)) from error
        return dict(zip(self._output_names, results, strict=True))

    def _check(self, inputs: Tensors) -> None:
        if len(inputs) != len(self._inputs):
            raise TensorMismatch(self._name, f"it takes {[spec.name for spec in self._inputs]}")
        for spec in self._inputs:
            given = inputs.get(spec.name)
            if given is None:
                raise TensorMismatch(self._name, f"{spec.name} is missing")
            if given.dtype != spec.dtype or not _fits(given.shape, spec.shape):
                raise TensorMismatch(
                    self._name,
                    f"{spec.name} is {given.dtype} {given.shape}, not {spec.dtype} {spec.shape}",
                )


def check_provider(name: str) -> None:
    """Look whether this build of ONNX Runtime has an execution provider.

    Raises:
        ProviderUnavailable: it lacks it.
    """
    if name not in available_providers():
        raise ProviderUnavailable(name, ", ".join(available_providers()))


def available_providers() -> list[str]:
    """The execution providers that this build of ONNX Runtime has."""
    return list(ort.get_available_providers())


def _open_session(name: str, model: bytes, options: OnnxOptions) -> ort.InferenceSession:
    check_provider(options.provider)
    settings = ort.SessionOptions()
    settings.log_severity_level = ERRORS_ONLY
    settings.graph_optimization_level = LEVELS[options.optimization]
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    # Photos differ in size: memory planned for one of them only lies about for the next.
    settings.enable_mem_pattern = False
    # A spinning pool takes the core that detection or another request could use.
    settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = ort.InferenceSession(model, settings, providers=[options.provider])
    except Exception as error:  # ONNX Runtime raises classes of its own without a common base
        raise NetworkInvalid(name, _first_line(error)) from error
    if session.get_providers()[0] != options.provider:
        raise ProviderUnavailable(options.provider, ", ".join(session.get_providers()))
    return session


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__


def _spec(network: str, node: ort.NodeArg) -> TensorSpec:
    if node.type not in DTYPES:
        raise NetworkInvalid(network, f"{node.name} has the unknown type {node.type}")
    shape = tuple(size if isinstance(size, int) and size > 0 else None for size in node.shape)
    return TensorSpec(node.name, np.dtype(DTYPES[node.type]), shape)


def _fits(shape: Sequence[int], wanted: Sequence[int | None]) -> bool:
    return len(shape) == len(wanted) and all(
        want is None or size == want for size, want in zip(shape, wanted, strict=True)
    )
