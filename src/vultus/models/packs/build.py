"""Networks from artifacts, made on this machine."""

from pathlib import Path

from vultus.errors import ProofFailed
from vultus.models.inference.port import Network, NetworkFactory
from vultus.models.packs.manifest import Importer, Manifest
from vultus.models.packs.pack import Pack


def build_network(origin: Pack, key: str, artifact: Path, open_network: NetworkFactory) -> bytes:
    """Make a network of a pack from the artifact that its manifest names for it.

    Args:
        origin: the pack's manifest, and the directory of the files that it brings.
        key: of the network, in the manifest.
        artifact: the file, as it was fetched.
        open_network: runs what was built, to prove it.

    Raises:
        ImportFailed: the artifact is damaged, or holds another network.
        ProofFailed: the network does not compute what the pack's probes expect.
    """
    manifest = origin.manifest
    build = manifest.networks[key].build
    assert build is not None, "only a network with a build has an artifact"
    model = artifact.read_bytes()
    if build.importer != "copy":
        model = _convert(build.importer, _role(manifest, key), model, artifact.name)
    plan = manifest.quantization
    if plan is not None and key == manifest.embedder.network:
        model = _quantize(model, origin.path / plan.ranges)
        _prove(key, open_network(key, model), origin.path / plan.probes, plan.least_cosine)
    return model


def _role(manifest: Manifest, key: str) -> str:
    """What a network does in its pack: a detector's role, or `embed`."""
    roles = {network: role for role, network in manifest.detector.networks.items()}
    return roles.get(key, "embed")


# The importers need `onnx`, which a process whose packs are installed can do without: each is
# imported where it is used.


def _convert(importer: Importer, role: str, data: bytes, file: str) -> bytes:
    from vultus.models.packs.importers.convert import convert

    return bytes(convert(importer, role, data, file).SerializeToString())


def _quantize(model: bytes, ranges: Path) -> bytes:
    import onnx

    from vultus.models.packs.importers.processor import has_vnni
    from vultus.models.packs.importers.quantize import quantize
    from vultus.models.packs.importers.ranges import read_ranges

    whole = onnx.load_model_from_string(model)
    small = quantize(whole, read_ranges(ranges), reduce_range=not has_vnni())
    return bytes(small.SerializeToString())


def _prove(key: str, network: Network, probes: Path, least_cosine: float) -> None:
    from vultus.models.packs.importers.probes import prove, read_probes

    cosine = prove(network, read_probes(probes))
    # Not a number is no proof either.
    if not cosine >= least_cosine:
        raise ProofFailed(key, cosine, least_cosine)
