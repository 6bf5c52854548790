"""Galleries of painted faces, on every kind of store."""

from collections.abc import Callable

import pytest

from fakes import MemoryBlobs
from painted import square_recognizer
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.store.port import Store
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.gallery.size import Sizes
from vultus.usecases.gallery.workings import Workings
from vultus.usecases.recognizer import Recognizer

OpenGalleries = Callable[..., Galleries]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def store_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def blobs() -> MemoryBlobs:
    return MemoryBlobs()


@pytest.fixture
def open_galleries(store: Store, blobs: MemoryBlobs) -> OpenGalleries:
    """Galleries of the store, for a recognizer and a way with lookalikes of the test's choice."""

    def opened(
        recognizer: Recognizer | None = None, lookalikes: Lookalikes = Lookalikes.REFUSE
    ) -> Galleries:
        recognizer = recognizer or square_recognizer()
        workings = Workings(
            store=store,
            sizes=Sizes(store),
            searches=Indexes(store, lambda gallery: ExactIndex(gallery.dim), None),
            blobs=blobs,
            recognizer=lambda _: recognizer,
            model=lambda: (recognizer.model, 3),
            lookalikes=lookalikes,
        )
        return Galleries(workings, actor="tester")

    return opened


@pytest.fixture
def galleries(open_galleries: OpenGalleries) -> Galleries:
    return open_galleries()


@pytest.fixture
def gallery(galleries: Galleries) -> OpenGallery:
    return galleries.create("staff")
