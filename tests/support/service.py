"""A service in this process: painted faces, a store in a file, and a client."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from fakes import MemoryBlobs
from painted import square_recognizer
from vultus.api.app import create_app
from vultus.domain.key import NewKey, Scope
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.port import Store
from vultus.settings import Settings, load_settings
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.size import Sizes
from vultus.usecases.gallery.workings import Workings
from vultus.usecases.recognizer import Recognizer
from vultus.usecases.serving.keys import Keys
from vultus.usecases.serving.models import Models
from vultus.usecases.serving.once import Once
from vultus.usecases.serving.service import Service

PEPPER = b"p" * 32
HERE = "http://127.0.0.1"
LOOPBACK = ("127.0.0.1", 50_000)
"""From where a program on this machine asks."""


def settings_of(home: Path, **service: Any) -> Settings:
    """Settings of a service in a home of its own, without limits of how often one may ask."""
    chosen = {"threads": 2, "rate_limit": "off", "address_rate_limit": "off"} | service
    return load_settings(home=home, service=chosen)


def painted_service(
    store: Store, recognizer: Recognizer | None = None, patience_s: float = 60
) -> Service:
    """What a service works with; its pack is ready at once."""
    chosen = recognizer or square_recognizer()
    pack = chosen.model.pack
    models = Models(lambda _: chosen)
    workings = Workings(
        store=store,
        sizes=Sizes(store),
        searches=Indexes(store, lambda gallery: ExactIndex(gallery.dim), None),
        blobs=MemoryBlobs(),
        recognizer=lambda gallery: models.get(gallery.model.pack),
        model=lambda: (chosen.model, 3),
        lookalikes=Lookalikes.NOTE,
    )
    models.warm(pack)
    once = Once(store, patience=timedelta(seconds=patience_s), kept=timedelta(hours=1))
    return Service(workings, Keys(store, PEPPER), once, models, pack)


@contextmanager
def served(
    settings: Settings, service: Service | None = None, url: str | None = None
) -> Iterator[TestClient]:
    """A client of a service that runs until the block ends."""
    store_url = url or f"sqlite:///{settings.home}/store.db"

    def opened(_: Settings) -> Service:
        return service or painted_service(open_store(store_url))

    app = create_app(settings, opened)
    with client_at(app, LOOPBACK) as client:
        yield client


def client_at(app: ASGIApp, address: tuple[str, int]) -> TestClient:
    """A client of an application that asks from an address."""
    return TestClient(app, base_url=HERE, raise_server_exceptions=False, client=address)


def service_of(client: TestClient) -> Service:
    """What the service of a client works with."""
    service: Service = client.app.state.context.service  # type: ignore[attr-defined]
    return service


def key_for(
    client: TestClient, scope: Scope = Scope.ADMIN, gallery: str | None = None, **more: Any
) -> dict[str, str]:
    """A new key, as the header that it stands in."""
    service = service_of(client)
    gallery_id = service.workings.store.gallery(gallery).id if gallery else None
    new = NewKey("test", scope, gallery_id, **more)
    _, secret = service.keys.create(new, actor="tester")
    return {"Authorization": f"Bearer {secret}"}


def routes() -> set[str]:
    """The routes of our own, as `GET /v1/galleries`; façades are tested elsewhere."""
    paths = create_app(settings_of(Path("/nowhere"))).openapi()["paths"]
    return {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if path.startswith("/v1/") or path in ("/healthz", "/readyz", "/metrics")
    }
