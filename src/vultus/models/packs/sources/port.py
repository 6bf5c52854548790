"""The port of sources of files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Progress = Callable[[str, int, int | None], None]
"""Called as (what, bytes so far, bytes in all or None) while a file arrives."""


def silent(_what: str, _done_bytes: int, _total_bytes: int | None) -> None:
    """Tell nobody of the progress."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to obtain: its address, and the SHA-256 (hex) and size that it must have."""

    source: str
    sha256: str
    size_bytes: int


class PackSource(Protocol):
    """Obtains files of one scheme of address."""

    @property
    def scheme(self) -> str:
        """The part of an address before its first colon: `pypi`, `https`, `file`."""

    def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        """Put the wanted file at `target`, whole or not at all.

        The digest is computed while the bytes arrive, an interrupted transfer is resumed by the
        next call with the same `wanted` and `target`, and a `target` already intact is left as it
        is, without asking anybody. What is needed on the way (parts, whole archives) is put beside
        `target`: one directory for all files of a pack lets them share it, and whoever owns the
        directory removes it when everything is there.

        Raises:
            SourceInvalid: the address cannot be understood.
            SourceUnavailable: nobody answered, or answered no.
            DigestMismatch: the bytes are not the promised ones; nothing of them is kept.
        """
