"""Opening the place of blobs by its address."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from vultus.blobs.files import DirectoryBlobStore
from vultus.blobs.port import BlobStore
from vultus.errors import BlobsUnavailable, SettingInvalid


def open_blobs(url: str, *, endpoint_url: str | None = None) -> BlobStore:
    """Open a directory, given by its path or a `file:` URL, or a bucket, as `s3://bucket/prefix`.

    `endpoint_url` is where a server other than Amazon's answers.

    Raises:
        SettingInvalid: the address is neither.
        BlobsUnavailable: the place cannot be used.
    """
    scheme, separator, _ = url.partition("://")
    if not separator:
        return DirectoryBlobStore(Path(url))
    parts = urlsplit(url)
    if scheme == "file":
        return DirectoryBlobStore(Path(url2pathname(parts.path)))
    if scheme == "s3" and parts.hostname:
        return _s3(parts.netloc, parts.path.strip("/"), endpoint_url)
    raise SettingInvalid("blobs.url", "give a directory, or s3://bucket/prefix")


def _s3(bucket: str, prefix: str, endpoint_url: str | None) -> BlobStore:
    try:
        from vultus.blobs.s3 import S3BlobStore, connect
    except ImportError as error:
        problem = f"the client is missing ({error.name}); run: pip install 'vultus[s3]'"
        raise BlobsUnavailable(f"s3://{bucket}", problem) from error
    return S3BlobStore(connect(endpoint_url=endpoint_url), bucket, f"{prefix}/" if prefix else "")
