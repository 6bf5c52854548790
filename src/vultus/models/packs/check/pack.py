"""Whether a pack's networks are what its manifest says of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from vultus.errors import NetworkInvalid, PackInvalid, TensorMismatch
from vultus.models.inference.port import Network, NetworkFactory
from vultus.models.packs.check.detector import check_detector
from vultus.models.packs.check.embedder import check_embedder, chip_input
from vultus.models.packs.check.shapes import can_be, need, told
from vultus.models.packs.manifest import MANIFEST, Manifest
from vultus.models.packs.pack import Pack


def check_pack(pack: Pack, open_network: NetworkFactory, where: Path | None = None) -> None:
    """Compare the networks of a pack with its manifest, and run its embedder.

    Args:
        pack: with all its files.
        open_network: loads them.
        where: the directory whose manifest is blamed; None for the pack's own.

    Raises:
        PackDamaged: a file is missing, or is not the one that the manifest names.
        PackInvalid: a network is not what the manifest says.
        NetworkInvalid: a file is no network.
    """
    manifest, blamed = pack.manifest, where or pack.path
    networks = {key: open_network(key, pack.read(key)) for key in manifest.networks}
    check_networks(manifest, networks, blamed)
    with blamed_on(blamed, "embedder"), blamed_on(blamed, "embedder.input", TensorMismatch):
        dim = check_embedder(networks[manifest.embedder.network], manifest.embedder.input)
    with blamed_on(blamed, "embedder.dim"):
        need(dim == manifest.embedder.dim, "embedder", f"the network gives {dim} numbers")


def check_networks(manifest: Manifest, networks: Mapping[str, Network], directory: Path) -> None:
    """Compare what the networks of a pack take and give with its manifest; none of them is run.

    Args:
        manifest: of the pack in `directory`.
        networks: by their keys in it.
        directory: for errors.

    Raises:
        PackInvalid: one is not what the manifest says.
    """
    for role, key in manifest.detector.networks.items():
        with blamed_on(directory, f"detector.networks.{role}"):
            check_detector(networks[key], role)
    embedder = networks[manifest.embedder.network]
    with blamed_on(directory, "embedder.input"):
        chip_input(embedder, manifest.embedder.input)
    vectors = embedder.outputs[0]
    with blamed_on(directory, f"embedder.{'dim' if len(vectors.shape) == 2 else 'network'}"):
        fits = can_be(vectors, (1, manifest.embedder.dim))
        need(fits, "embedder", f"the network gives {told(vectors)}")


@contextmanager
def blamed_on(
    directory: Path, field: str, kind: type[NetworkInvalid | TensorMismatch] = NetworkInvalid
) -> Iterator[None]:
    """Turn an error of a network into one of the manifest in a directory."""
    try:
        yield
    except kind as error:
        raise PackInvalid(str(directory / MANIFEST), field, error.problem) from error
