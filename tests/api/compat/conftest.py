"""The service with its façades, for painted faces."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from facade_service import Served, served
from painted import square_recognizer
from vultus.settings import load_settings
from vultus.usecases.recognizer import Recognizer

Serve = Callable[..., Served]


@pytest.fixture
def serve(sqlite_url: str) -> Iterator[Serve]:
    """Run the service with a recognizer and settings of the test's choice."""
    with ExitStack() as running:

        def started(recognizer: Recognizer | None = None, **given: object) -> Served:
            settings = load_settings(home="unused", **given)
            run = served(sqlite_url, settings, recognizer or square_recognizer())
            return running.enter_context(run)

        yield started


@pytest.fixture
def client(serve: Serve) -> Served:
    """The service as it is without settings."""
    return serve()
