"""The command line on galleries whose templates are ready, so that no pack is needed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import vultus


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def store_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_url: str) -> Path:
    """An empty home whose galleries are kept at `store_url`."""
    monkeypatch.setenv("VULTUS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VULTUS_STORE__URL", store_url)
    monkeypatch.setenv("VULTUS_SEARCH__KIND", "exact")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def staff(home: Path) -> Iterator[vultus.OpenGallery]:
    """A gallery with Ada, who has two faces, and Bob, who has one."""
    with vultus.open_gallery("staff") as gallery:
        axes = np.eye(128)
        ada = vultus.NewSubject("Ada Lovelace", "2576", {"team": "engines"})
        gallery.enroll_templates(ada, [axes[0], axes[1]])
        gallery.enroll_templates("Bob", [axes[2]])
        yield gallery
