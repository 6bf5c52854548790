"""What only S3 does: keys, signatures, servers that do not answer."""

import socket
from collections.abc import Iterator

import pytest

from vultus.blobs.s3 import S3BlobStore, connect
from vultus.errors import BlobsUnavailable


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")


@pytest.fixture
def dead_url() -> Iterator[str]:
    """An address that is taken and at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_server_that_does_not_answer_is_told_of(keys: None, dead_url: str) -> None:
    client = connect(endpoint_url=dead_url, region="us-east-1", timeout_s=1)
    blobs = S3BlobStore(client, "bucket")
    for ask in (
        lambda: blobs.put("a", b"x"),
        lambda: blobs.get("a"),
        lambda: blobs.exists("a"),
        lambda: blobs.delete("a"),
        lambda: list(blobs.names()),
    ):
        with pytest.raises(BlobsUnavailable, match="s3://bucket/") as refusal:
            ask()
        assert "hush" not in str(refusal.value)
    client.close()


@pytest.mark.service
def test_a_wrong_key_is_told_of(
    s3_url: str, s3_keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "guessed")
    client = connect(endpoint_url=s3_url, region="us-east-1", timeout_s=5)
    with pytest.raises(BlobsUnavailable, match="SignatureDoesNotMatch"):
        S3BlobStore(client, "bucket").put("a", b"x")
    client.close()


@pytest.mark.service
def test_a_bucket_that_is_not_there_is_told_of(s3_url: str, s3_keys: None) -> None:
    client = connect(endpoint_url=s3_url, region="us-east-1", timeout_s=5)
    blobs = S3BlobStore(client, "never-was")
    for ask in (lambda: blobs.put("a", b"x"), lambda: blobs.get("a"), lambda: list(blobs.names())):
        with pytest.raises(BlobsUnavailable, match="NoSuchBucket"):
            ask()
    client.close()


def test_a_machine_without_keys_is_told_of(dead_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = connect(endpoint_url=dead_url, region="us-east-1", timeout_s=1)
    with pytest.raises(BlobsUnavailable, match="credentials"):
        S3BlobStore(client, "bucket").get("a")
    client.close()
