"""Opening the place of blobs by its address."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from vultus.blobs.files import DirectoryBlobStore
from vultus.blobs.port import BlobStore
from vultus.errors import BlobsUnavailable, SettingInvalid


def open_blobs(url: str, *, endpoint_url: str | None = None, timeout_s: float = 30.0) -> BlobStore:
    """Open a directory, given by its path or a `file:` URL, or a bucket, as `s3://bucket/prefix`.

    `endpoint_url` is where a server other than Amazon's answers, and `timeout_s` how long a bucket
    may take to do so.

    Raises:
        SettingInvalid: the address is neither.
        BlobsUnavailable: the place cannot be used.
    """
    directory = blob_directory(url)
    if directory is not None:
        return DirectoryBlobStore(directory)
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.hostname:
        return _s3(parts.netloc, parts.path.strip("/"), endpoint_url, timeout_s)
    raise SettingInvalid("blobs.url", "give a directory, or s3://bucket/prefix")


def blob_directory(url: str) -> Path | None:
    """The directory that an address names; None where it names something else."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        return Path(url)
    return Path(url2pathname(urlsplit(url).path)) if scheme == "file" else None


def _s3(bucket: str, prefix: str, endpoint_url: str | None, timeout_s: float) -> BlobStore:
    try:
        from vultus.blobs.s3 import S3BlobStore, connect
    except ImportError as error:
        problem = f"the client is missing ({error.name}); run: pip install 'vultus[s3]'"
        raise BlobsUnavailable(f"s3://{bucket}", problem) from error
    client = connect(endpoint_url=endpoint_url, timeout_s=timeout_s)
    return S3BlobStore(client, bucket, f"{prefix}/" if prefix else "")
