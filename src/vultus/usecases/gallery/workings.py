"""What galleries work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from vultus.blobs.port import BlobStore
from vultus.domain.gallery import Gallery
from vultus.domain.template import ModelId
from vultus.errors import GalleryModelMismatch
from vultus.gallery.search.status import Searches
from vultus.gallery.store.port import Store
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.size import Sizes
from vultus.usecases.recognizer import Recognizer

RETENTION = timedelta(days=30)


def check_model(gallery: Gallery, model: ModelId) -> None:
    """Refuse a pack that did not make the gallery's templates.

    Raises:
        GalleryModelMismatch: that is so.
    """
    if model != gallery.model:
        raise GalleryModelMismatch(gallery.name, str(gallery.model), str(model), model.pack)


@dataclass(frozen=True, slots=True)
class Workings:
    """What galleries work with.

    `recognizer` gives the one for a gallery; it loads a pack at the first call, and keeps it.
    `model` names the pack that new galleries are for, and the size of its templates. `retention` is
    how long what was deleted stays, unless a purge says otherwise.
    """

    store: Store
    searches: Searches
    blobs: BlobStore
    recognizer: Callable[[Gallery], Recognizer]
    model: Callable[[], tuple[ModelId, int]]
    lookalikes: Lookalikes
    sizes: Sizes
    retention: timedelta = RETENTION

    def close(self) -> None:
        """Save what makes the next start faster, and give back connections and files."""
        try:
            self.searches.close()
        finally:
            self.store.close()
