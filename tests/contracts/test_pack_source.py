"""What every source of files owes: the whole file, as promised, or nothing."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import trustme

from packages import index_page, pip_config, sdist, wheel, write_index
from serving import Served, Site, client_context, server_context, serving
from vultus.errors import DigestMismatch, SourceInvalid, SourceUnavailable
from vultus.models.packs.sources.files import FileSource
from vultus.models.packs.sources.https import HttpsSource
from vultus.models.packs.sources.port import PackSource, Wanted, silent
from vultus.models.packs.sources.pypi import PypiSource

AT_ONCE = (0, 0)
# Incompressible, and several chunks long in every source.
CONTENT = np.random.default_rng(0).bytes(3_000_000)


class Publisher(ABC):
    """Something that a source takes files from."""

    source: PackSource
    malformed: str

    @abstractmethod
    def publish(self, content: bytes) -> str:
        """Let the one file have this content, and give its address."""

    @abstractmethod
    def withdraw(self) -> None:
        """Let there be no file any more, and nobody who answers."""


class Directory(Publisher):
    malformed = "file:relative/path"

    def __init__(self, directory: Path):
        self.source = FileSource(AT_ONCE)
        self._file = directory / "a file"

    def publish(self, content: bytes) -> str:
        self._file.write_bytes(content)
        return self._file.as_uri()

    def withdraw(self) -> None:
        self._file.unlink()


class SecureSite(Publisher):
    malformed = "http://localhost/file"

    def __init__(self, site: Site, trust: trustme.CA):
        self.source = HttpsSource(client_context(trust), AT_ONCE)
        self._site = site

    def publish(self, content: bytes) -> str:
        return self._site.put("/file", Served(content))

    def withdraw(self) -> None:
        self._site.pages.clear()


class LocalIndex(Publisher):
    malformed = "pypi:weights/sdist#weights.bin"

    def __init__(self, directory: Path):
        self._directory = directory
        self.source = PypiSource(lambda: pip_config(directory.as_uri()), AT_ONCE)

    def publish(self, content: bytes) -> str:
        archive = sdist({"weights-1.0/weights.bin": content})
        write_index(self._directory, "weights", {"weights-1.0.tar.gz": archive})
        return "pypi:weights==1.0/sdist#weights-1.0/weights.bin"

    def withdraw(self) -> None:
        for file in (self._directory / "weights").iterdir():
            file.unlink()


class WebIndex(Publisher):
    malformed = "pypi:weights==1.0/egg#weights.bin"

    def __init__(self, site: Site):
        self._site = site
        self.source = PypiSource(lambda: pip_config(f"{site.url}/simple"), AT_ONCE)

    def publish(self, content: bytes) -> str:
        name, archive = "weights-1.0-py3-none-any.whl", wheel({"weights/weights.bin": content})
        page = Served(index_page({name: archive}), kind="text/html")
        self._site.put("/simple/weights/", page)
        self._site.put(f"/simple/weights/{name}", Served(archive))
        return "pypi:Weights==1.0/wheel#weights/weights.bin"

    def withdraw(self) -> None:
        self._site.pages.clear()


@pytest.fixture(params=["file", "https", "pypi local sdist", "pypi web wheel"])
def publisher(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Publisher]:
    origin = tmp_path / "origin"
    origin.mkdir()
    match request.param:
        case "file":
            yield Directory(origin)
        case "pypi local sdist":
            yield LocalIndex(origin)
        case "https":
            trust = trustme.CA()
            with serving(server_context(trust)) as site:
                yield SecureSite(site, trust)
        case "pypi web wheel":
            with serving() as site:
                yield WebIndex(site)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "weights"


def wanted(source: str, content: bytes = CONTENT) -> Wanted:
    return Wanted(source, hashlib.sha256(content).hexdigest(), len(content))


def test_the_whole_file_is_put_at_the_target(publisher, target):
    publisher.source.fetch(wanted(publisher.publish(CONTENT)), target, silent)
    assert target.read_bytes() == CONTENT


def test_the_scheme_is_that_of_its_addresses(publisher):
    assert publisher.publish(CONTENT).startswith(f"{publisher.source.scheme}:")


def test_progress_rises_to_the_size_of_the_file(publisher, target):
    told = []
    publisher.source.fetch(
        wanted(publisher.publish(CONTENT)), target, lambda *step: told.append(step)
    )
    done = [done for what, done, _ in told if what == target.name]
    assert len(done) > 1
    assert done == sorted(done)
    assert told[-1] == (target.name, len(CONTENT), len(CONTENT))


def test_an_intact_target_asks_nobody(publisher, target):
    promise = wanted(publisher.publish(CONTENT))
    publisher.source.fetch(promise, target, silent)
    publisher.withdraw()
    publisher.source.fetch(promise, target, silent)
    assert target.read_bytes() == CONTENT


def test_a_damaged_target_is_replaced(publisher, target):
    promise = wanted(publisher.publish(CONTENT))
    target.parent.mkdir()
    target.write_bytes(CONTENT[:-1] + b"?")
    publisher.source.fetch(promise, target, silent)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "other",
    [CONTENT[:-1] + b"?", CONTENT + b"more", CONTENT[:-1], b"<html>sign in first</html>", b""],
    ids=["changed", "longer", "shorter", "another", "empty"],
)
def test_other_bytes_than_promised_leave_nothing(publisher, target, other):
    promise = wanted(publisher.publish(other))
    with pytest.raises(DigestMismatch) as caught:
        publisher.source.fetch(promise, target, silent)
    assert caught.value.expected == promise.sha256
    assert list(target.parent.iterdir()) == []


def test_a_file_that_is_not_there_is_unavailable(publisher, target):
    promise = wanted(publisher.publish(CONTENT))
    publisher.withdraw()
    with pytest.raises(SourceUnavailable):
        publisher.source.fetch(promise, target, silent)
    assert not target.exists()


def test_a_malformed_address_is_refused(publisher, target):
    with pytest.raises(SourceInvalid):
        publisher.source.fetch(wanted(publisher.malformed), target, silent)


def test_a_process_that_stops_midway_leaves_no_target_and_the_next_one_completes_it(
    publisher, target
):
    promise = wanted(publisher.publish(CONTENT))

    def die(what: str, _done: int, _total: int | None) -> None:
        if what == target.name:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publisher.source.fetch(promise, target, die)
    assert not target.exists()
    publisher.source.fetch(promise, target, silent)
    assert target.read_bytes() == CONTENT


def test_half_a_file_from_a_crashed_process_is_completed(publisher, target):
    promise = wanted(publisher.publish(CONTENT))
    target.parent.mkdir()
    target.with_name("weights.part").write_bytes(CONTENT[: len(CONTENT) // 2])
    publisher.source.fetch(promise, target, silent)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("size_bytes", [10, len(CONTENT), len(CONTENT) + 10])
def test_the_beginning_of_another_file_is_replaced(publisher, target, size_bytes):
    promise = wanted(publisher.publish(CONTENT))
    target.parent.mkdir()
    target.with_name("weights.part").write_bytes(bytes(size_bytes))
    publisher.source.fetch(promise, target, silent)
    assert target.read_bytes() == CONTENT
    assert not target.with_name("weights.part").exists()


def test_a_target_that_cannot_be_written_is_said(publisher, target):
    promise = wanted(publisher.publish(CONTENT))
    target.parent.write_text("a file where the directory should be")
    with pytest.raises(SourceUnavailable, match="File exists"):
        publisher.source.fetch(promise, target, silent)
