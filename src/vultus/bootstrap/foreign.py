"""Addresses of other systems → their galleries."""

from collections.abc import Iterator
from contextlib import contextmanager

from vultus.gallery.foreign.compreface import CompreFaceGallery
from vultus.gallery.foreign.port import ForeignGallery


@contextmanager
def open_compreface(url: str, key: str) -> Iterator[ForeignGallery]:
    """Open the face collection of CompreFace's recognition service with that API key.

    Raises:
        SourceInvalid: the address is none.
    """
    gallery = CompreFaceGallery.at(url, key)
    try:
        yield gallery
    finally:
        gallery.close()
