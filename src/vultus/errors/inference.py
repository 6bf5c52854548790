"""Networks that cannot run."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class InferenceError(VultusError):
    """A network cannot run."""

    code = "inference_error"


@dataclass(eq=False)
class ProviderUnavailable(InferenceError):
    """The wanted execution provider is not there; never replaced silently."""

    code = "provider_unavailable"
    sentence = (
        "The execution provider {wanted} is not available here; there is: {available}. "
        "Install the build of onnxruntime that has it, or change inference.provider."
    )
    wanted: str
    available: str


@dataclass(eq=False)
class NetworkInvalid(InferenceError):
    """Bytes that are no network which can be loaded."""

    code = "network_invalid"
    sentence = "The network {name} cannot be used: {problem}."
    name: str
    problem: str


@dataclass(eq=False)
class TensorMismatch(InferenceError):
    """An input that is not what the network takes."""

    code = "tensor_mismatch"
    sentence = "The network {network} cannot take its input: {problem}."
    network: str
    problem: str
