"""A store, what searches it, and a place for crops → galleries.

Imported when a gallery is asked for: who recognises without one starts without a database.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from vultus.blobs.opening import open_blobs as open_blobs_at
from vultus.blobs.port import BlobStore
from vultus.bootstrap.packs import open_library
from vultus.bootstrap.recognizer import load as load_recognizer
from vultus.domain.gallery import Gallery
from vultus.domain.template import ModelId
from vultus.gallery.search.opening import SearchOptions
from vultus.gallery.search.opening import open_searches as open_searches_of
from vultus.gallery.search.status import Searches
from vultus.gallery.store.opening import open_store as open_store_at
from vultus.gallery.store.sql.store import SqlStore
from vultus.settings import Settings, load_settings
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.gallery.size import Sizes
from vultus.usecases.gallery.workings import Workings, check_model
from vultus.usecases.recognizer import Recognizer


def open_gallery(
    name: str | None = None, *, settings: Settings | None = None, actor: str = "library"
) -> OpenGallery:
    """Open a gallery by its name or id, and create it if there is none.

    Args:
        name: None takes the setting `gallery.default`.
        settings: None reads them from the environment.
        actor: who stands in the audit log.

    Raises:
        StoreError: the store cannot be used.
        SearchUnavailable: what searches it does not answer.
    """
    chosen = settings or load_settings()
    return open_galleries(chosen, actor=actor).open_or_create(name or chosen.gallery.default)


def open_galleries(
    settings: Settings | None = None,
    *,
    actor: str = "library",
    load: Callable[[Settings], Recognizer] | None = None,
) -> Galleries:
    """Open the store that the settings name, with all its galleries.

    Args:
        settings: None reads them from the environment.
        actor: who stands in the audit log.
        load: gives the recognizer that some settings name; called when the first photo comes.

    Raises:
        StoreError: the store cannot be used.
        SearchUnavailable: what searches it does not answer.
    """
    chosen = settings or load_settings()
    store = open_store(chosen)
    try:
        workings = Workings(
            store=store,
            searches=open_searches(chosen, store),
            blobs=open_blobs(chosen),
            recognizer=_loading(chosen, load or _load),
            model=lambda: _model_and_dim(chosen),
            lookalikes=Lookalikes(chosen.gallery.lookalikes),
            sizes=Sizes(store),
            retention=timedelta(days=chosen.store.retention_days),
        )
    except BaseException:
        store.close()
        raise
    return Galleries(workings, actor)


def open_store(settings: Settings) -> SqlStore:
    """Open the store that the settings name; at first, a file in the home.

    Raises:
        StoreError: it cannot be reached, read or written; the subclass says why.
    """
    return open_store_at(store_url(settings), timeout_s=settings.store.timeout_s)


def store_url(settings: Settings) -> str:
    """The address of the store."""
    url = settings.store.url
    home = settings.home.absolute()
    return f"sqlite:///{home / 'vultus.db'}" if url is None else url.get_secret_value()


def open_blobs(settings: Settings) -> BlobStore:
    """Open the place of crops that the settings name; at first, a folder in the home.

    Raises:
        BlobsUnavailable: it cannot be used.
    """
    return open_blobs_at(blobs_url(settings), endpoint_url=settings.blobs.endpoint_url)


def blobs_url(settings: Settings) -> str:
    """The address of the place of crops."""
    return settings.blobs.url or str(settings.home / "blobs")


def open_searches(settings: Settings, store: SqlStore) -> Searches:
    """What searches the galleries of a store; indexes are saved below the home.

    Raises:
        SettingInvalid: the kind of search does not go with the store.
        SearchUnavailable: what it needs is not installed, or does not answer.
    """
    return open_searches_of(store, search_options(settings), settings.home / "indexes")


def search_options(settings: Settings) -> SearchOptions:
    """What searches, and how."""
    chosen = settings.search
    key = chosen.elasticsearch_api_key
    return SearchOptions(
        kind=chosen.kind,
        graph_from=chosen.graph_from,
        links=chosen.links,
        build_width=chosen.build_width,
        search_width=chosen.search_width,
        threads=chosen.threads or None,
        elasticsearch_url=chosen.elasticsearch_url,
        elasticsearch_api_key=key.get_secret_value() if key else None,
    )


def _loading(
    settings: Settings, load: Callable[[Settings], Recognizer]
) -> Callable[[Gallery], Recognizer]:
    """Give the recognizer of a gallery: of the setting `pack`, or else of the gallery's own."""
    loaded: dict[str, Recognizer] = {}
    loading = Lock()

    def recognizer(gallery: Gallery) -> Recognizer:
        pack = gallery.model.pack
        if "pack" in settings.model_fields_set:
            # Told before a pack is fetched that could not be used.
            check_model(gallery, _model_and_dim(settings)[0])
            pack = settings.pack
        with loading:
            if pack not in loaded:
                loaded[pack] = load(settings.model_copy(update={"pack": pack}))
            return loaded[pack]

    return recognizer


def _load(settings: Settings) -> Recognizer:
    return load_recognizer(settings=settings)


def _model_and_dim(settings: Settings) -> tuple[ModelId, int]:
    manifest = open_library(settings).manifest(settings.pack)
    return manifest.model, manifest.embedder.dim
