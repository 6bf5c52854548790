"""Datasets and their templates, where the settings say."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from vultus import __version__
from vultus.blobs.files import DirectoryBlobStore
from vultus.bootstrap.galleries import open_blobs, open_store
from vultus.bootstrap.packs import open_library
from vultus.bootstrap.recognizer import load, on_one_thread
from vultus.domain.template import ModelId
from vultus.errors import ModelMismatch
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.datasets.images import DatasetImages
from vultus.evaluation.datasets.library import DatasetLibrary
from vultus.evaluation.datasets.sources.gallery import gallery_source
from vultus.evaluation.datasets.sources.source import Source
from vultus.evaluation.templates.cache import TemplateCache
from vultus.evaluation.templates.making import template_table
from vultus.evaluation.templates.table import TemplateTable
from vultus.models.packs.manifest import Manifest
from vultus.models.packs.sources.port import Progress
from vultus.settings import Settings
from vultus.usecases.enroll import Step
from vultus.usecases.recognizer import Recognizer

SUFFIX = ".sqlite"


def open_datasets(settings: Settings) -> DatasetLibrary:
    """Open the datasets: kept where the settings keep blobs; where others lie, in the home.

    Raises:
        BlobsUnavailable: one of them cannot be used.
    """
    blobs = open_blobs(settings)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(settings.home / "datasets.lock", mode=0o600)
    places = DirectoryBlobStore(settings.home / "places")
    images = DatasetImages(blobs, places, settings.decode.max_bytes)
    return DatasetLibrary(blobs, images, lock)


@contextmanager
def open_gallery_source(gallery: str, settings: Settings) -> Iterator[Source]:
    """The crops of a gallery, by its name or id; they can be read until the block ends.

    Raises:
        GalleryNotFound: there is none.
        CropsMissing: it keeps none.
    """
    store = open_store(settings)
    try:
        yield gallery_source(store.gallery(gallery), store, open_blobs(settings))
    finally:
        store.close()


def load_for_tables(settings: Settings, progress: Progress | None = None) -> Recognizer:
    """Load the pack of the settings to embed many images at once: a thread per image.

    Errors as for `load`.
    """
    return load(settings=on_one_thread(settings), progress=progress)


def table_of(
    dataset: Dataset, recognizer: Recognizer, settings: Settings, step: Step | None = None
) -> TemplateTable:
    """Give the templates of a dataset: kept ones, and for other images new ones.

    Args:
        dataset: one of `open_datasets`.
        recognizer: the pack of `settings`, best from `load_for_tables`.
        settings: those that the recognizer was loaded with.
        step: told how many images of all are done.

    Raises:
        DatasetImageLost: an image cannot be obtained.
        ModelMismatch: the recognizer is not the pack of the settings.
        TemplateCacheUnavailable: templates cannot be kept.
    """
    cache = TemplateCache(_cache_path(recognizer.model, settings))
    read = open_datasets(settings).read
    return template_table(dataset, recognizer, cache, read, step)


def forget_templates(settings: Settings, digests: Collection[str]) -> None:
    """Delete what all models made of images."""
    for path in sorted(_directory(settings).glob(f"*{SUFFIX}")):
        TemplateCache(path).forget(digests)


def _cache_path(model: ModelId, settings: Settings) -> Path:
    manifest = open_library(settings).manifest(settings.pack)
    if manifest.model != model:
        raise ModelMismatch(str(model), str(manifest.model))
    return _directory(settings) / f"{model}-{_recipe(manifest, settings)}{SUFFIX}"


def _recipe(manifest: Manifest, settings: Settings) -> str:
    """The digest of all that decides about templates: of the pack, the settings and the code."""
    decides: dict[str, Any] = {
        "code": __version__,
        "networks": {key: network.sha256 for key, network in manifest.networks.items()},
        "detector": manifest.detector.model_dump(mode="json"),
        "embedder": manifest.embedder.model_dump(mode="json"),
        "decode": settings.decode.model_dump(),
        "detect": settings.detect.model_dump(exclude={"order"}),
        "provider": settings.inference.provider,
    }
    return sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:16]


def _directory(settings: Settings) -> Path:
    return settings.home / "templates"
