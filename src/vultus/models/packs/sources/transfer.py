"""How arriving bytes become a file: whole and as promised, or not at all."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from vultus.errors import DigestMismatch, SourceError, SourceUnavailable
from vultus.models.packs.sources.port import Progress, Wanted

CHUNK_BYTES = 1024 * 1024
PAUSES_S = (0.5, 1.0, 2.0)
"""Waits before each further try, counted anew whenever bytes arrived."""


class Interrupted(Exception):
    """The bytes stopped coming; those that came are good, and asking again may help."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Bytes on their way: `chunks` begin at byte `start` of a file of `total_bytes`, if known."""

    start: int
    total_bytes: int | None
    chunks: Iterator[bytes]


Opener = Callable[[int], AbstractContextManager[Incoming]]
"""Opens a file at the given byte, or, where that cannot be obtained, at its first."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is known of a file before it arrives. None: not known."""

    source: str
    sha256: str | None
    size_bytes: int | None
    limit_bytes: int

    @classmethod
    def of(cls, wanted: Wanted) -> Self:
        """The promise of a file whose digest and size are pinned."""
        return cls(wanted.source, wanted.sha256, wanted.size_bytes, wanted.size_bytes)

    def kept_by(self, part: "_Part") -> bool:
        """Whether the bytes that are here are the promised ones."""
        return (
            part.size_bytes <= self.limit_bytes
            and self.size_bytes in (None, part.size_bytes)
            and self.sha256 in (None, part.sha256)
        )

    def broken_by(self, part: "_Part") -> SourceError:
        """What to say about bytes that are not the promised ones."""
        if self.sha256 is None:
            return SourceUnavailable(self.source, f"it is larger than {self.limit_bytes:,} bytes")
        return DigestMismatch(self.source, self.sha256, part.sha256)


def is_intact(path: Path, sha256: str, size_bytes: int) -> bool:
    """Whether there is a file with this digest and size."""
    if not path.is_file() or path.stat().st_size != size_bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def receive(
    promise: Promise,
    target: Path,
    open_at: Opener,
    progress: Progress,
    pauses_s: Sequence[float] = PAUSES_S,
) -> None:
    """Put the promised bytes at `target`, continuing where an earlier call was interrupted.

    Raises:
        SourceUnavailable: the bytes stopped coming, and asking again did not help.
        DigestMismatch: the bytes are not the promised ones; nothing of them is kept.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _Part(target) as part:
            continued = part.size_bytes > 0
            _fill(part, promise, open_at, progress, pauses_s)
            # Only the digest tells whether an old beginning and a new end are of one file.
            if continued and not promise.kept_by(part):
                part.clear()
                _fill(part, promise, open_at, progress, pauses_s)
            if not promise.kept_by(part):
                part.discard()
                raise promise.broken_by(part)
            part.publish()
    except OSError as error:
        raise SourceUnavailable(promise.source, error.strerror or str(error)) from error


def _fill(
    part: "_Part",
    promise: Promise,
    open_at: Opener,
    progress: Progress,
    pauses_s: Sequence[float],
) -> None:
    """Append until the end of the file, asking again when the bytes stop coming."""
    pauses, furthest = iter(pauses_s), part.size_bytes
    while True:
        try:
            return _append(part, promise, open_at, progress)
        except Interrupted as interruption:
            if part.size_bytes > furthest:
                pauses, furthest = iter(pauses_s), part.size_bytes
            pause_s = next(pauses, None)
            if pause_s is None:
                raise SourceUnavailable(promise.source, str(interruption)) from interruption
            time.sleep(pause_s)


def _append(part: "_Part", promise: Promise, open_at: Opener, progress: Progress) -> None:
    """Append what one opening gives, and at most a chunk beyond the limit."""
    if part.size_bytes > promise.limit_bytes:
        part.clear()
    if part.size_bytes == promise.size_bytes:
        return
    with open_at(part.size_bytes) as incoming:
        if incoming.start != part.size_bytes:
            part.clear()
        total_bytes = promise.size_bytes or incoming.total_bytes
        for chunk in incoming.chunks:
            part.write(chunk)
            progress(part.name, part.size_bytes, total_bytes)
            if part.size_bytes > promise.limit_bytes:
                return
    ended_early = promise.size_bytes is not None and part.size_bytes < promise.size_bytes
    if ended_early and incoming.total_bytes is None:
        raise Interrupted(f"the bytes ended at {part.size_bytes:,} of {promise.size_bytes:,}")


class _Part:
    """`<target>.part`: the bytes that are here so far, and their digest."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._path = target.with_name(target.name + ".part")

    def __enter__(self) -> Self:
        self._file = self._path.open("a+b")
        self._file.seek(0)
        self._hash = hashlib.file_digest(self._file, "sha256")
        self.size_bytes = self._file.tell()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def name(self) -> str:
        """Name of the file that this becomes."""
        return self._target.name

    @property
    def sha256(self) -> str:
        """Digest of the bytes that are here."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Append to the file and to the digest."""
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size_bytes += len(chunk)

    def clear(self) -> None:
        """Begin again."""
        self._file.truncate(0)
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._path.unlink()

    def publish(self) -> None:
        """Make the bytes durable, then let them appear under their name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.replace(self._target)
