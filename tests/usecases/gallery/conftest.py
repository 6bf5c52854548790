"""Galleries of painted faces, on every kind of store."""

from collections.abc import Callable

import pytest

from fakes import MemoryBlobs
from painted_galleries import painted_galleries
from vultus.gallery.store.port import Store
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery
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
        return painted_galleries(store, blobs, recognizer, lookalikes)

    return opened


@pytest.fixture
def galleries(open_galleries: OpenGalleries) -> Galleries:
    return open_galleries()


@pytest.fixture
def gallery(galleries: Galleries) -> OpenGallery:
    return galleries.create("staff")
