"""What `vultus doctor` looks at."""

from vultus.bootstrap.packs import open_library, open_onnx
from vultus.models.packs.importers.processor import has_vnni
from vultus.settings import Settings
from vultus.usecases.diagnose import Finding, attempt, home, machine, packs, services, software


def examine(settings: Settings) -> list[Finding]:
    """Everything that `vultus doctor` reports."""
    library = open_library(settings)
    return [
        *software(),
        *machine(has_vnni),
        home(settings.home),
        *packs(library),
        attempt("inference", settings.inference.provider, lambda: _running_provider(settings)),
        *services(),
    ]


def _running_provider(settings: Settings) -> str:
    library = open_library(settings)
    if settings.pack not in library.installed():
        return f"tried once the pack {settings.pack} is here"
    pack = library.open(settings.pack)
    key = pack.manifest.embedder.network
    network = open_onnx(key, pack.read(key), settings)
    return f"{network.provider} runs {key} of {settings.pack}"
