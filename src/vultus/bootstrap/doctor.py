"""What `vultus doctor` looks at. Nothing is made or changed by it."""

from collections.abc import Callable
from contextlib import closing

from vultus.blobs.opening import blob_directory, open_blobs
from vultus.bootstrap.galleries import blobs_url, search_options, store_url
from vultus.bootstrap.packs import open_library, open_onnx
from vultus.errors import PackNotInstalled
from vultus.gallery.search.opening import look_at_search
from vultus.gallery.store.opening import open_as_it_is, sqlite_file
from vultus.gallery.store.sql.schema import is_up_to_date
from vultus.models.inference.onnx import check_provider
from vultus.models.packs.check.pack import check_networks
from vultus.models.packs.importers.processor import has_vnni
from vultus.settings import Settings
from vultus.usecases.diagnose import (
    Finding,
    attempt,
    extras,
    home,
    kept_at,
    machine,
    packs,
    software,
)
from vultus.usecases.local_servers import local_servers

PATIENCE_S = 3.0
"""Longest wait for a server that the settings name."""


def examine(settings: Settings, ask_server: Callable[[], str]) -> list[Finding]:
    """Everything that `vultus doctor` reports.

    `ask_server` asks the server that the settings name, if they name one, and says how it is.
    """
    findings = [
        *software(),
        *extras(),
        *machine(has_vnni),
        home(settings.home),
        *packs(open_library(settings)),
        attempt("inference", settings.inference.provider, lambda: _running_provider(settings)),
        attempt("settings", "store.url", lambda: _store(settings)),
        attempt("settings", "search.kind", lambda: _search(settings)),
        attempt("settings", "blobs.url", lambda: _blobs(settings)),
    ]
    if settings.client.server is not None:
        findings.append(attempt("settings", "client.server", ask_server))
    return [*findings, *local_servers()]


def _running_provider(settings: Settings) -> str:
    """Load every network of the pack, and say what runs them."""
    try:
        pack = open_library(settings).open(settings.pack)
    except PackNotInstalled:
        check_provider(settings.inference.provider)
        return f"tried once the pack {settings.pack} is here"
    manifest = pack.manifest
    networks = {key: open_onnx(key, pack.read(key), settings) for key in manifest.networks}
    check_networks(manifest, networks, pack.path)
    return f"{networks[manifest.embedder.network].provider} runs the networks of {manifest.name}"


def _store(settings: Settings) -> str:
    url = store_url(settings)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return kept_at(file)
    with closing(open_as_it_is(url, timeout_s=PATIENCE_S)) as database:
        ready, place = is_up_to_date(database), database.place
    if file is not None:
        place = kept_at(file)
    return place if ready else f"{place}; the next use makes its tables, or brings them up to date"


def _search(settings: Settings) -> str:
    options, url = search_options(settings), store_url(settings)
    if options.kind != "pgvector" or sqlite_file(url) is not None:
        return look_at_search(options, None, PATIENCE_S)
    with closing(open_as_it_is(url, timeout_s=PATIENCE_S)) as database:
        return look_at_search(options, database, PATIENCE_S)


def _blobs(settings: Settings) -> str:
    url = blobs_url(settings)
    directory = blob_directory(url)
    if directory is not None:
        return kept_at(directory)
    blobs = open_blobs(url, endpoint_url=settings.blobs.endpoint_url, timeout_s=PATIENCE_S)
    next(blobs.names("doctor"), None)
    return url
