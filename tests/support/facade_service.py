"""The service with its façades, in this process, for painted faces."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from fastapi import FastAPI
from starlette.testclient import TestClient

from service import HERE, LOOPBACK, painted_service
from vultus.api.app import create_app
from vultus.gallery.store.opening import open_store
from vultus.settings import Settings
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.recognizer import Recognizer
from vultus.usecases.serving.service import Service


class Served(TestClient):
    """A client of a running service, and what that works with."""

    service: Service

    @property
    def gallery(self) -> OpenGallery:
        """The gallery that façades serve unless they are told otherwise."""
        return Galleries(self.service.workings, "tester").open_or_create("default")


@contextmanager
def served(url: str, settings: Settings, recognizer: Recognizer) -> Iterator[Served]:
    """Run the service on the store at `url` until the block ends."""
    service = painted_service(open_store(url), recognizer)
    app, opened = _application(settings.model_dump_json())
    opened.append(service)
    with Served(app, base_url=HERE, client=LOOPBACK) as client:
        client.service = service
        yield client


@cache
def _application(settings: str) -> tuple[FastAPI, list[Service]]:
    """An application of these settings, and the list whose last service it opens when it starts.

    Made once, because to make one takes longer than most tests.
    """
    opened: list[Service] = []
    return create_app(Settings.model_validate_json(settings), lambda _: opened[-1]), opened
