"""Galleries of painted faces, as the library has them."""

from fakes import MemoryBlobs
from painted import square_recognizer
from vultus.blobs.port import BlobStore
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.store.port import Store
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.size import Sizes
from vultus.usecases.gallery.workings import Workings
from vultus.usecases.recognizer import Recognizer


def painted_galleries(
    store: Store,
    blobs: BlobStore | None = None,
    recognizer: Recognizer | None = None,
    lookalikes: Lookalikes = Lookalikes.REFUSE,
) -> Galleries:
    """The galleries of a store, for a recognizer of painted photos."""
    recognizer = recognizer or square_recognizer()
    workings = Workings(
        store=store,
        sizes=Sizes(store),
        searches=Indexes(store, lambda gallery: ExactIndex(gallery.dim), None),
        blobs=blobs or MemoryBlobs(),
        recognizer=lambda _: recognizer,
        model=lambda: (recognizer.model, 3),
        lookalikes=lookalikes,
    )
    return Galleries(workings, actor="tester")
