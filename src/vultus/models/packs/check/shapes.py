"""What networks declare that they take and give."""

from vultus.errors import NetworkInvalid
from vultus.models.inference.port import Network, TensorSpec

Shape = tuple[int, ...]


def need(holds: object, name: str, problem: str) -> None:
    """Refuse a network unless something holds.

    Raises:
        NetworkInvalid: it does not; `name` is the network's.
    """
    if not holds:
        raise NetworkInvalid(name, problem)


def sole_input(network: Network, name: str) -> TensorSpec:
    """The one tensor that a network takes; errors as for `need`."""
    need(len(network.inputs) == 1, name, f"it takes {len(network.inputs)} inputs, not one")
    return network.inputs[0]


def can_be(spec: TensorSpec, shape: Shape) -> bool:
    """Say whether a tensor can have a shape; it can be any where no number of axes is declared."""
    return not spec.shape or (
        len(spec.shape) == len(shape)
        and all(have in (None, want) for have, want in zip(spec.shape, shape, strict=True))
    )


def told(spec: TensorSpec) -> str:
    """Name, type and shape as a manifest's author writes them, N for what may vary."""
    sides = ", ".join("N" if size is None else str(size) for size in spec.shape)
    return f"{spec.name}, {spec.dtype} ({sides})"
