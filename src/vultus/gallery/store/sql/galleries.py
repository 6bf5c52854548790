"""Galleries in SQL."""

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.errors import GalleryExists, GalleryNotFound
from vultus.gallery.store.requests import GalleryChange, NewGallery
from vultus.gallery.store.sql.changed import changed_fields
from vultus.gallery.store.sql.ids import new_id
from vultus.gallery.store.sql.tables import faces, galleries, subjects
from vultus.gallery.store.sql.transaction import GalleryRow, Write, now
from vultus.gallery.store.sql.values import gallery_of

LIVE = galleries.c.deleted_at.is_(None)

# Asked by every request: put together once, to be fast.
SAID: BindParameter[str] = bindparam("said")
FIND = (
    select(galleries)
    .where(LIVE, or_(galleries.c.id == SAID, galleries.c.name == SAID))
    .order_by(galleries.c.id != SAID)
)


def insert_gallery(connection: Connection, new: NewGallery) -> str:
    """Write a new gallery, and give its id.

    Raises:
        GalleryExists: there is one of that name.
    """
    gallery_id = new_id()
    row = insert(galleries).values(
        id=gallery_id,
        name=new.name,
        pack=new.model.pack,
        pack_version=new.model.version,
        dim=new.dim,
        keep_crops=new.keep_crops,
        policy=new.policy.kind if new.policy else None,
        fpir=new.policy.fpir if new.policy else None,
        revision=0,
        purged_revision=0,
        created_at=now(),
    )
    try:
        connection.execute(row)
    except IntegrityError:
        raise GalleryExists(new.name) from None
    return gallery_id


def find(connection: Connection, id_or_name: str) -> Gallery:
    """Read a gallery by its id, or else by its name."""
    row = connection.execute(FIND, {"said": id_or_name}).first()
    if row is None:
        raise GalleryNotFound(id_or_name)
    return gallery_of(row)


def list_all(connection: Connection) -> tuple[Gallery, ...]:
    """Read all galleries by name."""
    rows = connection.execute(select(galleries).where(LIVE).order_by(galleries.c.name))
    return tuple(map(gallery_of, rows))


def count(connection: Connection, gallery: GalleryRow) -> GalleryCounts:
    """Count what is live in a gallery."""
    counted = (
        select(func.count()).where(table.c.gallery_key == gallery.key, table.c.deleted_at.is_(None))
        for table in (subjects, faces)
    )
    return GalleryCounts(*(connection.execute(query).scalar_one() for query in counted))


def change(write: Write, wanted: GalleryChange) -> None:
    """Change the fields that differ.

    Raises:
        GalleryExists: another gallery has the new name.
    """
    values = changed_fields(wanted, write.gallery)
    if not values:
        return
    try:
        write.connection.execute(
            update(galleries).where(galleries.c.key == write.gallery.key).values(values)
        )
    except IntegrityError:
        raise GalleryExists(values["name"]) from None
    write.note("gallery.updated", fields=sorted(values))


def delete(write: Write) -> None:
    """Mark a gallery as deleted; what is in it goes with it."""
    marked = update(galleries).where(galleries.c.key == write.gallery.key)
    write.connection.execute(marked.values(deleted_at=write.at))
    write.note("gallery.deleted")
