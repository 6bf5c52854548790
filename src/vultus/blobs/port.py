"""The port of every place that keeps bytes by name."""

import re
from collections.abc import Iterator
from typing import Protocol

from vultus.errors import InvalidValue

MAX_NAME_BYTES = 512
"""Longest name of a blob."""

_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}")


class BlobStore(Protocol):
    """A place for bytes. Safe between threads and processes.

    Names are ours and never taken from outside: parts of ASCII letters, digits, `_`, `-` and `.`,
    joined by `/`, as in `crops/0f3a/7c21.jpg`. Any other raises InvalidValue. Every method raises
    BlobsUnavailable when the place cannot be reached, read or written.
    """

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` under a name, instead of what was there; afterwards it is durable.

        Readers get the old bytes or the new ones, never a mixture, also when this process dies.
        """

    def get(self, name: str) -> bytes:
        """Give the bytes.

        Raises:
            BlobNotFound: nothing is kept under that name.
        """

    def exists(self, name: str) -> bool:
        """Say whether something is kept under that name."""

    def delete(self, name: str) -> None:
        """Remove what is kept under that name, if anything is."""

    def names(self, prefix: str = "") -> Iterator[str]:
        """List the names that begin with `prefix`, sorted by their characters."""


def check_blob_name(name: str) -> None:
    """Refuse a name that is no name of a blob.

    Raises:
        InvalidValue: a part is empty, begins with a dot, or has a character that is not allowed.
    """
    if len(name) > MAX_NAME_BYTES or not all(map(_PART.fullmatch, name.split("/"))):
        problem = "use ASCII letters, digits, '_', '-' and '.', with '/' between parts"
        raise InvalidValue("blob name", problem)
