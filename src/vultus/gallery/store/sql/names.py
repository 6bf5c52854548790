"""Subjects that have a name, character by character."""

from sqlalchemy import ColumnElement, literal

from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.tables import subjects
from vultus.gallery.store.sql.transaction import GalleryRow
from vultus.gallery.store.sql.words import words_of

MOST_WORDS = 12
"""Words of a text that count."""


def called(database: Database, gallery: GalleryRow, name: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a subject belongs to a gallery and has this whole name."""
    words = words_of(name)[:MOST_WORDS]
    here = in_gallery(gallery, by_words=bool(words))
    # A name is found by its words faster than by reading all of them.
    found = (database.begin_words(words),) if words else ()
    return (here, subjects.c.name == name, *found)


def in_gallery(gallery: GalleryRow, *, by_words: bool) -> ColumnElement[bool]:
    """The condition that a subject belongs to a gallery, where others find it by words or not."""
    if by_words:
        # An expression has no index: else SQLite reads the gallery instead of the words.
        return subjects.c.gallery_key + 0 == literal(gallery.key)
    return subjects.c.gallery_key == literal(gallery.key)
