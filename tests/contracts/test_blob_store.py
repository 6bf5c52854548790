"""What every place for blobs owes: the bytes under their name, whole or not at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from fakes import MemoryBlobs
from vultus.blobs.files import DirectoryBlobStore
from vultus.blobs.port import BlobStore
from vultus.blobs.s3 import S3BlobStore, connect
from vultus.errors import BlobNotFound, InvalidValue

LARGE = np.random.default_rng(0).bytes(5_000_000)


@pytest.fixture
def bucket(s3_url: str, s3_keys: None) -> Iterator[S3BlobStore]:
    name = f"blobs-{uuid4().hex}"
    client = connect(endpoint_url=s3_url, region="us-east-1", timeout_s=10)
    client.create_bucket(Bucket=name)
    client.put_object(Bucket=name, Key="not/ours", Body=b"")
    yield S3BlobStore(client, name, "vultus/")
    client.close()


@pytest.fixture(params=["memory", "directory", pytest.param("s3", marks=pytest.mark.service)])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "memory":
        return MemoryBlobs()
    if request.param == "directory":
        return DirectoryBlobStore(tmp_path / "not" / "there" / "yet")
    in_bucket: S3BlobStore = request.getfixturevalue("bucket")
    return in_bucket


@pytest.mark.parametrize("data", [b"", b"\0", b"a" * 1_000, LARGE], ids=len)
def test_what_was_put_is_given(blobs: BlobStore, data: bytes) -> None:
    blobs.put("crops/0f3a/7c21.jpg", data)
    assert blobs.get("crops/0f3a/7c21.jpg") == data
    assert blobs.exists("crops/0f3a/7c21.jpg")


def test_what_is_put_again_replaces(blobs: BlobStore) -> None:
    blobs.put("a", b"long enough")
    blobs.put("a", b"short")
    assert blobs.get("a") == b"short"
    assert list(blobs.names()) == ["a"]


def test_what_is_not_there_is_not_found(blobs: BlobStore) -> None:
    blobs.put("a/b", b"x")
    for name in ("c", "a", "a/c", "a/b/c", "a-"):
        with pytest.raises(BlobNotFound, match=name):
            blobs.get(name)
        assert not blobs.exists(name)
        blobs.delete(name)
    assert list(blobs.names()) == ["a/b"]


def test_what_is_deleted_is_gone(blobs: BlobStore) -> None:
    blobs.put("a/b", b"x")
    blobs.put("a/c", b"y")
    blobs.delete("a/b")
    assert not blobs.exists("a/b")
    assert list(blobs.names()) == ["a/c"]
    blobs.put("a/b", b"again")
    assert blobs.get("a/b") == b"again"


def test_names_come_in_the_order_of_their_characters(blobs: BlobStore) -> None:
    names = ["a-b", "a.b", "a/B", "a/b/c", "a/b/d", "a/b-c", "a0", "A", "b/x", "b/y/z"]
    for name in names:
        blobs.put(name, b"")
    assert list(blobs.names()) == sorted(names)
    for prefix in ("a", "a/", "a/b", "a/b/", "a/b/c", "b/y", "c", "b/x/"):
        assert list(blobs.names(prefix)) == sorted(n for n in names if n.startswith(prefix))


NO_NAMES = [
    "",
    "/",
    "/etc/passwd",
    "a/",
    "a//b",
    "..",
    "../a",
    "a/../b",
    ".hidden",
    "a/.b",
    "a\\b",
    "a b",
    "a\0",
    "é",
    "a:b",
    "x" * 201,
    "/".join(["x" * 100] * 6),
]


@pytest.mark.parametrize("name", NO_NAMES, ids=lambda name: repr(name)[:20])
def test_a_name_that_is_none_is_refused(blobs: BlobStore, name: str) -> None:
    with pytest.raises(InvalidValue, match="blob name"):
        blobs.put(name, b"x")
    for ask in (blobs.get, blobs.exists, blobs.delete):
        with pytest.raises(InvalidValue, match="blob name"):
            ask(name)
    assert list(blobs.names()) == []


def test_the_longest_name_is_a_name(blobs: BlobStore) -> None:
    name = "/".join(["x" * 200, "y" * 200, "z" * 110])
    blobs.put(name, b"x")
    assert list(blobs.names()) == [name]


def test_more_names_than_a_server_gives_at_once(blobs: BlobStore) -> None:
    names = [f"many/{n:04}" for n in range(50)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda name: blobs.put(name, b""), names))
    assert list(blobs.names("many/")) == names


def test_readers_see_the_old_or_the_new_and_no_mixture(blobs: BlobStore) -> None:
    versions = [bytes([n]) * 200_000 for n in range(8)]
    blobs.put("a", versions[0])
    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(blobs.put, "a", version) for version in versions]
        seen = {blobs.get("a") for _ in range(20)}
        for each in writing:
            each.result()
    assert seen <= set(versions)
