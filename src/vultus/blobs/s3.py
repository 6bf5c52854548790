"""Blobs in a bucket of S3, or of a server that speaks its protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from vultus.blobs.port import check_blob_name
from vultus.errors import BlobNotFound, BlobsUnavailable

MISSING = {"NoSuchKey", "NotFound", "404"}
"""What servers call an object that is not there."""


def connect(
    *, endpoint_url: str | None = None, region: str | None = None, timeout_s: float = 30.0
) -> Any:
    """Make a client of S3, safe between threads.

    Keys come from where boto3 finds them: the environment, its files, or the machine's role.

    Args:
        endpoint_url: another server than Amazon's.
        region: the region that requests are signed for; None takes it from where the keys are.
        timeout_s: how long to wait for a connection, and for an answer.
    """
    config = Config(
        connect_timeout=timeout_s,
        read_timeout=timeout_s,
        retries={"mode": "standard", "max_attempts": 3},
        s3={"addressing_style": "path"} if endpoint_url else None,
        # Servers other than Amazon's do not know the newer checksums; TLS and the signature
        # protect the bytes on their way.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    # boto3's own session would keep the first keys it found.
    session = boto3.Session(region_name=region)
    return session.client("s3", endpoint_url=endpoint_url, config=config)


class S3BlobStore:
    """A `BlobStore` in one bucket, below a prefix."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        """Keep blobs in a bucket that is there; `prefix`, as `vultus/`, begins all their keys."""
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def put(self, name: str, data: bytes) -> None:
        """See `BlobStore`."""
        with self._translated():
            self._client.put_object(**self._object(name), Body=data)

    def get(self, name: str) -> bytes:
        """See `BlobStore`."""
        with self._translated():
            try:
                answer = self._client.get_object(**self._object(name))
            except ClientError as error:
                if _code(error) in MISSING:
                    raise BlobNotFound(name) from error
                raise
            with answer["Body"] as body:
                data: bytes = body.read()
            return data

    def exists(self, name: str) -> bool:
        """See `BlobStore`."""
        with self._translated():
            try:
                self._client.head_object(**self._object(name))
            except ClientError as error:
                if _code(error) in MISSING:
                    return False
                raise
            return True

    def delete(self, name: str) -> None:
        """See `BlobStore`."""
        with self._translated():
            self._client.delete_object(**self._object(name))

    def names(self, prefix: str = "") -> Iterator[str]:
        """See `BlobStore`."""
        with self._translated():
            pages = self._client.get_paginator("list_objects_v2")
            asked = {"Bucket": self._bucket, "Prefix": self._prefix + prefix}
            for page in pages.paginate(**asked):
                for found in page.get("Contents", ()):
                    yield found["Key"].removeprefix(self._prefix)

    def _object(self, name: str) -> dict[str, str]:
        check_blob_name(name)
        return {"Bucket": self._bucket, "Key": self._prefix + name}

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise BlobsUnavailable(self._place, f"{_code(error)}") from error
        except BotoCoreError as error:
            raise BlobsUnavailable(self._place, str(error).rstrip(".")) from error

    @property
    def _place(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}"


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "no code"))
