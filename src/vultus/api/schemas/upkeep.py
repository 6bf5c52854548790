"""Purges and indexes."""

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import Field

from vultus.api.schemas.shape import Asked, Shape
from vultus.gallery.search.status import IndexStatus
from vultus.gallery.store.requests import Purged
from vultus.usecases.gallery.index import CheckedIndex


class PurgeBody(Asked):
    """What a purge leaves."""

    days: int | None = Field(
        None,
        ge=0,
        le=36_500,
        description="keep what was deleted in the last so many days; null: as the service is set",
        examples=[30],
    )


class PurgedShape(Shape):
    """How much was removed for good."""

    galleries: int
    subjects: int
    faces: int
    expired: int = Field(description="subjects among them that were past their date of retention")

    @classmethod
    def of(cls, purged: Purged) -> Self:
        """From the value."""
        return cls(
            galleries=purged.galleries,
            subjects=purged.subjects,
            faces=purged.faces,
            expired=purged.expired,
        )


class IndexShape(Shape):
    """How the index of a gallery stands to it."""

    templates: int = Field(description="how many are in the index", examples=[1_200])
    revision: int = Field(description="of the gallery, as the index knows it")
    store_revision: int = Field(description="of the gallery, as it is")
    lag: int = Field(
        description="changes that the index does not know; a query brings them in", examples=[0]
    )

    @classmethod
    def of(cls, status: IndexStatus) -> Self:
        """From the value."""
        return cls(
            templates=status.templates,
            revision=status.revision,
            store_revision=status.store_revision,
            lag=status.lag,
        )


class KeyedFace(Shape):
    """A face as an index knows it."""

    key: int
    face: str | None = Field(description="its id; null where the store has none of that key")


class CheckedIndexShape(Shape):
    """Where an index and its store disagree."""

    clean: bool = Field(description="whether the index is right")
    settled: bool = Field(description="false: it is written to all the time; check it again")
    templates: int = Field(description="how many of the store were compared")
    revision: int
    missing: list[KeyedFace] = Field(description="in the store alone")
    extra: list[KeyedFace] = Field(description="in the index alone")
    different: list[KeyedFace] = Field(description="in both, with another template or subject")
    problem: str | None = Field(description="what is wrong with the index as a whole, if anything")

    @classmethod
    def of(cls, checked: CheckedIndex) -> Self:
        """From the value."""
        check, ids = checked.check, checked.face_ids
        return cls(
            clean=check.clean,
            settled=check.settled,
            templates=check.templates,
            revision=check.revision,
            missing=_faces(check.missing, ids),
            extra=_faces(check.extra, ids),
            different=_faces(check.different, ids),
            problem=check.problem,
        )


def _faces(keys: Iterable[int], ids: Mapping[int, str]) -> list[KeyedFace]:
    return [KeyedFace(key=key, face=ids.get(key)) for key in keys]
