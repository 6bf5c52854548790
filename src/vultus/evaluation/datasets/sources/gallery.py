"""A gallery that keeps crops: the pictures of its faces, and who they are."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial

from vultus.blobs.port import BlobStore
from vultus.domain.gallery import EnrolledSubject, Gallery
from vultus.errors import BlobNotFound, CropsMissing, ImageNotFound, ImageTooHeavy
from vultus.evaluation.datasets.sources.source import Source, SourceImage
from vultus.gallery.store.port import Store


def gallery_source(gallery: Gallery, store: Store, blobs: BlobStore) -> Source:
    """List the crops of a gallery; faces without one, as running means, are passed over.

    Who shares a name with others is told from them by the id as well.

    Raises:
        CropsMissing: it keeps none.
    """
    subjects = list(store.export_subjects(gallery.id))
    names = Counter(each.enrollment.subject.name for each in subjects)
    images = tuple(
        image
        for each in subjects
        for image in _images(each, blobs, shared=names[each.enrollment.subject.name] > 1)
    )
    if not images:
        raise CropsMissing(gallery.name)
    return Source(f"crops of the gallery {gallery.name}", images)


def _images(each: EnrolledSubject, blobs: BlobStore, *, shared: bool) -> Iterator[SourceImage]:
    subject = each.enrollment.subject
    whom = f"{subject.name} ({subject.id})" if shared else subject.name
    for face in each.faces:
        if face.crop is not None:
            yield SourceImage(
                f"{subject.id}/{face.id}.jpg",
                whom,
                partial(_read, blobs, face.crop),
                attributes={key: _text(value) for key, value in subject.attributes.items()},
            )


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(blobs: BlobStore, crop: str, max_bytes: int) -> bytes:
    try:
        data = blobs.get(crop)
    except BlobNotFound as error:
        raise ImageNotFound(crop, "the crop is gone") from error
    if len(data) > max_bytes:
        raise ImageTooHeavy(len(data), max_bytes)
    return data
