"""Settings → everything that the service works with."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from vultus.bootstrap.galleries import open_galleries, open_store
from vultus.bootstrap.packs import open_library
from vultus.bootstrap.recognizer import load as load_recognizer
from vultus.bootstrap.recognizer import on_one_thread
from vultus.errors import SettingInvalid
from vultus.gallery.store.port import KeyStore
from vultus.models.packs.sources.port import Progress
from vultus.settings import Settings
from vultus.usecases.recognizer import Recognizer
from vultus.usecases.serving.administration import Administration
from vultus.usecases.serving.keys import Keys
from vultus.usecases.serving.models import Models
from vultus.usecases.serving.once import Once
from vultus.usecases.serving.service import Service

PEPPER_BYTES = 32


def open_service(settings: Settings) -> Service:
    """Open everything; models are loaded when it starts.

    Raises:
        StoreError: the store cannot be used.
        SearchUnavailable: what searches it does not answer.
        SettingInvalid: the pepper of the keys can be neither read nor made.
    """
    chosen = with_threads(settings)
    models = Models(lambda pack: _load(chosen, pack))
    galleries = open_galleries(chosen, load=lambda named: models.get(named.pack))
    store = galleries.workings.store
    return Service(
        workings=galleries.workings,
        keys=open_keys(chosen, store),
        once=Once(
            store,
            # So long a write may take in the end: it waits for other writers, too.
            patience=timedelta(seconds=chosen.service.time_limit_s + chosen.store.timeout_s),
            kept=timedelta(hours=chosen.service.answers_kept_h),
        ),
        models=models,
        pack=chosen.pack,
    )


def with_threads(settings: Settings) -> Settings:
    """Networks that run on one thread each, unless the settings say otherwise.

    Many requests share the cores: a network that takes all of them makes the others wait.
    """
    return settings if settings.inference.threads else on_one_thread(settings)


def obtain_pack(settings: Settings, progress: Progress) -> None:
    """Get the pack of the settings here, if it is not.

    Raises:
        PackError, SourceError: it cannot be obtained.
    """
    open_library(settings).ensure(settings.pack, progress)


@contextmanager
def open_administration(settings: Settings, *, actor: str) -> Iterator[Administration]:
    """Open the keys and the audit log of the store that the settings name.

    Raises:
        StoreError: the store cannot be used.
    """
    with closing(open_store(settings)) as store:
        yield Administration(store, lambda: open_keys(settings, store), actor)


def open_keys(settings: Settings, store: KeyStore) -> Keys:
    """The keys of a store."""
    return Keys(store, pepper_of(settings))


def pepper_of(settings: Settings) -> bytes:
    """What digests of keys are made with: of the settings, or a file of the home, made once.

    Raises:
        SettingInvalid: the file can be neither read nor made.
    """
    if settings.service.pepper is not None:
        return settings.service.pepper.get_secret_value().encode()
    path = settings.home / "pepper"
    try:
        if not path.exists():
            _make_pepper(path)
        return path.read_bytes()
    except OSError as error:
        raise SettingInvalid("home", f"{path} can be neither read nor made: {error}") from error


def _make_pepper(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whole or not at all, and never over one that another process made meanwhile.
    with NamedTemporaryFile(dir=path.parent, prefix=".pepper-") as file:
        file.write(secrets.token_bytes(PEPPER_BYTES))
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return


def _load(settings: Settings, pack: str) -> Recognizer:
    return load_recognizer(settings=settings.model_copy(update={"pack": pack}))
