"""Crops of faces: JPEG files outside the store, of which none shall be left that no face has."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from vultus.blobs.port import BlobStore
from vultus.errors import VultusError
from vultus.gallery.store.port import BlobLedger

HELD_FOR = timedelta(hours=1)
"""So long a crop waits for its face before a purge may delete it."""

log = logging.getLogger(__name__)


def new_crop_name(gallery_id: str) -> str:
    """A name for the crop of a face that is to be written, never used before."""
    return f"crops/{gallery_id}/{uuid4().hex}.jpg"


@contextmanager
def kept_crops(
    crops: Mapping[str, bytes],
    store: BlobLedger,
    blobs: BlobStore,
    held_for: timedelta = HELD_FOR,
) -> Iterator[None]:
    """Keep crops, by their new names, for the faces that the block writes.

    Those that no face has at its end are deleted, and so they are when it raises. What a process
    leaves that dies in between goes with a purge.

    Raises:
        BlobError, StoreError: they cannot be kept.
    """
    if not crops:
        yield
        return
    names = list(crops)
    store.hold_blobs(names, until=datetime.now(UTC) + held_for)
    try:
        for name, jpeg in crops.items():
            blobs.put(name, jpeg)
        yield
    finally:
        _delete_unused(names, store, blobs)


def _delete_unused(names: Sequence[str], store: BlobLedger, blobs: BlobStore) -> None:
    try:
        unused = store.release_blobs(names)
        for name in unused:
            blobs.delete(name)
        if unused:
            store.forget_blobs(unused)
    except VultusError as error:
        log.warning("crops that no face has stay until a purge: %s", error)
