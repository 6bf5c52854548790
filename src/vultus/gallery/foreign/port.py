"""The port of galleries of other systems."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ForeignFace:
    """An enrolled face there: its id, and the name of the subject that it belongs to."""

    id: str
    subject: str


class ForeignGallery(Protocol):
    """People that another system has enrolled. It should not change while it is read.

    Every method raises SourceUnavailable when the system does not answer, or answers no.
    """

    def subjects(self) -> list[str]:
        """Name everybody, also those without a face."""

    def faces(self) -> Iterator[ForeignFace]:
        """List all faces."""

    def photo(self, face: ForeignFace, limit_bytes: int) -> bytes:
        """Give the photo that a face was enrolled from.

        Raises:
            ImageNotFound: none was kept.
            ImageTooHeavy: it has more than `limit_bytes`.
        """
