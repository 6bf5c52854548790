"""Bytes that cannot be kept."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class BlobError(VultusError):
    """Bytes cannot be kept."""

    code = "blob_error"


@dataclass(eq=False)
class BlobNotFound(BlobError):
    """No blob of that name."""

    code = "blob_not_found"
    sentence = "There is no blob {name!r}."
    name: str


@dataclass(eq=False)
class BlobNotHeld(BlobError):
    """A blob was to belong to a face, and may be deleted."""

    code = "blob_not_held"
    sentence = (
        "The blob {name!r} was not held any more when its face was to be written: a purge may have "
        "deleted it. Nothing was changed; try again."
    )
    name: str


@dataclass(eq=False)
class BlobsUnavailable(BlobError):
    """The place of all blobs cannot be used."""

    code = "blobs_unavailable"
    sentence = "The blobs at {place} cannot be used: {problem}."
    place: str
    problem: str
