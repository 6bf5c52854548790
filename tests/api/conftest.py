"""A service of painted faces, each with an empty store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import served, settings_of


@pytest.fixture
def client(tmp_path: Path, sqlite_url: str) -> Iterator[TestClient]:
    """A service without keys, and with an empty gallery called staff."""
    with served(settings_of(tmp_path), url=sqlite_url) as client:
        assert client.post("/v1/galleries", json={"name": "staff"}).status_code == 201
        yield client
